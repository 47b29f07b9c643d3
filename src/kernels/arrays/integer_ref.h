/* Template: plain loops over integers of one type. Wants SUFFIX, ITEM, LEAST, MOST, WIDE_OF. */
/* SPDX-License-Identifier: MIT */
/* No include guard: included once for each type, and it takes its parameters with it. */
#include "kernels/arrays/template.h"

/* The low bits of the product; *lost when those are not all. */
static inline ITEM NAME(square)(ITEM x, bool *lost)
{
    ITEM product;
    *lost = __builtin_mul_overflow(x, x, &product);
    return product;
}

static inline ITEM NAME(cube)(ITEM x, bool *lost)
{
    bool lost_square, lost_cube;
    ITEM product;
    lost_square = __builtin_mul_overflow(x, x, &product);
    lost_cube = __builtin_mul_overflow(product, x, &product);
    *lost = lost_square || lost_cube;
    return product;
}

static size_t NAME(square_error)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        const ITEM product = NAME(square)(x[i], &lost);
        if (lost)
            return i;
        y[i] = product;
    }
    return n;
}

static size_t NAME(cube_error)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        const ITEM product = NAME(cube)(x[i], &lost);
        if (lost)
            return i;
        y[i] = product;
    }
    return n;
}

static size_t NAME(square_wrap)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        y[i] = NAME(square)(x[i], &lost);
    }
    return n;
}

static size_t NAME(cube_wrap)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        y[i] = NAME(cube)(x[i], &lost);
    }
    return n;
}

static size_t NAME(square_saturate)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        const ITEM product = NAME(square)(x[i], &lost);
        y[i] = lost ? MOST : product;
    }
    return n;
}

static size_t NAME(cube_saturate)(const void *from, void *to, size_t n, bool stream)
{
    const ITEM *x = from;
    ITEM *y = to;
    (void)stream;
    for (size_t i = 0; i < n; i++) {
        bool lost;
        const bool positive = x[i] > 0;
        const ITEM product = NAME(cube)(x[i], &lost);
        y[i] = !lost ? product : positive ? MOST : LEAST;
    }
    return n;
}

static void NAME(sum)(const void *from, size_t n, cw_sum_partial *partial)
{
    const ITEM *x = from;
    cw_wide sum = {0, 0};
    for (size_t i = 0; i < n; i++)
        sum = cw_wide_add(sum, WIDE_OF(x[i]));
    partial->integer = sum;
}

#undef SUFFIX
#undef ITEM
#undef LEAST
#undef MOST
#undef WIDE_OF
