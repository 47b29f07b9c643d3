/* The engine: same answer under every plan, the lowest failure, journals, cancel, order, cleaning
 * up. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/work.h>

#include "base/memory.h"
#include "parallel/runtime.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Every combination that a test of "the same for every plan" goes through. */
static const int thread_counts[] = {0, 1, 2, 3, 7, 64};
static const cw_policy policies[] = {CW_POLICY_AUTO, CW_POLICY_STATIC, CW_POLICY_DYNAMIC,
                                     CW_POLICY_GUIDED};
static const uint64_t chunks[] = {0, 1, 7, 1000, 100000, UINT64_MAX};

#define FOR_EACH_PLAN(p)                                                                           \
    for (size_t t_ = 0; t_ < sizeof thread_counts / sizeof *thread_counts; t_++)                   \
        for (size_t p_ = 0; p_ < sizeof policies / sizeof *policies; p_++)                         \
            for (size_t c_ = 0; c_ < sizeof chunks / sizeof *chunks; c_++)                         \
                for (cw_plan p = {.threads = thread_counts[t_],                                    \
                                 .policy = policies[p_],                                           \
                                 .chunk = chunks[c_]},                                             \
                             *once_ = &p;                                                          \
                     once_ != NULL; once_ = NULL)

/* A work that is hostile to any change of order: strings joined do not commute, and its state
 * knows which block must come next. */
enum { ITEMS = 1000, BLOCK = 7, BLOCKS = (ITEMS + BLOCK - 1) / BLOCK };

typedef struct piece {
    uint64_t begin, end, hash;
} piece;

typedef struct thread_state {
    uint64_t next; /* 1 more than the block expected, so that zeroed memory expects none */
    int opened;
    void *kept;
} thread_state;

typedef struct probe {
    _Atomic int steps[BLOCKS];
    _Atomic int opens, closes, finishes;
    uint64_t fail_at[4]; /* items */
    int failures;
} probe;

static uint64_t mix(uint64_t hash, uint64_t item)
{
    return (hash ^ item) * UINT64_C(0x100000001b3) + 1;
}

static cw_status piece_open(void *context, void *state, const cw_block *block, cw_error *error)
{
    probe *p = context;
    thread_state *mine = state;
    (void)error;
    assert_false(mine->opened);
    if (mine->kept == NULL)
        mine->kept = malloc(1);
    mine->opened = 1;
    mine->next = block->index + 1;
    atomic_fetch_add(&p->opens, 1);
    return CW_OK;
}

static void piece_close(void *context, void *state)
{
    probe *p = context;
    thread_state *mine = state;
    assert_true(mine->opened);
    mine->opened = 0;
    atomic_fetch_add(&p->closes, 1);
}

static void piece_finish(void *context, void *state)
{
    probe *p = context;
    thread_state *mine = state;
    free(mine->kept);
    atomic_fetch_add(&p->finishes, 1);
}

static cw_status piece_step(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    probe *p = context;
    thread_state *mine = state;
    piece *out = partial;
    assert_int_equal(mine->next, block->index + 1);
    mine->next++;
    atomic_fetch_add(&p->steps[block->index], 1);
    *out = (piece){.begin = block->begin, .end = block->end, .hash = 17};
    for (uint64_t i = block->begin; i < block->end; i++) {
        for (int f = 0; f < p->failures; f++) {
            if (p->fail_at[f] == i)
                return cw_error_set(error, CW_ERR_USER, i, "bad", "item %d is bad", (int)i);
        }
        out->hash = mix(out->hash, i);
    }
    return CW_OK;
}

static cw_status piece_combine(void *context, void *left, const void *right, cw_error *error)
{
    piece *l = left;
    const piece *r = right;
    (void)context, (void)error;
    assert_int_equal(l->end, r->begin);
    l->end = r->end;
    l->hash = mix(l->hash, r->hash) ^ (l->hash >> 7);
    return CW_OK;
}

