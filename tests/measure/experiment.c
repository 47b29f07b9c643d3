/* Experiments on a simulated machine: fair, repeated when disturbed, ended in time. */
/* SPDX-License-Identifier: MIT */
#include "measure/experiment.h"

#include "base/memory.h"
#include "cw_test.h"
#include "simulated.h"

#include <math.h>
#include <string.h>

static const double ms = 1e6;

static const cw_setting settings[] = {
    {.serial = true, .threads = 1}, {.threads = 1}, {.threads = 2}, {.threads = 4}};

/* A quiet machine on which two threads take 52 % and four take 27 % of the time of one. */
static simulated quiet_machine(void)
{
    return (simulated){.random = {5},
                       .work_ns = {100 * ms, 100 * ms, 52 * ms, 27 * ms},
                       .noise = 0.002,
                       .look_ns = 0.4 * ms};
}

/* Shared: for a quarter of the time somebody else takes up to half a processor. */
static simulated shared_machine(void)
{
    simulated machine = quiet_machine();
    machine.quiet_ns = 1500 * ms;
    machine.burst_ns = 500 * ms;
    machine.burst_share = 0.5;
    machine.burst_slowdown = 1.4;
    return machine;
}

static cw_status run_experiment(simulated *machine, cw_experiment experiment, size_t setting_count,
                                cw_result **result, cw_error *error)
{
    const cw_surroundings surroundings = simulated_surroundings(machine);
    const cw_subject subject = simulated_subject(machine, settings);
    experiment.subject = &subject;
    experiment.settings = settings;
    experiment.setting_count = setting_count;
    experiment.surroundings = &surroundings;
    return cw_experiment_run(&experiment, result, error);
}

static cw_result *must_run(simulated *machine, cw_experiment experiment, size_t setting_count)
{
    cw_result *result = NULL;
    cw_error error;
    if (run_experiment(machine, experiment, setting_count, &result, &error) != CW_OK)
        fail_msg("%s", error.sentence);
    return result;
}

static void known_speedups_are_found(void **state)
{
    (void)state;
    static const double truth[] = {NAN, 1, 100.0 / 52, 100.0 / 27};
    const int experiments = cw_test_quick() ? 10 : 200;
    int covered = 0;
    for (int seed = 1; seed <= experiments; seed++) {
        simulated machine = quiet_machine();
        machine.noise = 0.01;
        machine.random.state = (uint64_t)seed;
        cw_result *result = must_run(&machine, (cw_experiment){.seed = (uint64_t)seed}, 4);
        for (int i = 1; i < 4; i++) {
            const cw_summary *summary = &result->summaries[i];
            assert_true(fabs(summary->speedup / truth[i] - 1) < 0.03);
            assert_int_equal(summary->claim, i == 1 ? summary->claim : CW_CLAIM_FASTER);
            covered += summary->speedup_low <= truth[i] && truth[i] <= summary->speedup_high;
        }
        cw_result_destroy(result);
    }
    print_message("%d of %d intervals hold the truth\n", covered, 3 * experiments);
    assert_true(covered >= 0.93 * 3 * experiments);
}

static void the_figures_are_as_defined(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    machine.noise = 0;
    cw_result *result = must_run(&machine, (cw_experiment){.items = 1000000, .bytes = 8000000}, 4);
    const cw_summary *serial = &result->summaries[0], *four = &result->summaries[3];
    assert_true(result->complete && !result->busy && result->foreign_known);
    assert_int_equal(result->ending, CW_ENDING_PRECISE);
    assert_int_equal(result->rounds, 8);
    assert_int_equal(result->run_count, 4 * (8 + 1));
    assert_true(result->clean_share == 1);
    assert_int_equal(result->digest, 0x1234);
    assert_int_equal(serial->claim, CW_CLAIM_NONE);
    assert_true(isnan(serial->speedup) && isnan(serial->efficiency));
    assert_true(fabs(serial->median_ns - 100 * ms) < 10);
    assert_true(fabs(serial->processors - 1) < 1e-6);
    assert_int_equal(four->runs, 8);
    assert_int_equal(four->pairs, 8);
    assert_true(fabs(four->speedup - 100.0 / 27) < 1e-6);
    assert_true(fabs(four->efficiency - 100.0 / 27 / 4) < 1e-6);
    assert_true(fabs(four->serial_fraction - (0.27 - 0.25) / 0.75) < 1e-6);
    assert_true(fabs(four->items_per_second / (1000000 / 0.027) - 1) < 1e-6);
    assert_true(fabs(four->bytes_per_second / (8000000 / 0.027) - 1) < 1e-6);
    assert_true(fabs(four->processors - 4) < 1e-6);
    assert_true(fabs(four->imbalance - 0.25) < 1e-6);
    assert_true(four->spread < 1e-6 && four->deviation_ns < 1);
    assert_int_equal(result->summaries[1].claim, CW_CLAIM_SAME);
    assert_true(isnan(result->summaries[1].serial_fraction));
    cw_result_destroy(result);
}

