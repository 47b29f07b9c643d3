/* The primes kernel: count, list, n-th, and pi of every number of a file. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "base/memory.h"
#include "catalogue/kernels.h"
#include "catalogue/known.h"
#include "catalogue/numbers.h"
#include "catalogue/plain.h"
#include "input/array.h"
#include "input/output.h"
#include "kernels/primes/primality.h"

#include <chunkwise/primes.h>

#include <math.h>
#include <string.h>

enum { FIRST, SECOND, LIST, NTH, PI_OF, OUTPUT, PARAMETERS };

static const cw_parameter parameters[PARAMETERS] = {
    [FIRST] = {.name = "A",
               .positional = true,
               .kind = CW_PARAMETER_NUMBER,
               .most = UINT64_MAX,
               .help = "lower end, included; alone it is the upper end, and 0 the lower"},
    [SECOND] = {.name = "B",
                .positional = true,
                .kind = CW_PARAMETER_NUMBER,
                .most = UINT64_MAX,
                .help = "upper end, included"},
    [LIST] = {.name = "list",
              .letter = 'l',
              .kind = CW_PARAMETER_FLAG,
              .help = "every prime, one a line, in order"},
    [NTH] = {.name = "nth",
             .letter = 'n',
             .kind = CW_PARAMETER_NUMBER,
             .least = 1,
             .most = CW_PRIMES_NTH_MAX,
             .help = "the N-th prime, counted from 1"},
    [PI_OF] = {.name = "pi-of",
               .kind = CW_PARAMETER_TEXT,
               .help = "the number of primes up to every number of a file (- for standard input), "
                       "in its order"},
    [OUTPUT] = {.name = "output",
                .letter = 'o',
                .kind = CW_PARAMETER_TEXT,
                .help = "where --list or --pi-of goes instead of standard output"},
};

typedef enum mode { COUNT_MODE, LIST_MODE, NTH_MODE, PI_MODE } mode;

typedef struct primes_job {
    mode mode;
    uint64_t first, last;
    uint64_t nth;
    cw_array numbers; /* PI_MODE */
    uint64_t largest;
    uint64_t *counts; /* PI_MODE: the results, in the order of the numbers */
    const char *path; /* of -o, or NULL */
    bool delivers;    /* opened: the list is to be written */
    cw_output output;

    const cw_cancel *cancel; /* of the last run */
    uint64_t result;         /* the count, or the n-th prime */
    uint64_t checksum;       /* LIST_MODE: each prime weighed by its place */
} primes_job;

static const uint64_t *numbers_of(const primes_job *job)
{
    return job->numbers.data;
}

static void destroy(void *state)
{
    primes_job *job = state;
    if (job == NULL)
        return;
    cw_output_abandon(&job->output);
    cw_array_finish(&job->numbers);
    cw_memory_free(job->counts);
    cw_memory_free(job);
}

static cw_status load_numbers(primes_job *job, const char *path, cw_error *error)
{
    const cw_status status =
        cw_array_load(path, CW_NUMBER_BIT(CW_NUMBER_U64), CW_NUMBER_U64, &job->numbers, error);
    if (status != CW_OK)
        return status;
    const size_t count = job->numbers.layout.count;
    job->counts = cw_memory_alloc(count, sizeof *job->counts);
    if (job->counts == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for %zu results",
                            count);
    for (size_t i = 0; i < count; i++)
        if (numbers_of(job)[i] > job->largest)
            job->largest = numbers_of(job)[i];
    return CW_OK;
}

/* Exactly one of a window, --nth and --pi-of; --list and -o only where they mean something. */
static cw_status choose_mode(const cw_value *values, mode *chosen, cw_error *error)
{
    const bool window = values[FIRST].present;
    const int asked = window + values[NTH].present + values[PI_OF].present;
    if (asked != 1)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "primes needs exactly one of: B or A B (a window), --nth N, --pi-of "
                            "FILE; %s given",
                            asked == 0 ? "none was" : "several were");
    *chosen = values[NTH].present ? NTH_MODE : values[PI_OF].present ? PI_MODE : COUNT_MODE;
    if (values[LIST].present && *chosen != COUNT_MODE)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "--list goes with a window (B or A B), not with --nth or --pi-of");
    if (values[LIST].present)
        *chosen = LIST_MODE;
    if (values[OUTPUT].present && (*chosen == COUNT_MODE || *chosen == NTH_MODE))
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "-o goes with --list or --pi-of; a single number goes to standard "
                            "output");
    return CW_OK;
}

