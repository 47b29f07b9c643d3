/* The innermost loops over arrays, one table of them for each instruction-set level. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_LEAF_H
#define CW_KERNELS_ARRAYS_LEAF_H

#include "kernels/arrays/compensated.h"
#include "kernels/arrays/elementwise.h"
#include "kernels/arrays/wide.h"

/* Items that one call of a sum takes at most: so many high or low halves of 64-bit items fit a
 * 64-bit sum, and it is the block that float sums are defined by. */
#define CW_SUM_BLOCK 32768

/*
 * The integers whose square or cube fits the type. The cubes of i64 are lopsided: (-2^21)^3 is
 * -2^63, the least value that the type has.
 */
#define CW_SQUARE_LEAST_i32 (-46340)
#define CW_SQUARE_MOST_i32  46340
#define CW_SQUARE_LEAST_i64 (-INT64_C(3037000499))
#define CW_SQUARE_MOST_i64  INT64_C(3037000499)
#define CW_SQUARE_LEAST_u32 0
#define CW_SQUARE_MOST_u32  65535
#define CW_SQUARE_LEAST_u64 0
#define CW_SQUARE_MOST_u64  UINT64_C(4294967295)
#define CW_CUBE_LEAST_i32   (-1290)
#define CW_CUBE_MOST_i32    1290
#define CW_CUBE_LEAST_i64   (-INT64_C(2097152))
#define CW_CUBE_MOST_i64    INT64_C(2097151)
#define CW_CUBE_LEAST_u32   0
#define CW_CUBE_MOST_u32    1625
#define CW_CUBE_LEAST_u64   0
#define CW_CUBE_MOST_u64    UINT64_C(2642245)

/*
 * y[i] = a power of x[i] for i in [0, n), y == x allowed. Returns n, or the index of the first item
 * that overflows in a function for CW_OVERFLOW_ERROR: then y is written below it and not at it.
 * Nothing above the failing index is written, so that in place x is still whole there. `stream`
 * asks for stores past the cache (never in place); a fence must follow.
 */
typedef size_t cw_leaf_power(const void *x, void *y, size_t n, bool stream);

/* The sum of a block: of the member that the type calls for. */
typedef union cw_sum_partial {
    cw_wide integer;
    cw_compensated real;
} cw_sum_partial;

/* n <= CW_SUM_BLOCK. Floats are never scaled, so a sum may come out infinite or NaN. */
typedef void cw_leaf_sum(const void *x, size_t n, cw_sum_partial *partial);

typedef struct cw_leaf_ops {
    cw_leaf_power *power[CW_POWERS][CW_NUMBERS][CW_OVERFLOWS];
    cw_leaf_sum *sum[CW_NUMBERS];
    /* What memory allows: the loops above without arithmetic, to measure them against. */
    void (*copy)(const void *from, void *to, size_t bytes, bool stream);
    uint64_t (*read)(const void *from, size_t bytes); /* XOR of all 64-bit words */
    /* Streaming stores made before are seen by other threads before any store that follows. */
    void (*fence)(void);
} cw_leaf_ops;

/* Complete tables that never change, hence shared and not copied. */
const cw_leaf_ops *cw_leaf_ops_for(cw_isa isa);

extern const cw_leaf_ops cw_leaf_ops_ref;
extern const cw_leaf_ops cw_leaf_ops_avx2;
extern const cw_leaf_ops cw_leaf_ops_avx512;

/* A block of f64 whose plain sum overflows, summed again at 2^-CW_SCALE_BITS of its size. */
cw_compensated cw_leaf_sum_scaled_ref(const double *x, size_t n);

#endif
