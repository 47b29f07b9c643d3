/* The array loops in vectors, for the file of one instruction-set level to include. */
/* SPDX-License-Identifier: MIT */
/*
 * That file defines VECTOR_BYTES, OPS (the name of its table), the type `words`, and on it
 * `any_bit`, `stream_vector` and `fence`. The rest is written once, in the compilers' portable
 * vector types: what they make of it for each level are the instructions one would choose by hand.
 */
#include "kernels/arrays/leaf.h"
#include "kernels/arrays/template.h"

#include <string.h>

#define VECTOR(type) type __attribute__((vector_size(VECTOR_BYTES)))

/* Vectors that are loaded before the first of them is stored. */
#define GROUP 4

typedef VECTOR(double) doubles;

/* Sums keep one 64-bit element for each item taken at a time; those of integers, four vectors. */
enum { SUM_PER_VECTOR = VECTOR_BYTES / 8, SUM_VECTORS = 4 };
enum { SUM_WORDS = SUM_VECTORS * SUM_PER_VECTOR };

/* Bytes up to where whole vectors may be stored. */
INLINE size_t bytes_to_boundary(const void *to)
{
    return -(uintptr_t)to % VECTOR_BYTES;
}

INLINE void store_vector(void *to, words vector, bool stream)
{
    if (stream)
        stream_vector(to, vector);
    else
        memcpy(to, &vector, sizeof vector);
}

static uint64_t fold(const words *sums)
{
    uint64_t total = 0;
    for (size_t vector = 0; vector < SUM_VECTORS; vector++) {
        for (size_t element = 0; element < SUM_PER_VECTOR; element++)
            total += sums[vector][element];
    }
    return total;
}

#define SUFFIX       i32
#define TYPE         CW_NUMBER_I32
#define ITEM         int32_t
#define UNSIGNED     uint32_t
#define SIGNED       int32_t
#define BITS         32
#define IS_SIGNED    1
#define MOST         INT32_MAX
#define SQUARE_LEAST CW_SQUARE_LEAST_i32
#define SQUARE_MOST  CW_SQUARE_MOST_i32
#define CUBE_LEAST   CW_CUBE_LEAST_i32
#define CUBE_MOST    CW_CUBE_MOST_i32
#include "kernels/arrays/integer_vector.h"

#define SUFFIX       i64
#define TYPE         CW_NUMBER_I64
#define ITEM         int64_t
#define UNSIGNED     uint64_t
#define SIGNED       int64_t
#define BITS         64
#define IS_SIGNED    1
#define MOST         INT64_MAX
#define SQUARE_LEAST CW_SQUARE_LEAST_i64
#define SQUARE_MOST  CW_SQUARE_MOST_i64
#define CUBE_LEAST   CW_CUBE_LEAST_i64
#define CUBE_MOST    CW_CUBE_MOST_i64
#include "kernels/arrays/integer_vector.h"

#define SUFFIX       u32
#define TYPE         CW_NUMBER_U32
#define ITEM         uint32_t
#define UNSIGNED     uint32_t
#define SIGNED       int32_t
#define BITS         32
#define IS_SIGNED    0
#define MOST         UINT32_MAX
#define SQUARE_LEAST CW_SQUARE_LEAST_u32
#define SQUARE_MOST  CW_SQUARE_MOST_u32
#define CUBE_LEAST   CW_CUBE_LEAST_u32
#define CUBE_MOST    CW_CUBE_MOST_u32
#include "kernels/arrays/integer_vector.h"

#define SUFFIX       u64
#define TYPE         CW_NUMBER_U64
#define ITEM         uint64_t
#define UNSIGNED     uint64_t
#define SIGNED       int64_t
#define BITS         64
#define IS_SIGNED    0
#define MOST         UINT64_MAX
#define SQUARE_LEAST CW_SQUARE_LEAST_u64
#define SQUARE_MOST  CW_SQUARE_MOST_u64
#define CUBE_LEAST   CW_CUBE_LEAST_u64
#define CUBE_MOST    CW_CUBE_MOST_u64
#include "kernels/arrays/integer_vector.h"

#define SUFFIX f32
#define TYPE   CW_NUMBER_F32
#define ITEM   float
#include "kernels/arrays/float_vector.h"

#define SUFFIX f64
#define TYPE   CW_NUMBER_F64
#define ITEM   double
#include "kernels/arrays/float_vector.h"

INLINE void copy_vectors(const void *from, void *to, size_t bytes, bool stream)
{
    const unsigned char *x = from;
    unsigned char *y = to;
    size_t i = bytes_to_boundary(to);
    i = i < bytes ? i : bytes;
    memcpy(y, x, i);
    for (; bytes - i >= GROUP * VECTOR_BYTES; i += GROUP * VECTOR_BYTES) {
        words vectors[GROUP];
        for (size_t k = 0; k < GROUP; k++)
            memcpy(&vectors[k], x + i + k * VECTOR_BYTES, VECTOR_BYTES);
        for (size_t k = 0; k < GROUP; k++)
            store_vector(y + i + k * VECTOR_BYTES, vectors[k], stream);
    }
    memcpy(y + i, x + i, bytes - i);
}

static void copy_bytes(const void *from, void *to, size_t bytes, bool stream)
{
    if (stream)
        copy_vectors(from, to, bytes, true);
    else
        copy_vectors(from, to, bytes, false);
}

static uint64_t read_bytes(const void *from, size_t bytes)
{
    const unsigned char *next = from;
    words all[GROUP] = {{0}};
    for (; bytes >= sizeof all; bytes -= sizeof all, next += sizeof all) {
        for (size_t k = 0; k < GROUP; k++) {
            words vector;
            memcpy(&vector, next + k * VECTOR_BYTES, sizeof vector);
            all[k] ^= vector;
        }
    }
    return cw_leaf_ops_ref.read(all, sizeof all) ^ cw_leaf_ops_ref.read(next, bytes);
}

const cw_leaf_ops OPS = {
    .power = {POWER_ROWS(square), POWER_ROWS(cube)},
    .sum = {sum_i32, sum_i64, sum_u32, sum_u64, sum_f32, sum_f64},
    .copy = copy_bytes,
    .read = read_bytes,
    .fence = fence,
};
