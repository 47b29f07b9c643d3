/* The verify command: known answers, on every path that this machine has. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/known.h"
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

#include <string.h>

/* What is verified is a command line of `run`, so that a fault can be looked at by typing it. */
enum { WORDS_MAX = 16, WORD_BYTES = 24 };

typedef struct command_line {
    int count;
    char words[WORDS_MAX][WORD_BYTES];
} command_line;

static void add_word(command_line *line, const char *word)
{
    if (line->count < WORDS_MAX)
        (void)snprintf(line->words[line->count++], WORD_BYTES, "%s", word);
}

static void add_number(command_line *line, uint64_t number)
{
    char text[WORD_BYTES];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    add_word(line, text);
}

static void print_line(const command_line *line, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "chunkwise");
    for (int i = 0; i < line->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, " %s", line->words[i]);
}

/* Ways of running: how blocks may be spread over threads. Chunks are odd on purpose. */
typedef struct manner {
    const char *threads; /* NULL: serial */
    const char *schedule;
} manner;

static const manner manners[] = {
    {NULL, NULL},           {"1", "auto"},     {"2", "auto"},         {"2", "static"},
    {"2", "static,1"},      {"2", "dynamic"},  {"2", "guided"},       {"3", "auto"},
    {"3", "dynamic,12345"}, {"3", "guided,7"}, {"8", "static,54321"},
};
enum { MANNERS = sizeof manners / sizeof *manners };

/* Groups: what is verified together and reported in one line for each instruction set. */

typedef struct patience {
    double every_way; /* seconds: jobs that take at most so long are run every way */
    double one_way;   /* ... that take at most so long are run as the machine would choose */
} patience;

static const patience quick = {.every_way = 0.002, .one_way = 0.15};
static const patience thorough = {.every_way = 0.2, .one_way = 20};

/* Make the words of case `index` behind `run`; false: there is none. */
typedef bool make_case(const cw_kernel *kernel, size_t index, command_line *line);

typedef struct case_group {
    const char *name;
    const cw_kernel *kernel;
    make_case *make;
} case_group;

enum { GROUPS_MAX = 32 };

static bool make_known(cw_known_kind kind, size_t index, const cw_known **known)
{
    for (size_t i = 0; i < cw_known_primes_count; i++) {
        *known = &cw_known_primes[i];
        if ((*known)->kind == kind && index-- == 0)
            return true;
    }
    return false;
}

static bool make_count(const cw_kernel *kernel, size_t index, command_line *line)
{
    const cw_known *known;
    if (!make_known(CW_KNOWN_COUNT, index, &known))
        return false;
    add_word(line, kernel->name);
    if (known->first > 0)
        add_number(line, known->first);
    add_number(line, known->last);
    return true;
}

static bool make_nth(const cw_kernel *kernel, size_t index, command_line *line)
{
    const cw_known *known;
    if (!make_known(CW_KNOWN_NTH, index, &known))
        return false;
    add_word(line, kernel->name);
    add_word(line, "--nth");
    add_number(line, known->first);
    return true;
}

static bool make_trial(const cw_kernel *kernel, size_t index, command_line *line)
{
    for (size_t i = 0; i <= index; i++)
        if (kernel->trials[i] == NULL)
            return false;
    add_word(line, kernel->name);
    for (const char *at = kernel->trials[index]; *at != '\0';) {
        char word[WORD_BYTES];
        const size_t length = strcspn(at, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)length, at);
        add_word(line, word);
        at += length + (at[length] == ' ');
    }
    return true;
}

/* The known values first, then the trials of every kernel that has some. */
static int make_groups(case_group groups[GROUPS_MAX])
{
    const cw_kernel *primes = cw_catalogue_find("primes");
    int count = 0;
    groups[count++] = (case_group){"counts of primes", primes, make_count};
    groups[count++] = (case_group){"n-th primes", primes, make_nth};
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        if ((*kernel)->trials != NULL && count < GROUPS_MAX)
            groups[count++] = (case_group){(*kernel)->name, *kernel, make_trial};
    return count;
}

