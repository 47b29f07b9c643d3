/* The is-prime kernel: the primality of every number of a list. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/memory.h"
#include "catalogue/kernels.h"
#include "catalogue/numbers.h"
#include "input/output.h"
#include "kernels/primes/primality.h"

#include <chunkwise/primes.h>

#include <string.h>

enum { INPUT, ITEMS, LIST, OUTPUT, PARAMETERS };

static const cw_parameter parameters[PARAMETERS] = {
    [INPUT] = {.name = "IN",
               .positional = true,
               .kind = CW_PARAMETER_TEXT,
               .help = "a text list, one number a line, or a .npy file of u64 (- for standard "
                       "input)"},
    [ITEMS] = {.name = "items",
               .kind = CW_PARAMETER_NUMBER,
               .most = CW_NUMBERS_MADE_MAX,
               .help = "instead of IN: that many numbers from all over u64, the same ones every "
                       "time"},
    [LIST] = {.name = "list",
              .letter = 'l',
              .kind = CW_PARAMETER_FLAG,
              .help = "1 for every prime and 0 for every other number, one a line, in the order of "
                      "the list"},
    [OUTPUT] = {.name = "output",
                .letter = 'o',
                .kind = CW_PARAMETER_TEXT,
                .help = "where --list goes instead of standard output"},
};

typedef struct is_prime_job {
    cw_numbers input;
    uint8_t *results;
    bool list;
    const char *path; /* of -o, or NULL */
    cw_output output;
    const cw_cancel *cancel; /* of the last run */
} is_prime_job;

static const uint64_t *numbers_of(const is_prime_job *job)
{
    return job->input.data;
}

static void destroy(void *state)
{
    is_prime_job *job = state;
    if (job == NULL)
        return;
    cw_output_abandon(&job->output);
    cw_numbers_finish(&job->input);
    cw_memory_free(job->results);
    cw_memory_free(job);
}

static cw_status take_input(is_prime_job *job, const cw_value *values, const cw_plan *plan,
                            cw_error *error)
{
    if (values[INPUT].present == values[ITEMS].present)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "is-prime needs IN (a file) or --items N; %s",
                            values[INPUT].present ? "both were given" : "neither was given");
    if (values[ITEMS].present)
        return cw_numbers_make_scattered(&job->input, values[ITEMS].number, plan, error);
    return cw_numbers_load(&job->input, values[INPUT].text, CW_NUMBER_BIT(CW_NUMBER_U64),
                           CW_NUMBER_U64, error);
}

static cw_status prepare(const cw_value *values, const cw_plan *plan, void **state, cw_error *error)
{
    if (values[OUTPUT].present && !values[LIST].present)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "-o goes with --list; the number of primes goes to standard output");
    is_prime_job *job = cw_memory_zalloc(1, sizeof *job);
    if (job == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for the job");
    job->list = values[LIST].present;
    job->path = values[OUTPUT].present ? values[OUTPUT].text : NULL;
    cw_status status = take_input(job, values, plan, error);
    if (status == CW_OK) {
        job->results = cw_memory_alloc(job->input.layout.count, sizeof *job->results);
        if (job->results == NULL)
            status = cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                                  "no memory for %zu results", job->input.layout.count);
    }
    if (status != CW_OK) {
        destroy(job);
        return status;
    }
    *state = job;
    return CW_OK;
}

static void reset(void *state)
{
    is_prime_job *job = state;
    memset(job->results, 0xa5, job->input.layout.count);
}

static cw_status run(void *state, const cw_plan *plan, cw_error *error)
{
    is_prime_job *job = state;
    job->cancel = plan->cancel;
    return cw_primes_test(numbers_of(job), job->input.layout.count, plan, job->results, error);
}

static double estimate(const void *state)
{
    /* A prime near 2^64 takes about a microsecond. */
    return (double)((const is_prime_job *)state)->input.layout.count * 0.3e-6;
}

static uint64_t digest(const void *state)
{
    const is_prime_job *job = state;
    return cw_digest(job->results, job->input.layout.count);
}

/* Of long lists one number in so many is tested again: the plain test takes 10 to 100 times as
 * long. */
static const size_t most_checked = 100000;

static cw_status check(void *state, const char **against, cw_error *error)
{
    const is_prime_job *job = state;
    const size_t count = job->input.layout.count;
    const size_t stride = count / most_checked + 1;
    for (size_t i = 0; i < count; i += stride) {
        const uint64_t number = numbers_of(job)[i];
        if (job->results[i] != cw_primality_reference(number))
            return cw_error_set(error, CW_ERR_MISMATCH, i, NULL,
                                "%llu (item %zu) came out as %s, but a plain test says otherwise",
                                (unsigned long long)number, i,
                                job->results[i] == 1 ? "prime" : "not prime");
    }
    *against = stride == 1 ? "a plain strong test to twelve bases"
                           : "a plain strong test to twelve bases, of a sample";
    return CW_OK;
}

static void rates(const void *state, cw_rates *rates)
{
    const is_prime_job *job = state;
    *rates = (cw_rates){.items = job->input.layout.count, .item_name = "numbers"};
}

static int facts(const void *state, cw_fact *facts)
{
    const is_prime_job *job = state;
    uint64_t primes = 0;
    for (size_t i = 0; i < job->input.layout.count; i++)
        primes += job->results[i];
    facts[0] = (cw_fact){.name = "primes", .kind = CW_FACT_U64, .u64 = primes};
    facts[1] = (cw_fact){.name = "numbers", .kind = CW_FACT_U64, .u64 = job->input.layout.count};
    return 2;
}

static cw_destination destination(const void *state)
{
    const is_prime_job *job = state;
    if (!job->list)
        return CW_DESTINATION_NONE;
    return job->path != NULL ? CW_DESTINATION_FILE : CW_DESTINATION_STREAM;
}

static cw_status open_output(void *state, cw_error *error)
{
    is_prime_job *job = state;
    return cw_output_open(&job->output, job->path, error);
}

static cw_status finish(void *state, cw_error *error)
{
    is_prime_job *job = state;
    const size_t count = job->input.layout.count;
    char lines[8192];
    for (size_t begin = 0; begin < count;) {
        size_t used = 0;
        for (; begin < count && used < sizeof lines; begin++) {
            lines[used++] = job->results[begin] != 0 ? '1' : '0';
            lines[used++] = '\n';
        }
        const cw_status status = cw_output_write(&job->output, lines, used, error);
        if (status != CW_OK)
            return status;
        if (job->cancel != NULL && cw_cancel_raised(job->cancel))
            return cw_error_set(error, CW_ERR_CANCELLED, CW_NO_INDEX, NULL,
                                "cancelled while writing");
    }
    return cw_output_commit(&job->output, error);
}

static const char *const trials[] = {"--items 0",     "--items 1",   "--items 1001",
                                     "--items 20011", "--items 1e6", NULL};

const cw_kernel cw_kernel_is_prime = {
    .name = "is-prime",
    .usage = "IN | --items N [--list] [-o FILE]",
    .summary = "the primality of every number of a list",
    .details = "Prints how many of the numbers are prime. Every answer is proved, for every number "
               "up to 2^64-1. The time of an item varies: most composites are seen through at "
               "once, primes are not.",
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
    .destination = destination,
    .open = open_output,
    .finish = finish,
    .destroy = destroy,
};
