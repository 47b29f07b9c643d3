/* Items that only sleep: a job bound by waiting, to hold against jobs bound by computing. */
/* SPDX-License-Identifier: MIT */
#include "kernels/wait/wait.h"

#include <chunkwise/wait.h>
#include <chunkwise/work.h>

#include "base/checked.h"
#include "machine/clock.h"

#include <time.h>

#define SECOND_NS UINT64_C(1000000000)

/* A sleeper looks at the cancel flag this often: well before a person would call it stuck. */
#define SLICE_NS (SECOND_NS / 25)

typedef struct job {
    uint64_t ns_each;
    const cw_cancel *cancel;
} job;

/* Until a moment of cw_clock_ns, or until a signal. */
static void sleep_until(uint64_t moment_ns)
{
    const struct timespec moment = {(time_t)(moment_ns / SECOND_NS), (long)(moment_ns % SECOND_NS)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL);
}

cw_status cw_wait_one(uint64_t ns, const cw_cancel *cancel, cw_error *error)
{
    uint64_t now = cw_clock_ns(), end;
    if (!cw_add_u64(now, ns, &end))
        end = UINT64_MAX;
    for (; now < end; now = cw_clock_ns()) {
        if (cancel != NULL && cw_cancel_raised(cancel))
            return cw_error_set(error, CW_ERR_CANCELLED, CW_NO_INDEX, NULL,
                                "cancelled before all was done");
        sleep_until(now + cw_min_u64(end - now, SLICE_NS));
    }
    return CW_OK;
}

static cw_status wait_block(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    const job *mine = context;
    (void)state, (void)block, (void)partial;
    return cw_wait_one(mine->ns_each, mine->cancel, error);
}

cw_status cw_wait(uint64_t items, uint64_t ns_each, const cw_plan *plan, cw_error *error)
{
    job mine = {.ns_each = ns_each, .cancel = plan != NULL ? plan->cancel : NULL};
    const cw_work work = {
        .items = items,
        .block = 1,
        .cost_ns = (double)ns_each,
        .uniform = 1,
        .context = &mine,
        .step = wait_block,
    };
    return cw_work_run(&work, plan, NULL, NULL, error);
}
