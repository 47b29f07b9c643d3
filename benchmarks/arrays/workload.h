/* What every contender is asked to do, and what it is asked through. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BENCHMARKS_ARRAYS_WORKLOAD_H
#define CW_BENCHMARKS_ARRAYS_WORKLOAD_H

#include "kernels/arrays/elementwise.h"

typedef enum task { SQUARE, CUBE, SUM } task;

typedef struct workload {
    task task;
    cw_number type;
    size_t n;
    const void *x;
    void *y;     /* unused by sums */
    int threads; /* as many as this, however small the arrays */
} workload;

/* Each adds whatever it computes to this, so that no compiler finds it useless. */
extern volatile double sink;

typedef void contender(const workload *work);

/* One file each. */
contender run_copy;          /* the ceiling of powers: x copied to y */
contender run_streamed_copy; /* the same, stored past the cache */
contender run_read;          /* the ceiling of sums: x read once */
contender run_ours;
contender run_openmp; /* the loop with a pragma above it, no overflow checked */
contender run_serial; /* the loop */

#endif
