/* How many threads, which policy, how large a chunk: pure decisions, no threads here. */
/* SPDX-License-Identifier: MIT */
#include "parallel/schedule.h"

#include "base/checked.h"
#include "parallel/runtime.h"

/* Less work than this is done before a sleeping team has woken up (40 to 50 µs on Linux), and is
 * not worth more than the hot team's region (1 to 2 µs) either. */
#define INLINE_NS 20000.0

/* Handing out a chunk costs 11 ns with libgomp and 160 ns with libomp: 1 % at most. */
#define CHUNK_NS 20000.0

/* Chunks for each thread, so that uneven costs even out at the end. */
#define CHUNKS_A_THREAD 8

/* Blocks for each thread from which on timing a few of them alone costs less than it gives. */
#define PROBE_BLOCKS_A_THREAD 16

static cw_status check_plan(const cw_plan *plan, cw_error *error)
{
    if (plan->threads < 0 || plan->threads > CW_THREADS_MAX)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%d threads: 1 to %d are allowed (0: decide)", plan->threads,
                            CW_THREADS_MAX);
    if ((int)plan->policy < CW_POLICY_AUTO || (int)plan->policy > CW_POLICY_GUIDED)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "policy %d: auto (0), static, dynamic and guided (3) are allowed",
                            (int)plan->policy);
    if ((int)plan->isa < CW_ISA_ANY || (int)plan->isa > CW_ISA_AVX512)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "instruction-set level %d: 0 (no ceiling) to %d are allowed",
                            (int)plan->isa, (int)CW_ISA_AVX512);
    for (size_t i = 0; i < sizeof plan->reserved / sizeof *plan->reserved; i++) {
        if (plan->reserved[i] != 0)
            return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                                "the plan's reserved fields must be zero: initialise it with {0}");
    }
    return CW_OK;
}

/* Threads that were asked for are had or an error; those we chose are cut to what there is. */
static cw_status choose_threads(uint64_t blocks, const cw_plan *plan, cw_schedule *schedule,
                                cw_error *error)
{
    int wanted = plan->threads;
    schedule->threads_asked = true;
    if (wanted == 0)
        wanted = cw_runtime_threads(&schedule->threads_asked);
    if (wanted > CW_THREADS_MAX && schedule->threads_asked)
        return cw_error_set(error, CW_ERR_THREADS, CW_NO_INDEX, NULL,
                            "OMP_NUM_THREADS asks for %d threads: at most %d are allowed", wanted,
                            CW_THREADS_MAX);
    /* More threads than blocks have nothing to do. */
    schedule->threads = (int)cw_min_u64(cw_min_u64((uint64_t)wanted, CW_THREADS_MAX), blocks);
    return CW_OK;
}

static cw_status secure_threads(cw_schedule *schedule, cw_error *error)
{
    const int can_start = cw_runtime_startable(schedule->threads);
    if (can_start < schedule->threads && schedule->threads_asked)
        return cw_error_set(error, CW_ERR_THREADS, CW_NO_INDEX, NULL,
                            "%d threads were asked for, but only %d can be started here",
                            schedule->threads, can_start);
    schedule->threads = can_start;
    return CW_OK;
}

/* What was asked for, by the plan or else by OMP_SCHEDULE; auto where nothing was. Blocks that are
 * emitted are waited for in order, so each thread has but one at a time. */
static void choose_policy(const cw_work *work, const cw_plan *plan, cw_schedule *schedule)
{
    if (work->emit != NULL) {
        schedule->policy = CW_POLICY_DYNAMIC;
        schedule->chunk = 1;
        return;
    }
    cw_policy policy = plan->policy;
    uint64_t items = plan->chunk;
    if (policy == CW_POLICY_AUTO && items > 0)
        policy = CW_POLICY_DYNAMIC;
    else if (policy == CW_POLICY_AUTO && !cw_runtime_schedule(&policy, &items))
        policy = CW_POLICY_AUTO;
    schedule->policy = policy;
    schedule->chunk = cw_div_up(items, work->block);
}

/* Chunks long enough that handing them out is free, short enough that the ends even out. */
static uint64_t chunk_for(int threads, double block_ns, uint64_t blocks)
{
    const uint64_t most = cw_max_u64(1, blocks / ((uint64_t)threads * CHUNKS_A_THREAD));
    const double wanted = CHUNK_NS / block_ns;
    return wanted >= (double)most ? most : (uint64_t)wanted + 1;
}

static void choose_auto(const cw_work *work, cw_schedule *schedule, uint64_t blocks)
{
    const uint64_t threads = (uint64_t)schedule->threads;
    schedule->policy = CW_POLICY_DYNAMIC;
    schedule->chunk = 1;
    if (work->uniform) {
        schedule->policy = CW_POLICY_STATIC;
        schedule->chunk = 0;
    } else if (work->cost_ns > 0) {
        schedule->chunk = chunk_for(schedule->threads, work->cost_ns * (double)work->block, blocks);
    } else if (schedule->region) {
        schedule->measure = blocks >= threads * PROBE_BLOCKS_A_THREAD;
    }
}

cw_status cw_schedule_make(const cw_work *work, const cw_plan *plan, cw_schedule *schedule,
                           cw_error *error)
{
    const uint64_t blocks = cw_work_blocks(work);
    *schedule = (cw_schedule){.threads = 1, .policy = CW_POLICY_STATIC};
    cw_status status = check_plan(plan, error);
    if (status != CW_OK || plan->serial || blocks == 0 || cw_runtime_inside())
        return status;
    status = choose_threads(blocks, plan, schedule, error);
    if (status != CW_OK)
        return status;
    choose_policy(work, plan, schedule);
    const double total_ns = work->cost_ns * (double)work->items;
    const bool tiny = total_ns > 0 && total_ns < INLINE_NS;
    /* A region of one thread is entered only when the plan itself asks for one. */
    schedule->region = plan->threads > 0 || (schedule->threads > 1 && !tiny);
    if (!schedule->region)
        schedule->threads = 1;
    if (schedule->policy == CW_POLICY_AUTO)
        choose_auto(work, schedule, blocks);
    /* After measuring it may turn out that threads are not needed: they are tried then. */
    return schedule->region && !schedule->measure ? secure_threads(schedule, error) : CW_OK;
}

cw_status cw_schedule_measured(cw_schedule *schedule, const cw_plan *plan, double block_ns,
                               uint64_t blocks, cw_error *error)
{
    schedule->measure = false;
    if (plan->threads == 0 && block_ns * (double)blocks < INLINE_NS) {
        schedule->region = false;
        schedule->threads = 1;
        return CW_OK;
    }
    const cw_status status = secure_threads(schedule, error);
    schedule->chunk = chunk_for(schedule->threads, block_ns, blocks);
    return status;
}
