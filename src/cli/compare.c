/* The compare command: the serial baseline against several numbers of threads, interleaved. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "config.h"
#include "machine/machine.h"
#include "measure/experiment.h"
#include "parallel/runtime.h"
#include "report/json.h"
#include "report/text.h"
#include "report/units.h"
#include "report/wrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

enum {
    SETTINGS_MAX = CW_THREAD_LIST_MAX + 1,
    /* Rounds that an experiment takes at least, the warm-up among them. */
    LEAST_ROUNDS = 9,
    TEXT_COLUMNS = 80
};

/* 1, 2, 4 and so on up to the processors that can be had, these included. */
static int default_threads(int list[CW_THREAD_LIST_MAX])
{
    const int usable = cw_job_usable_cpus();
    int count = 0;
    for (int threads = 1; threads < usable; threads *= 2)
        list[count++] = threads;
    list[count++] = usable;
    return count;
}

static int make_settings(const cw_options *options, cw_setting settings[SETTINGS_MAX])
{
    int threads[CW_THREAD_LIST_MAX];
    int count = options->thread_count;
    memcpy(threads, options->threads, sizeof threads);
    if (count == 0)
        count = default_threads(threads);
    settings[0] = (cw_setting){.serial = true};
    for (int i = 0; i < count; i++)
        settings[i + 1] =
            (cw_setting){.threads = threads[i], .policy = options->policy, .chunk = options->chunk};
    return count + 1;
}

static void announce_long_comparison(const cw_job *job, const cw_setting *settings, int count)
{
    const double serial = job->kernel->estimate(job->state);
    double round = 0;
    for (int i = 0; i < count; i++) {
        int threads = settings[i].serial ? 1 : settings[i].threads;
        if (threads > cw_job_usable_cpus())
            threads = cw_job_usable_cpus();
        round += serial / threads;
    }
    char text[CW_UNIT_TEXT];
    if (round * LEAST_ROUNDS > 120)
        (void)fprintf(stderr,
                      "chunkwise: this will take about %s (%d rounds of %d runs); Ctrl-C ends it "
                      "with what is known by then\n",
                      cw_print_rough_time(round * LEAST_ROUNDS * 1e9, text), LEAST_ROUNDS, count);
}

static void show_progress(void *context, const cw_experiment_state *state)
{
    char setting[64];
    char note[120];
    cw_setting_print(state->setting, setting, sizeof setting);
    if (state->round == 0)
        (void)snprintf(note, sizeof note, "warm-up: %s", setting);
    else if (isnan(state->precision))
        (void)snprintf(note, sizeof note, "round %u: %s", state->round, setting);
    else
        (void)snprintf(note, sizeof note, "round %u: %s, known to +-%.1f %%", state->round, setting,
                       100 * state->precision);
    cw_progress_bar_show(context, state->done, note);
}

/* What was measured, where and with what */

static void print_parameters(const cw_options *options, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < options->kernel->parameter_count && used < size; i++) {
        const cw_parameter *parameter = &options->kernel->parameters[i];
        const cw_value *value = &options->values[i];
        if (!value->given)
            continue;
        const char *space = used > 0 ? " " : "";
        if (parameter->positional)
            used += (size_t)snprintf(text + used, size - used, "%s%s", space, value->text);
        else if (parameter->kind == CW_PARAMETER_FLAG)
            used += (size_t)snprintf(text + used, size - used, "%s--%s", space, parameter->name);
        else
            used += (size_t)snprintf(text + used, size - used, "%s--%s %s", space, parameter->name,
                                     value->text);
    }
}

static void print_date(char *text, size_t size)
{
    const time_t now = time(NULL);
    struct tm local;
    text[0] = '\0';
    if (localtime_r(&now, &local) != NULL)
        (void)strftime(text, size, "%Y-%m-%dT%H:%M:%S%z", &local);
}

static void print_environment(char *text, size_t size)
{
    cw_variable variables[CW_VARIABLES_MAX];
    const int count = cw_environment_read(variables);
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "", variables[i].text);
}

static void print_openmp(char *text, size_t size)
{
    if (cw_runtime_version() == 0)
        (void)snprintf(text, size, "none");
    else
        (void)snprintf(text, size, "%s, OpenMP %d", cw_runtime_name(), cw_runtime_version());
}

static cw_status describe(cw_result *result, const cw_options *options, const cw_job *job,
                          const cw_rates *rates, cw_error *error)
{
    char parameters[256];
    char date[40];
    char environment[512];
    char openmp[64];
    char system[200] = "";
    struct utsname host;
    print_parameters(options, parameters, sizeof parameters);
    print_date(date, sizeof date);
    print_environment(environment, sizeof environment);
    print_openmp(openmp, sizeof openmp);
    if (uname(&host) == 0)
        (void)snprintf(system, sizeof system, "%.60s %.60s %.60s", host.sysname, host.release,
                       host.machine);
    const char *const texts[CW_TEXT_COUNT] = {
        [CW_TEXT_SUBJECT] = options->kernel->name,
        [CW_TEXT_PARAMETERS] = parameters,
        [CW_TEXT_ITEMS] = rates->item_name,
        [CW_TEXT_DATE] = date,
        [CW_TEXT_PROCESSOR] = cw_machine_get()->model,
        [CW_TEXT_SYSTEM] = system,
        [CW_TEXT_ISA] = cw_isa_name(cw_plan_isa(&job->plan)),
        [CW_TEXT_VERSION] = CW_VERSION,
        [CW_TEXT_COMPILER] = CW_COMPILER,
        [CW_TEXT_OPENMP] = openmp,
        [CW_TEXT_ENVIRONMENT] = environment,
    };
    result->usable_cpus = cw_job_usable_cpus();
    for (int i = 0; i < CW_TEXT_COUNT; i++) {
        const cw_status status =
            cw_result_describe(result, (cw_result_text)i, texts[i][0] ? texts[i] : NULL, error);
        if (status != CW_OK)
            return status;
    }
    return CW_OK;
}

