/* The run command: one job, its result on standard output. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/document.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "machine/clock.h"
#include "report/units.h"
#include "report/value.h"

#include <unistd.h>

/* A run that is to take longer than this says so first. */
static const double patience_seconds = 60;

/* What is known once the job has run. */
typedef struct outcome {
    uint64_t elapsed_ns;
    cw_rates rates;
    cw_fact facts[CW_FACTS_MAX];
    int fact_count;
    const char *checked_against; /* NULL: not checked, or nothing to check against */
} outcome;

static void announce_long_run(const cw_job *job)
{
    const double serial = job->kernel->estimate(job->state);
    int threads = job->plan.serial ? 1 : cw_plan_threads(&job->plan);
    if (threads > cw_job_usable_cpus())
        threads = cw_job_usable_cpus();
    const double seconds = serial / threads;
    char text[CW_UNIT_TEXT];
    if (seconds > patience_seconds)
        (void)fprintf(stderr, "chunkwise: this will take about %s on %d thread%s; Ctrl-C ends it\n",
                      cw_print_rough_time(seconds * 1e9, text), threads, threads == 1 ? "" : "s");
}

static int report_interruption(const cw_progress_bar *bar)
{
    const int signal = cw_interrupt_signal();
    char took[CW_UNIT_TEXT];
    (void)cw_print_time((double)(cw_clock_ns() - bar->begin_ns), false, took);
    if (bar->total != 0)
        (void)fprintf(stderr, "chunkwise: interrupted after %s, %d %% done; no result\n", took,
                      (int)(100 * (double)bar->done / (double)bar->total));
    else
        (void)fprintf(stderr, "chunkwise: interrupted after %s; no result\n", took);
    return CW_EXIT_SIGNAL + signal;
}

/* Everything between preparing the job and printing what came out. */
static cw_status carry_out(cw_job *job, const cw_options *options, cw_progress_bar *bar,
                           outcome *result, cw_error *error)
{
    const cw_kernel *kernel = job->kernel;
    const bool bulky = cw_job_destination(job) != CW_DESTINATION_NONE;
    if (bulky) {
        const cw_status status = kernel->open(job->state, error);
        if (status != CW_OK)
            return status;
    }
    cw_plan watched = job->plan;
    watched.progress = cw_progress_bar_update;
    watched.progress_context = bar;
    const uint64_t begin = cw_clock_ns();
    cw_status status = kernel->run(job->state, &watched, error);
    result->elapsed_ns = cw_clock_ns() - begin;
    cw_progress_bar_erase(bar);
    if (status == CW_OK && options->check)
        status = kernel->check(job->state, &result->checked_against, error);
    if (status != CW_OK)
        return status;
    /* Before finish, which takes away what the facts are read from. */
    kernel->rates(job->state, &result->rates);
    result->fact_count = kernel->facts(job->state, result->facts);
    return bulky ? kernel->finish(job->state, error) : CW_OK;
}

static void print_fact(const cw_fact *fact, bool named, FILE *stream)
{
    if (named)
        (void)fprintf(stream, "%-13s", fact->name);
    switch (fact->kind) {
    case CW_FACT_U64:
        (void)fprintf(stream, "%llu\n", (unsigned long long)fact->u64);
        break;
    case CW_FACT_I64:
        (void)fprintf(stream, "%lld\n", (long long)fact->i64);
        break;
    case CW_FACT_F64: {
        char text[CW_UNIT_TEXT];
        (void)fprintf(stream, "%s\n", cw_print_exact(fact->f64, text));
        break;
    }
    case CW_FACT_TEXT:
        (void)fprintf(stream, "%s\n", fact->text);
        break;
    }
}

/* The answer alone, or every fact with its name; to standard error when the list went to standard
 * output. */
static void print_facts(const cw_job *job, const outcome *result, bool talkative)
{
    const bool output_taken = cw_job_destination(job) == CW_DESTINATION_STREAM;
    if (output_taken) {
        for (int i = 0; talkative && i < result->fact_count; i++)
            print_fact(&result->facts[i], true, stderr);
        return;
    }
    if (cw_job_answers(job)) {
        print_fact(&result->facts[0], false, stdout);
        return;
    }
    for (int i = 0; i < result->fact_count; i++)
        print_fact(&result->facts[i], true, stdout);
}

static void print_how(const cw_job *job, const outcome *result)
{
    const cw_plan_used used = cw_job_plan_used(job);
    const double seconds = (double)result->elapsed_ns * 1e-9;
    char text[CW_UNIT_TEXT];
    (void)fprintf(stderr, "%s", cw_print_time((double)result->elapsed_ns, false, text));
    if (used.serial)
        (void)fputs(", serial", stderr);
    else
        (void)fprintf(stderr, " on %d thread%s", used.threads, used.threads == 1 ? "" : "s");
    (void)fprintf(stderr, ", %s", cw_isa_name(used.isa));
    if (result->rates.items > 0 && seconds > 0)
        (void)fprintf(stderr, ": %s %s/s",
                      cw_print_count((double)result->rates.items / seconds, text),
                      result->rates.item_name);
    const uint64_t bytes = result->rates.bytes_read + result->rates.bytes_written;
    if (bytes > 0 && seconds > 0)
        (void)fprintf(stderr, ", %.3g GB/s", (double)bytes / seconds * 1e-9);
    if (used.threads > 1) {
        (void)fprintf(stderr, "\nschedule %s", cw_policy_name(used.policy));
        if (used.chunk > 0)
            (void)fprintf(stderr, ", %llu %s at a time", (unsigned long long)used.chunk,
                          result->rates.item_name);
    }
    (void)fputc('\n', stderr);
}

