/* The wait kernel: items that only sleep. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/memory.h"
#include "catalogue/kernels.h"

#include <chunkwise/wait.h>

enum { ITEMS, MILLISECONDS, PARAMETERS };

static const cw_parameter parameters[PARAMETERS] = {
    [ITEMS] = {.name = "items",
               .kind = CW_PARAMETER_NUMBER,
               .most = 1000000000,
               .preset = "32",
               .help = "how many"},
    [MILLISECONDS] = {.name = "ms",
                      .kind = CW_PARAMETER_NUMBER,
                      .most = 3600000,
                      .unit = "milliseconds",
                      .preset = "10",
                      .help = "how long each of them sleeps"},
};

typedef struct wait_job {
    uint64_t items;
    uint64_t ms;
} wait_job;

static cw_status prepare(const cw_value *values, const cw_plan *plan, void **state, cw_error *error)
{
    (void)plan;
    wait_job *job = cw_memory_zalloc(1, sizeof *job);
    if (job == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for the job");
    job->items = values[ITEMS].number;
    job->ms = values[MILLISECONDS].number;
    *state = job;
    return CW_OK;
}

static cw_status run(void *state, const cw_plan *plan, cw_error *error)
{
    const wait_job *job = state;
    return cw_wait(job->items, job->ms * 1000000, plan, error);
}

static double estimate(const void *state)
{
    const wait_job *job = state;
    return (double)job->items * (double)job->ms * 1e-3;
}

static uint64_t digest(const void *state)
{
    return cw_digest(state, sizeof(wait_job));
}

static cw_status check(void *state, const char **against, cw_error *error)
{
    (void)state;
    (void)error;
    *against = NULL; /* sleeping leaves no result */
    return CW_OK;
}

static void rates(const void *state, cw_rates *rates)
{
    *rates = (cw_rates){.items = ((const wait_job *)state)->items, .item_name = "items"};
}

static int facts(const void *state, cw_fact *facts)
{
    const wait_job *job = state;
    facts[0] = (cw_fact){.name = "items", .kind = CW_FACT_U64, .u64 = job->items};
    facts[1] = (cw_fact){.name = "ms_each", .kind = CW_FACT_U64, .u64 = job->ms};
    return 2;
}

static bool answers(const void *state)
{
    (void)state;
    return false;
}

static void destroy(void *state)
{
    cw_memory_free(state);
}

const cw_kernel cw_kernel_wait = {
    .name = "wait",
    .usage = "[--items N] [--ms M]",
    .summary = "items that only sleep, as work does that waits for disks or networks",
    .details = "More threads than processors help here, because nobody computes: try\n"
               "chunkwise compare wait --threads 1,2,4,8,16",
    .parameters = parameters,
    .parameter_count = PARAMETERS,
    .prepare = prepare,
    .run = run,
    .estimate = estimate,
    .digest = digest,
    .check = check,
    .rates = rates,
    .facts = facts,
    .answers = answers,
    .destroy = destroy,
};
