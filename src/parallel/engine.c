/* The engine: hands out the blocks of a work, keeps their partials, combines them in one shape. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/work.h>

#include "base/checked.h"
#include "base/memory.h"
#include "machine/clock.h"
#include "parallel/fault.h"
#include "parallel/runtime.h"
#include "parallel/schedule.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#define PROGRESS_NS 100000000u

/* Blocks that one region hands out: a loop of OpenMP cannot be left early, and skipping what is
 * left of so many takes some milliseconds, in order or not. */
#define REGION_BLOCKS         ((uint64_t)1 << 20)
#define ORDERED_REGION_BLOCKS ((uint64_t)1 << 14)

/* Partials of short jobs stay on the stack. */
#define SMALL_PARTIALS 512

/* What one thread has of a run. Lines apart, as each is written all the time. */
typedef struct worker {
    alignas(CW_CACHE_LINE) void *state;
    bool open;             /* between open and close */
    bool used;             /* its state is zeroed and may hold something: finish is due */
    uint64_t next;         /* the block that continues the present run of blocks */
    uint64_t busy_ns;      /* time in the region's loop */
    _Atomic uint64_t done; /* items */
    uint64_t fault_block;  /* the lowest block that failed here; UINT64_MAX: none */
    cw_status status;      /* what it returned */
    cw_error error;
} worker;

typedef struct run {
    const cw_work *work;
    const cw_plan *plan;
    const cw_journal *journal;
    uint64_t blocks;
    unsigned char *partials; /* of all blocks, in order; NULL when there are none */
    worker *workers;
    int workers_count;
    int team; /* threads that worked together; 1 where no region was entered */
    alignas(CW_CACHE_LINE) cw_fault fault;
    atomic_bool stopped; /* a block was left out because of the cancel flag */
    alignas(CW_CACHE_LINE) atomic_flag reporting;
    _Atomic uint64_t next_report_ns;
    uint64_t reported;
} run;

uint64_t cw_work_blocks(const cw_work *work)
{
    return cw_div_up(work->items, work->block);
}

cw_block cw_work_block(const cw_work *work, uint64_t index)
{
    const uint64_t begin = index * work->block;
    const uint64_t left = work->items - begin;
    return (cw_block){
        .index = index,
        .begin = begin,
        .end = begin + (left < work->block ? left : work->block),
    };
}

/* ---- one thread's part ---- */

static void close_run(const run *r, worker *w)
{
    if (w->open && r->work->close != NULL)
        r->work->close(r->work->context, w->state);
    w->open = false;
}

/* The little that must be set before a function is asked for details. */
static void clear_error(cw_error *error)
{
    error->index = CW_NO_INDEX;
    error->value[0] = error->sentence[0] = '\0';
}

/* Keep the failure of the lowest block; the details are written aside first, as a later but lower
 * failure replaces them whole. */
static void record_failure(run *r, worker *w, const cw_block *block, cw_status status,
                           const cw_error *error)
{
    cw_fault_raise(&r->fault, block->index);
    if (block->index >= w->fault_block)
        return;
    w->fault_block = block->index;
    w->status = status;
    w->error = *error;
}

static void *partial_of(const run *r, uint64_t block)
{
    return r->partials == NULL ? NULL : r->partials + block * r->work->partial_bytes;
}

static cw_status compute(const run *r, worker *w, const cw_block *block, void *partial,
                         cw_error *error)
{
    const cw_work *work = r->work;
    if (!w->open || w->next != block->index) {
        close_run(r, w);
        /* zeroed here and not where it was allocated: its pages shall be near this thread */
        if (!w->used && w->state != NULL)
            memset(w->state, 0, work->state_bytes);
        w->used = true;
        if (work->open != NULL) {
            const cw_status status = work->open(work->context, w->state, block, error);
            if (status != CW_OK)
                return status;
        }
        w->open = true;
    }
    w->next = block->index + 1;
    cw_status status = work->step(work->context, w->state, block, partial, error);
    if (status == CW_OK && r->journal != NULL && r->journal->put != NULL)
        status = r->journal->put(r->journal->context, block, partial, error);
    return status;
}

static void report_progress(run *r)
{
    const uint64_t now = cw_clock_ns();
    if (now < atomic_load_explicit(&r->next_report_ns, memory_order_relaxed) ||
        atomic_flag_test_and_set(&r->reporting))
        return;
    uint64_t done = 0;
    for (int i = 0; i < r->workers_count; i++)
        done += atomic_load_explicit(&r->workers[i].done, memory_order_relaxed);
    if (done > r->reported) {
        r->reported = done;
        r->plan->progress(r->plan->progress_context, done, r->work->items);
    }
    atomic_store_explicit(&r->next_report_ns, now + PROGRESS_NS, memory_order_relaxed);
    atomic_flag_clear(&r->reporting);
}