/* Two names for the same thing, on a shared machine. */
static void no_difference_is_claimed_where_none_is(void **state)
{
    (void)state;
    const int experiments = cw_test_quick() ? 15 : 300;
    int faster = 0, slower = 0, same = 0, covered = 0, busy = 0;
    for (int seed = 1; seed <= experiments; seed++) {
        simulated machine = shared_machine();
        machine.noise = 0.01;
        machine.random.state = (uint64_t)seed;
        cw_result *result = must_run(&machine, (cw_experiment){.seed = (uint64_t)seed}, 2);
        const cw_summary *twin = &result->summaries[1];
        faster += twin->claim == CW_CLAIM_FASTER;
        slower += twin->claim == CW_CLAIM_SLOWER;
        same += twin->claim == CW_CLAIM_SAME;
        covered += twin->speedup_low <= 1 && 1 <= twin->speedup_high;
        busy += result->busy;
        cw_result_destroy(result);
    }
    print_message("of %d: faster %d, slower %d, same %d, busy %d; 1 inside %d\n", experiments,
                  faster, slower, same, busy, covered);
    assert_true(faster <= experiments / 100);
    assert_true(slower <= experiments / 100);
    assert_true(same >= experiments * 9 / 10);
    assert_true(covered >= experiments * 93 / 100);
    assert_int_equal(busy, 0);
}

static size_t count_runs(const cw_result *result, unsigned attempt, bool dirty)
{
    size_t count = 0;
    for (size_t i = 0; i < result->run_count; i++)
        count += result->runs[i].attempt == attempt && result->runs[i].dirty == dirty &&
                 result->runs[i].round > 0;
    return count;
}

static void dirty_runs_are_repeated_and_kept(void **state)
{
    (void)state;
    simulated machine = shared_machine();
    cw_result *result =
        must_run(&machine, (cw_experiment){.precision = 1e-9, .time_limit_ns = 1000000000000}, 4);
    assert_int_equal(result->ending, CW_ENDING_ROUNDS);
    assert_int_equal(result->rounds, 100);
    assert_true(count_runs(result, 0, true) > 10);
    assert_int_equal(count_runs(result, 1, false) + count_runs(result, 1, true),
                     count_runs(result, 0, true));
    assert_int_equal(count_runs(result, 2, false) + count_runs(result, 2, true),
                     count_runs(result, 1, true));
    assert_int_equal(count_runs(result, 3, false) + count_runs(result, 3, true), 0);
    size_t dirty = 0;
    for (size_t i = 0; i < 4; i++) {
        assert_true(result->summaries[i].runs <= 100);
        /* None of what counts was slowed down. */
        assert_true(result->summaries[i].upper_ns < 1.1 * machine.work_ns[i]);
        dirty += result->summaries[i].dirty_runs;
    }
    assert_int_equal(dirty, count_runs(result, 0, true) + count_runs(result, 1, true) +
                                count_runs(result, 2, true));
    assert_true(result->clean_share > 0.9 && result->clean_share <= 1);
    cw_result_destroy(result);
}

static void a_busy_machine_gets_no_verdict(void **state)
{
    (void)state;
    simulated machine = shared_machine();
    machine.quiet_ns = 1 * ms;
    machine.burst_ns = 1e6 * ms;
    cw_result *result = must_run(&machine, (cw_experiment){0}, 3);
    assert_true(result->busy && result->complete);
    assert_true(result->clean_share < 0.1);
    assert_int_equal(result->ending, CW_ENDING_TIME);
    assert_int_equal(result->summaries[2].claim, CW_CLAIM_NONE);
    assert_true(result->summaries[2].median_ns > 52 * ms); /* but there is something to show */
    cw_result_destroy(result);
}

static void hidden_load_is_said_to_be_unknown(void **state)
{
    (void)state;
    simulated machine = shared_machine();
    machine.foreign_hidden = true;
    cw_result *result = must_run(&machine, (cw_experiment){0}, 3);
    assert_false(result->foreign_known);
    assert_false(result->busy);
    assert_true(result->clean_share == 1);
    assert_true(result->runs[0].sample.foreign_ns == UINT64_MAX);
    assert_true(isnan(result->runs[0].foreign_share));
    cw_result_destroy(result);
}

