/* The chunkwise command: its subcommands, and the way into it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_COMMAND_H
#define CW_CLI_COMMAND_H

#include "cli/options.h"

#include <stdio.h>

extern const cw_command cw_command_list;
extern const cw_command cw_command_info;
extern const cw_command cw_command_run;
extern const cw_command cw_command_compare;
extern const cw_command cw_command_verify;
extern const cw_command cw_command_help;

/* All of them, in the order of `help`; NULL-terminated. */
extern const cw_command *const cw_commands[];

/* By name; NULL when there is none. */
const cw_command *cw_command_find(const char *name);

/* What help says of a subcommand, or of a kernel, on a stream. */
void cw_help_command(const cw_command *command, FILE *stream);
void cw_help_kernel(const cw_kernel *kernel, FILE *stream);

/* Everything after main: returns the exit code. */
int cw_command_main(int argc, char **argv);

#endif
