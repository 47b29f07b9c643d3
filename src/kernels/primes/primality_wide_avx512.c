/* Primality of eight numbers from 2^48 up at once with AVX-512, in two limbs of 52 bits. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <immintrin.h>

/*
 * Residues stand for themselves times 2^-104. That is so much more than n^2 that no comparison is
 * needed anywhere: a product of two factors below 2^75 is reduced to less than n + 2^46. The lower
 * limb keeps what stands above its 52 bits, once that has been added to the upper limb: the
 * multiplier does not look there.
 */
enum { LANES = 8, VECTORS = 4, WINDOW = 3 };

typedef __m512i word;
typedef __mmask8 mask;

typedef struct residue {
    __m512i low, high;
} residue;

typedef struct modulus {
    __m512i n;
    __m512i low, high; /* its limbs */
    __m512i inverse;   /* n^-1 mod 2^52 */
} modulus;

static inline word word_load(const uint64_t *from)
{
    return _mm512_loadu_si512(from);
}

static inline word word_fill(uint64_t x)
{
    return _mm512_set1_epi64((long long)x);
}

static inline uint32_t word_equal(word a, word b)
{
    return _mm512_cmpeq_epi64_mask(a, b);
}

static inline mask word_bit(word a, int i)
{
    return _mm512_test_epi64_mask(a, word_fill(UINT64_C(1) << i));
}

static inline __m512i add(__m512i a, __m512i b)
{
    return _mm512_add_epi64(a, b);
}

static inline __m512i subtract(__m512i a, __m512i b)
{
    return _mm512_sub_epi64(a, b);
}

/* sum + the lower 52 bits of a * b, or the upper ones. */
static inline __m512i low(__m512i sum, __m512i a, __m512i b)
{
    return _mm512_madd52lo_epu64(sum, a, b);
}

static inline __m512i high(__m512i sum, __m512i a, __m512i b)
{
    return _mm512_madd52hi_epu64(sum, a, b);
}

static inline __m512i limb(__m512i a)
{
    return _mm512_and_si512(a, word_fill((UINT64_C(1) << 52) - 1));
}

/* Into the upper limb what the lower one holds above its 52 bits; either sign. */
static inline residue carry(__m512i lower, __m512i upper)
{
    return (residue){lower, add(upper, _mm512_srai_epi64(lower, 52))};
}

static inline modulus modulus_make(const uint64_t *from)
{
    const __m512i n = word_load(from);
    __m512i x = _mm512_xor_si512(add(n, add(n, n)), word_fill(2));
    for (int i = 0; i < 4; i++)
        x = _mm512_mullo_epi64(x, subtract(word_fill(2), _mm512_mullo_epi64(n, x)));
    return (modulus){n, limb(n), _mm512_srli_epi64(n, 52), x};
}

static inline residue residue_zero(void)
{
    return (residue){_mm512_setzero_si512(), _mm512_setzero_si512()};
}

/*
 * 2^104 modulo a multiple of n in [2^63, 2^64), by a quotient in floating point. It is at most 2^41
 * and off by less than one, so that one less leaves a rest in (0, 3 * 2^64).
 */
static inline residue residue_one(const modulus *m)
{
    const __m512i zero = _mm512_setzero_si512();
    const __m512i n = _mm512_sllv_epi64(m->n, _mm512_lzcnt_epi64(m->n));
    const __m512d quotient = _mm512_div_pd(_mm512_set1_pd(0x1p104), _mm512_cvtepu64_pd(n));
    const __m512i times = subtract(_mm512_cvttpd_epu64(quotient), word_fill(1));
    const __m512i upper = high(low(zero, times, _mm512_srli_epi64(n, 52)), times, n);
    return carry(subtract(zero, low(zero, times, n)),
                 subtract(word_fill(UINT64_C(1) << 52), upper));
}

