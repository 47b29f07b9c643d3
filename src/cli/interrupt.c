/* Signal handlers that raise the cancel flag. */
/* SPDX-License-Identifier: MIT */
#include "cli/interrupt.h"

#include "machine/clock.h"

#include <signal.h>
#include <stddef.h>

static cw_cancel cancel;
static volatile sig_atomic_t received;

/* timeout(1) sends its signal to the process and to its group: two that come together are one. */
static const uint64_t together_ns = 300000000;
static volatile uint64_t received_ns;

static void take_signal(int number)
{
    const uint64_t now = cw_clock_ns();
    if (received != 0 && now - received_ns > together_ns) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
        return;
    }
    if (received == 0)
        received_ns = now;
    received = number;
    cw_cancel_raise(&cancel);
}

const cw_cancel *cw_interrupt_flag(void)
{
    return &cancel;
}

void cw_interrupt_install(void)
{
    /* SA_RESTART: writes are not cut short; the flag is looked at between them. */
    struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        /* Whoever started us with a signal ignored (nohup, a background job) wants it so. */
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &action, NULL);
    }
}

int cw_interrupt_signal(void)
{
    return received;
}
