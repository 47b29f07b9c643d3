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
#include "cli/quantity.h"
#include "machine/clock.h"

#include <chunkwise/primes.h>

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
    double every_way; /* cases that take at most so many seconds are run every way */
    double one_way;   /* ... that take at most so many are run as the machine would choose */
} patience;

static const patience quick = {.every_way = 0.002, .one_way = 0.15};
static const patience thorough = {.every_way = 0.2, .one_way = 20};

typedef struct case_group {
    const char *name;
    /* Make the words of case `index`, and say how long one run takes; false: there is none. */
    bool (*make)(size_t index, command_line *line, double *seconds);
} case_group;

static bool make_known(cw_known_kind kind, size_t index, const cw_known **known)
{
    for (size_t i = 0; i < cw_known_primes_count; i++) {
        *known = &cw_known_primes[i];
        if ((*known)->kind == kind && index-- == 0)
            return true;
    }
    return false;
}

static bool make_count(size_t index, command_line *line, double *seconds)
{
    const cw_known *known;
    if (!make_known(CW_KNOWN_COUNT, index, &known))
        return false;
    add_word(line, "primes");
    if (known->first > 0)
        add_number(line, known->first);
    add_number(line, known->last);
    *seconds = cw_primes_count_estimate(known->first, known->last);
    return true;
}

static bool make_nth(size_t index, command_line *line, double *seconds)
{
    const cw_known *known;
    if (!make_known(CW_KNOWN_NTH, index, &known))
        return false;
    add_word(line, "primes");
    add_word(line, "--nth");
    add_number(line, known->first);
    *seconds = cw_primes_count_estimate(0, known->value);
    return true;
}

/* Fixed cases: words, and seconds for one run. */
typedef struct fixed_case {
    const char *words[8];
    double seconds;
} fixed_case;

static bool make_fixed(const fixed_case *cases, size_t count, size_t index, command_line *line,
                       double *seconds)
{
    if (index >= count)
        return false;
    for (int i = 0; i < 8 && cases[index].words[i] != NULL; i++)
        add_word(line, cases[index].words[i]);
    *seconds = cases[index].seconds;
    return true;
}

static bool make_is_prime(size_t index, command_line *line, double *seconds)
{
    static const fixed_case cases[] = {
        {{"is-prime", "--items", "0"}, 0},     {{"is-prime", "--items", "1"}, 0},
        {{"is-prime", "--items", "1001"}, 0},  {{"is-prime", "--items", "20011"}, 0.004},
        {{"is-prime", "--items", "1e6"}, 0.3},
    };
    return make_fixed(cases, sizeof cases / sizeof *cases, index, line, seconds);
}

/* Every type, sizes around vectors and pages, every way to treat overflow. */
static bool make_array(size_t index, command_line *line, double *seconds)
{
    static const char *const kernels[] = {"square", "cube", "sum"};
    static const char *const types[] = {"i32", "i64", "u32", "u64", "f32", "f64"};
    static const char *const sizes[] = {"0", "1", "7", "65", "4097", "30011", "20000003"};
    static const char *const overflows[] = {"error", "wrap", "saturate"};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    const size_t kernel = index / ((size_t)6 * SIZES);
    const size_t type = index / SIZES % 6;
    const size_t size = index % SIZES;
    if (kernel >= 3)
        return false;
    add_word(line, kernels[kernel]);
    add_word(line, "--items");
    add_word(line, sizes[size]);
    add_word(line, "--type");
    add_word(line, types[type]);
    if (kernel < 2) {
        add_word(line, "--on-overflow");
        add_word(line, overflows[size % 3]);
    }
    /* Larger than the caches: every type only if there is time, one of either width in any case. */
    const bool always = strcmp(types[type], "i32") == 0 || strcmp(types[type], "f64") == 0;
    *seconds = size < SIZES - 1 ? 0 : always ? 0.1 : 1;
    return true;
}

static const case_group groups[] = {
    {"counts of primes", make_count},
    {"n-th primes", make_nth},
    {"primality", make_is_prime},
    {"square, cube, sum", make_array},
};
enum { GROUPS = sizeof groups / sizeof *groups };

