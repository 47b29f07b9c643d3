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

INLINE size_t NAME(raise_all)(const void *from, void *to, size_t n, cw_power power,
                              cw_overflow overflow)
{
    const ITEM *x = from;
    ITEM *y = to;
    for (size_t i = 0; i < n; i++) {
        const ITEM item = x[i];
        const ITEM nearest = power == CW_POWER_SQUARE || item > 0 ? MOST : LEAST;
        bool lost;
        const ITEM product =
            power == CW_POWER_SQUARE ? NAME(square)(item, &lost) : NAME(cube)(item, &lost);
        if (lost && overflow == CW_OVERFLOW_ERROR)
            return i;
        y[i] = lost && overflow == CW_OVERFLOW_SATURATE ? nearest : product;
    }
    return n;
}

/* All but the arrays is constant in each copy of the loop. */
#undef POWER_FUNCTION
#define POWER_FUNCTION(name, power, overflow)                                                      \
    static size_t NAME(name)(const void *x, void *y, size_t n, bool stream)                        \
    {                                                                                              \
        (void)stream;                                                                              \
        return NAME(raise_all)(x, y, n, power, overflow);                                          \
    }

POWER_FUNCTION(square_error, CW_POWER_SQUARE, CW_OVERFLOW_ERROR)
POWER_FUNCTION(square_wrap, CW_POWER_SQUARE, CW_OVERFLOW_WRAP)
POWER_FUNCTION(square_saturate, CW_POWER_SQUARE, CW_OVERFLOW_SATURATE)
POWER_FUNCTION(cube_error, CW_POWER_CUBE, CW_OVERFLOW_ERROR)
POWER_FUNCTION(cube_wrap, CW_POWER_CUBE, CW_OVERFLOW_WRAP)
POWER_FUNCTION(cube_saturate, CW_POWER_CUBE, CW_OVERFLOW_SATURATE)

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
