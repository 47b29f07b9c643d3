/* Signals, each tried in a child of its own. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include "cli/interrupt.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run in a child; what wait says of its end. */
static int end_of(void (*body)(void))
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body();
        _exit(0);
    }
    int end = 0;
    assert_int_equal(waitpid(child, &end, 0), child);
    return end;
}

static void expect(int condition, int code)
{
    if (!condition)
        _exit(code);
}

static void raise_once(void)
{
    cw_interrupt_install();
    expect(!cw_cancel_raised(cw_interrupt_flag()) && cw_interrupt_signal() == 0, 1);
    expect(raise(SIGTERM) == 0, 2);
    expect(cw_cancel_raised(cw_interrupt_flag()), 3);
    expect(cw_interrupt_signal() == SIGTERM, 4);
}

static void raise_twice_together(void)
{
    raise_once();
    expect(raise(SIGTERM) == 0, 5);
    expect(raise(SIGINT) == 0, 6);
}

static void raise_twice(void)
{
    raise_once();
    (void)usleep(400000);
    (void)raise(SIGINT);
}

static void raise_ignored(void)
{
    (void)signal(SIGINT, SIG_IGN);
    cw_interrupt_install();
    expect(raise(SIGINT) == 0, 1);
    expect(!cw_cancel_raised(cw_interrupt_flag()), 2);
}

static void the_first_raises_the_flag(void **state)
{
    (void)state;
    assert_int_equal(end_of(raise_once), 0);
}

static void two_together_are_one(void **state)
{
    (void)state;
    assert_int_equal(end_of(raise_twice_together), 0);
}

static void a_later_one_ends_the_process(void **state)
{
    (void)state;
    const int end = end_of(raise_twice);
    assert_true(WIFSIGNALED(end));
    assert_int_equal(WTERMSIG(end), SIGINT);
}

static void an_ignored_signal_stays_ignored(void **state)
{
    (void)state;
    assert_int_equal(end_of(raise_ignored), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_raises_the_flag),
        cmocka_unit_test(two_together_are_one),
        cmocka_unit_test(a_later_one_ends_the_process),
        cmocka_unit_test(an_ignored_signal_stays_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
