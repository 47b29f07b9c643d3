/* Items that only wait: what input and output look like to a scheduler, beside real computing. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_WAIT_H
#define CHUNKWISE_WAIT_H

#include <chunkwise/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sleep ns_each nanoseconds for each of `items` items, as a program does that waits for a disk or
 * the network. Processors stay free, so that more threads than processors do help here.
 *
 * @param items    any number; 0 returns at once.
 * @param ns_each  nanoseconds, any number. The system's timer adds some tens of microseconds.
 * @param plan     how to run it; NULL for defaults. Not kept.
 *
 * @return CW_OK; CW_ERR_CANCELLED, at most about 50 ms after the plan's flag was raised;
 *         CW_ERR_THREADS, CW_ERR_NO_MEMORY, CW_ERR_ARGUMENT for a plan that is out of bounds.
 *
 * Time    items * ns_each / threads at least; each item's own wait is never cut short.
 * Memory  none.
 */
CW_API cw_status cw_wait(uint64_t items, uint64_t ns_each, const cw_plan *plan, cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
