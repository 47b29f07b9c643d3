/* Turns a status into a sentence on standard error and an exit code. */
/* SPDX-License-Identifier: MIT */
#include "cli/outcome.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char cw_exit_help[] =
    "  0    done\n"
    "  1    the job failed: overflow, results that disagree, a fault found\n"
    "  2    the command line is wrong\n"
    "  3    the input is not in the form that it should have\n"
    "  4    reading or writing failed: no such file, a full disk\n"
    "  5    not to be had here: threads, memory, an instruction set\n"
    "  130  interrupted with Ctrl-C (129: terminal closed, 143: terminated)\n"
    "  141  the reader of a pipe went away, as with any other tool\n";

cw_exit cw_exit_of(cw_status status)
{
    switch ((int)status) {
    case CW_OK:
        return CW_EXIT_OK;
    case CW_ERR_ARGUMENT:
        return CW_EXIT_USAGE;
    case CW_ERR_FORMAT:
        return CW_EXIT_INPUT;
    case CW_ERR_IO:
        return CW_EXIT_IO;
    case CW_ERR_CLOSED:
        return CW_EXIT_CLOSED_PIPE;
    case CW_ERR_NO_MEMORY:
    case CW_ERR_THREADS:
    case CW_ERR_UNSUPPORTED:
        return CW_EXIT_UNAVAILABLE;
    default:
        return CW_EXIT_FAILED;
    }
}

/* A pipe whose reading end is closed shows an error to poll; a file or terminal does not. */
static bool nobody_reads_output(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

int cw_complain(cw_status status, const cw_error *error)
{
    if (status == CW_ERR_CLOSED || (status == CW_ERR_IO && nobody_reads_output()))
        return CW_EXIT_CLOSED_PIPE;
    const bool said = error != NULL && error->status == status && error->sentence[0] != '\0';
    (void)fprintf(stderr, "chunkwise: %s\n", said ? error->sentence : cw_status_text(status));
    return cw_exit_of(status);
}

/* Why standard output took no more, from the first time it happened. */
static int refusal;

void cw_flush_lines(void)
{
    if (fflush(stdout) != 0 && refusal == 0)
        refusal = errno;
}

int cw_flush_output(int code)
{
    cw_flush_lines();
    if (refusal == 0 && !ferror(stdout))
        return code;
    if (nobody_reads_output())
        return CW_EXIT_CLOSED_PIPE;
    (void)fprintf(stderr, "chunkwise: cannot write standard output: %s\n",
                  refusal != 0 ? strerror(refusal) : "an earlier part of it was refused");
    return CW_EXIT_IO;
}
