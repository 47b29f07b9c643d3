/* Interleaved runs of a subject under several settings, repeated until their ratios are known. */
/* SPDX-License-Identifier: MIT */
#include "measure/experiment.h"

#include "base/memory.h"
#include "measure/random.h"
#include "measure/statistics.h"
#include "measure/summary.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A run is dirty when others had more than this share of a processor meanwhile: 0.003 on an idle
 * machine, 0.12 and more with a hog that runs a tenth of the time. */
static const double foreign_share_most = 0.05;

/* A dirty run is repeated at most this often; what lasts longer than that is the machine's state.
 */
enum { REPEATS_MOST = 2 };
static const uint64_t backoff_ns[REPEATS_MOST] = {20000000, 100000000};

/* Precision is looked at every so many rounds: each look is a chance to stop on a lucky streak. */
enum { ROUNDS_BETWEEN_LOOKS = 4 };

/* Idle threads of libgomp spin for about a millisecond, LLVM's for 200 ms, and for ever where
 * OMP_WAIT_POLICY=active. A step is longer than the tick at which the system counts their time. */
enum { SETTLE_STEPS_MOST = 30 };
static const uint64_t settle_step_ns = 10000000;
static const double settled_share = 0.1; /* of a processor, still ours while we sleep */

/* An experiment under way. */
typedef struct course {
    cw_experiment plan; /* every field filled in */
    const cw_surroundings *around;
    cw_result *result;
    cw_random random;
    size_t *order; /* of the settings in the present round */
    uint64_t begin_ns;
    bool after_parallel; /* the last run had a team that may still spin */
    bool cancelled;
    double precision; /* at the last look; NAN before */
    cw_error *error;
} course;

static uint64_t elapsed_ns(const course *c)
{
    return c->around->now(c->around->context) - c->begin_ns;
}

static void pause_for(const course *c, uint64_t ns)
{
    c->around->sleep(c->around->context, ns);
}

static uint64_t own_time_ns(const course *c)
{
    uint64_t user_ns, system_ns;
    c->around->usage(c->around->context, &user_ns, &system_ns);
    return user_ns + system_ns;
}

static bool cancel_raised(const course *c)
{
    return c->plan.cancel != NULL && cw_cancel_raised(c->plan.cancel);
}

/* Sleep until the team of the run before is asleep too. One that does not go to sleep is waited
 * for only once. */
static void settle(course *c)
{
    for (int step = 0; step < SETTLE_STEPS_MOST && !c->result->team_spins; step++) {
        const uint64_t own = own_time_ns(c), begin = elapsed_ns(c);
        pause_for(c, settle_step_ns);
        const double used = (double)(own_time_ns(c) - own);
        if (used <= settled_share * (double)(elapsed_ns(c) - begin))
            return;
    }
    c->result->team_spins = true;
}

static void tell_progress(const course *c, size_t setting, unsigned round, unsigned attempt)
{
    if (c->plan.progress == NULL)
        return;
    const uint64_t elapsed = elapsed_ns(c);
    const double runs = (double)(c->plan.rounds_most + 1) * (double)c->plan.setting_count;
    const double by_rounds = (double)round * (double)c->plan.setting_count / runs;
    const double by_time = (double)elapsed / (double)c->plan.time_limit_ns;
    const cw_experiment_state state = {.setting = &c->plan.settings[setting],
                                       .round = round,
                                       .attempt = attempt,
                                       .elapsed_ns = elapsed,
                                       .done = fmin(1, fmax(by_rounds, by_time)),
                                       .precision = c->precision};
    c->plan.progress(c->plan.progress_context, &state);
}

/* The subject's own words, with the setting in front. */
static cw_status name_setting(const course *c, size_t setting, cw_status status,
                              const cw_error *failure)
{
    char name[64];
    cw_setting_print(&c->plan.settings[setting], name, sizeof name);
    const bool told = failure->status == status && failure->sentence[0] != '\0';
    return cw_error_set(c->error, status, told ? failure->index : CW_NO_INDEX,
                        told ? failure->value : NULL, "%s: %s", name,
                        told ? failure->sentence : cw_status_text(status));
}

