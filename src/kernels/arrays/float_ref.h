/* Template: plain loops over floating-point numbers of one type. Wants SUFFIX, ITEM. */
/* SPDX-License-Identifier: MIT */
/* No include guard: included once for each type, and it takes its parameters with it. */
#include "kernels/arrays/template.h"

static size_t NAME(square)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] * x[i];
    return n;
}

static size_t NAME(cube)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] * x[i]) * x[i];
    return n;
}

static inline cw_compensated NAME(compensated)(const ITEM *x, size_t n, double scale)
{
    cw_lanes lanes = {{0}, {0}};
    for (size_t i = 0; i < n; i++) {
        const size_t lane = i % CW_LANES;
        cw_compensated_add(&lanes.sum[lane], &lanes.rest[lane], (double)x[i] * scale);
    }
    return cw_lanes_join(&lanes);
}

static void NAME(sum)(const void *x, size_t n, cw_sum_partial *partial)
{
    partial->real = NAME(compensated)(x, n, 1.0);
}

#undef SUFFIX
#undef ITEM
