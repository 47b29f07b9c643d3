/* An experiment: one subject under several settings, interleaved, until the ratios are known. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_EXPERIMENT_H
#define CW_MEASURE_EXPERIMENT_H

#include <chunkwise/cancel.h>

#include "measure/result.h"
#include "measure/surroundings.h"

/* How far an experiment is; told before each run. */
typedef struct cw_experiment_state {
    const cw_setting *setting; /* the one about to run */
    unsigned round;            /* 0: warm-up */
    unsigned attempt;          /* above 0: the run before was dirty */
    uint64_t elapsed_ns;
    double done;      /* share of the limits used up, 0 to 1; precision may end it earlier */
    double precision; /* relative half-width of the widest interval so far; NAN: not known yet */
} cw_experiment_state;

/* What to measure and when to stop. Zero fields take the default named beside them. */
typedef struct cw_experiment {
    const cw_subject *subject;
    const cw_setting *settings; /* settings[0] is the baseline that the others are held against */
    size_t setting_count;       /* 1 to CW_SETTINGS_MAX */
    uint64_t items, bytes;      /* of one run, for rates */

    double precision;       /* stop when every interval is within +- this; 0.01 */
    unsigned rounds_least;  /* before precision may end it; 8 */
    unsigned rounds_most;   /* 100 */
    uint64_t time_limit_ns; /* no round starts that would end after it, once there are
                             * rounds enough for an interval; 30 s */
    uint64_t seed;          /* of the order of runs; 1 */

    const cw_cancel *cancel;                                           /* or NULL */
    void (*progress)(void *context, const cw_experiment_state *state); /* or NULL */
    void *progress_context;

    const cw_surroundings *surroundings; /* NULL: the machine we run on */
} cw_experiment;

enum { CW_SETTINGS_MAX = 4096 };

/*
 * Run it: a warm-up round, then rounds in which every setting runs once. Odd rounds are shuffled,
 * even ones repeat the round before in reverse, so that a machine that grows slower favours nobody.
 * A run during which other processes took more than 5 % of a processor is dirty: it waits and is
 * repeated, at most twice and only within the limit of time. A ratio is taken over the rounds in
 * which both sides are clean.
 *
 * A team may still be spinning after a parallel run (OMP_WAIT_POLICY). Before a serial run,
 * the experiment sleeps until this process uses no processor time.
 *
 * When the cancel flag is raised (or the subject gives CW_ERR_CANCELLED and it is raised) the
 * result holds what is known so far, with complete = false, and the call gives CW_OK.
 *
 * Returns CW_OK and a result for cw_result_destroy; CW_ERR_MISMATCH when a run's digest is not the
 * first run's; what the subject returned when it failed; both name the setting. CW_ERR_ARGUMENT,
 * CW_ERR_NO_MEMORY. On failure *result is untouched.
 */
cw_status cw_experiment_run(const cw_experiment *experiment, cw_result **result, cw_error *error);

#endif
