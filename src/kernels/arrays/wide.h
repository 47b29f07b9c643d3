/* 128-bit integers in two words, for exact sums where the compiler has no such type. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_WIDE_H
#define CW_KERNELS_ARRAYS_WIDE_H

#include <stdint.h>

/* high * 2^64 + low: two's complement. */
typedef struct cw_wide {
    uint64_t low;
    int64_t high;
} cw_wide;

static inline cw_wide cw_wide_of_i64(int64_t value)
{
    return (cw_wide){(uint64_t)value, value < 0 ? -1 : 0};
}

static inline cw_wide cw_wide_of_u64(uint64_t value)
{
    return (cw_wide){value, 0};
}

/* Sums of fewer than 2^63 items of 64 bits cannot leave the type, so nothing is checked. */
static inline cw_wide cw_wide_add(cw_wide a, cw_wide b)
{
    const uint64_t low = a.low + b.low;
    return (cw_wide){low, a.high + b.high + (low < a.low)};
}

#endif
