/* The public functions over arrays, one for each type. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/arrays.h>

#include "kernels/arrays/elementwise.h"

#define INTEGER_POWER(name, power, number, type)                                                   \
    cw_status name(const type *x, type *y, size_t n, cw_overflow overflow, const cw_plan *plan,    \
                   cw_error *error)                                                                \
    {                                                                                              \
        return cw_elementwise_run(power, number, x, y, n, overflow, plan, error);                  \
    }

#define FLOAT_POWER(name, power, number, type)                                                     \
    cw_status name(const type *x, type *y, size_t n, const cw_plan *plan, cw_error *error)         \
    {                                                                                              \
        return cw_elementwise_run(power, number, x, y, n, CW_OVERFLOW_WRAP, plan, error);          \
    }

static cw_status no_result(cw_error *error)
{
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                        "sum is NULL; it must point to where the result goes");
}

#define SUM(name, number, type, result, member)                                                    \
    cw_status name(const type *x, size_t n, const cw_plan *plan, result *sum, cw_error *error)     \
    {                                                                                              \
        if (sum == NULL)                                                                           \
            return no_result(error);                                                               \
        cw_sum_result total;                                                                       \
        const cw_status status = cw_sum_run(number, x, n, plan, &total, error);                    \
        if (status == CW_OK)                                                                       \
            *sum = total.member;                                                                   \
        return status;                                                                             \
    }

INTEGER_POWER(cw_square_i32, CW_POWER_SQUARE, CW_NUMBER_I32, int32_t)
INTEGER_POWER(cw_square_i64, CW_POWER_SQUARE, CW_NUMBER_I64, int64_t)
INTEGER_POWER(cw_square_u32, CW_POWER_SQUARE, CW_NUMBER_U32, uint32_t)
INTEGER_POWER(cw_square_u64, CW_POWER_SQUARE, CW_NUMBER_U64, uint64_t)
FLOAT_POWER(cw_square_f32, CW_POWER_SQUARE, CW_NUMBER_F32, float)
FLOAT_POWER(cw_square_f64, CW_POWER_SQUARE, CW_NUMBER_F64, double)

INTEGER_POWER(cw_cube_i32, CW_POWER_CUBE, CW_NUMBER_I32, int32_t)
INTEGER_POWER(cw_cube_i64, CW_POWER_CUBE, CW_NUMBER_I64, int64_t)
INTEGER_POWER(cw_cube_u32, CW_POWER_CUBE, CW_NUMBER_U32, uint32_t)
INTEGER_POWER(cw_cube_u64, CW_POWER_CUBE, CW_NUMBER_U64, uint64_t)
FLOAT_POWER(cw_cube_f32, CW_POWER_CUBE, CW_NUMBER_F32, float)
FLOAT_POWER(cw_cube_f64, CW_POWER_CUBE, CW_NUMBER_F64, double)

SUM(cw_sum_i32, CW_NUMBER_I32, int32_t, int64_t, i64)
SUM(cw_sum_i64, CW_NUMBER_I64, int64_t, int64_t, i64)
SUM(cw_sum_u32, CW_NUMBER_U32, uint32_t, uint64_t, u64)
SUM(cw_sum_u64, CW_NUMBER_U64, uint64_t, uint64_t, u64)
SUM(cw_sum_f32, CW_NUMBER_F32, float, double, f64)
SUM(cw_sum_f64, CW_NUMBER_F64, double, double, f64)
