/* Primality of four numbers at once with AVX2, in limbs of 32 bits. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <immintrin.h>

/*
 * Residues are below n and stand for themselves times 2^-64. AVX2 multiplies 32 by 32 bits and has
 * no carry and no unsigned comparison: sums are kept in columns of 32 bits that have room to spare.
 */
enum { LANES = 4, VECTORS = 4, WINDOW = 6 };

typedef __m256i word;
typedef __m256i residue;
typedef __m256i mask;

typedef struct modulus {
    __m256i n;
    __m256i n_high;  /* upper limbs */
    __m256i inverse; /* n^-1 mod 2^32; what stands above is not used */
} modulus;

static inline word word_load(const uint64_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

static inline word word_fill(uint64_t x)
{
    return _mm256_set1_epi64x((long long)x);
}

static inline uint32_t word_equal(word a, word b)
{
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(a, b)));
}

/* The blend below reads the top bit alone. */
static inline mask word_bit(word a, int i)
{
    return _mm256_sll_epi64(a, _mm_cvtsi32_si128(63 - i));
}

static inline __m256i low_limb(__m256i a)
{
    return _mm256_and_si256(a, word_fill(UINT32_MAX));
}

static inline __m256i high_limb(__m256i a)
{
    return _mm256_srli_epi64(a, 32);
}

static inline __m256i add(__m256i a, __m256i b)
{
    return _mm256_add_epi64(a, b);
}

static inline __m256i subtract(__m256i a, __m256i b)
{
    return _mm256_sub_epi64(a, b);
}

static inline __m256i multiply(__m256i a, __m256i b)
{
    return _mm256_mul_epu32(a, b);
}

/* All bits where a < b, both unsigned. */
static inline __m256i below(__m256i a, __m256i b)
{
    const __m256i top = word_fill(UINT64_C(1) << 63);
    return _mm256_cmpgt_epi64(_mm256_xor_si256(b, top), _mm256_xor_si256(a, top));
}

static inline modulus modulus_make(const uint64_t *from)
{
    const __m256i n = word_load(from);
    __m256i x = _mm256_xor_si256(add(n, add(n, n)), word_fill(2));
    for (int i = 0; i < 3; i++)
        x = multiply(x, subtract(word_fill(2), multiply(n, x)));
    return (modulus){n, high_limb(n), x};
}

/*
 * floor(q n / 2^64) for the q < 2^64 that gives q n the low half `zeroth` + 2^32 `first`; `zeroth`
 * is read modulo 2^32, `first` is any number of 64 bits.
 */
static inline __m256i multiple_high(const modulus *m, __m256i zeroth, __m256i first)
{
    const __m256i q0 = multiply(zeroth, m->inverse);
    const __m256i q0n0 = multiply(q0, m->n), q0n1 = multiply(q0, m->n_high);
    const __m256i sum = add(high_limb(q0n0), low_limb(q0n1));
    const __m256i left = low_limb(subtract(first, sum));
    const __m256i q1 = multiply(left, m->inverse);
    const __m256i q1n0 = multiply(q1, m->n), q1n1 = multiply(q1, m->n_high);
    return add(add(high_limb(add(sum, left)), high_limb(q0n1)), add(high_limb(q1n0), q1n1));
}

/* (high 2^64 + first 2^32 + zeroth) 2^-64 mod n; the carry of `first` is already in `high` < n. */
static inline residue reduce(const modulus *m, __m256i high, __m256i first, __m256i zeroth)
{
    const __m256i away = multiple_high(m, zeroth, first);
    return add(subtract(high, away), _mm256_and_si256(below(high, away), m->n));
}

static inline residue residue_zero(void)
{
    return _mm256_setzero_si256();
}

static inline residue residue_one(const modulus *m)
{
    uint64_t n[LANES];
    _mm256_storeu_si256((__m256i *)(void *)n, m->n);
    for (int i = 0; i < LANES; i++)
        n[i] = -n[i] % n[i];
    return word_load(n);
}