static void piece_encode(const void *partial, unsigned char *bytes)
{
    memcpy(bytes, partial, sizeof(piece));
}

static cw_status piece_decode(const unsigned char *bytes, void *partial, cw_error *error)
{
    (void)error;
    memcpy(partial, bytes, sizeof(piece));
    return CW_OK;
}

static cw_work piece_work(probe *p)
{
    return (cw_work){
        .items = ITEMS,
        .block = BLOCK,
        .partial_bytes = sizeof(piece),
        .state_bytes = sizeof(thread_state),
        .context = p,
        .open = piece_open,
        .step = piece_step,
        .close = piece_close,
        .finish = piece_finish,
        .combine = piece_combine,
        .encoded_bytes = sizeof(piece),
        .encode = piece_encode,
        .decode = piece_decode,
    };
}

static piece serial_result(void)
{
    static probe p;
    memset(&p, 0, sizeof p);
    piece result;
    const cw_plan plan = {.serial = 1};
    const cw_work work = piece_work(&p);
    assert_int_equal(cw_work_run(&work, &plan, NULL, &result, NULL), CW_OK);
    return result;
}

static void assert_same_piece(const piece *a, const piece *b)
{
    assert_int_equal(a->begin, b->begin);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->hash, b->hash);
}

/* The combination's shape, written out once more: pairs of neighbours, level by level. */
static void the_shape_is_a_tree_over_blocks(void **state)
{
    (void)state;
    piece level[BLOCKS];
    for (uint64_t b = 0; b < BLOCKS; b++) {
        level[b] = (piece){b * BLOCK, b * BLOCK + BLOCK < ITEMS ? b * BLOCK + BLOCK : ITEMS, 17};
        for (uint64_t i = level[b].begin; i < level[b].end; i++)
            level[b].hash = mix(level[b].hash, i);
    }
    size_t count = BLOCKS;
    while (count > 1) {
        size_t half = 0;
        for (size_t i = 0; i < count; i += 2) {
            if (i + 1 < count)
                (void)piece_combine(NULL, &level[i], &level[i + 1], NULL);
            level[half++] = level[i];
        }
        count = half;
    }
    const piece result = serial_result();
    assert_same_piece(&result, &level[0]);
    assert_int_equal(result.end, ITEMS);
}

static void every_plan_gives_the_same(void **state)
{
    const piece want = serial_result();
    static probe p;
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        memset(&p, 0, sizeof p);
        const cw_work work = piece_work(&p);
        piece got = {0};
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
        assert_same_piece(&want, &got);
        for (int b = 0; b < BLOCKS; b++)
            assert_int_equal(p.steps[b], 1);
        assert_int_equal(p.opens, p.closes);
        assert_true(p.finishes >= 1 && p.finishes <= 64);
    }
}

static void the_lowest_failure_is_reported(void **state)
{
    static const uint64_t cases[][2] = {{0, 999}, {999, 999}, {500, 20}, {13, 14}, {6, 7}};
    static probe p;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FOR_EACH_PLAN(plan)
        {
            memset(&p, 0, sizeof p);
            memcpy(p.fail_at, cases[i], sizeof cases[i]);
            p.failures = 2;
            const uint64_t lowest = cases[i][0] < cases[i][1] ? cases[i][0] : cases[i][1];
            const cw_work work = piece_work(&p);
            piece got = {.hash = 4711};
            cw_error error = {0};
            assert_int_equal(cw_work_run(&work, &plan, NULL, &got, &error), CW_ERR_USER);
            assert_int_equal(error.status, CW_ERR_USER);
            assert_int_equal(error.index, lowest);
            assert_string_equal(error.value, "bad");
            assert_int_equal(got.hash, 4711);
            for (uint64_t b = 0; b <= lowest / BLOCK; b++)
                assert_int_equal(p.steps[b], 1);
            assert_int_equal(p.opens, p.closes);
        }
    }
}

