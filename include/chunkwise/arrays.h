/* Elementwise squares and cubes, and sums, over arrays of numbers. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_ARRAYS_H
#define CHUNKWISE_ARRAYS_H

#include <chunkwise/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to do with an integer result that does not fit its type. Floats follow IEEE 754. */
typedef enum cw_overflow {
    CW_OVERFLOW_ERROR = 0,   /**< fail with CW_ERR_OVERFLOW, naming the first index and value */
    CW_OVERFLOW_WRAP = 1,    /**< keep the low bits, as unsigned arithmetic does */
    CW_OVERFLOW_SATURATE = 2 /**< the nearest value that the type has */
} cw_overflow;

/**
 * y[i] = x[i] * x[i] (square) or x[i] * x[i] * x[i] (cube) for i in [0, n).
 *
 * Shape   x[n], y[n], contiguous, any alignment of the type; y may equal x, partial overlap is not
 *         allowed. Float cubes are (x * x) * x, each product rounded.
 * @return CW_OK; CW_ERR_OVERFLOW (integers, CW_OVERFLOW_ERROR) with the lowest index and its value:
 *         then y is complete below that index and undefined from it on; CW_ERR_ARGUMENT for NULL
 *         arrays, partial overlap or arrays that are not aligned to their type; CW_ERR_THREADS,
 *         CW_ERR_CANCELLED, CW_ERR_NO_MEMORY.
 * Time    O(n), at the speed of memory above cache size.
 * Memory  none. Results larger than the cache are stored past it.
 * Result  the same for every plan.
 */
CW_API cw_status cw_square_i32(const int32_t *x, int32_t *y, size_t n, cw_overflow overflow,
                               const cw_plan *plan, cw_error *error);
CW_API cw_status cw_square_i64(const int64_t *x, int64_t *y, size_t n, cw_overflow overflow,
                               const cw_plan *plan, cw_error *error);
CW_API cw_status cw_square_u32(const uint32_t *x, uint32_t *y, size_t n, cw_overflow overflow,
                               const cw_plan *plan, cw_error *error);
CW_API cw_status cw_square_u64(const uint64_t *x, uint64_t *y, size_t n, cw_overflow overflow,
                               const cw_plan *plan, cw_error *error);
CW_API cw_status cw_square_f32(const float *x, float *y, size_t n, const cw_plan *plan,
                               cw_error *error);
CW_API cw_status cw_square_f64(const double *x, double *y, size_t n, const cw_plan *plan,
                               cw_error *error);
CW_API cw_status cw_cube_i32(const int32_t *x, int32_t *y, size_t n, cw_overflow overflow,
                             const cw_plan *plan, cw_error *error);
CW_API cw_status cw_cube_i64(const int64_t *x, int64_t *y, size_t n, cw_overflow overflow,
                             const cw_plan *plan, cw_error *error);
CW_API cw_status cw_cube_u32(const uint32_t *x, uint32_t *y, size_t n, cw_overflow overflow,
                             const cw_plan *plan, cw_error *error);
CW_API cw_status cw_cube_u64(const uint64_t *x, uint64_t *y, size_t n, cw_overflow overflow,
                             const cw_plan *plan, cw_error *error);
CW_API cw_status cw_cube_f32(const float *x, float *y, size_t n, const cw_plan *plan,
                             cw_error *error);
CW_API cw_status cw_cube_f64(const double *x, double *y, size_t n, const cw_plan *plan,
                             cw_error *error);

/**
 * *sum = x[0] + ... + x[n - 1]; 0 for n = 0.
 *
 * Integers: exact, added up in 128 bits; CW_ERR_OVERFLOW when the sum does not fit the result.
 * Floats: compensated addition in one fixed order, so the same bits for every plan, every level and
 * every run, and an error of at most 2^-53 |sum| + 2^-83 (|x[0]| + ... + |x[n - 1]|). Sums of f32
 * are f64. An infinity or NaN among the items gives what IEEE 754 asks for (the NaN is always the
 * same one); finite items whose sum passes the largest double only on the way give their sum, and
 * infinity only when it is too large itself. A sum of zeros is +0, whatever their signs.
 *
 * Shape   x[n], contiguous, any alignment of the type.
 * @return CW_OK; CW_ERR_OVERFLOW with the exact sum as its value; CW_ERR_ARGUMENT for NULL, or an
 *         array that is not aligned to its type; CW_ERR_THREADS, CW_ERR_CANCELLED,
 *         CW_ERR_NO_MEMORY. *sum is written only on CW_OK.
 * Time    O(n), at the speed of memory above cache size.
 * Memory  24 bytes for every 32768 items.
 * Source  T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26 (2005) 1955-1988 (Sum2).
 */
CW_API cw_status cw_sum_i32(const int32_t *x, size_t n, const cw_plan *plan, int64_t *sum,
                            cw_error *error);
CW_API cw_status cw_sum_i64(const int64_t *x, size_t n, const cw_plan *plan, int64_t *sum,
                            cw_error *error);
CW_API cw_status cw_sum_u32(const uint32_t *x, size_t n, const cw_plan *plan, uint64_t *sum,
                            cw_error *error);
CW_API cw_status cw_sum_u64(const uint64_t *x, size_t n, const cw_plan *plan, uint64_t *sum,
                            cw_error *error);
CW_API cw_status cw_sum_f32(const float *x, size_t n, const cw_plan *plan, double *sum,
                            cw_error *error);
CW_API cw_status cw_sum_f64(const double *x, size_t n, const cw_plan *plan, double *sum,
                            cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