static void run_block(run *r, worker *w, uint64_t index)
{
    if (cw_fault_below(&r->fault, index))
        return;
    if (r->plan->cancel != NULL && cw_cancel_raised(r->plan->cancel)) {
        atomic_store_explicit(&r->stopped, true, memory_order_relaxed);
        return;
    }
    const cw_block block = cw_work_block(r->work, index);
    void *partial = partial_of(r, index);
    const cw_journal *journal = r->journal;
    if (journal == NULL || journal->have == NULL ||
        !journal->have(journal->context, &block, partial)) {
        cw_error error;
        clear_error(&error);
        const cw_status status = compute(r, w, &block, partial, &error);
        if (status != CW_OK)
            record_failure(r, w, &block, status, &error);
    }
    /* Only this thread writes it: no need for a locked addition. */
    atomic_store_explicit(
        &w->done, atomic_load_explicit(&w->done, memory_order_relaxed) + block.end - block.begin,
        memory_order_relaxed);
    if (r->plan->progress != NULL)
        report_progress(r);
}

static void emit_block(run *r, worker *w, uint64_t index)
{
    if (atomic_load_explicit(&r->fault.lowest, memory_order_relaxed) <= index ||
        atomic_load_explicit(&r->stopped, memory_order_relaxed))
        return;
    const cw_block block = cw_work_block(r->work, index);
    cw_error error;
    clear_error(&error);
    const cw_status status = r->work->emit(r->work->context, w->state, &block, &error);
    if (status != CW_OK)
        record_failure(r, w, &block, status, &error);
}

/* ---- the team ---- */

/* Nothing from this block on need run. */
static bool is_over(run *r, uint64_t index)
{
    return atomic_load_explicit(&r->stopped, memory_order_relaxed) ||
           cw_fault_below(&r->fault, index);
}

static void run_serially(run *r, uint64_t first, uint64_t last)
{
    worker *w = &r->workers[0];
    for (uint64_t index = first; index < last && !is_over(r, index); index++) {
        run_block(r, w, index);
        if (r->work->emit != NULL)
            emit_block(r, w, index);
    }
}

#ifdef _OPENMP

static omp_sched_t runtime_policy(cw_policy policy)
{
    switch (policy) {
    case CW_POLICY_STATIC:
        return omp_sched_static;
    case CW_POLICY_GUIDED:
        return omp_sched_guided;
    default:
        return omp_sched_dynamic;
    }
}

/* The only parallel region. Every policy goes through schedule(runtime), so that tools and users
 * see what they know. A team smaller than asked is fine: nothing depends on its size. */
static void run_region(run *r, uint64_t first, uint64_t last, int threads)
{
    const bool ordered = r->work->emit != NULL;
#pragma omp parallel num_threads(threads) default(none) shared(r) firstprivate(first, last, ordered)
    {
        worker *w = &r->workers[omp_get_thread_num()];
        if (omp_get_thread_num() == 0 && r->team < omp_get_num_threads())
            r->team = omp_get_num_threads();
        const uint64_t start_ns = r->plan->account != NULL ? cw_clock_ns() : 0;
        if (ordered) {
#pragma omp for ordered schedule(runtime) nowait
            for (uint64_t index = first; index < last; index++) {
                run_block(r, w, index);
#pragma omp ordered
                emit_block(r, w, index);
            }
        } else {
#pragma omp for schedule(runtime) nowait
            for (uint64_t index = first; index < last; index++)
                run_block(r, w, index);
        }
        close_run(r, w);
        if (r->plan->account != NULL)
            w->busy_ns += cw_clock_ns() - start_ns;
    }
}

/* The runtime's chunk is an int; one that holds all blocks is as good as any larger one. */
static int runtime_chunk(uint64_t chunk, uint64_t blocks)
{
    const uint64_t most = cw_min_u64(blocks, INT32_MAX);
    return (int)cw_min_u64(chunk, most);
}

static void run_team(run *r, uint64_t first, const cw_schedule *schedule)
{
    omp_sched_t kind;
    int chunk;
    omp_get_schedule(&kind, &chunk);
    omp_set_schedule(runtime_policy(schedule->policy), runtime_chunk(schedule->chunk, r->blocks));
    const uint64_t most = r->work->emit != NULL ? ORDERED_REGION_BLOCKS : REGION_BLOCKS;
    for (uint64_t last; first < r->blocks && !is_over(r, first); first = last) {
        last = first + cw_min_u64(most, r->blocks - first);
        run_region(r, first, last, schedule->threads);
    }
    omp_set_schedule(kind, chunk);
}

#else