/* ---- journal ---- */

typedef struct notebook {
    const cw_work *work;
    pthread_mutex_t lock;
    int have[BLOCKS];
    unsigned char bytes[BLOCKS][sizeof(piece)];
    int puts, puts_allowed;
} notebook;

static int notebook_have(void *context, const cw_block *block, void *partial)
{
    notebook *n = context;
    pthread_mutex_lock(&n->lock);
    const int have = n->have[block->index];
    if (have)
        assert_int_equal(n->work->decode(n->bytes[block->index], partial, NULL), CW_OK);
    pthread_mutex_unlock(&n->lock);
    return have;
}

static cw_status notebook_put(void *context, const cw_block *block, const void *partial,
                              cw_error *error)
{
    notebook *n = context;
    cw_status status = CW_OK;
    pthread_mutex_lock(&n->lock);
    if (n->puts == n->puts_allowed) {
        status = cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL, "the notebook is full");
    } else {
        assert_false(n->have[block->index]);
        n->have[block->index] = 1;
        n->puts++;
        n->work->encode(partial, n->bytes[block->index]);
    }
    pthread_mutex_unlock(&n->lock);
    return status;
}

/* Stops half-way, then goes on under another plan: nothing is done twice, the answer is the same.
 */
static void a_journal_stops_and_goes_on(void **state)
{
    const piece want = serial_result();
    static probe p;
    static notebook n;
    (void)state;
    FOR_EACH_PLAN(second)
    {
        memset(&p, 0, sizeof p);
        memset(&n, 0, sizeof n);
        pthread_mutex_init(&n.lock, NULL);
        const cw_work work = piece_work(&p);
        n.work = &work;
        n.puts_allowed = (int)cw_test_below(BLOCKS);
        const cw_plan first = {.threads = 1 + (int)cw_test_below(5),
                               .policy = policies[cw_test_below(4)],
                               .chunk = 1 + cw_test_below(50)};
        const cw_journal journal = {&n, notebook_have, notebook_put};
        piece got = {.hash = 4711};
        cw_error error = {0};
        assert_int_equal(cw_work_run(&work, &first, &journal, &got, &error), CW_ERR_IO);
        assert_string_equal(error.sentence, "the notebook is full");
        assert_int_equal(n.puts, n.puts_allowed);
        int before[BLOCKS];
        for (int b = 0; b < BLOCKS; b++)
            before[b] = p.steps[b];

        n.puts_allowed = BLOCKS;
        assert_int_equal(cw_work_run(&work, &second, &journal, &got, NULL), CW_OK);
        assert_same_piece(&want, &got);
        assert_int_equal(n.puts, BLOCKS);
        for (int b = 0; b < BLOCKS; b++)
            assert_true(before[b] <= 1 && p.steps[b] <= 2 && p.steps[b] >= 1);
        pthread_mutex_destroy(&n.lock);
    }
}

/* ---- cancel, progress, account ---- */

typedef struct brake {
    cw_cancel cancel;
    _Atomic int steps;
    int limit;
} brake;

static cw_status brake_step(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    brake *b = context;
    (void)state, (void)block, (void)partial, (void)error;
    const int mine = atomic_fetch_add(&b->steps, 1) + 1;
    if (mine == b->limit)
        cw_cancel_raise(&b->cancel);
    /* The one that raises it may be slow: without waiting for it, others would run far ahead. */
    while (mine > b->limit && !cw_cancel_raised(&b->cancel))
        sched_yield();
    return CW_OK;
}

static void cancel_ends_a_run_early(void **state)
{
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        brake b = {.limit = 3};
        plan.cancel = &b.cancel;
        const cw_work work = {.items = 100000, .block = 1, .context = &b, .step = brake_step};
        assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_ERR_CANCELLED);
        assert_true(b.steps >= 3 && b.steps <= 3 + 64);
    }
}

