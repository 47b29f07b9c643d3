/* Names, OMP_SCHEDULE's grammar, the cancel flag, bounds of a plan. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/work.h>

#include <string.h>

static void schedules_are_read(void **state)
{
    static const struct {
        const char *text;
        cw_policy policy;
        uint64_t chunk;
    } cases[] = {
        {"static", CW_POLICY_STATIC, 0},
        {"dynamic", CW_POLICY_DYNAMIC, 0},
        {"guided", CW_POLICY_GUIDED, 0},
        {"auto", CW_POLICY_AUTO, 0},
        {"static,1", CW_POLICY_STATIC, 1},
        {"DYNAMIC,64", CW_POLICY_DYNAMIC, 64},
        {" guided , 7 ", CW_POLICY_GUIDED, 7},
        {"monotonic:dynamic,4", CW_POLICY_DYNAMIC, 4},
        {"nonmonotonic : guided", CW_POLICY_GUIDED, 0},
        {"dynamic,18446744073709551615", CW_POLICY_DYNAMIC, UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cw_policy policy = (cw_policy)99;
        uint64_t chunk = 99;
        assert_int_equal(cw_schedule_parse(cases[i].text, &policy, &chunk, NULL), CW_OK);
        assert_int_equal(policy, cases[i].policy);
        assert_int_equal(chunk, cases[i].chunk);
    }
}

static void rubbish_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "fast",
        "dynamic,",
        "dynamic,0",
        "dynamic,-4",
        "dynamic,4x",
        "dynamic 4",
        "static,,4",
        "staticly",
        ",4",
        "dynamic,1.5",
        "auto,4",
        "monotonic:",
        "monotonic",
        "dynamic:",
        "4",
        "dynamic,4,4",
        "x:dynamic",
        "dynamic,18446744073709551616",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cw_policy policy = CW_POLICY_GUIDED;
        uint64_t chunk = 99;
        cw_error error = {0};
        assert_int_equal(cw_schedule_parse(cases[i], &policy, &chunk, &error), CW_ERR_ARGUMENT);
        assert_int_equal(policy, CW_POLICY_GUIDED);
        assert_int_equal(chunk, 99);
        assert_non_null(strstr(error.sentence, "static, dynamic or guided"));
    }
}

static void names_read_back(void **state)
{
    (void)state;
    for (int i = CW_POLICY_AUTO; i <= CW_POLICY_GUIDED; i++) {
        cw_policy policy = (cw_policy)99;
        uint64_t chunk;
        assert_int_equal(cw_schedule_parse(cw_policy_name((cw_policy)i), &policy, &chunk, NULL),
                         CW_OK);
        assert_int_equal(policy, i);
    }
    assert_string_equal(cw_policy_name((cw_policy)17), "unknown");
}

static void cancel_goes_up_and_down(void **state)
{
    cw_cancel cancel = {0};
    (void)state;
    assert_false(cw_cancel_raised(&cancel));
    cw_cancel_raise(&cancel);
    assert_true(cw_cancel_raised(&cancel));
    cw_cancel_clear(&cancel);
    assert_false(cw_cancel_raised(&cancel));
}

static cw_status never(void *context, void *state, const cw_block *block, void *partial,
                       cw_error *error)
{
    (void)context, (void)state, (void)block, (void)partial, (void)error;
    fail_msg("a refused plan ran");
    return CW_OK;
}

static void plans_out_of_bounds_are_refused(void **state)
{
    const cw_plan plans[] = {
        {.threads = -1},          {.threads = CW_THREADS_MAX + 1},
        {.policy = (cw_policy)4}, {.policy = (cw_policy)-1},
        {.isa = (cw_isa)9},       {.reserved = {0, 0, 0, 1}},
    };
    const cw_work work = {.items = 10, .block = 1, .step = never};
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        cw_error error = {0};
        assert_int_equal(cw_work_run(&work, &plans[i], NULL, NULL, &error), CW_ERR_ARGUMENT);
        assert_int_equal(error.status, CW_ERR_ARGUMENT);
        assert_true(strlen(error.sentence) > 10);
    }
}

static void threads_of_a_plan(void **state)
{
    const cw_plan three = {.threads = 3}, serial = {.threads = 3, .serial = 1};
    (void)state;
#ifdef _OPENMP
    assert_int_equal(cw_plan_threads(&three), 3);
#else
    assert_int_equal(cw_plan_threads(&three), 1);
#endif
    assert_int_equal(cw_plan_threads(&serial), 1);
    assert_true(cw_plan_threads(NULL) >= 1);
}

static void the_plan_only_lowers_the_level(void **state)
{
    const cw_plan lowest = {.isa = CW_ISA_REFERENCE}, highest = {.isa = CW_ISA_AVX512};
    (void)state;
    assert_int_equal(cw_plan_isa(&lowest), CW_ISA_REFERENCE);
    assert_int_equal(cw_plan_isa(&highest), cw_isa_detect());
    assert_int_equal(cw_plan_isa(NULL), cw_isa_detect());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules_are_read),
        cmocka_unit_test(rubbish_is_refused),
        cmocka_unit_test(names_read_back),
        cmocka_unit_test(cancel_goes_up_and_down),
        cmocka_unit_test(plans_out_of_bounds_are_refused),
        cmocka_unit_test(threads_of_a_plan),
        cmocka_unit_test(the_plan_only_lowers_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
