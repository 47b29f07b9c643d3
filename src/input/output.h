/* Results on their way out as a stream: bytes and lists of numbers, in the order they are given. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_INPUT_OUTPUT_H
#define CW_INPUT_OUTPUT_H

#include "base/file.h"
#include "base/number.h"

/*
 * Where results go: a file that appears when it is committed, whole, or standard output. Small
 * pieces are collected, so that giving numbers one by one is no slower than all at once.
 *
 * Failures are as base/file.h says: CW_ERR_CLOSED when the reader of a pipe has gone (the program
 * must ignore SIGPIPE to see it), CW_ERR_IO for a full disk and all else. What has failed stays to
 * be abandoned.
 */
typedef struct cw_output {
    cw_draft draft;
    char *buffer;
    size_t used;
} cw_output;

/* NULL and "-" are standard output: what stdio still holds for it goes first. `path` must live as
 * long as the output, which stays where it is in memory, and takes nothing when this fails. */
cw_status cw_output_open(cw_output *output, const char *path, cw_error *error);

cw_status cw_output_write(cw_output *output, const void *bytes, size_t size, cw_error *error);

/* values[count] as lines, as cw_list_format writes them. */
cw_status cw_output_numbers(cw_output *output, cw_number type, const void *values, size_t count,
                            cw_error *error);

/* Write out what is left, and put the file in its place. The output is closed whatever is
 * returned. */
cw_status cw_output_commit(cw_output *output, cw_error *error);

/* Close without a result; a zeroed or closed output is fine. */
void cw_output_abandon(cw_output *output);

#endif