static cw_status check_digest(const course *c, const cw_run *run)
{
    if (run->sample.digest == c->result->digest)
        return CW_OK;
    char name[64], first[64];
    cw_setting_print(&c->plan.settings[run->setting], name, sizeof name);
    cw_setting_print(&c->plan.settings[c->result->runs[0].setting], first, sizeof first);
    return cw_error_set(c->error, CW_ERR_MISMATCH, CW_NO_INDEX, NULL,
                        "%s in round %u: the result (digest %016" PRIx64
                        ") is not that of the first run (%s, %016" PRIx64 ")",
                        name, run->round, run->sample.digest, first, c->result->digest);
}

/* The times of others are counted from one look at them to the next, which is longer than the run
 * by the time of a look; so is the time that they are held against. */
static void note_foreign(course *c, cw_run *run, uint64_t window_ns)
{
    const uint64_t foreign_ns = c->around->foreign(c->around->context);
    run->sample.foreign_ns = foreign_ns;
    run->foreign_share = NAN;
    if (foreign_ns == UINT64_MAX) {
        c->result->foreign_known = false;
        return;
    }
    if (window_ns > 0)
        run->foreign_share = (double)foreign_ns / (double)window_ns;
    run->dirty = run->foreign_share > foreign_share_most;
}

/* One run, watched and recorded. */
static cw_status run_once(course *c, cw_run *run)
{
    const cw_setting *setting = &c->plan.settings[run->setting];
    if (setting->serial && c->after_parallel)
        settle(c);
    c->after_parallel = !setting->serial;

    cw_error failure = {.status = CW_OK};
    uint64_t user_ns, system_ns;
    run->begin_ns = elapsed_ns(c);
    c->around->watch(c->around->context);
    c->around->usage(c->around->context, &user_ns, &system_ns);
    const cw_status status =
        c->plan.subject->run(c->plan.subject->context, setting, &run->sample, &failure);
    c->around->usage(c->around->context, &run->sample.user_ns, &run->sample.system_ns);
    run->sample.user_ns -= user_ns;
    run->sample.system_ns -= system_ns;
    note_foreign(c, run, elapsed_ns(c) - run->begin_ns);
    if (status == CW_ERR_CANCELLED && cancel_raised(c)) {
        c->cancelled = true;
        return CW_OK;
    }
    if (status != CW_OK)
        return name_setting(c, run->setting, status, &failure);
    if (c->result->run_count == 0)
        c->result->digest = run->sample.digest;
    const cw_status added = cw_result_add_run(c->result, run, c->error);
    return added != CW_OK ? added : check_digest(c, run);
}

/* One setting in one round: again while it is dirty and there is time; a warm-up may be. */
static cw_status run_setting(course *c, size_t setting, unsigned round)
{
    for (unsigned attempt = 0;; attempt++) {
        if (cancel_raised(c)) {
            c->cancelled = true;
            return CW_OK;
        }
        tell_progress(c, setting, round, attempt);
        cw_run run = {.setting = setting, .round = round, .attempt = attempt};
        const cw_status status = run_once(c, &run);
        if (status != CW_OK || c->cancelled || !run.dirty || round == 0 ||
            attempt == REPEATS_MOST || elapsed_ns(c) >= c->plan.time_limit_ns)
            return status;
        pause_for(c, backoff_ns[attempt]);
    }
}

static void shuffle(cw_random *random, size_t *order, size_t n)
{
    for (size_t left = n; left > 1; left--) {
        const size_t pick = cw_random_below(random, left);
        const size_t kept = order[left - 1];
        order[left - 1] = order[pick];
        order[pick] = kept;
    }
}

static void reverse(size_t *order, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const size_t kept = order[i];
        order[i] = order[n - 1 - i];
        order[n - 1 - i] = kept;
    }
}

/* Warm-up as given; then a new order in odd rounds and its reverse in even ones. */
static cw_status run_round(course *c, unsigned round)
{
    const size_t n = c->plan.setting_count;
    if (round % 2 == 1)
        shuffle(&c->random, c->order, n);
    else if (round > 0)
        reverse(c->order, n);
    for (size_t i = 0; i < n; i++) {
        const cw_status status = run_setting(c, c->order[i], round);
        if (status != CW_OK || c->cancelled)
            return status;
    }
    c->result->rounds = round;
    return CW_OK;
}