static void a_cancel_that_comes_too_late_is_no_error(void **state)
{
    brake b = {.limit = 100};
    const cw_plan plan = {.threads = 2, .cancel = &b.cancel};
    const cw_work work = {.items = 100, .block = 1, .context = &b, .step = brake_step};
    (void)state;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
    assert_int_equal(b.steps, 100);
}

static cw_status slow_step(void *context, void *state, const cw_block *block, void *partial,
                           cw_error *error)
{
    (void)context, (void)state, (void)block, (void)partial, (void)error;
    const struct timespec tick = {.tv_nsec = 1000000};
    nanosleep(&tick, NULL);
    return CW_OK;
}

typedef struct listener {
    uint64_t calls, last, total;
    _Atomic int inside;
} listener;

static void listen(void *context, uint64_t done, uint64_t total)
{
    listener *l = context;
    assert_int_equal(atomic_fetch_add(&l->inside, 1), 0);
    assert_true(done > l->last && done <= total);
    l->last = done;
    l->total = total;
    l->calls++;
    atomic_fetch_sub(&l->inside, 1);
}

static void progress_rises(void **state)
{
    listener l = {0};
    const cw_plan plan = {.threads = 2, .progress = listen, .progress_context = &l};
    const cw_work work = {.items = 700 * 3, .block = 3, .step = slow_step};
    (void)state;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
    assert_true(l.calls >= 1);
    assert_int_equal(l.total, 2100);
}

static void an_account_adds_up(void **state)
{
    static probe p;
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        uint64_t busy[64] = {0}, items[64] = {0}, sum = 0;
        cw_account account = {.busy_ns = busy, .items = items, .capacity = 64};
        memset(&p, 0, sizeof p);
        plan.account = &account;
        const cw_work work = piece_work(&p);
        piece got;
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
        assert_true(account.threads >= 1 && account.threads <= 64);
        for (int i = 0; i < account.threads; i++)
            sum += items[i];
        assert_int_equal(sum, ITEMS);
        assert_true(account.policy != CW_POLICY_AUTO);
    }
}

static cw_status ignore_block(void *context, void *state, const cw_block *block, void *partial,
                              cw_error *error)
{
    (void)context, (void)state, (void)block, (void)partial, (void)error;
    return CW_OK;
}

static cw_status ignore_emitted(void *context, void *state, const cw_block *block, cw_error *error)
{
    (void)context, (void)state, (void)block, (void)error;
    return CW_OK;
}

static void an_account_tells_what_was_done(void **state)
{
    uint64_t busy[2] = {4711, 4711}, items[2] = {4711, 4711};
    cw_account account = {.busy_ns = busy, .items = items, .capacity = 2};
    cw_plan plan = {.policy = CW_POLICY_GUIDED, .chunk = 50, .account = &account};
    cw_work work = {.items = 0, .block = 10, .step = ignore_block};
    (void)state;
    account.threads = 4711;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
    assert_int_equal(account.threads, 1);
    assert_int_equal(items[0], 0);
    assert_int_equal(busy[0], 0);

    /* not worth a region: no policy was at work */
    work.items = 100;
    work.cost_ns = 1;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
    assert_int_equal(account.threads, 1);
    assert_int_equal(account.policy, CW_POLICY_STATIC);
    assert_int_equal(account.chunk, 0);
    assert_int_equal(items[0], 100);

    /* one block at a time where order matters, whatever the plan */
    plan.threads = 2;
    work.emit = ignore_emitted;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
#ifdef _OPENMP
    assert_int_equal(account.policy, CW_POLICY_DYNAMIC);
    assert_int_equal(account.chunk, 10);
#endif
}

/* ---- ordered output ---- */

typedef struct scroll {
    uint64_t next;
    uint64_t fail_emit; /* block; UINT64_MAX: none */
    uint64_t fail_step;
    _Atomic int inside;
} scroll;

