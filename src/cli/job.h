/* A kernel's job as the command line asked for it, and the plan to run it under. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_JOB_H
#define CW_CLI_JOB_H

#include "cli/options.h"
#include "measure/subject.h"

/* Threads whose busy time is kept. */
enum { CW_JOB_THREADS = CW_THREADS_MAX };

typedef struct cw_job {
    const cw_kernel *kernel;
    void *state; /* the kernel's own */
    cw_plan plan;
    cw_account account; /* what plan.account points to */
    uint64_t busy_ns[CW_JOB_THREADS];
} cw_job;

/* The kernel's job, prepared. The job must stay where it is. On failure there is nothing to
 * finish. */
cw_status cw_job_init(cw_job *job, const cw_options *options, cw_error *error);

/* NULL is fine. */
void cw_job_finish(cw_job *job);

/* Where the job's bulky output goes, and whether its first fact is the whole answer. */
cw_destination cw_job_destination(const cw_job *job);
bool cw_job_answers(const cw_job *job);

/* Before a run that is to be checked or timed: what a run before it left behind is gone. */
void cw_job_reset(cw_job *job);

/* Everything after the plan's own decision: how the last run was done, for people and for JSON. */
typedef struct cw_plan_used {
    int threads;
    bool serial;
    cw_policy policy;
    uint64_t chunk; /* items; 0: left to the policy */
    cw_isa isa;
} cw_plan_used;

cw_plan_used cw_job_plan_used(const cw_job *job);

/* Processors that this process may use, whatever OMP_PROC_BIND did to the calling thread. */
int cw_job_allowed_cpus(void);

/* The same, cut to the quota: threads that CPU-bound work can gain by. */
int cw_job_usable_cpus(void);

/* Something for an experiment to run, over and over; its context is the job. */
cw_subject cw_job_subject(cw_job *job);

#endif