/* Running them */

typedef struct score {
    unsigned cases;
    unsigned runs;
    uint64_t begin_ns;
    bool failed;
    char failure[480]; /* the command line, and what was wrong */
} score;

static cw_status prepare(command_line *line, cw_job *job, cw_error *error)
{
    char *words[WORDS_MAX + 1];
    for (int i = 0; i < line->count; i++)
        words[i] = line->words[i];
    words[line->count] = NULL;
    cw_options options;
    const cw_status status = cw_options_parse(&cw_command_run, line->count, words, &options, error);
    return status == CW_OK ? cw_job_init(job, &options, error) : status;
}

/* A case without anything to check against is a fault of ours, and no pass. */
static cw_status run_and_check(cw_job *job, cw_error *error)
{
    const char *against = NULL;
    cw_job_reset(job); /* memory may still hold the right results of the case before */
    cw_status status = job->kernel->run(job->state, &job->plan, error);
    if (status == CW_OK)
        status = job->kernel->check(job->state, &against, error);
    if (status == CW_OK && against == NULL)
        status = cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                              "there was nothing to check the result against");
    return status;
}

/* One command line, with the job prepared anew: that is part of what is verified. */
static cw_status try_manner(const command_line *base, const manner *how, cw_isa isa, score *tally,
                            cw_error *error)
{
    static cw_job job; /* too large for the stack */
    command_line line = *base;
    add_word(&line, "--isa");
    add_word(&line, cw_isa_name(isa));
    if (how != NULL && how->threads == NULL) {
        add_word(&line, "--serial");
    } else if (how != NULL) {
        add_word(&line, "--threads");
        add_word(&line, how->threads);
        add_word(&line, "--schedule");
        add_word(&line, how->schedule);
    }
    tally->runs++;
    cw_status status = prepare(&line, &job, error);
    if (status == CW_OK) {
        status = run_and_check(&job, error);
        cw_job_finish(&job);
    }
    if (status != CW_OK && status != CW_ERR_CANCELLED) {
        char text[200];
        print_line(&line, text, sizeof text);
        tally->failed = true;
        (void)snprintf(tally->failure, sizeof tally->failure, "%s --check: %s", text,
                       error->sentence);
    }
    return status;
}

/* How long one run takes, as the kernel says. */
static cw_status estimate(command_line *line, double *seconds, cw_error *error)
{
    static cw_job job; /* too large for the stack */
    const cw_status status = prepare(line, &job, error);
    if (status != CW_OK)
        return status;
    *seconds = job.kernel->estimate(job.state);
    cw_job_finish(&job);
    return CW_OK;
}

static cw_status try_case(command_line *line, const patience *limits, cw_isa isa, score *tally,
                          cw_error *error)
{
    double seconds = 0;
    cw_status status = estimate(line, &seconds, error);
    if (status != CW_OK || seconds > limits->one_way)
        return status;
    tally->cases++;
    if (seconds > limits->every_way)
        return try_manner(line, NULL, isa, tally, error);
    for (int i = 0; i < MANNERS && status == CW_OK; i++)
        status = try_manner(line, &manners[i], isa, tally, error);
    return status;
}

static cw_status try_group(const case_group *group, const patience *limits, cw_isa isa,
                           double share, cw_progress_bar *bar, score *tally, cw_error *error)
{
    *tally = (score){.begin_ns = cw_clock_ns()};
    cw_status status = CW_OK;
    for (size_t i = 0; status == CW_OK; i++) {
        command_line line = {0};
        add_word(&line, "run");
        if (!group->make(group->kernel, i, &line))
            break;
        cw_progress_bar_show(bar, share, group->name);
        status = try_case(&line, limits, isa, tally, error);
        if (status == CW_OK && cw_cancel_raised(cw_interrupt_flag()))
            status = CW_ERR_CANCELLED;
    }
    if (status != CW_OK && status != CW_ERR_CANCELLED && !tally->failed) {
        tally->failed = true;
        (void)snprintf(tally->failure, sizeof tally->failure, "%s", error->sentence);
    }
    return status;
}

