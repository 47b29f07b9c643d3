/* Times, rates, sizes and ratios as a person reads them. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_UNITS_H
#define CW_REPORT_UNITS_H

#include <stdbool.h>
#include <stdint.h>

/* Room for any of them, in bytes. */
enum { CW_UNIT_TEXT = 32 };

/* All of them write at most CW_UNIT_TEXT bytes to `text` and return it; "-" for NAN, but for
 * cw_print_exact. */

/* Three digits below a minute, so that a change of 1 % shows: "612 ns", "41.2 ms", "1.05 s", "4 min
 * 12 s", "1 h 00 min", "4 days 12 h", "95 years". The micro sign is `u` unless `unicode`. */
const char *cw_print_time(double ns, bool unicode, char *text);

/* The same when only the order of it is known, at least a second: "4 minutes", "5 hours". */
const char *cw_print_rough_time(double ns, char *text);

/* Three digits and a power of a thousand, for tables: "9.87 G/s" with unit "/s", "12.3 GB/s" with
 * "B/s". */
const char *cw_print_rate(double per_second, const char *unit, char *text);

/* Three digits and a power of a thousand, for sentences: "412", "41.2 thousand", "4.12 billion". */
const char *cw_print_count(double count, char *text);

/* "512 bytes", "48 KiB", "15.6 GiB". */
const char *cw_print_bytes(uint64_t bytes, char *text);

/* "0 %", "0.38 %", "5.2 %", "12 %" of a share of 1. */
const char *cw_print_percent(double share, char *text);

/* Three digits, more when it is large: "1.97", "15.3", "1280". */
const char *cw_print_ratio(double ratio, char *text);

/* Three decimals: "0.015", "-0.002". Never "-0.000". */
const char *cw_print_fraction(double fraction, char *text);

/* The fewest digits that read back as the same number, or "nan", "inf", "-inf". */
const char *cw_print_exact(double value, char *text);

#endif
