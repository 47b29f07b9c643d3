/* Primality of eight numbers below 2^48 at once with AVX-512, in one limb of 52 bits. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <immintrin.h>

/*
 * Residues are below 2 n and stand for themselves times 2^-52. A product of two factors below 4 n
 * is reduced to n + 16 n^2 / 2^52 < 2 n without a comparison, since n < 2^48: so a doubling or a
 * difference may go into the next product as it is.
 */
enum { LANES = 8, VECTORS = 4, WINDOW = 1 };

typedef __m512i word;
typedef __m512i residue;
typedef __mmask8 mask;

typedef struct modulus {
    __m512i n;
    __m512i inverse; /* n^-1 mod 2^52 */
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

static inline modulus modulus_make(const uint64_t *from)
{
    const __m512i n = word_load(from);
    __m512i x = _mm512_xor_si512(_mm512_add_epi64(n, _mm512_add_epi64(n, n)), word_fill(2));
    for (int i = 0; i < 4; i++)
        x = _mm512_mullo_epi64(x, _mm512_sub_epi64(word_fill(2), _mm512_mullo_epi64(n, x)));
    return (modulus){n, x};
}

static inline residue residue_zero(void)
{
    return _mm512_setzero_si512();
}

/* 2^52 mod n by a quotient in floating point: 2^52 / n stands at least 1/n below the next whole
 * number and is rounded by half of that at most, so that cutting it off is exact. */
static inline residue residue_one(const modulus *m)
{
    const __m512d quotient = _mm512_div_pd(_mm512_set1_pd(0x1p52), _mm512_cvtepu64_pd(m->n));
    const __m512i multiple = _mm512_mullo_epi64(_mm512_cvttpd_epu64(quotient), m->n);
    return _mm512_sub_epi64(word_fill(UINT64_C(1) << 52), multiple);
}

/* The upper limb of a multiple of n with the same lower limb as `low`. */
static inline __m512i multiple_high(const modulus *m, __m512i low)
{
    const __m512i zero = _mm512_setzero_si512();
    return _mm512_madd52hi_epu64(zero, _mm512_madd52lo_epu64(zero, low, m->inverse), m->n);
}

static inline word residue_leave(const modulus *m, residue a)
{
    return _mm512_sub_epi64(m->n, multiple_high(m, a));
}

static inline residue residue_scale(const modulus *m, residue a, word exponent, int i)
{
    (void)m;
    return _mm512_mask_add_epi64(a, word_bit(exponent, i), a, a);
}

static inline residue residue_add(const modulus *m, residue a, residue b)
{
    const __m512i sum = _mm512_add_epi64(a, b), twice = _mm512_add_epi64(m->n, m->n);
    return _mm512_min_epu64(sum, _mm512_sub_epi64(sum, twice));
}

/* For the sums below 3 n - a serves as -a: a product begins with n, and two more keep it positive.
 */
static inline residue residue_negative(const modulus *m, residue a)
{
    return _mm512_sub_epi64(_mm512_add_epi64(m->n, _mm512_add_epi64(m->n, m->n)), a);
}

static inline residue residue_multiply_add(const modulus *m, residue a, residue b, residue c)
{
    const __m512i low = _mm512_madd52lo_epu64(_mm512_setzero_si512(), a, b);
    return _mm512_sub_epi64(_mm512_madd52hi_epu64(c, a, b), multiple_high(m, low));
}

static inline residue residue_multiply(const modulus *m, residue a, residue b)
{
    return residue_multiply_add(m, a, b, m->n);
}

static inline residue residue_square_add(const modulus *m, residue a, residue c)
{
    return residue_multiply_add(m, a, a, c);
}

static inline residue residue_square(const modulus *m, residue a)
{
    return residue_multiply(m, a, a);
}

static inline residue residue_select(mask chosen, residue a, residue b)
{
    return _mm512_mask_blend_epi64(chosen, b, a);
}

#include "kernels/primes/primality_steps.h"

void cw_primality_decide_narrow_avx512(cw_candidates *candidates, uint8_t *results)
{
    decide(candidates, results);
}
