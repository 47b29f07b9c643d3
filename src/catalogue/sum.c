/* The sum kernel over arrays of the six types. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/memory.h"
#include "catalogue/kernels.h"
#include "catalogue/numbers.h"
#include "kernels/arrays/elementwise.h"
#include "kernels/arrays/wide.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INPUT, ITEMS, TYPE, PARAMETERS };

static const cw_parameter parameters[PARAMETERS] = {
    CW_NUMBERS_PARAMETERS(INPUT, ITEMS, TYPE),
};

typedef struct sum_job {
    cw_numbers input;
    cw_sum_result total;
} sum_job;

static void destroy(void *state)
{
    sum_job *job = state;
    if (job == NULL)
        return;
    cw_numbers_finish(&job->input);
    cw_memory_free(job);
}

static cw_status prepare(const cw_value *values, const cw_plan *plan, void **state, cw_error *error)
{
    sum_job *job = cw_memory_zalloc(1, sizeof *job);
    if (job == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for the job");
    const cw_status status = cw_numbers_take(
        &job->input, "sum", &(cw_numbers_source){&values[INPUT], &values[ITEMS], &values[TYPE]},
        plan, error);
    if (status != CW_OK) {
        destroy(job);
        return status;
    }
    *state = job;
    return CW_OK;
}

static void reset(void *state)
{
    sum_job *job = state;
    memset(&job->total, 0xa5, sizeof job->total);
}

static cw_status run(void *state, const cw_plan *plan, cw_error *error)
{
    sum_job *job = state;
    return cw_sum_run(job->input.layout.type, job->input.data, job->input.layout.count, plan,
                      &job->total, error);
}

static double estimate(const void *state)
{
    /* Memory gives some 10 GB/s to one thread of a modest machine. */
    const sum_job *job = state;
    return (double)job->input.layout.count * (double)cw_number_bytes(job->input.layout.type) *
           1e-10;
}

static uint64_t digest(const void *state)
{
    return cw_digest(&((const sum_job *)state)->total, sizeof(cw_sum_result));
}

/* Checks */

static bool is_unsigned(cw_number type)
{
    return type == CW_NUMBER_U32 || type == CW_NUMBER_U64;
}

static cw_wide integer_at(const cw_numbers *input, size_t i)
{
    switch (input->layout.type) {
    case CW_NUMBER_I32:
        return cw_wide_of_i64(((const int32_t *)input->data)[i]);
    case CW_NUMBER_I64:
        return cw_wide_of_i64(((const int64_t *)input->data)[i]);
    case CW_NUMBER_U32:
        return cw_wide_of_u64(((const uint32_t *)input->data)[i]);
    default:
        return cw_wide_of_u64(((const uint64_t *)input->data)[i]);
    }
}

static double float_at(const cw_numbers *input, size_t i)
{
    return input->layout.type == CW_NUMBER_F32 ? (double)((const float *)input->data)[i]
                                               : ((const double *)input->data)[i];
}

static cw_status check_integers(const sum_job *job, cw_error *error)
{
    cw_wide want = {0, 0};
    for (size_t i = 0; i < job->input.layout.count; i++)
        want = cw_wide_add(want, integer_at(&job->input, i));
    const cw_wide got = is_unsigned(job->input.layout.type) ? cw_wide_of_u64(job->total.u64)
                                                            : cw_wide_of_i64(job->total.i64);
    if (got.low != want.low || got.high != want.high)
        return cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                            "the sum differs from that of a plain loop in 128 bits");
    return CW_OK;
}

/* Neumaier's compensated loop over the items times `scale`; *magnitude is the sum of their sizes.
 */
static double sum_plainly(const cw_numbers *input, double scale, double *magnitude)
{
    double sum = 0;
    double lost = 0;
    *magnitude = 0;
    for (size_t i = 0; i < input->layout.count; i++) {
        const double item = float_at(input, i) * scale;
        const double next = sum + item;
        lost += fabs(sum) >= fabs(item) ? (sum - next) + item : (item - next) + sum;
        sum = next;
        *magnitude += fabs(item);
    }
    return isfinite(sum) ? sum + lost : sum;
}

/* The plain loop is as good as a sum in twice the precision, but for a few units in the last place
 * and what the precision twice as high loses. Where it passes the largest double on its way it is
 * no judge of where the way ends: it goes it again with smaller steps. */
static cw_status check_floats(const sum_job *job, cw_error *error)
{
    double scale = 1;
    double magnitude;
    double want = sum_plainly(&job->input, scale, &magnitude);
    if (!isfinite(want) || !isfinite(magnitude)) {
        scale = 0x1p-64;
        want = sum_plainly(&job->input, scale, &magnitude);
    }
    const double got = job->total.f64;
    if ((isnan(want) && isnan(got)) || want / scale == got)
        return CW_OK;
    const double allowed = 2 * DBL_EPSILON * fabs(want) +
                           (double)job->input.layout.count * DBL_EPSILON * DBL_EPSILON * magnitude;
    if (isfinite(allowed) && fabs(got * scale - want) <= allowed)
        return CW_OK;
    return cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                        "the sum is %.17g, but a compensated plain loop gives %.17g", got,
                        want / scale);
}

static cw_status check(void *state, const char **against, cw_error *error)
{
    const sum_job *job = state;
    if (cw_number_is_float(job->input.layout.type)) {
        *against = "a compensated plain loop";
        return check_floats(job, error);
    }
    *against = "a plain loop in 128 bits";
    return check_integers(job, error);
}

static void rates(const void *state, cw_rates *rates)
{
    const sum_job *job = state;
    const size_t count = job->input.layout.count;
    *rates = (cw_rates){.items = count,
                        .item_name = "items",
                        .bytes_read = count * cw_number_bytes(job->input.layout.type)};
}

static int facts(const void *state, cw_fact *facts)
{
    const sum_job *job = state;
    const cw_number type = job->input.layout.type;
    if (cw_number_is_float(type))
        facts[0] = (cw_fact){.name = "sum", .kind = CW_FACT_F64, .f64 = job->total.f64};
    else if (is_unsigned(type))
        facts[0] = (cw_fact){.name = "sum", .kind = CW_FACT_U64, .u64 = job->total.u64};
    else
        facts[0] = (cw_fact){.name = "sum", .kind = CW_FACT_I64, .i64 = job->total.i64};
    facts[1] = (cw_fact){.name = "items", .kind = CW_FACT_U64, .u64 = job->input.layout.count};
    facts[2] = (cw_fact){.name = "type", .kind = CW_FACT_TEXT};
    (void)snprintf(facts[2].text, sizeof facts->text, "%s", cw_number_name(type));
    return 3;
}

static const char *const trials[] = {CW_NUMBERS_TRIALS, NULL};

const cw_kernel cw_kernel_sum = {
    .name = "sum",
    .usage = "IN | --items N [--type TYPE]",
    .summary = "the sum of an array, exact for integers",
    .details = "Integers are added up in 128 bits; a sum that does not fit 64 is an error. Sums "
               "of floats are compensated, and the same bits for every number of threads.\n"
               "Numbers made up by --items: see `chunkwise help square`.",
    .parameters = parameters,
    .parameter_count = PARAMETERS,
    .trials = trials,
    .prepare = prepare,
    .reset = reset,
    .run = run,
    .estimate = estimate,
    .digest = digest,
    .check = check,
    .rates = rates,
    .facts = facts,
    .destroy = destroy,
};
