/* What can be measured: something that runs under a setting and gives a sample. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_SUBJECT_H
#define CW_MEASURE_SUBJECT_H

#include <chunkwise/policy.h>

#include <stdbool.h>

/* One point of the space that is compared or tuned. Zero fields: left to the subject. */
typedef struct cw_setting {
    bool serial; /* the baseline: no OpenMP region entered */
    int threads;
    cw_policy policy;
    uint64_t chunk;
} cw_setting;

/* One timed run. */
typedef struct cw_sample {
    uint64_t wall_ns;
    uint64_t user_ns; /* processor time of all threads */
    uint64_t system_ns;
    uint64_t foreign_ns; /* processor time of other processes meanwhile; UINT64_MAX: unknown */
    uint64_t digest;     /* of what the run produced */
    uint64_t busiest_ns; /* busy time of the busiest thread; 0: unknown */
    uint64_t idlest_ns;  /* of the least busy thread */
} cw_sample;

/* The measure and tune modules know nothing else of what they measure. */
typedef struct cw_subject {
    void *context;
    /* One run, timed by the subject itself, fills wall_ns, digest, busiest_ns and idlest_ns; the
     * experiment around it fills the rest. */
    cw_status (*run)(void *context, const cw_setting *setting, cw_sample *sample, cw_error *error);
} cw_subject;

#endif