static cw_status choose_window(const cw_value *values, primes_job *job, cw_error *error)
{
    job->last = values[FIRST].number;
    if (!values[SECOND].present)
        return CW_OK;
    job->first = values[FIRST].number;
    job->last = values[SECOND].number;
    if (job->last < job->first)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, values[SECOND].text,
                            "the window from A = %.40s to B = %.40s is empty: B must not be less "
                            "than A",
                            values[FIRST].text, values[SECOND].text);
    return CW_OK;
}

static cw_status prepare(const cw_value *values, const cw_plan *plan, void **state, cw_error *error)
{
    (void)plan;
    mode chosen = COUNT_MODE;
    cw_status status = choose_mode(values, &chosen, error);
    if (status != CW_OK)
        return status;
    primes_job *job = cw_memory_zalloc(1, sizeof *job);
    if (job == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for the job");
    job->mode = chosen;
    job->path = values[OUTPUT].present ? values[OUTPUT].text : NULL;
    if (chosen == COUNT_MODE || chosen == LIST_MODE)
        status = choose_window(values, job, error);
    else if (chosen == PI_MODE)
        status = load_numbers(job, values[PI_OF].text, error);
    else
        job->nth = values[NTH].number;
    if (status != CW_OK) {
        destroy(job);
        return status;
    }
    *state = job;
    return CW_OK;
}

static cw_status take_primes(void *context, const uint64_t *primes, size_t count, cw_error *error)
{
    primes_job *job = context;
    uint64_t checksum = job->checksum;
    for (size_t i = 0; i < count; i++)
        checksum += (job->result + i + 1) * primes[i];
    job->checksum = checksum;
    job->result += count;
    return job->delivers ? cw_output_numbers(&job->output, CW_NUMBER_U64, primes, count, error)
                         : CW_OK;
}

static void reset(void *state)
{
    primes_job *job = state;
    job->result = UINT64_MAX;
    job->checksum = 0;
    if (job->mode == PI_MODE)
        memset(job->counts, 0xa5, job->numbers.layout.count * sizeof *job->counts);
}

static cw_status run(void *state, const cw_plan *plan, cw_error *error)
{
    primes_job *job = state;
    job->cancel = plan->cancel;
    switch (job->mode) {
    case COUNT_MODE:
        return cw_primes_count(job->first, job->last, plan, &job->result, error);
    case LIST_MODE:
        job->result = 0;
        job->checksum = 0;
        return cw_primes_list(job->first, job->last, plan, take_primes, job, error);
    case NTH_MODE:
        return cw_primes_nth(job->nth, plan, &job->result, error);
    case PI_MODE:
        break;
    }
    job->result = job->numbers.layout.count;
    return cw_primes_count_many(numbers_of(job), job->numbers.layout.count, plan, job->counts,
                                error);
}

/* An upper bound of the n-th prime, for telling how long it takes: J. B. Rosser, 1941. */
static uint64_t nth_bound(uint64_t n)
{
    if (n < 6)
        return 13;
    const double log_n = log((double)n);
    const double bound = (double)n * (log_n + log(log_n));
    return bound < 0x1p64 ? (uint64_t)bound : UINT64_MAX;
}

static double estimate(const void *state)
{
    const primes_job *job = state;
    switch (job->mode) {
    case NTH_MODE:
        return cw_primes_count_estimate(0, nth_bound(job->nth));
    case PI_MODE:
        return cw_primes_count_estimate(0, job->largest);
    default:
        return cw_primes_count_estimate(job->first, job->last);
    }
}

static uint64_t digest(const void *state)
{
    const primes_job *job = state;
    if (job->mode == PI_MODE)
        return cw_digest(job->counts, job->numbers.layout.count * sizeof *job->counts);
    const uint64_t both[] = {job->result, job->checksum};
    return cw_digest(both, sizeof both);
}

/* Checks */

static cw_status mismatch(const char *what, uint64_t got, uint64_t want, const char *against,
                          cw_error *error)
{
    return cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                        "%s came out as %llu, but %s says %llu", what, (unsigned long long)got,
                        against, (unsigned long long)want);
}

