/* Numbers as people write them on a command line. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_PARSE_H
#define CW_BASE_PARSE_H

#include <chunkwise/status.h>

/*
 * A whole number: terms joined by + or -, a term being digits (10000000000), digits and a power of
 * ten (1e10, 25E9) or a power (10^10, 2^40; 0^0 is 1); no spaces, no sign before the first. The
 * value must lie in [0, 2^64 - 1], though a term may be 2^64 itself (2^64-1). Anything else is
 * CW_ERR_ARGUMENT with a sentence that names the text, what is wrong with it, and what is allowed;
 * *value is then untouched.
 */
cw_status cw_parse_u64(const char *text, uint64_t *value, cw_error *error);

#endif
