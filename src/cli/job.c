/* Prepares a kernel's job and makes a subject for measuring of it. */
/* SPDX-License-Identifier: MIT */
#include "cli/job.h"

#include "cli/interrupt.h"
#include "machine/clock.h"
#include "machine/machine.h"
#include "parallel/runtime.h"

cw_status cw_job_init(cw_job *job, const cw_options *options, cw_error *error)
{
    *job = (cw_job){.kernel = options->kernel};
    job->account = (cw_account){.busy_ns = job->busy_ns, .capacity = CW_JOB_THREADS};
    job->plan = (cw_plan){
        .threads = options->thread_count > 0 ? options->threads[0] : 0,
        .serial = options->serial,
        .policy = options->policy,
        .chunk = options->chunk,
        .isa = options->isa,
        .cancel = cw_interrupt_flag(),
        .account = &job->account,
    };
    return job->kernel->prepare(options->values, &job->plan, &job->state, error);
}

void cw_job_finish(cw_job *job)
{
    if (job == NULL)
        return;
    job->kernel->destroy(job->state);
    job->state = NULL;
}

cw_destination cw_job_destination(const cw_job *job)
{
    return job->kernel->destination != NULL ? job->kernel->destination(job->state)
                                            : CW_DESTINATION_NONE;
}

bool cw_job_answers(const cw_job *job)
{
    return job->kernel->answers == NULL || job->kernel->answers(job->state);
}

cw_plan_used cw_job_plan_used(const cw_job *job)
{
    return (cw_plan_used){
        .threads = job->account.threads,
        .serial = job->plan.serial,
        .policy = job->account.policy,
        .chunk = job->account.chunk,
        .isa = cw_plan_isa(&job->plan),
    };
}

void cw_job_reset(cw_job *job)
{
    if (job->kernel->reset != NULL)
        job->kernel->reset(job->state);
}

int cw_job_allowed_cpus(void)
{
    const int seen = cw_machine_get()->allowed_cpus;
    const int runtime = cw_runtime_processors();
    return runtime > seen ? runtime : seen;
}

int cw_job_usable_cpus(void)
{
    return cw_machine_usable(cw_job_allowed_cpus(), cw_machine_get()->quota_cpus);
}

static void note_busy_times(const cw_account *account, cw_sample *sample)
{
    for (int i = 0; i < account->threads && i < account->capacity; i++) {
        const uint64_t busy = account->busy_ns[i];
        if (i == 0 || busy > sample->busiest_ns)
            sample->busiest_ns = busy;
        if (i == 0 || busy < sample->idlest_ns)
            sample->idlest_ns = busy;
    }
}

static cw_status run_setting(void *context, const cw_setting *setting, cw_sample *sample,
                             cw_error *error)
{
    cw_job *job = context;
    cw_plan plan = job->plan;
    plan.serial = setting->serial;
    plan.threads = setting->serial ? 0 : setting->threads;
    plan.policy = setting->policy;
    plan.chunk = setting->chunk;
    cw_job_reset(job);
    const uint64_t begin = cw_clock_ns();
    const cw_status status = job->kernel->run(job->state, &plan, error);
    const uint64_t end = cw_clock_ns();
    if (status != CW_OK)
        return status;
    *sample = (cw_sample){.wall_ns = end - begin, .digest = job->kernel->digest(job->state)};
    note_busy_times(&job->account, sample);
    return CW_OK;
}

cw_subject cw_job_subject(cw_job *job)
{
    return (cw_subject){.context = job, .run = run_setting};
}
