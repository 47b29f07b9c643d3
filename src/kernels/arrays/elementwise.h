/* Squares, cubes and sums with the type as an argument, for callers that learn it at run time. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_ELEMENTWISE_H
#define CW_KERNELS_ARRAYS_ELEMENTWISE_H

#include "base/number.h"

#include <chunkwise/arrays.h>

typedef enum cw_power { CW_POWER_SQUARE, CW_POWER_CUBE } cw_power;

enum { CW_POWERS = 2, CW_OVERFLOWS = 3 };

/* i32 and i64 sum to i64, u32 and u64 to u64, f32 and f64 to f64. */
typedef union cw_sum_result {
    int64_t i64;
    uint64_t u64;
    double f64;
} cw_sum_result;

/*
 * The public functions of <chunkwise/arrays.h>, which say what holds here too; `overflow` is
 * checked for every type but means nothing for floats; `result` is not NULL. A plan of {.serial =
 * 1, .isa = CW_ISA_REFERENCE} runs the plain reference.
 */
cw_status cw_elementwise_run(cw_power power, cw_number type, const void *x, void *y, size_t n,
                             cw_overflow overflow, const cw_plan *plan, cw_error *error);
cw_status cw_sum_run(cw_number type, const void *x, size_t n, const cw_plan *plan,
                     cw_sum_result *result, cw_error *error);

#endif