/* Windows at most this wide are counted number by number. */
static const uint64_t narrow = 100000;

/* The number of primes in [first, last] from somewhere else than the kernel; *against NULL when
 * there is nowhere else. */
static cw_status count_elsewhere(uint64_t first, uint64_t last, uint64_t *count,
                                 const char **against, cw_error *error)
{
    *against = NULL;
    if (cw_known_count(first, last, count)) {
        *against = "the table of known values";
        return CW_OK;
    }
    if (last - first < narrow) {
        *count = 0;
        for (uint64_t n = first;; n++) {
            *count += cw_primality_reference(n);
            if (n == last)
                break;
        }
        *against = "a primality test of every number";
        return CW_OK;
    }
    if (last > CW_PLAIN_SIEVE_MAX)
        return CW_OK;
    uint32_t *counts = NULL;
    const cw_status status = cw_plain_counts((uint32_t)last, &counts, error);
    if (status != CW_OK)
        return status;
    *count = counts[last] - (first > 0 ? counts[first - 1] : 0);
    *against = "a plain sieve";
    cw_memory_free(counts);
    return CW_OK;
}

static cw_status check_count(const primes_job *job, const char **against, cw_error *error)
{
    uint64_t want = 0;
    const cw_status status = count_elsewhere(job->first, job->last, &want, against, error);
    if (status != CW_OK || *against == NULL || want == job->result)
        return status;
    return mismatch("the number of primes", job->result, want, *against, error);
}

/* Each prime in its place; of wide windows only how many there are. */
static cw_status check_list(const primes_job *job, const char **against, cw_error *error)
{
    if (job->last - job->first >= narrow)
        return check_count(job, against, error);
    uint64_t count = 0;
    uint64_t checksum = 0;
    for (uint64_t n = job->first;; n++) {
        if (cw_primality_reference(n))
            checksum += ++count * n;
        if (n == job->last)
            break;
    }
    *against = "a primality test of every number";
    if (count != job->result)
        return mismatch("the number of primes", job->result, count, *against, error);
    return checksum == job->checksum ? CW_OK
                                     : cw_error_set(error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                                                    "the list has as many numbers as it should, "
                                                    "but not the same or in another order");
}

static cw_status check_nth(const primes_job *job, const char **against, cw_error *error)
{
    uint64_t want = 0;
    *against = NULL;
    if (cw_known_nth(job->nth, &want)) {
        *against = "the table of known values";
        return want == job->result ? CW_OK
                                   : mismatch("the n-th prime", job->result, want, *against, error);
    }
    uint64_t place = 0;
    const cw_status status = count_elsewhere(0, job->result, &place, against, error);
    if (status != CW_OK || *against == NULL)
        return status;
    if (place != job->nth || !cw_primality_reference(job->result))
        return mismatch("the place of the prime that was found", job->nth, place, *against, error);
    return CW_OK;
}

static cw_status check_many(const primes_job *job, const char **against, cw_error *error)
{
    uint32_t *counts = NULL;
    const size_t count = job->numbers.layout.count;
    const uint32_t last =
        (uint32_t)(job->largest < CW_PLAIN_SIEVE_MAX ? job->largest : CW_PLAIN_SIEVE_MAX);
    cw_status status = cw_plain_counts(last, &counts, error);
    if (status != CW_OK)
        return status;
    size_t compared = 0;
    for (size_t i = 0; i < count && status == CW_OK; i++) {
        const uint64_t number = numbers_of(job)[i];
        uint64_t want = 0;
        if (number <= last)
            want = counts[number];
        else if (!cw_known_count(0, number, &want))
            continue;
        compared++;
        if (want != job->counts[i])
            status = mismatch("one of the counts", job->counts[i], want, "another source", error);
    }
    cw_memory_free(counts);
    *against = compared == count ? "a plain sieve and the table of known values"
               : compared > 0    ? "a plain sieve and the table of known values, as far as they go"
                                 : NULL;
    return status;
}