static cw_status scroll_step(void *context, void *state, const cw_block *block, void *partial,
                             cw_error *error)
{
    const scroll *s = context;
    (void)partial;
    *(uint64_t *)state = block->index;
    if (block->index == s->fail_step)
        return cw_error_set(error, CW_ERR_USER, block->begin, NULL, "step");
    return CW_OK;
}

static cw_status scroll_emit(void *context, void *state, const cw_block *block, cw_error *error)
{
    scroll *s = context;
    assert_int_equal(atomic_fetch_add(&s->inside, 1), 0);
    assert_int_equal(*(uint64_t *)state, block->index);
    assert_int_equal(s->next, block->index);
    s->next++;
    atomic_fetch_sub(&s->inside, 1);
    if (block->index == s->fail_emit)
        return cw_error_set(error, CW_ERR_IO, block->begin, NULL, "emit");
    return CW_OK;
}

static cw_work scroll_work(scroll *s)
{
    return (cw_work){.items = 500,
                     .block = 3,
                     .state_bytes = sizeof(uint64_t),
                     .context = s,
                     .step = scroll_step,
                     .emit = scroll_emit};
}

static void output_comes_in_order(void **state)
{
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        scroll s = {.fail_emit = UINT64_MAX, .fail_step = UINT64_MAX};
        const cw_work work = scroll_work(&s);
        assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
        assert_int_equal(s.next, 167);
    }
}

static void output_ends_at_the_failure(void **state)
{
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        cw_error error = {0};
        scroll emit = {.fail_emit = 50, .fail_step = UINT64_MAX};
        cw_work work = scroll_work(&emit);
        assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, &error), CW_ERR_IO);
        assert_int_equal(emit.next, 51);
        scroll step = {.fail_emit = UINT64_MAX, .fail_step = 50};
        work = scroll_work(&step);
        assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, &error), CW_ERR_USER);
        assert_int_equal(error.index, 150);
        assert_int_equal(step.next, 50);
    }
}

/* More blocks than could ever be walked through: what is left must not be. */
static void the_end_comes_soon_whatever_is_left(void **state)
{
    (void)state;
    for (int t = 0; t < 4; t++) {
        brake b = {.limit = 3};
        const cw_plan plan = {.threads = t, .serial = t == 3, .cancel = &b.cancel};
        const cw_work work = {
            .items = UINT64_MAX, .block = 2, .cost_ns = 100, .context = &b, .step = brake_step};
        assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_ERR_CANCELLED);
        scroll s = {.fail_emit = 5, .fail_step = UINT64_MAX};
        cw_work endless = scroll_work(&s);
        endless.items = UINT64_MAX;
        const cw_plan no_cancel = {.threads = t, .serial = t == 3};
        assert_int_equal(cw_work_run(&endless, &no_cancel, NULL, NULL, NULL), CW_ERR_IO);
    }
}

/* ---- where it is called from ---- */

static void nothing_to_do_is_fine(void **state)
{
    static probe p;
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        cw_work work = piece_work(&p);
        work.items = 0;
        piece got = {.hash = 5};
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
        assert_int_equal(got.hash, 5);
    }
}

static void *call_from_a_thread(void *want)
{
    for (int i = 0; i < 20; i++) {
        probe *p = calloc(1, sizeof *p);
        const cw_plan plan = {.threads = 2, .policy = CW_POLICY_DYNAMIC};
        const cw_work work = piece_work(p);
        piece got;
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
        assert_same_piece(want, &got);
        free(p);
    }
    return NULL;
}

static void several_threads_may_call(void **state)
{
    piece want = serial_result();
    pthread_t threads[4];
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_from_a_thread, &want), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static cw_status nested_step(void *context, void *state, const cw_block *block, void *partial,
                             cw_error *error)
{
    const piece *want = context;
    probe *p = calloc(1, sizeof *p);
    const cw_work work = piece_work(p);
    piece got;
    (void)state, (void)block, (void)partial;
    const cw_status status = cw_work_run(&work, NULL, NULL, &got, error);
    free(p);
    return status == CW_OK && got.hash != want->hash ? CW_ERR_MISMATCH : status;
}

