/* Ctrl-C, SIGTERM and SIGHUP raise a cancel flag; another one later ends the process. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_INTERRUPT_H
#define CW_CLI_INTERRUPT_H

#include <chunkwise/plan.h>

/* The flag that a signal raises; handed to every plan. */
const cw_cancel *cw_interrupt_flag(void);

/* From here on the first signal raises the flag. Before, while input is read, it simply kills:
 * there is nothing to clean up yet. */
void cw_interrupt_install(void);

/* The signal that came, or 0. */
int cw_interrupt_signal(void);

#endif
