/* How the command ends: exit codes, and the sentence that goes with them. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_OUTCOME_H
#define CW_CLI_OUTCOME_H

#include <chunkwise/status.h>

typedef enum cw_exit {
    CW_EXIT_OK = 0,
    CW_EXIT_FAILED = 1,      /* the job itself: overflow, results that disagree */
    CW_EXIT_USAGE = 2,       /* the command line */
    CW_EXIT_INPUT = 3,       /* what is in the input */
    CW_EXIT_IO = 4,          /* reading or writing */
    CW_EXIT_UNAVAILABLE = 5, /* threads, memory, instruction sets that are not to be had */
    CW_EXIT_SIGNAL = 128, /* + the signal: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP */
    CW_EXIT_CLOSED_PIPE = 141 /* whoever read our output went away: as a shell shows SIGPIPE */
} cw_exit;

/* Lines of `help` that document the codes. */
extern const char cw_exit_help[];

cw_exit cw_exit_of(cw_status status);

/* Print `chunkwise: SENTENCE` to standard error and return the exit code. Quiet when the failure is
 * that nobody reads our standard output any more. */
int cw_complain(cw_status status, const cw_error *error);

/* Send on what was printed so far, for a reader who watches. A failure is kept for the end. */
void cw_flush_lines(void);

/* Make sure that what was printed has arrived; `code` when it has, else what went wrong. */
int cw_flush_output(int code);

#endif
