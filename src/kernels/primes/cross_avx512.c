/* The sieve's inner loops for the avx512 level, with the first hits of eight primes at a time. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/cross_loops.h"

#include <immintrin.h>

/*
 * A quotient by way of doubles is off by one at most: the numerators are below 2^64, the
 * denominators above 2^11 or the numerators below 2^53, so that quotients are below 2^53. The rest
 * tells by how much.
 */
static inline void divide(__m512i numerator, __m512i p, __m512d reciprocal, __m512i *quotient,
                          __m512i *rest)
{
    const __m512i one = _mm512_set1_epi64(1);
    __m512i q = _mm512_cvttpd_epu64(_mm512_mul_pd(_mm512_cvtepu64_pd(numerator), reciprocal));
    __m512i r = _mm512_sub_epi64(numerator, _mm512_mullo_epi64(q, p));
    const __mmask8 above = _mm512_movepi64_mask(r);
    q = _mm512_mask_sub_epi64(q, above, q, one);
    r = _mm512_mask_add_epi64(r, above, r, p);
    const __mmask8 below = _mm512_cmpge_epu64_mask(r, p);
    *quotient = _mm512_mask_add_epi64(q, below, q, one);
    *rest = _mm512_mask_sub_epi64(r, below, r, p);
}

/* table[index] for eight indices below 256, each in the lowest byte of its lane. */
static inline __m512i look_up(const __m512i table[4], __m512i index)
{
    const __m512i low = _mm512_permutex2var_epi8(table[0], index, table[1]);
    const __m512i high = _mm512_permutex2var_epi8(table[2], index, table[3]);
    const __m512i byte = _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
    return _mm512_and_si512(byte, _mm512_set1_epi64(0xff));
}

static size_t first_hits(const cw_wheel *wheel, const uint32_t *primes, size_t count, uint64_t low,
                         uint64_t numbers, cw_first_hit *hits)
{
    uint8_t bytes[256] = {0};
    __m512i to_next[4];
    memcpy(bytes, wheel->to_next, wheel->modulus);
    for (int i = 0; i < 4; i++)
        to_next[i] = _mm512_loadu_si512(bytes + 64 * i);
    const __m512i start = _mm512_set1_epi64((long long)low);
    const __m512i limit = _mm512_set1_epi64((long long)numbers);
    const __m512i modulus = _mm512_set1_epi64(wheel->modulus);
    const __m512d modulus_reciprocal = _mm512_set1_pd(1.0 / wheel->modulus);
    const __m512i one = _mm512_set1_epi64(1);
    size_t found = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m512i p =
            _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(primes + i)));
        const __m512d reciprocal = _mm512_div_pd(_mm512_set1_pd(1.0), _mm512_cvtepu64_pd(p));
        __m512i m, rest, unused, residue;
        divide(start, p, reciprocal, &m, &rest);
        const __mmask8 inexact = _mm512_test_epi64_mask(rest, rest);
        m = _mm512_mask_add_epi64(m, inexact, m, one);
        divide(m, modulus, modulus_reciprocal, &unused, &residue);
        const __m512i ahead = look_up(to_next, residue);
        const __m512i distance =
            _mm512_add_epi64(_mm512_maskz_sub_epi64(inexact, p, rest), _mm512_mul_epu32(p, ahead));
        __m512i multiplier = _mm512_add_epi64(residue, ahead);
        const __mmask8 around = _mm512_cmpge_epu64_mask(multiplier, modulus);
        multiplier = _mm512_mask_sub_epi64(multiplier, around, multiplier, modulus);
        const __mmask8 hit = _mm512_cmplt_epu64_mask(distance, limit);
        /* a cw_first_hit is two lanes: the distance, then the prime and the multiplier */
        const __m512i names = _mm512_or_si512(p, _mm512_slli_epi64(multiplier, 32));
        const __m512i distances = _mm512_maskz_compress_epi64(hit, distance);
        const __m512i packed = _mm512_maskz_compress_epi64(hit, names);
        const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
        const __m512i second = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
        _mm512_storeu_si512(hits + found, _mm512_permutex2var_epi64(distances, first, packed));
        _mm512_storeu_si512(hits + found + 4, _mm512_permutex2var_epi64(distances, second, packed));
        found += (size_t)__builtin_popcount(hit);
    }
    return found + first_hits_plainly(wheel, primes + i, count - i, low, numbers, hits + found);
}

const cw_cross_ops cw_cross_ops_avx512 = CW_CROSS_OPS;
