/* Primality of lists with AVX-512: small factors of eight numbers at once, then the tests. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <immintrin.h>

/* Two numbers in three fall to the first ten primes; only the others meet the rest. */
enum { FIRST_PRIMES = 10 };

#define WIDE (UINT64_C(1) << 48)

/* Mask of the lanes that none of the primes [begin, end) divides. */
static inline __mmask8 without_factor(__m512i numbers, int begin, int end)
{
    __mmask8 left = 0xff;
    for (int i = begin; i < end; i++) {
        const __m512i inverse = _mm512_set1_epi64((long long)cw_small_primes[i].inverse);
        const __m512i limit = _mm512_set1_epi64((long long)cw_small_primes[i].limit);
        left &= _mm512_cmpgt_epu64_mask(_mm512_mullo_epi64(numbers, inverse), limit);
    }
    return left;
}

/* Append the chosen lanes: whole vectors are written, of which the chosen come first. */
static inline void append(cw_candidates *to, __mmask8 chosen, __m512i numbers, __m256i places)
{
    _mm512_storeu_si512(to->numbers + to->count, _mm512_maskz_compress_epi64(chosen, numbers));
    _mm256_storeu_si256((__m256i *)(void *)(to->places + to->count),
                        _mm256_maskz_compress_epi32(chosen, places));
    to->count += (size_t)__builtin_popcount(chosen);
}

/* Odd numbers above the small ones that the first primes leave; the others are decided here. */
static void sift_first(const uint64_t *numbers, size_t n, cw_candidates *left, uint8_t *results)
{
    __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    left->count = 0;
    for (size_t i = 0; i < n; i += 8) {
        const __mmask8 there = n - i < 8 ? (__mmask8)((1u << (n - i)) - 1) : 0xff;
        const __m512i some = _mm512_maskz_loadu_epi64(there, numbers + i);
        const __mmask8 large =
            _mm512_mask_cmpge_epu64_mask(there, some, _mm512_set1_epi64((long long)CW_SMALL_LIMIT));
        const __mmask8 odd = _mm512_test_epi64_mask(some, _mm512_set1_epi64(1));
        append(left, large & odd & without_factor(some, 0, FIRST_PRIMES), some, places);
        _mm_mask_storeu_epi8(results + i, there, _mm_setzero_si128());
        for (unsigned small = there & ~large; small != 0; small &= small - 1) {
            const size_t place = i + (size_t)__builtin_ctz(small);
            results[place] = cw_small_is_prime(numbers[place]);
        }
        places = _mm256_add_epi32(places, _mm256_set1_epi32(8));
    }
}

/* Those that the other small primes leave, by width. A list of one width keeps its place: what is
 * written to `wide`, which may be `left` itself, never passes what is still to be read. */
static void sift_rest(const cw_candidates *left, cw_candidates *narrow, cw_candidates *wide)
{
    const size_t n = left->count;
    narrow->count = wide->count = 0;
    for (size_t i = 0; i < n; i += 8) {
        const __mmask8 there = n - i < 8 ? (__mmask8)((1u << (n - i)) - 1) : 0xff;
        const __m512i some = _mm512_maskz_loadu_epi64(there, left->numbers + i);
        const __m256i places = _mm256_maskz_loadu_epi32(there, left->places + i);
        const __mmask8 kept = there & without_factor(some, FIRST_PRIMES, CW_SMALL_PRIMES);
        const __mmask8 large = _mm512_cmpge_epu64_mask(some, _mm512_set1_epi64((long long)WIDE));
        append(narrow, kept & ~large, some, places);
        append(wide, kept & large, some, places);
    }
}

void cw_primality_test_avx512(const uint64_t *numbers, size_t n, uint8_t *results)
{
    cw_candidates narrow, wide;
    for (size_t begin = 0; begin < n; begin += CW_PRIMALITY_BATCH) {
        const size_t size = n - begin < CW_PRIMALITY_BATCH ? n - begin : CW_PRIMALITY_BATCH;
        sift_first(numbers + begin, size, &wide, results + begin);
        sift_rest(&wide, &narrow, &wide);
        cw_primality_decide_narrow_avx512(&narrow, results + begin);
        cw_primality_decide_wide_avx512(&wide, results + begin);
    }
}
