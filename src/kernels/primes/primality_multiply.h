/* The upper half of a 128-bit product, also where the compiler has no such type. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_PRIMES_PRIMALITY_MULTIPLY_H
#define CW_KERNELS_PRIMES_PRIMALITY_MULTIPLY_H

#include <stdint.h>

/* From four products of halves; the middle sums fit: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1. */
static inline uint64_t cw_multiply_high_portable(uint64_t a, uint64_t b)
{
    const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    const uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const uint64_t other = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

/* floor(a * b / 2^64). */
static inline uint64_t cw_multiply_high(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 u128;
    return (uint64_t)((u128)a * b >> 64);
#else
    return cw_multiply_high_portable(a, b);
#endif
}

#endif