/* Each setting once in each round; even rounds are the round before backwards; not all alike. */
static void runs_are_interleaved(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    cw_result *result = must_run(&machine, (cw_experiment){.precision = 1e-9}, 4);
    assert_int_equal(result->run_count, 4 * 101);
    int first[4] = {0};
    for (unsigned round = 0; round <= 100; round++) {
        const cw_run *runs = &result->runs[4 * round];
        unsigned seen = 0;
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(runs[i].round, round);
            seen |= 1u << runs[i].setting;
            if (round == 0)
                assert_int_equal(runs[i].setting, i);
            else if (round % 2 == 0)
                assert_int_equal(runs[i].setting, runs[-1 - (ptrdiff_t)i].setting);
        }
        assert_int_equal(seen, 15);
        first[runs[0].setting]++;
    }
    for (int i = 0; i < 4; i++)
        assert_true(first[i] > 10);
    cw_result_destroy(result);
}

static void a_precise_answer_ends_it(void **state)
{
    (void)state;
    unsigned rounds[2];
    static const double precision[2] = {0.03, 0.01};
    for (int i = 0; i < 2; i++) {
        simulated machine = quiet_machine();
        machine.noise = 0.01;
        cw_result *result = must_run(&machine, (cw_experiment){.precision = precision[i]}, 3);
        assert_int_equal(result->ending, CW_ENDING_PRECISE);
        for (int k = 1; k < 3; k++) {
            const cw_summary *summary = &result->summaries[k];
            assert_true(sqrt(summary->speedup_high / summary->speedup_low) <= 1 + precision[i]);
        }
        rounds[i] = result->rounds;
        assert_true(rounds[i] >= 8 && rounds[i] % 4 == 0);
        cw_result_destroy(result);
    }
    assert_true(rounds[0] < rounds[1]);
}

static void limits_end_it(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    machine.noise = 0.05;
    cw_result *result = must_run(&machine, (cw_experiment){.rounds_most = 11}, 3);
    assert_int_equal(result->ending, CW_ENDING_ROUNDS);
    assert_int_equal(result->rounds, 11);
    cw_result_destroy(result);

    machine = quiet_machine();
    machine.noise = 0.2;
    const double limit_ns = 4e9;
    result = must_run(&machine, (cw_experiment){.time_limit_ns = (uint64_t)limit_ns}, 3);
    assert_int_equal(result->ending, CW_ENDING_TIME);
    assert_true((double)result->elapsed_ns < limit_ns + 1000 * ms);
    assert_true((double)result->elapsed_ns > limit_ns - 2000 * ms);
    cw_result_destroy(result);

    /* Long runs still get rounds enough for an interval. */
    machine = quiet_machine();
    for (int i = 0; i < 4; i++)
        machine.work_ns[i] *= 1000;
    result = must_run(&machine, (cw_experiment){0}, 3);
    assert_int_equal(result->ending, CW_ENDING_TIME);
    assert_int_equal(result->rounds, 5);
    assert_false(isnan(result->summaries[2].speedup_low));
    cw_result_destroy(result);
}

/* What the defaults mean for the two sizes that people try first. */
static void defaults_end_soon(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    machine.noise = 0.05;
    for (int i = 0; i < 4; i++)
        machine.work_ns[i] *= 0.01; /* 1 ms */
    cw_result *result = must_run(&machine, (cw_experiment){0}, 3);
    assert_true(result->elapsed_ns < 3000000000);
    cw_result_destroy(result);

    machine = quiet_machine();
    machine.noise = 0.05;
    for (int i = 0; i < 4; i++)
        machine.work_ns[i] *= 10; /* 1 s */
    result = must_run(&machine, (cw_experiment){0}, 3);
    assert_true(result->elapsed_ns < 35000000000);
    cw_result_destroy(result);

    /* Even where every run is dirty: five rounds, repeated only in the first 30 s. */
    machine = shared_machine();
    machine.quiet_ns = 1 * ms;
    machine.burst_ns = 1e6 * ms;
    for (int i = 0; i < 4; i++)
        machine.work_ns[i] *= 10;
    result = must_run(&machine, (cw_experiment){0}, 3);
    assert_true(result->busy);
    assert_int_equal(result->rounds, 5);
    assert_true(result->elapsed_ns < 42000000000);
    cw_result_destroy(result);
}

static void a_single_setting_is_measured_alone(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    cw_result *result = must_run(&machine, (cw_experiment){0}, 1);
    assert_int_equal(result->rounds, 8);
    assert_int_equal(result->ending, CW_ENDING_PRECISE);
    assert_true(result->summaries[0].median_ns > 0);
    cw_result_destroy(result);
}

