/* The plan: the one argument that says how to run a job, never what it computes. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_PLAN_H
#define CHUNKWISE_PLAN_H

#include <chunkwise/cancel.h>
#include <chunkwise/machine.h>
#include <chunkwise/policy.h>
#include <chunkwise/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most threads that a plan may ask for. */
#define CW_THREADS_MAX 4096

/**
 * Told how far a job is: `done` of `total` items. Called by one thread at a time, not always the
 * same one, with rising `done`, at most every 100 ms, and not at all by short jobs.
 */
typedef void cw_progress(void *context, uint64_t done, uint64_t total);

/** What each thread did in a call, for imbalance to be seen. Undefined after a failure. */
typedef struct cw_account {
    uint64_t *busy_ns; /**< room for `capacity` threads: time each spent working; or NULL */
    uint64_t *items;   /**< the same for items done, 0 for a thread that came too late; or NULL */
    int capacity;      /**< length of both */
    int threads;       /**< out: threads in the team (1 when no region was entered) */
    uint64_t chunk;    /**< out: items a chunk held; 0 where the policy decided by itself */
    cw_policy policy;  /**< out: the policy used, never auto; static where no region was entered */
} cw_account;

/**
 * How to run. All zero (or a NULL plan) decides everything: explicit fields win over OMP_* in the
 * environment, which wins over what the machine suggests. A plan is read, never kept or written,
 * except for what `account` points to. `reserved` must be zero.
 */
typedef struct cw_plan {
    int threads;      /**< 1 to CW_THREADS_MAX; 0: decide. A build without OpenMP runs on one */
    int serial;       /**< nonzero: this thread alone, no OpenMP region entered */
    cw_policy policy; /**< heeded where the order of hand-out is free */
    uint64_t chunk;   /**< items a thread takes at a time, rounded up to whole blocks; 0: decide */
    cw_isa isa;       /**< highest instruction set to use; 0: no ceiling */
    size_t scratch_bytes; /**< for cw_for and cw_reduce: private memory of each thread */
    const cw_cancel *cancel;
    cw_progress *progress;
    void *progress_context;
    cw_account *account;
    uint64_t reserved[4];
} cw_plan;

/**
 * Threads that a job under this plan would get if it were large: what the plan says, else
 * OMP_NUM_THREADS (or omp_set_num_threads), else the processors this process may use, cut to the
 * cgroup's CPU quota. At least 1, and 1 inside an OpenMP region or in a build without OpenMP.
 */
CW_API int cw_plan_threads(const cw_plan *plan);

/** The instruction set that a job under this plan uses: the machine's, lowered by the plan. */
CW_API cw_isa cw_plan_isa(const cw_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