static void runs_inside_runs(void **state)
{
    piece want = serial_result();
    const cw_plan plan = {.threads = 3};
    const cw_work work = {.items = 20, .block = 1, .context = &want, .step = nested_step};
    (void)state;
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
}

static void the_callers_schedule_is_put_back(void **state)
{
    (void)state;
#ifdef _OPENMP
    static probe p;
    omp_sched_t before, after;
    int chunk_before, chunk_after;
    omp_set_schedule(omp_sched_guided, 17);
    omp_get_schedule(&before, &chunk_before);
    const cw_plan plan = {.threads = 2, .policy = CW_POLICY_STATIC, .chunk = 3};
    const cw_work work = piece_work(&p);
    piece got;
    assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
    omp_get_schedule(&after, &chunk_after);
    assert_int_equal(before, after);
    assert_int_equal(chunk_before, chunk_after);
#else
    skip();
#endif
}

static void too_many_threads_are_an_error(void **state)
{
#ifdef _OPENMP
    static probe p;
    const int limit = omp_get_thread_limit();
    (void)state;
    if (limit > CW_THREADS_MAX)
        skip();
    const cw_plan plan = {.threads = limit + 1};
    cw_work work = piece_work(&p);
    piece got;
    cw_error error = {0};
    assert_int_equal(cw_work_run(&work, &plan, NULL, &got, &error), CW_ERR_THREADS);
    assert_non_null(strstr(error.sentence, "can be started"));
#else
    (void)state;
    skip();
#endif
}

static cw_status refuse_to_join(void *context, void *left, const void *right, cw_error *error)
{
    (void)context, (void)left, (void)right;
    return error->sentence[0] == '\0' ? CW_ERR_OVERFLOW : CW_ERR_MISMATCH;
}

static void a_failure_to_join_has_a_sentence(void **state)
{
    static probe p;
    (void)state;
    FOR_EACH_PLAN(plan)
    {
        cw_work work = piece_work(&p);
        work.combine = refuse_to_join;
        piece got = {.hash = 5};
        cw_error error = {.sentence = "an old one"};
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, &error), CW_ERR_OVERFLOW);
        assert_int_equal(error.status, CW_ERR_OVERFLOW);
        assert_true(error.index == CW_NO_INDEX);
        assert_string_equal(error.sentence, cw_status_text(CW_ERR_OVERFLOW));
        assert_int_equal(got.hash, 5);
        assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_ERR_OVERFLOW);
    }
}

static int have_nothing(void *context, const cw_block *block, void *partial)
{
    (void)context, (void)block, (void)partial;
    return 0;
}

static void a_work_that_lacks_something_is_refused(void **state)
{
    static probe p;
    const cw_work whole = piece_work(&p);
    const cw_journal journal = {.have = have_nothing};
    cw_work works[4] = {whole, whole, whole, whole};
    piece got;
    (void)state;
    works[0].block = 0;
    works[1].step = NULL;
    works[2].combine = NULL;
    works[3].emit = ignore_emitted;
    for (size_t i = 0; i < 4; i++) {
        cw_error error = {0};
        assert_int_equal(cw_work_run(&works[i], NULL, &journal, &got, &error), CW_ERR_ARGUMENT);
        assert_true(strlen(error.sentence) > 0);
    }
    assert_int_equal(cw_work_run(&whole, NULL, NULL, NULL, NULL), CW_ERR_ARGUMENT);
    assert_int_equal(cw_work_run(NULL, NULL, NULL, &got, NULL), CW_ERR_ARGUMENT);
}

/* ---- memory ---- */

/* Short of memory for one block, the first time that it is asked for. */
typedef struct shortage {
    _Atomic int steps[BLOCKS];
} shortage;