/* A team that spins for a while is waited for; one that never sleeps, once. */
static void serial_runs_wait_for_the_team_to_sleep(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    machine.spin_ns = 200 * ms;
    cw_result *result = must_run(&machine, (cw_experiment){0}, 3);
    assert_false(result->team_spins);
    assert_true(machine.spun_before_serial_ns < 8 * 10 * ms);
    cw_result_destroy(result);

    machine = quiet_machine();
    machine.spin_ns = 1e9 * ms;
    result = must_run(&machine, (cw_experiment){0}, 3);
    assert_true(result->team_spins);
    assert_int_equal(machine.sleeps, 30);
    cw_result_destroy(result);

    machine = quiet_machine(); /* nobody to wait for: a serial run after a serial one */
    result = must_run(&machine, (cw_experiment){0}, 1);
    assert_int_equal(machine.sleeps, 0);
    cw_result_destroy(result);
}

static void cancelling_keeps_what_is_known(void **state)
{
    (void)state;
    for (int inside = 0; inside <= 1; inside++) {
        cw_cancel cancel = {0};
        simulated machine = quiet_machine();
        machine.cancel = &cancel;
        machine.cancel_at = 3 + 6 * 3 + 2; /* warm-up, six rounds, one run and this one */
        machine.cancelled_inside = inside;
        cw_result *result = must_run(&machine, (cw_experiment){.cancel = &cancel}, 3);
        assert_false(result->complete);
        assert_int_equal(result->ending, CW_ENDING_CANCELLED);
        assert_int_equal(result->rounds, 6);
        assert_int_equal(result->run_count, machine.cancel_at - inside);
        assert_true(result->summaries[2].speedup > 1.8);
        assert_true(result->elapsed_ns > 0);
        cw_result_destroy(result);
    }
}

static void cancelling_at_once_leaves_an_empty_result(void **state)
{
    (void)state;
    cw_cancel cancel = {0};
    cw_cancel_raise(&cancel);
    simulated machine = quiet_machine();
    cw_result *result = must_run(&machine, (cw_experiment){.cancel = &cancel}, 3);
    assert_false(result->complete);
    assert_int_equal(result->run_count, 0);
    assert_int_equal(result->summaries[0].runs, 0);
    assert_true(isnan(result->summaries[0].median_ns));
    assert_true(isnan(result->summaries[1].speedup));
    cw_result_destroy(result);
}

static void another_digest_is_found(void **state)
{
    (void)state;
    static const int from[] = {0, 9}; /* from the warm-up on; in round 2 or 3 */
    for (size_t i = 0; i < 2; i++) {
        simulated machine = quiet_machine();
        machine.wrong_setting = 2;
        machine.wrong_from = from[i];
        cw_result *result = NULL;
        cw_error error = {.status = CW_OK};
        assert_int_equal(run_experiment(&machine, (cw_experiment){0}, 3, &result, &error),
                         CW_ERR_MISMATCH);
        assert_null(result);
        assert_non_null(strstr(error.sentence, "2 threads in round "));
        assert_non_null(strstr(error.sentence, "(digest 0000000000001235)"));
        assert_non_null(strstr(error.sentence, "(serial, 0000000000001234)"));
    }
}

static void a_failure_names_its_setting(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    machine.threads_most = 2;
    cw_result *result = NULL;
    cw_error error = {.status = CW_OK};
    assert_int_equal(run_experiment(&machine, (cw_experiment){0}, 4, &result, &error),
                     CW_ERR_THREADS);
    assert_null(result);
    assert_int_equal(error.status, CW_ERR_THREADS);
    assert_string_equal(error.value, "64");
    assert_string_equal(error.sentence,
                        "4 threads: 4 threads were asked for, at most 2 can be started");
}

/* A subject that says it was cancelled when nobody cancelled has failed, and without words. */
static cw_status fail_without_words(void *context, const cw_setting *setting, cw_sample *sample,
                                    cw_error *error)
{
    (void)context, (void)setting, (void)sample, (void)error;
    return CW_ERR_CANCELLED;
}

static void a_failure_without_words_gets_some(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    const cw_surroundings surroundings = simulated_surroundings(&machine);
    const cw_subject subject = {.run = fail_without_words};
    const cw_experiment experiment = {.subject = &subject,
                                      .settings = settings,
                                      .setting_count = 2,
                                      .surroundings = &surroundings};
    cw_result *result = NULL;
    cw_error error = {.status = CW_OK};
    assert_int_equal(cw_experiment_run(&experiment, &result, &error), CW_ERR_CANCELLED);
    assert_string_equal(error.sentence, "serial: cancelled");
}

