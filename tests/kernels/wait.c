/* Waiting lasts at least as long as asked, whatever signals come, and a raised flag ends it. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/wait.h>

#include "kernels/wait/wait.h"
#include "machine/clock.h"

#include <signal.h>
#include <sys/time.h>

#define MS UINT64_C(1000000)

static cw_cancel cancel;
static volatile sig_atomic_t signals, raise_after;

static void on_alarm(int number)
{
    (void)number;
    if (++signals == raise_after)
        cw_cancel_raise(&cancel);
}

/* Signals every 5 ms from now on; the given one of them raises the flag, 0: none does. */
static void start_signals(int raising)
{
    cw_cancel_clear(&cancel);
    signals = 0;
    raise_after = raising;
    struct sigaction action = {.sa_handler = on_alarm};
    sigemptyset(&action.sa_mask);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    const struct itimerval timer = {{0, 5000}, {0, 5000}};
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void stop_signals(void)
{
    const struct itimerval timer = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void lasts_at_least_as_long(void **state)
{
    (void)state;
    static const struct {
        uint64_t items, ns;
        cw_plan plan;
        uint64_t least;
    } cases[] = {
        {0, UINT64_MAX, {.threads = 1}, 0},
        {1000, 0, {.threads = 2}, 0},
        {3, 10 * MS, {.serial = 1}, 30 * MS},
        {3, 10 * MS, {.threads = 1}, 30 * MS},
        {8, 10 * MS, {.threads = 4}, 20 * MS},
        {4, 10 * MS, {.threads = 16}, 10 * MS},
        {1, 90 * MS, {0}, 90 * MS}, /* more than one slice */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t start = cw_clock_ns();
        assert_int_equal(cw_wait(cases[i].items, cases[i].ns, &cases[i].plan, NULL), CW_OK);
        assert_true(cw_clock_ns() - start >= cases[i].least);
    }
}

static void signals_do_not_shorten(void **state)
{
    (void)state;
    start_signals(0);
    const uint64_t start = cw_clock_ns();
    const cw_status status = cw_wait_one(60 * MS, &cancel, NULL);
    const uint64_t elapsed = cw_clock_ns() - start;
    stop_signals();
    assert_int_equal(status, CW_OK);
    assert_true(signals > 0);
    assert_true(elapsed >= 60 * MS);
}

/* The waits are longer than any patience: the test ends only because the flag is heeded, by one
 * item that is asleep and by all threads. */
static void cancelled_while_asleep(void **state)
{
    (void)state;
    for (int threads = 0; threads <= 3; threads++) {
        cw_error error;
        const cw_plan plan = {.threads = threads, .serial = threads == 0, .cancel = &cancel};
        start_signals(3);
        const cw_status status = cw_wait(100, UINT64_MAX, &plan, &error);
        stop_signals();
        assert_int_equal(status, CW_ERR_CANCELLED);
        assert_int_equal(error.status, CW_ERR_CANCELLED);
        assert_string_equal(error.sentence, "cancelled before all was done");
    }
}

static void cancelled_before(void **state)
{
    (void)state;
    cw_cancel_raise(&cancel);
    assert_int_equal(cw_wait_one(UINT64_MAX, &cancel, NULL), CW_ERR_CANCELLED);
    cw_cancel_clear(&cancel);
    assert_int_equal(cw_wait_one(1, &cancel, NULL), CW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lasts_at_least_as_long),
        cmocka_unit_test(signals_do_not_shorten),
        cmocka_unit_test(cancelled_while_asleep),
        cmocka_unit_test(cancelled_before),
    };
    return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}