static cw_status short_step(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    shortage *s = context;
    (void)state, (void)partial;
    const int before = atomic_fetch_add(&s->steps[block->index], 1);
    if (block->index != BLOCKS / 2 || before > 0)
        return CW_OK;
    return cw_error_set(error, CW_ERR_NO_MEMORY, block->begin, NULL, "no memory once");
}

static void blocks_are_repeated_only_where_they_may_be(void **state)
{
    bool asked;
    const bool chosen = cw_runtime_threads(&asked) > 1 && !asked;
    (void)state;
    for (int repeatable = 0; repeatable <= 1; repeatable++) {
        FOR_EACH_PLAN(plan)
        {
            static shortage s;
            memset(&s, 0, sizeof s);
            const cw_work work = {.items = ITEMS,
                                  .block = BLOCK,
                                  .repeatable = repeatable,
                                  .context = &s,
                                  .step = short_step};
            cw_error error = {.sentence = "an old one"};
            const bool again = repeatable && chosen && plan.threads == 0;
            const cw_status status = cw_work_run(&work, &plan, NULL, NULL, &error);
            /* with threads to choose it may still turn out that one is enough */
            if (!again || status != CW_OK)
                assert_int_equal(status, CW_ERR_NO_MEMORY);
            assert_string_equal(error.sentence, status == CW_OK ? "an old one" : "no memory once");
            for (int i = 0; i < BLOCKS; i++)
                assert_true(atomic_load(&s.steps[i]) <= (again ? 2 : 1));
            if (again && plan.policy != CW_POLICY_AUTO)
                assert_int_equal(status, CW_OK);
        }
    }
}

/* The nth allocation and all after it are refused, until the run gets by without one. */
static void memory_refused_at_every_point(void **state)
{
    static probe p;
    const piece want = serial_result();
    int failures = 0;
    (void)state;
    for (long nth = 1;; nth++) {
        memset(&p, 0, sizeof p);
        const cw_plan plan = {.threads = 2};
        const cw_work work = piece_work(&p);
        piece got = {.hash = 4711};
        cw_error error = {0};
        (void)cw_runtime_startable(2);
        cw_memory_refuse_from(nth);
        const cw_status status = cw_work_run(&work, &plan, NULL, &got, &error);
        cw_memory_refuse_from(0);
        if (status == CW_OK) {
            assert_same_piece(&want, &got);
            break;
        }
        assert_int_equal(status, CW_ERR_NO_MEMORY);
        assert_true(strlen(error.sentence) > 0);
        assert_int_equal(got.hash, 4711);
        failures++;
    }
    assert_true(failures >= 3);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_is_a_tree_over_blocks),
        cmocka_unit_test(every_plan_gives_the_same),
        cmocka_unit_test(the_lowest_failure_is_reported),
        cmocka_unit_test(a_journal_stops_and_goes_on),
        cmocka_unit_test(cancel_ends_a_run_early),
        cmocka_unit_test(a_cancel_that_comes_too_late_is_no_error),
        cmocka_unit_test(progress_rises),
        cmocka_unit_test(an_account_adds_up),
        cmocka_unit_test(an_account_tells_what_was_done),
        cmocka_unit_test(output_comes_in_order),
        cmocka_unit_test(output_ends_at_the_failure),
        cmocka_unit_test(the_end_comes_soon_whatever_is_left),
        cmocka_unit_test(nothing_to_do_is_fine),
        cmocka_unit_test(several_threads_may_call),
        cmocka_unit_test(runs_inside_runs),
        cmocka_unit_test(the_callers_schedule_is_put_back),
        cmocka_unit_test(too_many_threads_are_an_error),
        cmocka_unit_test(a_failure_to_join_has_a_sentence),
        cmocka_unit_test(a_work_that_lacks_something_is_refused),
        cmocka_unit_test(blocks_are_repeated_only_where_they_may_be),
        cmocka_unit_test(memory_refused_at_every_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
