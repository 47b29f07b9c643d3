/* The square and cube kernels over arrays of the six types. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/memory.h"
#include "catalogue/kernels.h"
#include "catalogue/numbers.h"
#include "kernels/arrays/elementwise.h"

#include <chunkwise/loop.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INPUT, ITEMS, TYPE, ON_OVERFLOW, OUTPUT, PARAMETERS };

/* In the order of cw_overflow. */
static const char *const overflow_names[] = {"error", "wrap", "saturate", NULL};

static const cw_parameter parameters[PARAMETERS] = {
    CW_NUMBERS_PARAMETERS(INPUT, ITEMS, TYPE),
    [ON_OVERFLOW] = {.name = "on-overflow",
                     .kind = CW_PARAMETER_CHOICE,
                     .choices = overflow_names,
                     .preset = "error",
                     .help = "when a result does not fit its type of integer"},
    [OUTPUT] = {.name = "output",
                .letter = 'o',
                .kind = CW_PARAMETER_TEXT,
                .help = "the results: a text list, or .npy where the name ends so (- for a list on "
                        "standard output)"},
};

typedef struct power_job {
    cw_power power;
    cw_overflow overflow;
    cw_numbers input;
    void *result;     /* layout and type of the input: what the draft maps, or */
    void *owned;      /* of cw_array_create */
    const char *path; /* of -o, or NULL */
    cw_draft draft;   /* a .npy file, filled in as it is computed */
    cw_output output; /* a text list, written at the end */
    const cw_cancel *cancel;
} power_job;

static void destroy(void *state)
{
    power_job *job = state;
    if (job == NULL)
        return;
    cw_output_abandon(&job->output);
    cw_draft_abandon(&job->draft);
    cw_numbers_finish(&job->input);
    cw_array_destroy(job->owned);
    cw_memory_free(job);
}

static bool to_npy(const power_job *job)
{
    return job->path != NULL && cw_array_is_npy(job->path);
}

static cw_status make_room(power_job *job, const cw_plan *plan, cw_error *error)
{
    const cw_layout *layout = &job->input.layout;
    const cw_status status =
        cw_array_create(layout->count, cw_number_bytes(layout->type), plan, &job->owned);
    if (status != CW_OK)
        return cw_error_set(error, status, CW_NO_INDEX, NULL, "%zu results of type %s: %s",
                            layout->count, cw_number_name(layout->type), cw_status_text(status));
    job->result = job->owned;
    return CW_OK;
}

static cw_status prepare(cw_power power, const cw_value *values, const cw_plan *plan, void **state,
                         cw_error *error)
{
    power_job *job = cw_memory_zalloc(1, sizeof *job);
    if (job == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for the job");
    job->power = power;
    job->overflow = (cw_overflow)values[ON_OVERFLOW].number;
    job->path = values[OUTPUT].present ? values[OUTPUT].text : NULL;
    cw_status status = cw_numbers_take(
        &job->input, power == CW_POWER_CUBE ? "cube" : "square",
        &(cw_numbers_source){&values[INPUT], &values[ITEMS], &values[TYPE]}, plan, error);
    if (status == CW_OK && !to_npy(job))
        status = make_room(job, plan, error);
    if (status != CW_OK) {
        destroy(job);
        return status;
    }
    *state = job;
    return CW_OK;
}

static cw_status prepare_square(const cw_value *values, const cw_plan *plan, void **state,
                                cw_error *error)
{
    return prepare(CW_POWER_SQUARE, values, plan, state, error);
}

static cw_status prepare_cube(const cw_value *values, const cw_plan *plan, void **state,
                              cw_error *error)
{
    return prepare(CW_POWER_CUBE, values, plan, state, error);
}

static void reset(void *state)
{
    /* A run that forgets a block must not find the results of the run before it. Some items are
     * enough for that, and leave the caches as they were. */
    enum { STRIDE = 61 };
    power_job *job = state;
    const size_t bytes = cw_number_bytes(job->input.layout.type);
    for (size_t i = 0; i < job->input.layout.count; i += STRIDE)
        memset((char *)job->result + i * bytes, 0xa5, bytes);
}

static cw_status run(void *state, const cw_plan *plan, cw_error *error)
{
    power_job *job = state;
    job->cancel = plan->cancel;
    return cw_elementwise_run(job->power, job->input.layout.type, job->input.data, job->result,
                              job->input.layout.count, job->overflow, plan, error);
}

static double estimate(const void *state)
{
    /* Memory moves some 10 GB/s for one thread of a modest machine. */
    const power_job *job = state;
    return (double)job->input.layout.count * (double)cw_number_bytes(job->input.layout.type) *
           2e-10;
}

static uint64_t digest(const void *state)
{
    const power_job *job = state;
    return cw_digest(job->result,
                     job->input.layout.count * cw_number_bytes(job->input.layout.type));
}

/* The plain references: one item of each type; false when the result does not fit. */

#define PLAIN_INTEGER(type, c_type, least, most)                                                   \
    static bool plain_##type(const void *x, size_t i, cw_power power, cw_overflow overflow,        \
                             void *want)                                                           \
    {                                                                                              \
        const c_type value = ((const c_type *)x)[i];                                               \
        c_type *result = want;                                                                     \
        c_type square = 0;                                                                         \
        c_type product = 0;                                                                        \
        bool fits = !__builtin_mul_overflow(value, value, &square);                                \
        if (power == CW_POWER_SQUARE)                                                              \
            product = square;                                                                      \
        else                                                                                       \
            fits = !__builtin_mul_overflow(square, value, &product) && fits;                       \
        *result = product;                                                                         \
        if (!fits && overflow == CW_OVERFLOW_SATURATE)                                             \
            *result = power == CW_POWER_CUBE && value < 1 ? (c_type)(least) : (c_type)(most);      \
        return fits;                                                                               \
    }

