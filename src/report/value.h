/* Values of JSON that take more than one call of jansson to make. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_VALUE_H
#define CW_REPORT_VALUE_H

#include <jansson.h>
#include <stdint.h>

/* Each of them is NULL when memory runs out, which jansson's containers take for a failure. */

/* A number; from 2^63 on a string of digits, because many readers of JSON know no larger ones. */
json_t *cw_json_u64(uint64_t value);

/* A number; null for NaN and infinities, which JSON does not have. */
json_t *cw_json_real(double value);

/* A text, null for NULL. Names of files need not be UTF-8, JSON must be: bytes of one that is not
 * become question marks, all but ASCII. */
json_t *cw_json_text(const char *text);

#endif
