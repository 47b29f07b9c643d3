/* The environment variables that change how we run, and what is wrong with them. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_ENVIRONMENT_H
#define CW_CLI_ENVIRONMENT_H

#include <chunkwise/status.h>

typedef struct cw_variable {
    const char *text;    /* NAME=value, as the environment has it */
    char complaint[160]; /* empty: nothing wrong with it */
} cw_variable;

enum { CW_VARIABLES_MAX = 32 };

/* Variables of OpenMP, of its runtimes and of ours that are set, sorted by name; returns how many.
 */
int cw_environment_read(cw_variable variables[CW_VARIABLES_MAX]);

/* Say on standard error what is wrong with OMP_*: no reason to stop, as with other programs. A
 * wrong variable of our own is an error. */
cw_status cw_environment_check(cw_error *error);

#endif
