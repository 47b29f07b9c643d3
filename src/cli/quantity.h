/* Times, rates and sizes as a person reads them. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_QUANTITY_H
#define CW_CLI_QUANTITY_H

#include <stdint.h>

/* Room for any of them. */
enum { CW_QUANTITY_TEXT = 32 };

/* "412 us", "41.2 ms", "4.12 s", "4 min 12 s", "4 h 12 min", "4 days 12 h"; returns `text`. */
const char *cw_quantity_seconds(double seconds, char text[CW_QUANTITY_TEXT]);

/* The same when only the order of it is known: "4 minutes", "5 hours", "3 days". */
const char *cw_quantity_rough_seconds(double seconds, char text[CW_QUANTITY_TEXT]);

/* "412", "41.2 thousand", "4.12 billion"; returns `text`. */
const char *cw_quantity_count(double count, char text[CW_QUANTITY_TEXT]);

/* "512 bytes", "48 KiB", "15.6 GiB"; returns `text`. */
const char *cw_quantity_bytes(uint64_t bytes, char text[CW_QUANTITY_TEXT]);

/* The fewest digits that read back as the same number, or nan, inf, -inf; returns `text`. */
const char *cw_quantity_exact(double value, char text[CW_QUANTITY_TEXT]);

#endif
