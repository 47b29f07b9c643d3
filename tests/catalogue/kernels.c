/* What every kernel of the catalogue must do, whichever it is. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include "base/memory.h"
#include "cli/command.h"

#include <ctype.h>
#include <string.h>

/* One job of each kind: a command line behind `run`. */
static const struct job_case {
    const char *words[8];
    bool checked; /* there is something to hold the result against */
} cases[] = {
    {{"primes", "200000"}, true},
    {{"primes", "1000000000000", "1000000050000"}, true},
    {{"primes", "30000", "--list"}, true},
    {{"primes", "--nth", "5000"}, true},
    {{"is-prime", "--items", "3001"}, true},
    {{"square", "--items", "10007", "--type", "i32"}, true},
    {{"square", "--items", "10007", "--type", "f32"}, true},
    {{"cube", "--items", "10007", "--type", "u64", "--on-overflow", "saturate"}, true},
    {{"cube", "--items", "10007", "--type", "i64", "--on-overflow", "wrap"}, true},
    {{"cube", "--items", "0"}, true},
    {{"sum", "--items", "10007", "--type", "u32"}, true},
    {{"sum", "--items", "10007", "--type", "f64"}, true},
    {{"wait", "--items", "3", "--ms", "1"}, false},
};
enum { CASES = sizeof cases / sizeof *cases };

static const cw_kernel *prepare(const struct job_case *wanted, void **job, cw_status *status)
{
    char *words[10] = {(char *)"run"};
    int count = 1;
    while (count <= 8 && wanted->words[count - 1] != NULL) {
        words[count] = (char *)wanted->words[count - 1];
        count++;
    }
    cw_options options;
    cw_error error = {0};
    if (cw_options_parse(&cw_command_run, count, words, &options, &error) != CW_OK)
        fail_msg("%s", error.sentence);
    const cw_plan plan = {0};
    *status = options.kernel->prepare(options.values, &plan, job, &error);
    return options.kernel;
}

static void tables_are_well_formed(void **state)
{
    (void)state;
    for (const cw_kernel *const *at = cw_catalogue(); *at != NULL; at++) {
        const cw_kernel *kernel = *at;
        assert_ptr_equal(cw_catalogue_find(kernel->name), kernel);
        assert_in_range(kernel->parameter_count, 1, CW_PARAMETERS_MAX);
        bool options_began = false;
        for (int i = 0; i < kernel->parameter_count; i++) {
            const cw_parameter *parameter = &kernel->parameters[i];
            assert_non_null(parameter->help);
            assert_false(parameter->positional && options_began);
            options_began = options_began || !parameter->positional;
            assert_int_equal(parameter->kind == CW_PARAMETER_CHOICE, parameter->choices != NULL);
            for (int j = 0; j < i; j++) {
                assert_string_not_equal(kernel->parameters[j].name, parameter->name);
                assert_true(parameter->letter == 0 ||
                            kernel->parameters[j].letter != parameter->letter);
            }
            /* Options that all kernels have must not be hidden. */
            const cw_option *const tables[] = {cw_options_run, cw_options_compare};
            for (int t = 0; t < 2; t++)
                for (const cw_option *option = tables[t]; option->name != NULL; option++) {
                    assert_string_not_equal(option->name, parameter->name);
                    assert_true(parameter->letter == 0 || option->letter != parameter->letter);
                }
        }
        const bool bulky = kernel->open != NULL;
        assert_int_equal(bulky, kernel->finish != NULL);
    }
    assert_null(cw_catalogue_find("nothing of that name"));
    assert_null(cw_catalogue_find(""));
}

static void fact_names_are_snake_case(const cw_kernel *kernel, const void *job)
{
    cw_fact facts[CW_FACTS_MAX];
    const int count = kernel->facts(job, facts);
    assert_in_range(count, 1, CW_FACTS_MAX);
    for (int i = 0; i < count; i++)
        for (const char *at = facts[i].name; *at != '\0'; at++)
            assert_true(islower((unsigned char)*at) || *at == '_' || isdigit((unsigned char)*at));
}

