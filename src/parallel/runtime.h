/* The OpenMP runtime: what it is, what the environment told it, how many threads it may start. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PARALLEL_RUNTIME_H
#define CW_PARALLEL_RUNTIME_H

#include <chunkwise/plan.h>

#include <stdbool.h>

/* "libgomp", "libomp" or "none" (a build without OpenMP); never NULL. */
const char *cw_runtime_name(void);

/* The OpenMP version (_OPENMP, 201511 for 4.5) that the build was made with; 0: none. */
int cw_runtime_version(void);

/* OMP_SCHEDULE as it was when first asked: true when it is set and valid. Whether it is set is
 * read from the environment, because the runtime cannot tell unset from dynamic,1. */
bool cw_runtime_schedule(cw_policy *policy, uint64_t *chunk);

/* Threads to use where the plan says nothing; *asked tells whether somebody chose that number
 * (OMP_NUM_THREADS, omp_set_num_threads) or we did. */
int cw_runtime_threads(bool *asked);

/* Processors that the runtime may use, whatever OMP_PROC_BIND did to the calling thread. */
int cw_runtime_processors(void);

/* True inside an active parallel region, and in a build without OpenMP: no team can be had. */
bool cw_runtime_inside(void);

/*
 * Make sure that `wanted` threads can run at once, before a runtime finds out that they cannot and
 * ends the process (libgomp does). Tried once for each new height, by starting and ending plain
 * threads: some 10 µs a thread. Returns how many there can be, 1 to `wanted`.
 */
int cw_runtime_startable(int wanted);

#endif
