/* Times, rates and ratios as a person reads them. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_UNITS_H
#define CW_REPORT_UNITS_H

#include <stdbool.h>

/* Room for any of them, in bytes. */
enum { CW_UNIT_TEXT = 32 };

/* All of them write at most CW_UNIT_TEXT bytes to `text` and return it; "-" for NAN. */

/* Four digits, so that a change of 1 % shows: "612.0 ns", "41.23 ms", "1.052 s", "3601 s". The
 * micro sign is `u` unless `unicode`. */
const char *cw_print_time(double ns, bool unicode, char *text);

/* Three digits and a power of a thousand: "9.87 G/s" with unit "/s", "12.3 GB/s" with "B/s". */
const char *cw_print_rate(double per_second, const char *unit, char *text);

/* "0 %", "0.38 %", "5.2 %", "12 %" of a share of 1. */
const char *cw_print_percent(double share, char *text);

/* Three digits, more when it is large: "1.97", "15.3", "1280". */
const char *cw_print_ratio(double ratio, char *text);

/* Three decimals: "0.015", "-0.002". Never "-0.000". */
const char *cw_print_fraction(double fraction, char *text);

#endif
