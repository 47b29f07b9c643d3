/* Arithmetic that says when it does not fit, and the small integer helpers every module needs. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_CHECKED_H
#define CW_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each returns true and writes *result when the value fits, else false. */

static inline bool cw_add_u64(uint64_t a, uint64_t b, uint64_t *result)
{
    return !__builtin_add_overflow(a, b, result);
}

static inline bool cw_mul_u64(uint64_t a, uint64_t b, uint64_t *result)
{
    return !__builtin_mul_overflow(a, b, result);
}

static inline bool cw_add_size(size_t a, size_t b, size_t *result)
{
    return !__builtin_add_overflow(a, b, result);
}

static inline bool cw_mul_size(size_t a, size_t b, size_t *result)
{
    return !__builtin_mul_overflow(a, b, result);
}

/* ceil(a / b), b > 0; cannot overflow. */
static inline uint64_t cw_div_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0);
}

static inline uint64_t cw_min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t cw_max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* floor(sqrt(n)), exact over all of u64. */
static inline uint64_t cw_isqrt_u64(uint64_t n)
{
    uint64_t root = (uint64_t)__builtin_sqrt((double)n);
    while (root > UINT32_MAX || root * root > n)
        root--;
    while (root < UINT32_MAX && (root + 1) * (root + 1) <= n)
        root++;
    return root;
}

#endif
