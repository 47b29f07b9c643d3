/* Spelling, exit codes and the environment: what people read. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include "cli/environment.h"
#include "cli/outcome.h"
#include "cli/spelling.h"

#include <string.h>

static void distances_count_slips(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance;
    } cases[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"primes", "primes", 0},
        {"prmes", "primes", 1},
        {"primess", "primes", 1},
        {"brimes", "primes", 1},
        {"pirmes", "primes", 1},
        {"sum", "mus", 2},
        {"verfy", "verify", 1},
        {"list", "info", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cw_spelling_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(cw_spelling_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
}

static void long_words_are_far_from_everything(void **state)
{
    (void)state;
    char word[1000];
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    cw_spelling spelling = cw_spelling_of(word);
    cw_spelling_offer(&spelling, "threads");
    assert_null(spelling.nearest);
}

static void the_nearest_name_is_kept(void **state)
{
    (void)state;
    cw_spelling spelling = cw_spelling_of("thread");
    cw_spelling_offer(&spelling, "list");
    assert_null(spelling.nearest);
    cw_spelling_offer(&spelling, "threats");
    cw_spelling_offer(&spelling, "threads");
    cw_spelling_offer(&spelling, "spreads");
    assert_string_equal(spelling.nearest, "threads");
}

/* The numbers are documented: scripts depend on them. */
static void exit_codes_are_fixed(void **state)
{
    (void)state;
    static const struct {
        cw_status status;
        int code;
    } cases[] = {
        {CW_OK, 0},           {CW_ERR_ARGUMENT, 2},  {CW_ERR_NO_MEMORY, 5},
        {CW_ERR_OVERFLOW, 1}, {CW_ERR_CANCELLED, 1}, {CW_ERR_THREADS, 5},
        {CW_ERR_IO, 4},       {CW_ERR_FORMAT, 3},    {CW_ERR_UNSUPPORTED, 5},
        {CW_ERR_MISMATCH, 1}, {CW_ERR_CLOSED, 141},  {CW_ERR_USER, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(cw_exit_of(cases[i].status), cases[i].code);
}

/* Name=value, and a word that the complaint must have; NULL: there must be none. */
static void variables_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *complaint;
    } cases[] = {
        {"OMP_NUM_THREADS", "4", NULL},
        {"OMP_NUM_THREADS", "4,2", NULL},
        {"OMP_NUM_THREADS", " 4 ", NULL},
        {"OMP_NUM_THREADS", "", "(empty)"},
        {"OMP_NUM_THREADS", "0", "whole number from 1"},
        {"OMP_NUM_THREADS", "-2", "whole number from 1"},
        {"OMP_NUM_THREADS", "4,", "whole number from 1"},
        {"OMP_NUM_THREADS", "four", "whole number from 1"},
        {"OMP_SCHEDULE", "dynamic,16", NULL},
        {"OMP_SCHEDULE", "nonmonotonic:guided", NULL},
        {"OMP_SCHEDULE", "dynamic,-4", "static, dynamic"},
        {"OMP_PROC_BIND", "close,spread", NULL},
        {"OMP_PROC_BIND", "TRUE", NULL},
        {"OMP_PROC_BIND", "closer", "close or spread"},
        {"OMP_PLACES", "cores(2)", NULL},
        {"OMP_PLACES", "{0,1},{2,3}", NULL},
        {"OMP_PLACES", "corse", "threads, cores"},
        {"OMP_WAIT_POLICY", "PASSIVE", NULL},
        {"OMP_WAIT_POLICY", "lazy", "active or passive"},
        {"OMP_DYNAMIC", "false", NULL},
        {"OMP_DYNAMIC", "maybe", "true or false"},
        {"OMP_THREAD_LIMIT", "0", "from 1"},
        {"OMP_MAX_ACTIVE_LEVELS", "0", NULL},
        {"OMP_STACKSIZE", "8M", NULL},
        {"OMP_STACKSIZE", "8 m", NULL},
        {"OMP_STACKSIZE", "8X", "512K or 8M"},
        {"OMP_STACKSIZE", "M", "512K or 8M"},
        {"OMP_NUM_TREADS", "4", "did you mean OMP_NUM_THREADS?"},
        {"OMP_SOMETHING_NEW", "x", NULL},
        {"CW_ISA", "reference", NULL},
        {"CW_ISA", "rubbish", "reference"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(setenv(cases[i].name, cases[i].value, 1), 0);
        cw_variable variables[CW_VARIABLES_MAX];
        const int count = cw_environment_read(variables);
        assert_int_equal(count, 1);
        const char *complaint = variables[0].complaint;
        if (cases[i].complaint == NULL && complaint[0] != '\0')
            fail_msg("%s=%s: %s", cases[i].name, cases[i].value, complaint);
        if (cases[i].complaint != NULL && strstr(complaint, cases[i].complaint) == NULL)
            fail_msg("%s=%s: \"%s\" does not say %s", cases[i].name, cases[i].value, complaint,
                     cases[i].complaint);
        assert_int_equal(unsetenv(cases[i].name), 0);
    }
}

static int clear_environment(void **state)
{
    (void)state;
    return clearenv();
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_slips),
        cmocka_unit_test(long_words_are_far_from_everything),
        cmocka_unit_test(the_nearest_name_is_kept),
        cmocka_unit_test(exit_codes_are_fixed),
        cmocka_unit_test_setup(variables_are_judged, clear_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
