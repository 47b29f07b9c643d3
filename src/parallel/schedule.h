/* From a plan and a work to how the work's blocks are handed out. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PARALLEL_SCHEDULE_H
#define CW_PARALLEL_SCHEDULE_H

#include <chunkwise/work.h>

#include <stdbool.h>

typedef struct cw_schedule {
    int threads;
    bool threads_asked; /* somebody chose that number: fewer will not do */
    bool region;        /* enter an OpenMP region, be it with one thread */
    bool measure;       /* time the first blocks, then call cw_schedule_measured */
    cw_policy policy;   /* static, dynamic or guided once `measure` is settled */
    uint64_t chunk;     /* in blocks; 0: the policy's own default */
} cw_schedule;

/* Time spent on the first blocks before they are believed. */
#define CW_SCHEDULE_PROBE_NS 5000.0

/*
 * Decide, as if all blocks were still to do. CW_ERR_ARGUMENT when the plan is out of bounds;
 * CW_ERR_THREADS when it (or OMP_NUM_THREADS) asks for more threads than can be had.
 */
cw_status cw_schedule_make(const cw_work *work, const cw_plan *plan, cw_schedule *schedule,
                           cw_error *error);

/* Settle what `measure` left open, now that a block is known to take block_ns and `blocks` are
 * left: the size of chunks, and whether more threads are worth starting. */
cw_status cw_schedule_measured(cw_schedule *schedule, const cw_plan *plan, double block_ns,
                               uint64_t blocks, cw_error *error);

#endif
