/* The array loops for AVX2. */
/* SPDX-License-Identifier: MIT */
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define VECTOR_BYTES 32
#define OPS          cw_leaf_ops_avx2

typedef uint64_t words __attribute__((vector_size(VECTOR_BYTES)));

static inline bool any_bit(words vector)
{
    return !_mm256_testz_si256((__m256i)vector, (__m256i)vector);
}

static inline void stream_vector(void *to, words vector)
{
    _mm256_stream_si256(to, (__m256i)vector);
}

static void fence(void)
{
    _mm_sfence();
}

#include "kernels/arrays/leaf_vector.h"