static void arguments_are_checked(void **state)
{
    (void)state;
    simulated machine = quiet_machine();
    cw_result *result = NULL;
    assert_int_equal(run_experiment(&machine, (cw_experiment){0}, 0, &result, NULL),
                     CW_ERR_ARGUMENT);
    assert_int_equal(
        run_experiment(&machine, (cw_experiment){0}, CW_SETTINGS_MAX + 1, &result, NULL),
        CW_ERR_ARGUMENT);
    static const double precisions[] = {-0.1, 1, NAN};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            run_experiment(&machine, (cw_experiment){.precision = precisions[i]}, 2, &result, NULL),
            CW_ERR_ARGUMENT);
    assert_null(result);
    assert_int_equal(machine.runs, 0);
}

/* Whichever request is refused, nothing is lost and the status says so. */
static void missing_memory_is_reported(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        simulated machine = quiet_machine();
        cw_result *result = NULL;
        cw_memory_refuse_from(nth);
        const cw_status status =
            run_experiment(&machine, (cw_experiment){.rounds_most = 8}, 3, &result, NULL);
        cw_memory_refuse_from(0);
        if (status == CW_OK) {
            assert_true(nth > 20);
            cw_result_destroy(result);
            return;
        }
        assert_int_equal(status, CW_ERR_NO_MEMORY);
        assert_null(result);
    }
}

typedef struct told {
    int calls;
    double done;
    uint64_t elapsed_ns;
    bool knew_precision;
} told;

static void listen(void *context, const cw_experiment_state *now)
{
    told *t = context;
    assert_true(now->done >= t->done && now->done <= 1);
    assert_true(now->elapsed_ns >= t->elapsed_ns);
    assert_true(now->setting >= settings && now->setting < settings + 3);
    t->done = now->done;
    t->elapsed_ns = now->elapsed_ns;
    t->knew_precision |= !isnan(now->precision);
    t->calls++;
}

static void progress_is_told_before_each_run(void **state)
{
    (void)state;
    simulated machine = shared_machine();
    told t = {0};
    cw_result *result =
        must_run(&machine,
                 (cw_experiment){.precision = 1e-9, .progress = listen, .progress_context = &t}, 3);
    assert_int_equal(t.calls, result->run_count);
    assert_true(t.done > 0.9);
    assert_true(t.knew_precision);
    cw_result_destroy(result);
}

static void settings_have_names(void **state)
{
    (void)state;
    static const struct {
        cw_setting setting;
        const char *name;
    } cases[] = {
        {{.serial = true, .threads = 1}, "serial"},
        {{.threads = 1}, "1 thread"},
        {{.threads = 16}, "16 threads"},
        {{0}, "default threads"},
        {{.threads = 2, .policy = CW_POLICY_STATIC}, "2 threads, static"},
        {{.threads = 4096, .policy = CW_POLICY_DYNAMIC, .chunk = UINT64_MAX},
         "4096 threads, dynamic,18446744073709551615"},
        {{.threads = 3, .chunk = 7}, "3 threads, auto,7"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[64];
        cw_setting_print(&cases[i].setting, name, sizeof name);
        assert_string_equal(name, cases[i].name);
    }
    char little[4];
    cw_setting_print(&settings[0], little, sizeof little);
    assert_string_equal(little, "ser");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_speedups_are_found),
        cmocka_unit_test(the_figures_are_as_defined),
        cmocka_unit_test(no_difference_is_claimed_where_none_is),
        cmocka_unit_test(dirty_runs_are_repeated_and_kept),
        cmocka_unit_test(a_busy_machine_gets_no_verdict),
        cmocka_unit_test(hidden_load_is_said_to_be_unknown),
        cmocka_unit_test(runs_are_interleaved),
        cmocka_unit_test(a_precise_answer_ends_it),
        cmocka_unit_test(limits_end_it),
        cmocka_unit_test(defaults_end_soon),
        cmocka_unit_test(a_single_setting_is_measured_alone),
        cmocka_unit_test(serial_runs_wait_for_the_team_to_sleep),
        cmocka_unit_test(cancelling_keeps_what_is_known),
        cmocka_unit_test(cancelling_at_once_leaves_an_empty_result),
        cmocka_unit_test(another_digest_is_found),
        cmocka_unit_test(a_failure_names_its_setting),
        cmocka_unit_test(a_failure_without_words_gets_some),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(missing_memory_is_reported),
        cmocka_unit_test(progress_is_told_before_each_run),
        cmocka_unit_test(settings_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