static cw_status check(void *state, const char **against, cw_error *error)
{
    const primes_job *job = state;
    if (job->mode == NTH_MODE)
        return check_nth(job, against, error);
    if (job->mode == PI_MODE)
        return check_many(job, against, error);
    if (job->mode == LIST_MODE)
        return check_list(job, against, error);
    return check_count(job, against, error);
}

/* What came out */

static void rates(const void *state, cw_rates *rates)
{
    const primes_job *job = state;
    uint64_t items = job->last - job->first;
    if (job->mode == NTH_MODE)
        items = nth_bound(job->nth);
    else if (job->mode == PI_MODE)
        items = job->largest;
    *rates = (cw_rates){.items = items < UINT64_MAX ? items + 1 : items, .item_name = "numbers"};
}

static int facts(const void *state, cw_fact *facts)
{
    const primes_job *job = state;
    if (job->mode == NTH_MODE) {
        facts[0] = (cw_fact){.name = "prime", .kind = CW_FACT_U64, .u64 = job->result};
        facts[1] = (cw_fact){.name = "n", .kind = CW_FACT_U64, .u64 = job->nth};
        return 2;
    }
    if (job->mode == PI_MODE) {
        facts[0] = (cw_fact){.name = "numbers", .kind = CW_FACT_U64, .u64 = job->result};
        facts[1] = (cw_fact){.name = "largest", .kind = CW_FACT_U64, .u64 = job->largest};
        return 2;
    }
    facts[0] = (cw_fact){.name = "count", .kind = CW_FACT_U64, .u64 = job->result};
    facts[1] = (cw_fact){.name = "first", .kind = CW_FACT_U64, .u64 = job->first};
    facts[2] = (cw_fact){.name = "last", .kind = CW_FACT_U64, .u64 = job->last};
    return 3;
}

static bool answers(const void *state)
{
    return ((const primes_job *)state)->mode != PI_MODE;
}

static cw_destination destination(const void *state)
{
    const primes_job *job = state;
    if (job->mode == COUNT_MODE || job->mode == NTH_MODE)
        return CW_DESTINATION_NONE;
    return job->path != NULL ? CW_DESTINATION_FILE : CW_DESTINATION_STREAM;
}

static cw_status open_output(void *state, cw_error *error)
{
    primes_job *job = state;
    const cw_status status = cw_output_open(&job->output, job->path, error);
    job->delivers = status == CW_OK;
    return status;
}

static cw_status finish(void *state, cw_error *error)
{
    primes_job *job = state;
    if (job->mode == PI_MODE) {
        const cw_status status = cw_numbers_write(&job->output, CW_NUMBER_U64, job->counts,
                                                  job->numbers.layout.count, job->cancel, error);
        if (status != CW_OK)
            return status;
    }
    return cw_output_commit(&job->output, error);
}

/* Counts and n-th primes are verified against the known values. */
static const char *const trials[] = {"0 --list",
                                     "99999 --list",
                                     "1e12 1e12+99999 --list",
                                     "2^64-100000 2^64-1 --list",
                                     "1e7 --list",
                                     "1e7",
                                     NULL};

const cw_kernel cw_kernel_primes = {
    .name = "primes",
    .usage = "[A] B [--list] | --nth N | --pi-of FILE",
    .summary = "count the primes in [0, B] or [A, B], list them, or find the n-th",
    .details = "Both ends are included and may be as large as 2^64-1. The count is that of a "
               "segmented sieve of Eratosthenes over the window, so the time grows with its width; "
               "far above 10^15 also with the square root of B.\n"
               "--pi-of answers a whole file in the one pass that its largest number needs.",
    .parameters = parameters,
    .parameter_count = PARAMETERS,
    .trials = trials,
    .prepare = prepare,
    .reset = reset,
    .run = run,
    .estimate = estimate,
    .digest = digest,
    .check = check,
    .rates = rates,
    .facts = facts,
    .answers = answers,
    .destination = destination,
    .open = open_output,
    .finish = finish,
    .destroy = destroy,
};
