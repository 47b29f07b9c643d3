/* Template: loops in vectors over integers of one type; its parameters are those of leaf_vector.h.
 */
/* SPDX-License-Identifier: MIT */
/* No include guard: included once for each type, and it takes its parameters with it. */
#include "kernels/arrays/template.h"

typedef VECTOR(ITEM) NAME(vector);
typedef VECTOR(UNSIGNED) NAME(unsigned);
typedef VECTOR(SIGNED) NAME(signed);

/*
 * All bits set in the items whose power does not fit, by the range of those that do. The range is
 * moved to begin at the least signed value, so that one signed comparison is enough, which every
 * level has.
 */
INLINE NAME(unsigned) NAME(beyond)(NAME(unsigned) x, cw_power power)
{
    const UNSIGNED origin = (UNSIGNED)1 << (BITS - 1);
    const UNSIGNED least = (UNSIGNED)(power == CW_POWER_CUBE ? CUBE_LEAST : SQUARE_LEAST);
    const UNSIGNED most = (UNSIGNED)(power == CW_POWER_CUBE ? CUBE_MOST : SQUARE_MOST);
    const NAME(signed) moved = (NAME(signed))(x + (origin - least));
    return (NAME(unsigned))(moved > (SIGNED)(most - least + origin));
}

INLINE NAME(vector) NAME(raise)(NAME(vector) items, cw_power power, cw_overflow overflow)
{
    /* Unsigned products wrap by definition, and their low bits are those of the signed ones. */
    const NAME(unsigned) x = (NAME(unsigned))items;
    const NAME(unsigned) product = power == CW_POWER_CUBE ? x * x * x : x * x;
    if (overflow != CW_OVERFLOW_SATURATE)
        return (NAME(vector))product;
    const NAME(unsigned) lost = NAME(beyond)(x, power);
    NAME(unsigned) limit = (NAME(unsigned)){0} + (UNSIGNED)MOST;
#if IS_SIGNED
    /* The complement of the greatest value is the least. */
    if (power == CW_POWER_CUBE)
        limit ^= (NAME(unsigned))(items < 0);
#endif
    return (NAME(vector))((product & ~lost) | (limit & lost));
}

INLINE bool NAME(all_fit)(const NAME(vector) * items, cw_power power)
{
    NAME(unsigned) lost = {0};
    for (size_t k = 0; k < GROUP; k++)
        lost |= NAME(beyond)((NAME(unsigned))items[k], power);
    return !any_bit((words)lost);
}

#include "kernels/arrays/power_vector.h"

POWER_FUNCTION(square_error, CW_POWER_SQUARE, CW_OVERFLOW_ERROR)
POWER_FUNCTION(square_wrap, CW_POWER_SQUARE, CW_OVERFLOW_WRAP)
POWER_FUNCTION(square_saturate, CW_POWER_SQUARE, CW_OVERFLOW_SATURATE)
POWER_FUNCTION(cube_error, CW_POWER_CUBE, CW_OVERFLOW_ERROR)
POWER_FUNCTION(cube_wrap, CW_POWER_CUBE, CW_OVERFLOW_WRAP)
POWER_FUNCTION(cube_saturate, CW_POWER_CUBE, CW_OVERFLOW_SATURATE)

#if BITS == 32

/* Items are widened: a block of them is far from filling 64 bits. */
static void NAME(sum)(const void *from, size_t n, cw_sum_partial *partial)
{
    typedef ITEM half __attribute__((vector_size(VECTOR_BYTES / 2)));
    const ITEM *x = from;
    words sums[SUM_VECTORS] = {{0}};
    size_t i = 0;
    for (; n - i >= SUM_ITEMS; i += SUM_ITEMS) {
        for (size_t k = 0; k < SUM_VECTORS; k++) {
            half items;
            memcpy(&items, x + i + k * SUM_PER_VECTOR, sizeof items);
            sums[k] += (words) __builtin_convertvector(items, VECTOR(WIDE));
        }
    }
    cw_leaf_ops_ref.sum[TYPE](x + i, n - i, partial);
    partial->integer = cw_wide_add(partial->integer, WIDE_OF((WIDE)fold(sums)));
}

#else

/*
 * Two sums: of the items, which keeps the low 64 bits, and of their high halves, which a block
 * cannot overflow. What the low halves add to the latter is below 2^64, so the low bits give it.
 * Signed items have 2^63 added for the high halves, as there is no signed shift below AVX-512.
 */
static void NAME(sum)(const void *from, size_t n, cw_sum_partial *partial)
{
    const uint64_t bias = IS_SIGNED ? UINT64_C(1) << 63 : 0;
    const ITEM *x = from;
    words sums[SUM_VECTORS] = {{0}};
    words high_sums[SUM_VECTORS] = {{0}};
    size_t i = 0;
    for (; n - i >= SUM_ITEMS; i += SUM_ITEMS) {
        for (size_t k = 0; k < SUM_VECTORS; k++) {
            words items;
            memcpy(&items, x + i + k * SUM_PER_VECTOR, sizeof items);
            sums[k] += items;
            high_sums[k] += (items ^ bias) >> 32;
        }
    }
    const int64_t high_sum = (int64_t)(fold(high_sums) - i * (bias >> 32));
    const cw_wide high = {(uint64_t)high_sum << 32, high_sum >> 32};
    const cw_wide low = cw_wide_of_u64(fold(sums) - high.low);
    cw_leaf_ops_ref.sum[TYPE](x + i, n - i, partial);
    partial->integer = cw_wide_add(partial->integer, cw_wide_add(high, low));
}

#endif

#undef SUFFIX
#undef TYPE
#undef ITEM
#undef UNSIGNED
#undef SIGNED
#undef WIDE
#undef WIDE_OF
#undef BITS
#undef IS_SIGNED
#undef MOST
#undef SQUARE_LEAST
#undef SQUARE_MOST
#undef CUBE_LEAST
#undef CUBE_MOST