static void run_team(run *r, uint64_t first, const cw_schedule *schedule)
{
    (void)schedule;
    run_serially(r, first, r->blocks);
}

#endif

/* ---- preparing, joining ---- */

static void free_workers(run *r)
{
    for (int i = 0; i < r->workers_count; i++) {
        worker *w = &r->workers[i];
        close_run(r, w);
        if (w->used && r->work->finish != NULL)
            r->work->finish(r->work->context, w->state);
        cw_memory_free(w->state);
    }
    cw_memory_free(r->workers);
}

/* As many workers as can be had; whether fewer will do is for the caller to say. */
static void create_workers(run *r, int threads)
{
    r->workers = cw_memory_alloc((size_t)threads, sizeof *r->workers);
    if (r->workers == NULL)
        return;
    for (int i = 0; i < threads; i++) {
        worker *w = &r->workers[i];
        memset(w, 0, sizeof *w);
        w->fault_block = UINT64_MAX;
        if (r->work->state_bytes > 0) {
            w->state = cw_memory_alloc(1, r->work->state_bytes);
            if (w->state == NULL)
                return;
        }
        r->workers_count++;
    }
}

/* Run the first blocks alone until they have taken long enough to be believed, and let their cost
 * settle the rest. Returns the first block that is still to do: none after a failure, which no
 * lack of threads may hide. */
static uint64_t measure_first(run *r, cw_schedule *schedule, cw_status *status, cw_error *error)
{
    const uint64_t most = cw_max_u64(1, r->blocks / ((uint64_t)schedule->threads * 16));
    const uint64_t start_ns = cw_clock_ns();
    uint64_t first = 0, spent_ns = 0;
    for (uint64_t more = 1; first < most && spent_ns < CW_SCHEDULE_PROBE_NS; more *= 2) {
        const uint64_t end = cw_min_u64(first + more, most);
        run_serially(r, first, end);
        first = end;
        spent_ns = cw_clock_ns() - start_ns;
    }
    close_run(r, &r->workers[0]);
    r->workers[0].busy_ns += spent_ns;
    if (is_over(r, first)) {
        schedule->region = false;
        return r->blocks;
    }
    const double block_ns = (double)cw_max_u64(spent_ns, 1) / (double)first;
    *status = cw_schedule_measured(schedule, r->plan, block_ns, r->blocks - first, error);
    return first;
}

/* Join neighbours pairwise, then pairs, and so on: the shape depends on the number of blocks. */
static cw_status combine_all(run *r, cw_error *error)
{
    const cw_work *work = r->work;
    for (uint64_t stride = 1; stride < r->blocks; stride *= 2) {
        for (uint64_t left = 0; left < r->blocks - stride; left += 2 * stride) {
            const cw_status status = work->combine(work->context, partial_of(r, left),
                                                   partial_of(r, left + stride), error);
            if (status != CW_OK)
                return status;
        }
    }
    return CW_OK;
}

static cw_status lowest_failure(const run *r, cw_error *error)
{
    const worker *lowest = &r->workers[0];
    for (int i = 1; i < r->workers_count; i++) {
        if (r->workers[i].fault_block < lowest->fault_block)
            lowest = &r->workers[i];
    }
    if (lowest->fault_block == UINT64_MAX)
        return CW_OK;
    *error = lowest->error;
    return lowest->status;
}

static void fill_account(const run *r, const cw_schedule *schedule)
{
    cw_account *account = r->plan->account;
    if (account == NULL)
        return;
    for (int i = 0; i < r->team && i < account->capacity; i++) {
        worker *w = i < r->workers_count ? &r->workers[i] : NULL;
        if (account->busy_ns != NULL)
            account->busy_ns[i] = w == NULL ? 0 : w->busy_ns;
        if (account->items != NULL)
            account->items[i] =
                w == NULL ? 0 : atomic_load_explicit(&w->done, memory_order_relaxed);
    }
    account->threads = r->team;
    account->policy = schedule->region ? schedule->policy : CW_POLICY_STATIC;
    account->chunk = 0;
    if (schedule->region && !cw_mul_u64(schedule->chunk, r->work->block, &account->chunk))
        account->chunk = r->work->items;
}

static cw_status run_all(run *r, cw_schedule *schedule, cw_error *error)
{
    uint64_t first = 0;
    cw_status status = CW_OK;
    if (schedule->measure)
        first = measure_first(r, schedule, &status, error);
    if (status != CW_OK)
        return status;
    if (schedule->region) {
        run_team(r, first, schedule);
    } else {
        const uint64_t start_ns = r->plan->account != NULL ? cw_clock_ns() : 0;
        run_serially(r, first, r->blocks);
        close_run(r, &r->workers[0]);
        if (r->plan->account != NULL)
            r->workers[0].busy_ns += cw_clock_ns() - start_ns;
    }
    fill_account(r, schedule);
    if (atomic_load(&r->stopped))
        return cw_error_set(error, CW_ERR_CANCELLED, CW_NO_INDEX, NULL,
                            "cancelled before all was done");
    status = lowest_failure(r, error);
    return status == CW_OK && r->partials != NULL ? combine_all(r, error) : status;
}

