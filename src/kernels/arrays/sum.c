/* Sums of arrays as a work: exact in 128 bits, or compensated with one order of addition. */
/* SPDX-License-Identifier: MIT */
#include "kernels/arrays/elementwise.h"
#include "kernels/arrays/leaf.h"

#include <chunkwise/work.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One thread, second cache level; a float is six additions. */
#define COST_NS_INTEGER 0.06
#define COST_NS_FLOAT   0.15

/* What one run needs to know. */
struct job {
    cw_number type;
    const unsigned char *x;
    cw_leaf_sum *loop;
};

static cw_status step(void *context, void *state, const cw_block *block, void *partial,
                      cw_error *error)
{
    (void)state, (void)error;
    const struct job *job = context;
    const void *x = job->x + (size_t)block->begin * cw_number_bytes(job->type);
    const size_t n = (size_t)(block->end - block->begin);
    cw_sum_partial *total = partial;
    job->loop(x, n, total);
    /* Sums of f32 stay within a double, so only an item that is no number spoils them. */
    if (job->type == CW_NUMBER_F64 && !cw_compensated_finite(&total->real))
        total->real = cw_leaf_sum_scaled_ref(x, n);
    return CW_OK;
}

static cw_status combine_integers(void *context, void *left, const void *right, cw_error *error)
{
    (void)context, (void)error;
    cw_sum_partial *total = left;
    const cw_sum_partial *other = right;
    total->integer = cw_wide_add(total->integer, other->integer);
    return CW_OK;
}

static cw_status combine_floats(void *context, void *left, const void *right, cw_error *error)
{
    (void)context, (void)error;
    cw_sum_partial *total = left;
    const cw_sum_partial *other = right;
    cw_compensated_join(&total->real, other->real);
    return CW_OK;
}

/* 128 bits are at most 39 digits and a sign. */
static void print_wide(char text[48], cw_wide value)
{
    const bool negative = value.high < 0;
    const uint64_t low = negative ? -value.low : value.low;
    const uint64_t high =
        negative ? ~(uint64_t)value.high + (value.low == 0) : (uint64_t)value.high;
    uint32_t digits[4] = {(uint32_t)(high >> 32), (uint32_t)high, (uint32_t)(low >> 32),
                          (uint32_t)low};
    char *next = text + 47;
    *next = '\0';
    do {
        uint64_t rest = 0;
        for (int i = 0; i < 4; i++) {
            rest = rest << 32 | digits[i];
            digits[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        *--next = (char)('0' + rest);
    } while ((digits[0] | digits[1] | digits[2] | digits[3]) != 0);
    if (negative)
        *--next = '-';
    memmove(text, next, strlen(next) + 1);
}

static cw_status overflowed(cw_wide sum, const char *result, const char *range, cw_error *error)
{
    char text[48];
    print_wide(text, sum);
    return cw_error_set(error, CW_ERR_OVERFLOW, CW_NO_INDEX, text,
                        "the sum is %s, which does not fit %s %s", text, result, range);
}

static cw_status deliver(cw_number type, const cw_sum_partial *total, cw_sum_result *result,
                         cw_error *error)
{
    switch (type) {
    case CW_NUMBER_I32:
    case CW_NUMBER_I64:
        if (total->integer.high != ((int64_t)total->integer.low < 0 ? -1 : 0))
            return overflowed(total->integer, "i64", "[-2^63, 2^63 - 1]", error);
        result->i64 = (int64_t)total->integer.low;
        return CW_OK;
    case CW_NUMBER_U32:
    case CW_NUMBER_U64:
        if (total->integer.high != 0)
            return overflowed(total->integer, "u64", "[0, 2^64 - 1]", error);
        result->u64 = total->integer.low;
        return CW_OK;
    default:
        result->f64 = cw_compensated_value(&total->real);
        return CW_OK;
    }
}

cw_status cw_sum_run(cw_number type, const void *x, size_t n, const cw_plan *plan,
                     cw_sum_result *result, cw_error *error)
{
    cw_status status = cw_number_check(type, "x", x, n, error);
    if (status != CW_OK)
        return status;
    struct job job = {
        .type = type,
        .x = x,
        .loop = cw_leaf_ops_for(cw_plan_isa(plan))->sum[type],
    };
    const bool is_float = cw_number_is_float(type);
    const cw_work work = {
        .items = n,
        .block = CW_SUM_BLOCK,
        .partial_bytes = sizeof(cw_sum_partial),
        .cost_ns = is_float ? COST_NS_FLOAT : COST_NS_INTEGER,
        .uniform = 1,
        .context = &job,
        .step = step,
        .combine = is_float ? combine_floats : combine_integers,
    };
    cw_sum_partial total;
    memset(&total, 0, sizeof total);
    status = cw_work_run(&work, plan, NULL, &total, error);
    return status == CW_OK ? deliver(type, &total, result, error) : status;
}