PLAIN_INTEGER(i32, int32_t, INT32_MIN, INT32_MAX)
PLAIN_INTEGER(i64, int64_t, INT64_MIN, INT64_MAX)
PLAIN_INTEGER(u32, uint32_t, 0, UINT32_MAX)
PLAIN_INTEGER(u64, uint64_t, 0, UINT64_MAX)

#define PLAIN_FLOAT(type, c_type)                                                                  \
    static bool plain_##type(const void *x, size_t i, cw_power power, cw_overflow overflow,        \
                             void *want)                                                           \
    {                                                                                              \
        (void)overflow;                                                                            \
        const c_type value = ((const c_type *)x)[i];                                               \
        const c_type square = value * value;                                                       \
        *(c_type *)want = power == CW_POWER_CUBE ? square * value : square;                        \
        return true;                                                                               \
    }

PLAIN_FLOAT(f32, float)
PLAIN_FLOAT(f64, double)

/* Bits are compared, but one NaN is as good as another. */
static bool same_item(cw_number type, const void *a, const void *b)
{
    if (type == CW_NUMBER_F64 && isnan(*(const double *)a) && isnan(*(const double *)b))
        return true;
    if (type == CW_NUMBER_F32 && isnan(*(const float *)a) && isnan(*(const float *)b))
        return true;
    return memcmp(a, b, cw_number_bytes(type)) == 0;
}

static cw_status check(void *state, const char **against, cw_error *error)
{
    typedef bool plain_function(const void *x, size_t i, cw_power power, cw_overflow overflow,
                                void *want);
    static plain_function *const plain[] = {
        [CW_NUMBER_I32] = plain_i32, [CW_NUMBER_I64] = plain_i64, [CW_NUMBER_U32] = plain_u32,
        [CW_NUMBER_U64] = plain_u64, [CW_NUMBER_F32] = plain_f32, [CW_NUMBER_F64] = plain_f64,
    };
    const power_job *job = state;
    const cw_number type = job->input.layout.type;
    const size_t bytes = cw_number_bytes(type);
    for (size_t i = 0; i < job->input.layout.count; i++) {
        uint64_t want = 0;
        const bool fits = plain[type](job->input.data, i, job->power, job->overflow, &want);
        if (!fits && job->overflow == CW_OVERFLOW_ERROR)
            return cw_error_set(error, CW_ERR_MISMATCH, i, NULL,
                                "item %zu does not fit its type, but was not reported", i);
        if (!same_item(type, (const char *)job->result + i * bytes, &want))
            return cw_error_set(error, CW_ERR_MISMATCH, i, NULL,
                                "item %zu differs from what plain C gives", i);
    }
    *against = "plain C, item by item";
    return CW_OK;
}

static void rates(const void *state, cw_rates *rates)
{
    const power_job *job = state;
    const uint64_t bytes = job->input.layout.count * cw_number_bytes(job->input.layout.type);
    *rates = (cw_rates){.items = job->input.layout.count,
                        .item_name = "items",
                        .bytes_read = bytes,
                        .bytes_written = bytes};
}

