/* A simulated machine and a subject on it, so that hours of measuring take milliseconds. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TESTS_SIMULATED_H
#define CW_TESTS_SIMULATED_H

#include "measure/experiment.h"
#include "measure/random.h"

enum { SIMULATED_SETTINGS_MAX = 8 };

/* Time passes only when somebody sleeps or works. In bursts another program uses `burst_share` of a
 * processor, and work takes `burst_slowdown` times as long. */
typedef struct simulated {
    /* To be set by the test. */
    cw_random random;
    double work_ns[SIMULATED_SETTINGS_MAX]; /* a run of each setting on a quiet machine */
    double noise;                           /* relative slow-down of a typical run */
    double look_ns;                         /* what a look at the other processes takes */
    double quiet_ns, burst_ns;              /* mean lengths; quiet_ns 0: no bursts */
    double burst_share, burst_slowdown;
    bool foreign_hidden;
    double spin_ns; /* how long a team spins after a parallel run */
    int threads_most;
    size_t wrong_setting; /* gives another digest from run wrong_from on; 0: none does */
    int wrong_from;
    cw_cancel *cancel; /* raised by run number cancel_at, counted from 1 */
    int cancel_at;
    bool cancelled_inside; /* and that run says so */

    /* Its state. */
    const cw_setting *settings;
    double now_ns, switch_ns, spin_until_ns, foreign_ns, watched_ns, own_ns;
    bool bursting;
    int runs, sleeps;
    double slept_ns;
    double spun_before_serial_ns; /* of teams still spinning when a serial run began */
} simulated;

cw_surroundings simulated_surroundings(simulated *machine);

/* Runs what `settings`, which work_ns tells the times of. */
cw_subject simulated_subject(simulated *machine, const cw_setting *settings);

#endif