static cw_status measure(cw_job *job, const cw_options *options, cw_result **result,
                         cw_error *error)
{
    cw_setting settings[SETTINGS_MAX];
    const int count = make_settings(options, settings);
    announce_long_comparison(job, settings, count);
    cw_rates rates;
    job->kernel->rates(job->state, &rates);
    const cw_subject subject = cw_job_subject(job);
    cw_progress_bar bar;
    cw_progress_bar_init(&bar, options->progress);
    if (job->kernel->estimate(job->state) > 1)
        cw_progress_bar_at_once(&bar);
    cw_interrupt_install();
    const cw_experiment experiment = {
        .subject = &subject,
        .settings = settings,
        .setting_count = (size_t)count,
        .items = rates.items,
        .bytes = rates.bytes_read + rates.bytes_written,
        .rounds_most = (unsigned)options->rounds,
        .time_limit_ns = (uint64_t)(options->seconds * 1e9),
        .cancel = job->plan.cancel,
        .progress = show_progress,
        .progress_context = &bar,
    };
    const cw_status status = cw_experiment_run(&experiment, result, error);
    cw_progress_bar_erase(&bar);
    return status == CW_OK ? describe(*result, options, job, &rates, error) : status;
}

/* Every run gave the same digest; so the last one stands for all. */
static cw_status check(cw_job *job, bool json, cw_error *error)
{
    const char *against = NULL;
    const cw_status status = job->kernel->check(job->state, &against, error);
    if (status == CW_OK && !json && against != NULL)
        (void)printf("The result agrees with %s.\n", against);
    return status;
}

/* Which settings cannot gain by their threads when the work is bound by computing. */
static void note_oversubscription(const cw_result *result)
{
    char text[12 * SETTINGS_MAX + 200] = "";
    size_t used = 0;
    for (size_t i = 0; i < result->setting_count; i++) {
        if (result->settings[i].threads > result->usable_cpus)
            used +=
                (size_t)snprintf(text + used, sizeof text - used, "%s%d",
                                 used > 0 ? ", " : "Oversubscribed: ", result->settings[i].threads);
    }
    if (used == 0)
        return;
    (void)snprintf(text + used, sizeof text - used,
                   " threads are more than the %d processor%s to be had here. Work that waits "
                   "gains by that, work that computes does not.",
                   result->usable_cpus, result->usable_cpus == 1 ? "" : "s");
    cw_text_wrap(stdout, text, TEXT_COLUMNS, false);
}

static int print_result(cw_job *job, const cw_options *options, const cw_result *result)
{
    cw_error error = {0};
    cw_status status;
    if (options->json) {
        status = cw_json_print(result, stdout, &error);
    } else {
        const cw_text_style style = cw_text_style_of(stdout);
        status = cw_text_print(result, &style, stdout, &error);
        note_oversubscription(result);
    }
    if (status == CW_OK && result->complete)
        status = check(job, options->json, &error);
    if (status != CW_OK)
        return cw_complain(status, &error);
    if (!result->complete)
        return CW_EXIT_SIGNAL + cw_interrupt_signal();
    return CW_EXIT_OK;
}

/* Output that is written over and over is not what is measured. */
static void leave_out_output(cw_options *options)
{
    for (int i = 0; i < options->kernel->parameter_count; i++) {
        if (strcmp(options->kernel->parameters[i].name, "output") != 0 ||
            !options->values[i].present)
            continue;
        options->values[i] = (cw_value){0};
        (void)fputs("chunkwise: compare writes no output: -o has no effect\n", stderr);
    }
}

static int compare(const cw_options *given)
{
    cw_error error = {0};
    static cw_job job; /* too large for the stack */
    cw_options left = *given;
    const cw_options *options = &left;
    leave_out_output(&left);
    cw_status status = cw_environment_check(&error);
    if (status == CW_OK)
        status = cw_job_init(&job, options, &error);
    if (status != CW_OK)
        return cw_complain(status, &error);
    cw_result *result = NULL;
    status = measure(&job, options, &result, &error);
    const int code =
        status == CW_OK ? print_result(&job, options, result) : cw_complain(status, &error);
    cw_result_destroy(result);
    cw_job_finish(&job);
    return code;
}

const cw_command cw_command_compare = {
    .name = "compare",
    .usage = "KERNEL PARAMETERS [OPTIONS]",
    .summary = "the serial baseline against several numbers of threads",
    .details = "Runs the serial baseline and each number of threads in turn, round after round, "
               "until the speed-ups are known well enough, and checks that every run gives the "
               "same result. Threads are 1, 2, 4 and so on up to the processors that can be had; "
               "--threads asks for others, more than there are among them. Nothing is written to "
               "a file of -o.",
    .takes = CW_TAKES_KERNEL,
    .options = cw_options_compare,
    .run = compare,
};
