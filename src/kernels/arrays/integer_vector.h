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
    const UNSIGNED least = (const UNSIGNED[]){(UNSIGNED)SQUARE_LEAST, (UNSIGNED)CUBE_LEAST}[power];
    const UNSIGNED most = (const UNSIGNED[]){SQUARE_MOST, CUBE_MOST}[power];
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

/*
 * By 64-bit words, which hold one item or two. Two sums: of the words, modulo 2^64, and of their
 * upper halves, which a block cannot overflow; nor the sum of the lower halves, so that the former
 * gives it. Signed halves have 2^31 added meanwhile, to be unsigned: there is no signed shift of
 * words below AVX-512.
 */
static void NAME(sum)(const void *from, size_t n, cw_sum_partial *partial)
{
    const size_t per_word = 64 / BITS;
    const uint64_t upper_bias = IS_SIGNED ? UINT64_C(1) << 31 : 0;
    const uint64_t lower_bias = BITS == 32 ? upper_bias : 0;
    const uint64_t bias = upper_bias << 32 | lower_bias;
    const unsigned char *next = from;
    words sums[SUM_VECTORS] = {{0}};
    words upper_sums[SUM_VECTORS] = {{0}};
    uint64_t done = 0;
    for (; n / per_word - done >= SUM_WORDS; done += SUM_WORDS) {
        for (size_t k = 0; k < SUM_VECTORS; k++, next += VECTOR_BYTES) {
            words items;
            memcpy(&items, next, sizeof items);
            items ^= bias;
            sums[k] += items;
            upper_sums[k] += items >> 32;
        }
    }
    const uint64_t upper_sum = fold(upper_sums);
    const int64_t lower = (int64_t)(fold(sums) - (upper_sum << 32) - done * lower_bias);
    const int64_t upper = (int64_t)(upper_sum - done * upper_bias);
    cw_leaf_ops_ref.sum[TYPE](next, n - (size_t)done * per_word, partial);
    partial->integer = cw_wide_add(partial->integer, cw_wide_of_i64(lower));
    partial->integer =
        cw_wide_add(partial->integer, BITS == 32 ? cw_wide_of_i64(upper)
                                                 : (cw_wide){(uint64_t)upper << 32, upper >> 32});
}

#undef SUFFIX
#undef TYPE
#undef ITEM
#undef UNSIGNED
#undef SIGNED
#undef BITS
#undef IS_SIGNED
#undef MOST
#undef SQUARE_LEAST
#undef SQUARE_MOST
#undef CUBE_LEAST
#undef CUBE_MOST
