/* The array loops for AVX-512. */
/* SPDX-License-Identifier: MIT */
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define VECTOR_BYTES 64
#define OPS          cw_leaf_ops_avx512

typedef uint64_t words __attribute__((vector_size(VECTOR_BYTES)));

static inline bool any_bit(words vector)
{
    return _mm512_test_epi64_mask((__m512i)vector, (__m512i)vector) != 0;
}

static inline void stream_vector(void *to, words vector)
{
    _mm512_stream_si512(to, (__m512i)vector);
}

static void fence(void)
{
    _mm_sfence();
}

#include "kernels/arrays/leaf_vector.h"
