/* The engine under the thread sanitizer: journals, ordered emission, cancelling, accounts. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/work.h>

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 6000, BLOCK = 8, BLOCKS = ITEMS / BLOCK };

/* What the tests below share with the work; each field is used by one of them alone. */
typedef struct shared {
    uint64_t partials[BLOCKS];
    unsigned char known[BLOCKS];
    uint64_t emitted;
    uint64_t reported;
    cw_cancel cancel;
} shared;

static cw_status open_run(void *context, void *state, const cw_block *block, cw_error *error)
{
    (void)context;
    (void)error;
    *(uint64_t *)state = block->begin;
    return CW_OK;
}

static cw_status sum_block(void *context, void *state, const cw_block *block, void *partial,
                           cw_error *error)
{
    (void)context;
    (void)error;
    uint64_t *next = state;
    uint64_t sum = 0;
    for (; *next < block->end; (*next)++)
        sum += *next;
    if (partial != NULL)
        *(uint64_t *)partial = sum;
    return CW_OK;
}

static cw_status add(void *context, void *left, const void *right, cw_error *error)
{
    (void)context;
    (void)error;
    *(uint64_t *)left += *(const uint64_t *)right;
    return CW_OK;
}

static cw_work sum_work(shared *all)
{
    return (cw_work){
        .items = ITEMS,
        .block = BLOCK,
        .partial_bytes = sizeof(uint64_t),
        .state_bytes = sizeof(uint64_t),
        .context = all,
        .open = open_run,
        .step = sum_block,
        .combine = add,
    };
}

static const uint64_t total = (uint64_t)ITEMS * (ITEMS - 1) / 2;

static int have(void *context, const cw_block *block, void *partial)
{
    shared *all = context;
    if (!all->known[block->index])
        return 0;
    memcpy(partial, &all->partials[block->index], sizeof(uint64_t));
    return 1;
}

static cw_status put(void *context, const cw_block *block, const void *partial, cw_error *error)
{
    (void)error;
    shared *all = context;
    memcpy(&all->partials[block->index], partial, sizeof(uint64_t));
    all->known[block->index] = 1;
    return CW_OK;
}

/* A whole run, then one that finds two blocks of three known. */
static void test_journal(void **state)
{
    (void)state;
    static shared all;
    const cw_work work = sum_work(&all);
    const cw_journal journal = {.context = &all, .have = have, .put = put};
    cw_plan plan = {.threads = 4, .policy = CW_POLICY_DYNAMIC, .chunk = 1};
    for (int round = 0; round < 2; round++) {
        uint64_t got = 0;
        assert_int_equal(cw_work_run(&work, &plan, &journal, &got, NULL), CW_OK);
        assert_true(got == total);
        for (int b = 0; b < BLOCKS; b++) {
            assert_int_equal(all.known[b], 1);
            all.known[b] = b % 3 != 0;
        }
        plan.threads = 3;
        plan.policy = CW_POLICY_STATIC;
    }
}

static cw_status take_in_order(void *context, void *state, const cw_block *block, cw_error *error)
{
    (void)state;
    shared *all = context;
    if (block->index != all->emitted)
        return cw_error_set(error, CW_ERR_MISMATCH, block->index, NULL, "emitted out of order");
    all->emitted++;
    return CW_OK;
}

static void test_emit(void **state)
{
    (void)state;
    static shared all;
    cw_work work = sum_work(&all);
    work.partial_bytes = 0;
    work.combine = NULL;
    work.emit = take_in_order;
    const cw_plan plan = {.threads = 4};
    assert_int_equal(cw_work_run(&work, &plan, NULL, NULL, NULL), CW_OK);
    assert_int_equal(all.emitted, BLOCKS);
}

/* Raised by whichever thread comes to the middle; those beyond wait for it, or all might be done
 * before. */
static cw_status cancel_midway(void *context, void *state, const cw_block *block, void *partial,
                               cw_error *error)
{
    shared *all = context;
    if (block->index == BLOCKS / 2)
        cw_cancel_raise(&all->cancel);
    while (block->index > BLOCKS / 2 && !cw_cancel_raised(&all->cancel))
        sched_yield();
    return sum_block(context, state, block, partial, error);
}

static void test_cancel(void **state)
{
    (void)state;
    static shared all;
    cw_work work = sum_work(&all);
    work.step = cancel_midway;
    const cw_plan plan = {
        .threads = 4, .policy = CW_POLICY_DYNAMIC, .chunk = 1, .cancel = &all.cancel};
    uint64_t got = 17;
    assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_ERR_CANCELLED);
    assert_true(got == 17);
}

/* Not atomic: the engine promises one caller at a time. */
static void count_progress(void *context, uint64_t done, uint64_t items)
{
    shared *all = context;
    all->reported++;
    assert_true(done <= items);
}

static void test_progress_and_account(void **state)
{
    (void)state;
    static shared all;
    const cw_work work = sum_work(&all);
    uint64_t busy_ns[4] = {0};
    uint64_t items[4] = {0};
    cw_account account = {.busy_ns = busy_ns, .items = items, .capacity = 4};
    const cw_plan plan = {.threads = 4,
                          .policy = CW_POLICY_DYNAMIC,
                          .progress = count_progress,
                          .progress_context = &all,
                          .account = &account};
    uint64_t got = 0;
    assert_int_equal(cw_work_run(&work, &plan, NULL, &got, NULL), CW_OK);
    assert_true(got == total);
    uint64_t counted = 0;
    for (int t = 0; t < account.capacity; t++)
        counted += items[t];
    assert_true(counted == ITEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_emit),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_progress_and_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
