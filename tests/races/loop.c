/* The loops under the thread sanitizer: for, map, reduce, scratch, arrays, errors. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/loop.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ITEMS = 20000 };

static const cw_plan plans[] = {
    {.threads = 4, .policy = CW_POLICY_STATIC},
    {.threads = 4, .policy = CW_POLICY_DYNAMIC, .chunk = 1},
    {.threads = 4, .policy = CW_POLICY_GUIDED},
    {.threads = 3},
};

enum { PLANS = sizeof plans / sizeof plans[0] };

static cw_status square_into(void *context, const cw_span *span)
{
    uint64_t *squares = context;
    for (uint64_t i = span->begin; i < span->end; i++)
        squares[i] = i * i;
    return CW_OK;
}

static void test_for_then_read(void **state)
{
    (void)state;
    static uint64_t squares[ITEMS];
    for (int p = 0; p < PLANS; p++) {
        for (int i = 0; i < ITEMS; i++)
            squares[i] = 0;
        assert_int_equal(cw_for(ITEMS, square_into, squares, &plans[p], NULL), CW_OK);
        for (uint64_t i = 0; i < ITEMS; i++)
            assert_true(squares[i] == i * i);
    }
}

static cw_status fail_from(void *context, const cw_span *span)
{
    const uint64_t first = *(const uint64_t *)context;
    for (uint64_t i = span->begin; i < span->end; i++) {
        if (i >= first)
            return cw_error_set(span->error, CW_ERR_USER, i, NULL, "item %d is too large", (int)i);
    }
    return CW_OK;
}

static void test_errors_meet(void **state)
{
    (void)state;
    uint64_t first = ITEMS / 3;
    for (int p = 0; p < PLANS; p++) {
        cw_error error = {0};
        assert_int_equal(cw_for(ITEMS, fail_from, &first, &plans[p], &error), CW_ERR_USER);
        assert_true(error.index == first);
    }
}

static cw_status next_of(void *context, const void *item, void *result)
{
    (void)context;
    *(uint64_t *)result = *(const uint64_t *)item + 1;
    return CW_OK;
}

static void test_map_in_place(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        void *memory;
        assert_int_equal(cw_array_create(ITEMS, sizeof(uint64_t), &plans[p], &memory), CW_OK);
        uint64_t *numbers = memory;
        for (int round = 0; round < 3; round++)
            assert_int_equal(cw_map(numbers, sizeof *numbers, numbers, sizeof *numbers, ITEMS,
                                    next_of, NULL, &plans[p], NULL),
                             CW_OK);
        for (uint64_t i = 0; i < ITEMS; i++)
            assert_true(numbers[i] == 3);
        cw_array_destroy(memory);
    }
}

/* Counts through the thread's scratch, so that memory handed from run to run is seen as well. */
static cw_status fold_sum(void *context, const cw_span *span, void *value)
{
    (void)context;
    uint64_t *mine = span->scratch;
    *mine = 0;
    for (uint64_t i = span->begin; i < span->end; i++)
        *mine += i;
    *(uint64_t *)value += *mine;
    return CW_OK;
}

static void add(void *context, void *left, const void *right)
{
    (void)context;
    *(uint64_t *)left += *(const uint64_t *)right;
}

static void test_reduce_with_scratch(void **state)
{
    (void)state;
    const uint64_t zero = 0;
    const cw_reduction sum = {
        .bytes = sizeof zero, .identity = &zero, .fold = fold_sum, .combine = add};
    for (int p = 0; p < PLANS; p++) {
        cw_plan plan = plans[p];
        plan.scratch_bytes = sizeof(uint64_t);
        uint64_t got = 0;
        assert_int_equal(cw_reduce(ITEMS, &sum, NULL, &plan, &got, NULL), CW_OK);
        assert_true(got == (uint64_t)ITEMS * (ITEMS - 1) / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_for_then_read),
        cmocka_unit_test(test_errors_meet),
        cmocka_unit_test(test_map_in_place),
        cmocka_unit_test(test_reduce_with_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
