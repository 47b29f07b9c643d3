/* What a command line says: the subcommand's options, the kernel and its parameters. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_OPTIONS_H
#define CW_CLI_OPTIONS_H

#include "catalogue/kernel.h"

#include <stdbool.h>

/* Most entries of `compare --threads 1,2,4`. */
enum { CW_THREAD_LIST_MAX = 64 };

typedef enum cw_progress_mode {
    CW_PROGRESS_AUTO, /* on a terminal */
    CW_PROGRESS_ON,
    CW_PROGRESS_OFF
} cw_progress_mode;

typedef struct cw_options {
    const cw_kernel *kernel; /* NULL where the subcommand takes none */
    cw_value values[CW_PARAMETERS_MAX];
    const char *topic; /* what help is asked about; NULL: everything */

    int threads[CW_THREAD_LIST_MAX];
    int thread_count; /* 0: not given */
    cw_policy policy;
    uint64_t chunk;
    bool serial;
    cw_isa isa;
    bool json;
    bool verbose;
    bool check;
    bool long_tests;
    bool help;
    cw_progress_mode progress;
    double seconds; /* 0: not given */
    int rounds;     /* 0: not given */
} cw_options;

/* One option of a subcommand. */
typedef struct cw_option {
    const char *name;     /* without dashes */
    char letter;          /* 0: none */
    const char *argument; /* as help shows it; NULL: takes none */
    const char *help;
    cw_status (*apply)(cw_options *options, const char *text, cw_error *error);
} cw_option;

typedef enum cw_takes {
    CW_TAKES_NOTHING,
    CW_TAKES_KERNEL, /* a kernel's name and its parameters */
    CW_TAKES_TOPIC   /* at most one word */
} cw_takes;

typedef struct cw_command {
    const char *name;
    const char *usage;   /* what follows the name, in short */
    const char *summary; /* one line */
    const char *details; /* paragraphs for `help`, or NULL */
    cw_takes takes;
    const cw_option *options; /* ended by an entry without a name */
    int (*run)(const cw_options *options);
} cw_command;

/* The tables of options, one for each subcommand. */
extern const cw_option cw_options_plain[]; /* list, info: --json */
extern const cw_option cw_options_run[];
extern const cw_option cw_options_compare[];
extern const cw_option cw_options_verify[];
extern const cw_option cw_options_help[];

/*
 * Read what follows the subcommand: argv[0] is the subcommand's name. CW_ERR_ARGUMENT with a
 * sentence that names what was given, what is allowed, and the nearest spelling of unknown names.
 */
cw_status cw_options_parse(const cw_command *command, int argc, char **argv, cw_options *options,
                           cw_error *error);

#endif