/* One attempt with the threads of the schedule, or fewer where those were not asked for. */
static cw_status attempt(const cw_work *work, const cw_plan *plan, const cw_journal *journal,
                         cw_schedule *schedule, void *result, cw_error *error)
{
    alignas(CW_CACHE_LINE) unsigned char small[SMALL_PARTIALS];
    const uint64_t blocks = cw_work_blocks(work);
    run r = {.work = work,
             .plan = plan,
             .journal = journal,
             .blocks = blocks,
             .team = 1,
             .reporting = ATOMIC_FLAG_INIT};
    cw_fault_init(&r.fault);
    cw_status status = CW_ERR_NO_MEMORY;
    size_t bytes = 0;
    if (work->partial_bytes > 0) {
        const bool fits =
            blocks <= SIZE_MAX && cw_mul_size((size_t)blocks, work->partial_bytes, &bytes);
        r.partials = !fits ? NULL : bytes <= sizeof small ? small : cw_memory_alloc(bytes, 1);
        if (r.partials == NULL)
            goto done;
    }
    create_workers(&r, schedule->threads);
    if (r.workers_count == 0 || (r.workers_count < schedule->threads && schedule->threads_asked))
        goto done;
    schedule->threads = r.workers_count;
    if (plan->progress != NULL)
        atomic_init(&r.next_report_ns, cw_clock_ns() + PROGRESS_NS);
    status = run_all(&r, schedule, error);
    if (status == CW_OK && r.partials != NULL)
        memcpy(result, r.partials, work->partial_bytes);
done:
    if (status == CW_ERR_NO_MEMORY && r.workers_count < schedule->threads)
        (void)cw_error_set(error, status, CW_NO_INDEX, NULL,
                           "no memory for %d threads and %llu partial results", schedule->threads,
                           (unsigned long long)blocks);
    free_workers(&r);
    if (r.partials != small)
        cw_memory_free(r.partials);
    return status;
}

static cw_status check_work(const cw_work *work, const cw_journal *journal, const void *result,
                            cw_error *error)
{
    const char *wrong = NULL;
    if (work == NULL)
        wrong = "work is NULL";
    else if (work->block == 0)
        wrong = "work->block is 0: a block has at least 1 item";
    else if (work->step == NULL)
        wrong = "work->step is NULL";
    else if (work->partial_bytes > 0 && work->combine == NULL)
        wrong = "work->combine is NULL: partial results must be joined";
    else if (work->partial_bytes > 0 && result == NULL)
        wrong = "result is NULL: it must have room for a partial result";
    else if (work->emit != NULL && journal != NULL && journal->have != NULL)
        wrong = "a work that emits cannot have blocks from a journal: emit needs what step left";
    return wrong == NULL ? CW_OK
                         : cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "%s", wrong);
}

/* Attempts with fewer and fewer threads, where those that we chose were too many for the memory
 * and what was done may be done again. What was written to a sink cannot be taken back. */
static cw_status run_blocks(const cw_work *work, const cw_plan *plan, const cw_journal *journal,
                            cw_schedule *schedule, void *result, cw_error *error)
{
    for (;; schedule->threads /= 2) {
        clear_error(error);
        const cw_status status = attempt(work, plan, journal, schedule, result, error);
        if (status != CW_ERR_NO_MEMORY || schedule->threads_asked || schedule->threads <= 1 ||
            !work->repeatable || work->emit != NULL)
            return status;
    }
}

cw_status cw_work_run(const cw_work *work, const cw_plan *plan, const cw_journal *journal,
                      void *result, cw_error *error)
{
    static const cw_plan everything_free = {0};
    if (plan == NULL)
        plan = &everything_free;
    cw_schedule schedule;
    cw_status status = check_work(work, journal, result, error);
    if (status == CW_OK)
        status = cw_schedule_make(work, plan, &schedule, error);
    if (status != CW_OK)
        return status;
    if (work->items == 0) {
        fill_account(&(run){.work = work, .plan = plan, .team = 1}, &schedule);
        return CW_OK;
    }
    cw_error failure;
    status = run_blocks(work, plan, journal, &schedule, result, &failure);
    if (status == CW_OK || error == NULL)
        return status;
    *error = failure;
    error->status = status;
    if (error->sentence[0] == '\0')
        (void)snprintf(error->sentence, sizeof error->sentence, "%s", cw_status_text(status));
    return status;
}
