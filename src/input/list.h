/* Text lists, one number a line: read as any of the six types, and written fast. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_INPUT_LIST_H
#define CW_INPUT_LIST_H

#include "base/number.h"

#include <chunkwise/status.h>

/* The longest text of one number that is read; comments may be of any length. */
enum { CW_LIST_NUMBER_MAX = 255 };

/* The most bytes that one number takes as a line, for every type. */
enum { CW_LIST_LINE_MAX = 32 };

/*
 * Read a list from memory. A line holds one number, or nothing; blanks around it, a comment from
 * '#' to the end of the line, and CRLF are allowed, and the last line need not end. Whole numbers
 * may be written as base/parse.h allows (1e10, 2^40), with a minus sign for signed types. Floats
 * are decimal, rounded correctly, and finite: NaN and infinities are refused.
 *
 * name    what sentences call the list.
 * values  belongs to the caller, cw_memory_free gives it back.
 * Returns CW_OK; CW_ERR_FORMAT with the line number and its text; CW_ERR_NO_MEMORY.
 */
cw_status cw_list_parse(const char *text, size_t bytes, cw_number type, const char *name,
                        void **values, size_t *count, cw_error *error);

/*
 * Write values[count] as decimal lines to text[count * CW_LIST_LINE_MAX], and return how many
 * bytes that made; no NUL at the end. Floats take as many digits as it takes to read the same
 * value back. Bytes behind the returned length may have been written to.
 */
size_t cw_list_format(cw_number type, const void *values, size_t count, char *text);

#endif