/* The same digest for every plan; and the check finds nothing wrong. */
static void every_plan_gives_the_same(void **state)
{
    (void)state;
    static const cw_plan plans[] = {
        {.serial = 1},
        {.threads = 1},
        {.threads = 2, .policy = CW_POLICY_STATIC},
        {.threads = 3, .policy = CW_POLICY_DYNAMIC, .chunk = 100},
        {.threads = 3, .policy = CW_POLICY_GUIDED, .isa = CW_ISA_REFERENCE},
    };
    for (int i = 0; i < CASES; i++) {
        void *job = NULL;
        cw_status status = CW_OK;
        const cw_kernel *kernel = prepare(&cases[i], &job, &status);
        assert_int_equal(status, CW_OK);
        uint64_t digest = 0;
        for (size_t p = 0; p < sizeof plans / sizeof *plans; p++) {
            cw_error error = {0};
            const char *against = NULL;
            if (kernel->reset != NULL)
                kernel->reset(job);
            if (kernel->run(job, &plans[p], &error) != CW_OK ||
                kernel->check(job, &against, &error) != CW_OK)
                fail_msg("case %d, plan %zu: %s", i, p, error.sentence);
            assert_int_equal(against != NULL, cases[i].checked);
            if (p == 0)
                digest = kernel->digest(job);
            else if (kernel->digest(job) != digest)
                fail_msg("case %d, plan %zu: another digest", i, p);
        }
        cw_rates rates = {0};
        kernel->rates(job, &rates);
        assert_non_null(rates.item_name);
        assert_true(kernel->estimate(job) >= 0);
        fact_names_are_snake_case(kernel, job);
        kernel->destroy(job);
    }
}

/* What reset leaves behind is no result: neither digest nor check may take it for one. */
static void a_run_that_did_nothing_is_found_out(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        void *job = NULL;
        cw_status status = CW_OK;
        const cw_kernel *kernel = prepare(&cases[i], &job, &status);
        const cw_plan plan = {.serial = 1};
        assert_int_equal(status, CW_OK);
        assert_int_equal(kernel->run(job, &plan, NULL), CW_OK);
        const uint64_t digest = kernel->digest(job);
        const char *against = NULL;
        cw_rates rates = {0};
        kernel->rates(job, &rates);
        if (kernel->reset != NULL && rates.items > 0) {
            kernel->reset(job);
            assert_true(kernel->digest(job) != digest);
            assert_int_equal(kernel->check(job, &against, NULL), CW_ERR_MISMATCH);
        }
        kernel->destroy(job);
    }
}

/* A raised flag ends a job of any kind. */
static void a_raised_flag_cancels(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        void *job = NULL;
        cw_status status = CW_OK;
        const cw_kernel *kernel = prepare(&cases[i], &job, &status);
        assert_int_equal(status, CW_OK);
        cw_cancel cancel = {0};
        cw_cancel_raise(&cancel);
        const cw_plan plan = {.cancel = &cancel};
        cw_rates rates = {0};
        kernel->rates(job, &rates);
        if (rates.items > 0)
            assert_int_equal(kernel->run(job, &plan, NULL), CW_ERR_CANCELLED);
        kernel->destroy(job);
    }
}

/* Refuse the first, the second, ... allocation of prepare and run until one has enough. */
static void no_memory_is_an_error(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        for (long nth = 1;; nth++) {
            assert_true(nth < 1000);
            void *job = NULL;
            cw_status status = CW_OK;
            cw_memory_refuse_from(nth);
            const cw_kernel *kernel = prepare(&cases[i], &job, &status);
            if (status == CW_OK) {
                const cw_plan plan = {.serial = 1};
                status = kernel->run(job, &plan, NULL);
            }
            cw_memory_refuse_from(0);
            kernel->destroy(job);
            if (status == CW_OK)
                break;
            assert_int_equal(status, CW_ERR_NO_MEMORY);
        }
    }
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_well_formed),
        cmocka_unit_test(every_plan_gives_the_same),
        cmocka_unit_test(a_run_that_did_nothing_is_found_out),
        cmocka_unit_test(a_raised_flag_cancels),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