static void print_check(const outcome *result)
{
    if (result->checked_against != NULL)
        (void)fprintf(stderr, "checked: agrees with %s\n", result->checked_against);
    else
        (void)fputs("not checked: there is nothing to hold this result against\n", stderr);
}

static void put_parameters(cw_document *document, const cw_options *options)
{
    json_t *object = json_object();
    cw_document_put(document, NULL, "parameters", object);
    for (int i = 0; i < options->kernel->parameter_count; i++) {
        const cw_parameter *parameter = &options->kernel->parameters[i];
        const cw_value *value = &options->values[i];
        json_t *entry = NULL;
        if (parameter->kind == CW_PARAMETER_FLAG)
            entry = json_boolean(value->given);
        else if (!value->given)
            entry = json_null();
        else if (parameter->kind == CW_PARAMETER_NUMBER)
            entry = cw_json_u64(value->number);
        else
            entry = cw_json_text(value->text);
        cw_document_put(document, object, parameter->name, entry);
    }
}

static void put_plan(cw_document *document, const cw_job *job)
{
    const cw_plan_used used = cw_job_plan_used(job);
    json_t *object = json_object();
    cw_document_put(document, NULL, "plan", object);
    cw_document_put(document, object, "serial", json_boolean(used.serial));
    cw_document_put(document, object, "threads", json_integer(used.threads));
    cw_document_put(document, object, "policy", json_string(cw_policy_name(used.policy)));
    cw_document_put(document, object, "chunk",
                    used.chunk > 0 ? cw_json_u64(used.chunk) : json_null());
    cw_document_put(document, object, "isa", json_string(cw_isa_name(used.isa)));
}

static cw_status print_json(const cw_options *options, const cw_job *job, const outcome *result,
                            cw_error *error)
{
    cw_document document;
    cw_document_init(&document, "run");
    cw_document_put(&document, NULL, "kernel", json_string(options->kernel->name));
    put_parameters(&document, options);
    json_t *facts = json_object();
    cw_document_put(&document, NULL, "result", facts);
    cw_document_put_facts(&document, facts, result->facts, result->fact_count);
    put_plan(&document, job);
    cw_document_put(&document, NULL, "elapsed_ns", cw_json_u64(result->elapsed_ns));
    cw_document_put(&document, NULL, "items", cw_json_u64(result->rates.items));
    cw_document_put(&document, NULL, "item_name", json_string(result->rates.item_name));
    cw_document_put(&document, NULL, "bytes_read", cw_json_u64(result->rates.bytes_read));
    cw_document_put(&document, NULL, "bytes_written", cw_json_u64(result->rates.bytes_written));
    if (options->check)
        cw_document_put(&document, NULL, "checked_against",
                        result->checked_against != NULL ? json_string(result->checked_against)
                                                        : json_null());
    cw_document_put_machine(&document);
    return cw_document_print(&document, error);
}

static int run_job(cw_job *job, const cw_options *options)
{
    cw_error error = {0};
    if (options->json && cw_job_destination(job) == CW_DESTINATION_STREAM) {
        const cw_status status =
            cw_error_set(&error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                         "--json and the list both want standard output; -o FILE takes the list");
        return cw_complain(status, &error);
    }
    announce_long_run(job);
    cw_progress_bar bar;
    cw_progress_bar_init(&bar, options->progress);
    cw_interrupt_install();
    outcome result = {0};
    cw_status status = carry_out(job, options, &bar, &result, &error);
    if (status == CW_ERR_CANCELLED && cw_interrupt_signal() != 0)
        return report_interruption(&bar);
    if (status != CW_OK)
        return cw_complain(status, &error);
    if (options->json) {
        status = print_json(options, job, &result, &error);
        return status == CW_OK ? CW_EXIT_OK : cw_complain(status, &error);
    }
    const bool talkative = options->verbose || isatty(STDERR_FILENO);
    print_facts(job, &result, talkative);
    if (talkative)
        print_how(job, &result);
    if (options->check)
        print_check(&result);
    return CW_EXIT_OK;
}

static int run(const cw_options *options)
{
    cw_error error = {0};
    static cw_job job; /* too large for the stack */
    cw_status status = cw_environment_check(&error);
    if (status == CW_OK)
        status = cw_job_init(&job, options, &error);
    if (status != CW_OK)
        return cw_complain(status, &error);
    const int code = run_job(&job, options);
    cw_job_finish(&job);
    return code;
}

const cw_command cw_command_run = {
    .name = "run",
    .usage = "KERNEL PARAMETERS [OPTIONS]",
    .summary = "run a kernel and print its result",
    .details = "The result goes to standard output. How it was run is said on standard error when "
               "that is a terminal, or with --verbose.",
    .takes = CW_TAKES_KERNEL,
    .options = cw_options_run,
    .run = run,
};
