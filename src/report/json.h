/* A result as JSON, and back; docs/result-schema.md describes it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_JSON_H
#define CW_REPORT_JSON_H

#include "measure/result.h"

#include <stdio.h>

/* Raised when a key changes its meaning or goes away; new keys may come without it. */
#define CW_RESULT_SCHEMA 1

/* Write it, ending with a newline. CW_ERR_IO, CW_ERR_NO_MEMORY. */
cw_status cw_json_print(const cw_result *result, FILE *stream, cw_error *error);

/*
 * Read what cw_json_print wrote. `name` is what the stream is called in errors.
 *
 * Returns CW_OK and a result for cw_result_destroy; CW_ERR_FORMAT with the line, or the key, that
 * is not as it should be; CW_ERR_UNSUPPORTED for another schema; CW_ERR_IO, CW_ERR_NO_MEMORY.
 */
cw_status cw_result_load(FILE *stream, const char *name, cw_result **result, cw_error *error);

#endif