/*
 * (a0 + a1 2^52 + a2 2^104) 2^-104 mod n, plus `sum`: of a0 the lower 52 bits count, the upper ones
 * being in a1; a1 is below 2^54, a2 below 2^53. Multiples of n with the same lower limb are taken
 * away, first for a0, then for a1: that is more than a2 - n and at most a2, so that `sum`, which
 * begins with n, keeps the result positive.
 */
static inline residue reduce(const modulus *m, __m512i a0, __m512i a1, __m512i a2, residue sum)
{
    const __m512i zero = _mm512_setzero_si512();
    const __m512i q0 = low(zero, a0, m->inverse);
    const __m512i b1 = subtract(subtract(a1, high(zero, q0, m->low)), low(zero, q0, m->high));
    const __m512i q1 = low(zero, b1, m->inverse);
    const __m512i away = high(low(zero, q1, m->high), q0, m->high);
    const __m512i lower = subtract(subtract(a2, away), high(zero, q1, m->low));
    return carry(add(add(lower, sum.low), _mm512_srai_epi64(b1, 52)),
                 subtract(sum.high, high(zero, q1, m->high)));
}

static inline residue whole(const modulus *m)
{
    return (residue){m->low, m->high};
}

static inline word residue_leave(const modulus *m, residue a)
{
    const residue out = reduce(m, a.low, a.high, _mm512_setzero_si512(), whole(m));
    return add(limb(out.low), _mm512_slli_epi64(out.high, 52));
}

/* The window is small, so that a residue from a product stays below 2^75 when shifted. */
static inline residue residue_scale(const modulus *m, residue a, word exponent, int i)
{
    (void)m;
    const __m512i x = _mm512_and_si512(_mm512_srl_epi64(exponent, _mm_cvtsi32_si128(i)),
                                       word_fill((1 << WINDOW) - 1));
    return carry(_mm512_sllv_epi64(limb(a.low), x), _mm512_sllv_epi64(a.high, x));
}

static inline residue residue_add(const modulus *m, residue a, residue b)
{
    (void)m;
    return carry(add(limb(a.low), limb(b.low)), add(a.high, b.high));
}

/* For the sums below 3 n - a serves as -a: they begin with n, and two more are above any product.
 */
static inline residue residue_negative(const modulus *m, residue a)
{
    const __m512i three = word_fill(3);
    return (residue){subtract(_mm512_mullo_epi64(m->low, three), limb(a.low)),
                     subtract(_mm512_mullo_epi64(m->high, three), a.high)};
}

static inline residue residue_multiply_add(const modulus *m, residue a, residue b, residue c)
{
    const __m512i zero = _mm512_setzero_si512();
    const __m512i a1 = add(high(low(zero, a.low, b.high), a.low, b.low), low(zero, a.high, b.low));
    const __m512i a2 =
        add(high(low(zero, a.high, b.high), a.low, b.high), high(zero, a.high, b.low));
    return reduce(m, low(zero, a.low, b.low), a1, a2, c);
}

static inline residue residue_multiply(const modulus *m, residue a, residue b)
{
    return residue_multiply_add(m, a, b, whole(m));
}

static inline residue residue_square_add(const modulus *m, residue a, residue c)
{
    const __m512i zero = _mm512_setzero_si512();
    const __m512i twice = add(a.high, a.high);
    const __m512i a1 = high(low(zero, a.low, twice), a.low, a.low);
    const __m512i a2 = high(low(zero, a.high, a.high), a.low, twice);
    return reduce(m, low(zero, a.low, a.low), a1, a2, c);
}

static inline residue residue_square(const modulus *m, residue a)
{
    return residue_square_add(m, a, whole(m));
}

static inline residue residue_select(mask chosen, residue a, residue b)
{
    return (residue){_mm512_mask_blend_epi64(chosen, b.low, a.low),
                     _mm512_mask_blend_epi64(chosen, b.high, a.high)};
}

#include "kernels/primes/primality_steps.h"

void cw_primality_decide_wide_avx512(cw_candidates *candidates, uint8_t *results)
{
    decide(candidates, results);
}
