/* Signal handlers that raise the cancel flag. */
/* SPDX-License-Identifier: MIT */
#include "cli/interrupt.h"

#include <signal.h>

static cw_cancel cancel;
static volatile sig_atomic_t received;

static void raise_flag(int signal)
{
    received = signal;
    cw_cancel_raise(&cancel);
}

const cw_cancel *cw_interrupt_flag(void)
{
    return &cancel;
}

void cw_interrupt_install(void)
{
    /* SA_RESETHAND: the second signal has its usual effect. SA_RESTART: writes are not cut short;
     * the flag is looked at between them. */
    struct sigaction action = {.sa_handler = raise_flag, .sa_flags = SA_RESETHAND | SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    const int signals[] = {SIGINT, SIGTERM};
    for (int i = 0; i < 2; i++) {
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
