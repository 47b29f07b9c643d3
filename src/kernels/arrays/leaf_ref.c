/* The array loops in plain C: what the vector ones are held against, and what runs anywhere. */
/* SPDX-License-Identifier: MIT */
#include "kernels/arrays/leaf.h"

#include <string.h>

#define SUFFIX  i32
#define ITEM    int32_t
#define LEAST   INT32_MIN
#define MOST    INT32_MAX
#define WIDE_OF cw_wide_of_i64
#include "kernels/arrays/integer_ref.h"

#define SUFFIX  i64
#define ITEM    int64_t
#define LEAST   INT64_MIN
#define MOST    INT64_MAX
#define WIDE_OF cw_wide_of_i64
#include "kernels/arrays/integer_ref.h"

#define SUFFIX  u32
#define ITEM    uint32_t
#define LEAST   0
#define MOST    UINT32_MAX
#define WIDE_OF cw_wide_of_u64
#include "kernels/arrays/integer_ref.h"

#define SUFFIX  u64
#define ITEM    uint64_t
#define LEAST   0
#define MOST    UINT64_MAX
#define WIDE_OF cw_wide_of_u64
#include "kernels/arrays/integer_ref.h"

#define SUFFIX f32
#define ITEM   float
#include "kernels/arrays/float_ref.h"

#define SUFFIX f64
#define ITEM   double
#include "kernels/arrays/float_ref.h"

cw_compensated cw_leaf_sum_scaled_ref(const double *x, size_t n)
{
    cw_compensated sum = compensated_f64(x, n, CW_SCALE_DOWN);
    sum.scaled = 1;
    return sum;
}

static void copy_bytes(const void *from, void *to, size_t bytes, bool stream)
{
    (void)stream;
    memcpy(to, from, bytes);
}

static uint64_t read_bytes(const void *from, size_t bytes)
{
    const unsigned char *next = from;
    uint64_t all = 0;
    for (; bytes >= 8; bytes -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        all ^= word;
    }
    uint64_t last = 0;
    memcpy(&last, next, bytes);
    return all ^ last;
}

/* Ordinary stores need none. */
static void fence(void)
{
}

const cw_leaf_ops cw_leaf_ops_ref = {
    .power = {POWER_ROWS(square), POWER_ROWS(cube)},
    .sum = {sum_i32, sum_i64, sum_u32, sum_u64, sum_f32, sum_f64},
    .copy = copy_bytes,
    .read = read_bytes,
    .fence = fence,
};