/* Running them */

typedef struct score {
    unsigned cases;
    unsigned runs;
    uint64_t begin_ns;
    bool failed;
    char failure[480]; /* the command line, and what was wrong */
} score;

/* One command line: prepare, run, check. A case without anything to check against is a fault of
 * ours, and no pass. */
static cw_status try_line(command_line *line, cw_error *error)
{
    static cw_job job; /* too large for the stack */
    char *words[WORDS_MAX + 1];
    for (int i = 0; i < line->count; i++)
        words[i] = line->words[i];
    words[line->count] = NULL;
    cw_options options;
    cw_status status = cw_options_parse(&cw_command_run, line->count, words, &options, error);
    if (status == CW_OK)
        status = cw_job_init(&job, &options, error);
    if (status != CW_OK)
        return status;
    const char *against = NULL;
    status = job.kernel->run(job.state, &job.plan, error);
    if (status == CW_OK)
        status = job.kernel->check(job.state, &against, error);
    if (status == CW_OK && against == NULL)
        status = cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                              "there was nothing to check the result against");
    cw_job_finish(&job);
    return status;
}

static cw_status try_way(const command_line *base, const manner *how, cw_isa isa, score *tally,
                         cw_error *error)
{
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
    const cw_status status = try_line(&line, error);
    if (status != CW_OK && status != CW_ERR_CANCELLED) {
        char text[200];
        print_line(&line, text, sizeof text);
        tally->failed = true;
        (void)snprintf(tally->failure, sizeof tally->failure, "%s: %s", text, error->sentence);
    }
    return status;
}

static cw_status try_case(const command_line *line, double seconds, const patience *limits,
                          cw_isa isa, score *tally, cw_error *error)
{
    if (seconds > limits->one_way)
        return CW_OK;
    tally->cases++;
    if (seconds > limits->every_way)
        return try_way(line, NULL, isa, tally, error);
    cw_status status = CW_OK;
    for (int i = 0; i < MANNERS && status == CW_OK; i++)
        status = try_way(line, &manners[i], isa, tally, error);
    return status;
}

static cw_status try_group(const case_group *group, const patience *limits, cw_isa isa,
                           double share, cw_progress_bar *bar, score *tally, cw_error *error)
{
    *tally = (score){.begin_ns = cw_clock_ns()};
    cw_status status = CW_OK;
    for (size_t i = 0; status == CW_OK; i++) {
        command_line line = {0};
        double seconds = 0;
        add_word(&line, "run");
        if (!group->make(i, &line, &seconds))
            break;
        cw_progress_bar_show(bar, share, group->name);
        status = try_case(&line, seconds, limits, isa, tally, error);
        if (status == CW_OK && cw_cancel_raised(cw_interrupt_flag()))
            status = CW_ERR_CANCELLED;
    }
    return status;
}

static void print_tally(const case_group *group, cw_isa isa, const score *tally)
{
    char took[CW_QUANTITY_TEXT];
    (void)cw_quantity_seconds((double)(cw_clock_ns() - tally->begin_ns) * 1e-9, took);
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
    cw_document_put(document, object, "seconds",
                    json_real((double)(cw_clock_ns() - tally->begin_ns) * 1e-9));
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
    bool failed = false;
    int step = 0;
    for (int g = 0; g < GROUPS; g++) {
        for (int isa = CW_ISA_REFERENCE; isa <= (int)highest; isa++) {
            score tally;
            cw_error error = {0};
            const double share = (double)step++ / (GROUPS * (double)highest);
            const cw_status status =
                try_group(&groups[g], limits, (cw_isa)isa, share, &bar, &tally, &error);
            cw_progress_bar_erase(&bar);
            if (status == CW_ERR_CANCELLED) {
                (void)fprintf(stderr, "chunkwise: interrupted; what is shown was verified\n");
                return CW_EXIT_SIGNAL + cw_interrupt_signal();
            }
            failed = failed || tally.failed;
            if (options->json)
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
