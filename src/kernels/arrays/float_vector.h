/* Template: loops in vectors over floating-point numbers of one type. Wants SUFFIX, TYPE, ITEM. */
/* SPDX-License-Identifier: MIT */
/* No include guard: included once for each type, and it takes its parameters with it. */
#include "kernels/arrays/template.h"

typedef VECTOR(ITEM) NAME(vector);

INLINE NAME(vector) NAME(raise)(NAME(vector) x, cw_power power, cw_overflow overflow)
{
    (void)overflow;
    return power == CW_POWER_CUBE ? (x * x) * x : x * x;
}

INLINE bool NAME(all_fit)(const NAME(vector) * items, cw_power power)
{
    (void)items, (void)power;
    return true;
}

#include "kernels/arrays/power_vector.h"

POWER_FUNCTION(square, CW_POWER_SQUARE, CW_OVERFLOW_WRAP)
POWER_FUNCTION(cube, CW_POWER_CUBE, CW_OVERFLOW_WRAP)

/* The same additions in the same order as the plain loop, VECTOR_BYTES of lanes at a time. */
static void NAME(sum)(const void *from, size_t n, cw_sum_partial *partial)
{
    enum { VECTORS = CW_LANES / SUM_PER_VECTOR };
    typedef ITEM part __attribute__((vector_size(SUM_PER_VECTOR * sizeof(ITEM))));
    const ITEM *x = from;
    doubles sum[VECTORS] = {{0}};
    doubles rest[VECTORS] = {{0}};
    size_t i = 0;
    for (; n - i >= CW_LANES; i += CW_LANES) {
        for (size_t k = 0; k < VECTORS; k++) {
            part items;
            memcpy(&items, x + i + k * SUM_PER_VECTOR, sizeof items);
            const doubles item = __builtin_convertvector(items, doubles);
            const doubles total = sum[k] + item;
            const doubles added = total - sum[k];
            rest[k] += (sum[k] - (total - added)) + (item - added);
            sum[k] = total;
        }
    }
    cw_lanes lanes;
    memcpy(lanes.sum, sum, sizeof lanes.sum);
    memcpy(lanes.rest, rest, sizeof lanes.rest);
    for (size_t lane = 0; i < n; lane++, i++)
        cw_compensated_add(&lanes.sum[lane], &lanes.rest[lane], (double)x[i]);
    partial->real = cw_lanes_join(&lanes);
}

#undef SUFFIX
#undef TYPE
#undef ITEM
