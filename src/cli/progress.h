/* A progress bar on standard error, and what is known of a job that was cut short. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_PROGRESS_H
#define CW_CLI_PROGRESS_H

#include "cli/options.h"

typedef struct cw_progress_bar {
    bool wanted;
    bool drawn; /* there is something on the terminal to erase */
    uint64_t begin_ns;
    uint64_t drawn_ns;
    uint64_t done, total; /* as last told; 0 of 0: never */
} cw_progress_bar;

/* The bar is wanted on a terminal, unless the options say otherwise. */
void cw_progress_bar_init(cw_progress_bar *bar, cw_progress_mode mode);

/* Show it from the first update on: the first step is known to be long. */
void cw_progress_bar_at_once(cw_progress_bar *bar);

/* A cw_progress for a plan, with the bar as its context. */
void cw_progress_bar_update(void *context, uint64_t done, uint64_t total);

/* Show a share between 0 and 1 with a note in place of the time left; note may be NULL. */
void cw_progress_bar_show(cw_progress_bar *bar, double share, const char *note);

/* Leave the line as if nothing had been there. */
void cw_progress_bar_erase(cw_progress_bar *bar);

#endif