/* Whether there has been enough, judged after a round that took round_ns. */
static cw_status look(course *c, uint64_t round_ns, bool *enough)
{
    const unsigned round = c->result->rounds;
    *enough = true;
    if (round >= c->plan.rounds_least &&
        (round - c->plan.rounds_least) % ROUNDS_BETWEEN_LOOKS == 0) {
        const cw_status status = cw_result_summarise(c->result, c->error);
        if (status != CW_OK)
            return status;
        c->precision = cw_result_widest(c->result);
        c->result->ending = CW_ENDING_PRECISE;
        if (!c->result->busy && c->precision <= c->plan.precision)
            return CW_OK;
    }
    c->result->ending = CW_ENDING_ROUNDS;
    if (round >= c->plan.rounds_most)
        return CW_OK;
    c->result->ending = CW_ENDING_TIME;
    *enough = round >= CW_PAIRS_LEAST && elapsed_ns(c) + round_ns > c->plan.time_limit_ns;
    return CW_OK;
}

static cw_status run_rounds(course *c)
{
    bool enough = false;
    for (unsigned round = 0; !enough; round++) {
        const uint64_t begin_ns = elapsed_ns(c);
        cw_status status = run_round(c, round);
        if (status == CW_OK && !c->cancelled && round > 0)
            status = look(c, elapsed_ns(c) - begin_ns, &enough);
        if (status != CW_OK)
            return status;
        if (c->cancelled) {
            c->result->complete = false;
            c->result->ending = CW_ENDING_CANCELLED;
            return CW_OK;
        }
    }
    return CW_OK;
}

static cw_status check_arguments(const cw_experiment *given, cw_error *error)
{
    assert(given->subject != NULL && given->settings != NULL);
    if (given->setting_count < 1 || given->setting_count > CW_SETTINGS_MAX)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%zu settings given, 1 to %d are allowed", given->setting_count,
                            CW_SETTINGS_MAX);
    if (!(given->precision >= 0 && given->precision < 1))
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "precision %g given, 0 (the default) to below 1 is allowed",
                            given->precision);
    return CW_OK;
}

static cw_experiment with_defaults(const cw_experiment *given)
{
    cw_experiment plan = *given;
    if (plan.precision == 0)
        plan.precision = 0.01;
    if (plan.rounds_least == 0)
        plan.rounds_least = 8;
    if (plan.rounds_most == 0)
        plan.rounds_most = 100;
    if (plan.time_limit_ns == 0)
        plan.time_limit_ns = 30000000000;
    if (plan.seed == 0)
        plan.seed = 1;
    return plan;
}

static cw_status course_init(course *c, const cw_experiment *given, cw_error *error)
{
    *c = (course){.plan = with_defaults(given), .precision = NAN, .error = error};
    c->random.state = c->plan.seed;
    const cw_status status =
        cw_result_create(given->settings, given->setting_count, &c->result, error);
    if (status != CW_OK)
        return status;
    c->order = cw_memory_alloc(given->setting_count, sizeof *c->order);
    if (c->order == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory to order %zu settings", given->setting_count);
    for (size_t i = 0; i < given->setting_count; i++)
        c->order[i] = i;
    c->result->items = given->items;
    c->result->bytes = given->bytes;
    c->result->seed = c->plan.seed;
    c->result->precision = c->plan.precision;
    c->result->foreign_known = true;
    c->result->complete = true;
    return CW_OK;
}

/* Run what was begun in these surroundings, and sum it up. */
static cw_status course_run(course *c, const cw_surroundings *around)
{
    c->around = around;
    c->begin_ns = around->now(around->context);
    const cw_status status = run_rounds(c);
    if (status != CW_OK)
        return status;
    c->result->elapsed_ns = elapsed_ns(c);
    return cw_result_summarise(c->result, c->error);
}

cw_status cw_experiment_run(const cw_experiment *experiment, cw_result **result, cw_error *error)
{
    cw_status status = check_arguments(experiment, error);
    if (status != CW_OK)
        return status;
    course c;
    cw_surroundings machine = {0};
    status = course_init(&c, experiment, error);
    if (status == CW_OK && experiment->surroundings == NULL)
        status = cw_surroundings_init(&machine, error);
    if (status == CW_OK)
        status = course_run(&c, experiment->surroundings ? experiment->surroundings : &machine);
    if (status == CW_OK) {
        *result = c.result;
        c.result = NULL;
    }
    cw_surroundings_finish(&machine);
    cw_result_destroy(c.result);
    cw_memory_free(c.order);
    return status;
}