static void print_tally(const case_group *group, cw_isa isa, const score *tally)
{
    char took[CW_UNIT_TEXT];
    (void)cw_print_time((double)(cw_clock_ns() - tally->begin_ns), false, took);
    (void)printf("%-8s%-19s%-11s%4u cases, %5u runs, %s\n", tally->failed ? "FAILED" : "ok",
                 group->name, cw_isa_name(isa), tally->cases, tally->runs, took);
    if (tally->failed)
        (void)printf("        %s\n", tally->failure);
    cw_flush_lines();
}

static void put_tally(cw_document *document, json_t *list, const case_group *group, cw_isa isa,
                      const score *tally)
{
    json_t *object = json_object();
    cw_document_put(document, object, "name", json_string(group->name));
    cw_document_put(document, object, "isa", json_string(cw_isa_name(isa)));
    cw_document_put(document, object, "ok", json_boolean(!tally->failed));
    cw_document_put(document, object, "cases", json_integer(tally->cases));
    cw_document_put(document, object, "runs", json_integer(tally->runs));
    cw_document_put(document, object, "elapsed_ns", cw_json_u64(cw_clock_ns() - tally->begin_ns));
    cw_document_put(document, object, "failure",
                    tally->failed ? json_string(tally->failure) : json_null());
    if (json_array_append_new(list, object) != 0)
        document->failed = true;
}

static int verify_all(const cw_options *options, cw_document *document, json_t *list)
{
    const patience *limits = options->long_tests ? &thorough : &quick;
    const cw_isa highest = cw_isa_detect();
    cw_progress_bar bar;
    cw_progress_bar_init(&bar, options->progress);
    cw_interrupt_install();
    case_group groups[GROUPS_MAX];
    const int count = make_groups(groups);
    bool failed = false;
    int step = 0;
    for (int g = 0; g < count; g++) {
        for (int isa = CW_ISA_REFERENCE; isa <= (int)highest; isa++) {
            score tally;
            cw_error error = {0};
            const double share = (double)step++ / (count * (double)highest);
            const cw_status status =
                try_group(&groups[g], limits, (cw_isa)isa, share, &bar, &tally, &error);
            cw_progress_bar_erase(&bar);
            if (status == CW_ERR_CANCELLED) {
                (void)fprintf(stderr, "chunkwise: interrupted; what is shown was verified\n");
                return CW_EXIT_SIGNAL + cw_interrupt_signal();
            }
            failed = failed || tally.failed;
            if (document != NULL)
                put_tally(document, list, &groups[g], (cw_isa)isa, &tally);
            else
                print_tally(&groups[g], (cw_isa)isa, &tally);
        }
    }
    return failed ? CW_EXIT_FAILED : CW_EXIT_OK;
}

static int verify(const cw_options *options)
{
    cw_error error = {0};
    cw_status status = cw_environment_check(&error);
    if (status != CW_OK)
        return cw_complain(status, &error);
    if (!options->json) {
        const int code = verify_all(options, NULL, NULL);
        if (code == CW_EXIT_OK)
            (void)puts("All of it is right.");
        else if (code == CW_EXIT_FAILED)
            (void)puts("Something is wrong: the lines marked FAILED say what to type to see it.");
        return code;
    }
    cw_document document;
    cw_document_init(&document, "verify");
    json_t *list = json_array();
    cw_document_put(&document, NULL, "groups", list);
    const int code = verify_all(options, &document, list);
    cw_document_put(&document, NULL, "ok", json_boolean(code == CW_EXIT_OK));
    cw_document_put_machine(&document);
    status = cw_document_print(&document, &error);
    return status == CW_OK ? code : cw_complain(status, &error);
}

const cw_command cw_command_verify = {
    .name = "verify",
    .usage = "[--long]",
    .summary = "known answers, on every path of this machine",
    .details =
        "Every kernel with every instruction set that this machine has, alone and on several "
        "threads, under every policy, held against known values and plain references.",
    .takes = CW_TAKES_NOTHING,
    .options = cw_options_verify,
    .run = verify,
};