static inline word residue_leave(const modulus *m, residue a)
{
    return subtract(m->n, multiple_high(m, a, high_limb(a)));
}

/* A reduction divides by 2^64: of a 2^(64-x) it leaves a 2^-x. A shift by 64 gives 0, as wanted. */
static inline residue residue_scale(const modulus *m, residue a, word exponent, int i)
{
    const __m256i x = _mm256_and_si256(_mm256_srl_epi64(exponent, _mm_cvtsi32_si128(i)),
                                       word_fill((1 << WINDOW) - 1));
    const __m256i low = _mm256_sllv_epi64(a, subtract(word_fill(64), x));
    return reduce(m, _mm256_srlv_epi64(a, x), high_limb(low), low);
}

/* a - b mod n */
static inline residue difference(const modulus *m, residue a, residue b)
{
    return add(subtract(a, b), _mm256_and_si256(below(a, b), m->n));
}

static inline residue residue_add(const modulus *m, residue a, residue b)
{
    return difference(m, a, subtract(m->n, b));
}

static inline residue residue_multiply(const modulus *m, residue a, residue b)
{
    const __m256i a1 = high_limb(a), b1 = high_limb(b);
    const __m256i a0b0 = multiply(a, b), a0b1 = multiply(a, b1);
    const __m256i a1b0 = multiply(a1, b), a1b1 = multiply(a1, b1);
    const __m256i first = add(add(high_limb(a0b0), low_limb(a0b1)), low_limb(a1b0));
    const __m256i high = add(add(a1b1, high_limb(first)), add(high_limb(a0b1), high_limb(a1b0)));
    return reduce(m, high, first, a0b0);
}

static inline residue residue_square(const modulus *m, residue a)
{
    const __m256i a1 = high_limb(a);
    const __m256i a0a0 = multiply(a, a), a0a1 = multiply(a, a1), a1a1 = multiply(a1, a1);
    const __m256i low = low_limb(a0a1), twice = _mm256_slli_epi64(low, 1);
    const __m256i first = add(high_limb(a0a0), twice);
    /* a0a1 - low is 2^32 times its upper limb: halved 31 times it is that limb doubled. */
    const __m256i high =
        add(add(a1a1, high_limb(first)), _mm256_srli_epi64(subtract(a0a1, low), 31));
    return reduce(m, high, first, a0a0);
}

/* Kept as it is, to be subtracted: that is one operation less. */
static inline residue residue_negative(const modulus *m, residue a)
{
    (void)m;
    return a;
}

static inline residue residue_multiply_add(const modulus *m, residue a, residue b, residue c)
{
    return difference(m, residue_multiply(m, a, b), c);
}

static inline residue residue_square_add(const modulus *m, residue a, residue c)
{
    return difference(m, residue_square(m, a), c);
}

static inline residue residue_select(mask chosen, residue a, residue b)
{
    return _mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(b), _mm256_castsi256_pd(a),
                                                _mm256_castsi256_pd(chosen)));
}

#include "kernels/primes/primality_steps.h"

/* Numbers without small factors become candidates; the rest is decided here. */
static void sift(const uint64_t *numbers, size_t n, cw_candidates *candidates, uint8_t *results)
{
    candidates->count = 0;
    for (size_t i = 0; i < n; i++) {
        const bool small = numbers[i] < CW_SMALL_LIMIT;
        results[i] = small && cw_small_is_prime(numbers[i]);
        if (small || numbers[i] % 2 == 0 || cw_small_factor(numbers[i]))
            continue;
        candidates->numbers[candidates->count] = numbers[i];
        candidates->places[candidates->count++] = (uint32_t)i;
    }
}

void cw_primality_test_avx2(const uint64_t *numbers, size_t n, uint8_t *results)
{
    cw_candidates candidates;
    for (size_t begin = 0; begin < n; begin += CW_PRIMALITY_BATCH) {
        const size_t size = n - begin < CW_PRIMALITY_BATCH ? n - begin : CW_PRIMALITY_BATCH;
        sift(numbers + begin, size, &candidates, results + begin);
        decide(&candidates, results + begin);
    }
}