static cw_fact item_fact(const char *name, cw_number type, const void *array, size_t i)
{
    switch (type) {
    case CW_NUMBER_I32:
        return (cw_fact){.name = name, .kind = CW_FACT_I64, .i64 = ((const int32_t *)array)[i]};
    case CW_NUMBER_I64:
        return (cw_fact){.name = name, .kind = CW_FACT_I64, .i64 = ((const int64_t *)array)[i]};
    case CW_NUMBER_U32:
        return (cw_fact){.name = name, .kind = CW_FACT_U64, .u64 = ((const uint32_t *)array)[i]};
    case CW_NUMBER_U64:
        return (cw_fact){.name = name, .kind = CW_FACT_U64, .u64 = ((const uint64_t *)array)[i]};
    case CW_NUMBER_F32:
        return (cw_fact){
            .name = name, .kind = CW_FACT_F64, .f64 = (double)((const float *)array)[i]};
    case CW_NUMBER_F64:
        break;
    }
    return (cw_fact){.name = name, .kind = CW_FACT_F64, .f64 = ((const double *)array)[i]};
}

static int facts(const void *state, cw_fact *facts)
{
    const power_job *job = state;
    const cw_number type = job->input.layout.type;
    const size_t count = job->input.layout.count;
    int filled = 0;
    facts[filled++] = (cw_fact){.name = "items", .kind = CW_FACT_U64, .u64 = count};
    facts[filled] = (cw_fact){.name = "type", .kind = CW_FACT_TEXT};
    (void)snprintf(facts[filled++].text, sizeof facts->text, "%s", cw_number_name(type));
    if (count > 0) {
        facts[filled++] = item_fact("first_result", type, job->result, 0);
        facts[filled++] = item_fact("last_result", type, job->result, count - 1);
    }
    facts[filled] = (cw_fact){.name = "digest", .kind = CW_FACT_TEXT};
    (void)snprintf(facts[filled++].text, sizeof facts->text, "%016llx",
                   (unsigned long long)digest(state));
    return filled;
}

static bool answers(const void *state)
{
    (void)state;
    return false;
}

static cw_destination destination(const void *state)
{
    const power_job *job = state;
    if (job->path == NULL)
        return CW_DESTINATION_NONE;
    return strcmp(job->path, "-") == 0 ? CW_DESTINATION_STREAM : CW_DESTINATION_FILE;
}

static cw_status open_output(void *state, cw_error *error)
{
    power_job *job = state;
    if (!to_npy(job))
        return cw_output_open(&job->output, job->path, error);
    return cw_array_draft(job->path, &job->input.layout, &job->draft, &job->result, error);
}

static cw_status finish(void *state, cw_error *error)
{
    power_job *job = state;
    if (to_npy(job))
        return cw_draft_commit(&job->draft, error);
    const cw_layout *layout = &job->input.layout;
    const cw_status status = cw_numbers_write(&job->output, layout->type, job->result,
                                              layout->count, job->cancel, error);
    return status == CW_OK ? cw_output_commit(&job->output, error) : status;
}

#define TRIALS_OF(type)                                                                            \
    "--items 4099 --on-overflow wrap --type " type,                                                \
        "--items 4099 --on-overflow saturate --type " type

static const char *const trials[] = {CW_NUMBERS_TRIALS, TRIALS_OF("i32"), TRIALS_OF("i64"),
                                     TRIALS_OF("u32"),  TRIALS_OF("u64"), NULL};

#define POWER_KERNEL(kernel_name, kernel_summary, prepare_function)                                \
    {                                                                                              \
        .name = kernel_name, .usage = "IN | --items N [--type TYPE] [-o OUT]",                     \
        .summary = kernel_summary,                                                                 \
        .details = "Without -o the results are counted and hashed, and the first and the last of " \
                   "them printed.\nNumbers made up by --items repeat with period 1291 and are "    \
                   "small: item i is 7919 i mod 1291, less 645 for types with a sign, divided by " \
                   "1000 for floats.",                                                             \
        .parameters = parameters, .parameter_count = PARAMETERS, .trials = trials,                 \
        .prepare = prepare_function, .reset = reset, .run = run, .estimate = estimate,             \
        .digest = digest, .check = check, .rates = rates, .facts = facts, .answers = answers,      \
        .destination = destination, .open = open_output, .finish = finish, .destroy = destroy,     \
    }

const cw_kernel cw_kernel_square =
    POWER_KERNEL("square", "the square of every number of an array", prepare_square);
const cw_kernel cw_kernel_cube =
    POWER_KERNEL("cube", "the cube of every number of an array", prepare_cube);
