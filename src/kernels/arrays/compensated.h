/* Compensated addition: a sum and, beside it, all that rounding took away from it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_COMPENSATED_H
#define CW_KERNELS_ARRAYS_COMPENSATED_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A block is summed in CW_LANES interleaved sums: item i goes to lane i % CW_LANES, at every
 * instruction-set level, so that all of them do the same additions in the same order and give the
 * same bits. Six additions an item keep the adders busy long before their latency shows: 16 lanes
 * (two vectors of AVX-512, four of AVX2) cover it, and their sums and rests fit 16 registers.
 */
#define CW_LANES 16

/*
 * The value is (sum + rest) * (scaled ? 2^CW_SCALE_BITS : 1). Sums that pass the largest double on
 * their way, though not in the end, are computed scaled: 2^64 items of any size then fit.
 */
typedef struct cw_compensated {
    double sum;
    double rest;
    uint64_t scaled;
} cw_compensated;

#define CW_SCALE_BITS 80
#define CW_SCALE_DOWN 0x1p-80

typedef struct cw_lanes {
    double sum[CW_LANES];
    double rest[CW_LANES];
} cw_lanes;

/* *sum + *rest grows by x; exact but for the rounding of *rest (D. E. Knuth's TwoSum). */
static inline void cw_compensated_add(double *sum, double *rest, double x)
{
    const double total = *sum + x;
    const double added = total - *sum;
    *rest += (*sum - (total - added)) + (x - added);
    *sum = total;
}

/* Fold the lanes in halves: lane l and l + 8, then l + 4, ... */
static inline cw_compensated cw_lanes_join(cw_lanes *lanes)
{
    for (size_t width = CW_LANES / 2; width > 0; width /= 2) {
        for (size_t lane = 0; lane < width; lane++) {
            lanes->rest[lane] += lanes->rest[lane + width];
            cw_compensated_add(&lanes->sum[lane], &lanes->rest[lane], lanes->sum[lane + width]);
        }
    }
    return (cw_compensated){lanes->sum[0], lanes->rest[0], 0};
}

/*
 * False once an item was infinite or NaN, or a sum on the way overflowed. `sum` alone is what plain
 * addition in the same order gives, so it is then the infinity or NaN that IEEE 754 asks for.
 */
static inline bool cw_compensated_finite(const cw_compensated *value)
{
    return isfinite(value->sum) && isfinite(value->rest);
}

/* Exact but for what falls below the smallest double, far below what a scaled sum can resolve. */
static inline void cw_compensated_scale(cw_compensated *value)
{
    if (value->scaled)
        return;
    value->sum *= CW_SCALE_DOWN;
    value->rest *= CW_SCALE_DOWN;
    value->scaled = 1;
}

/* Both scaled alike. */
static inline cw_compensated cw_compensated_plus(cw_compensated left, const cw_compensated *right)
{
    left.rest += right->rest;
    cw_compensated_add(&left.sum, &left.rest, right->sum);
    return left;
}

/* left += right */
static inline void cw_compensated_join(cw_compensated *left, cw_compensated right)
{
    if (left->scaled == right.scaled) {
        const cw_compensated joined = cw_compensated_plus(*left, &right);
        if (joined.scaled || cw_compensated_finite(&joined)) {
            *left = joined;
            return;
        }
    }
    cw_compensated_scale(left);
    cw_compensated_scale(&right);
    *left = cw_compensated_plus(*left, &right);
}

/* The double nearest to the value, but for the rounding of `rest`. One NaN for all NaNs, as which
 * of them survives an addition depends on the compiler. */
static inline double cw_compensated_value(const cw_compensated *value)
{
    const double total = isfinite(value->sum) ? value->sum + value->rest : value->sum;
    if (isnan(total))
        return (double)NAN;
    return value->scaled ? ldexp(total, CW_SCALE_BITS) : total;
}

#endif
