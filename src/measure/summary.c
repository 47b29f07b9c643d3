/* Which runs count, and the figures that they give. */
/* SPDX-License-Identifier: MIT */
#include "measure/summary.h"

#include "base/checked.h"
#include "base/memory.h"
#include "measure/statistics.h"

#include <math.h>

/* The last attempt of each round and setting, and room for one value a round. */
typedef struct table {
    size_t rounds;
    size_t settings;
    const cw_run **cells; /* [round - 1][setting]; NULL: did not run */
    double *values, *others;
} table;

static const cw_run *cell(const table *t, size_t round, size_t setting)
{
    return t->cells[round * t->settings + setting];
}

static void table_finish(table *t)
{
    cw_memory_free(t->cells);
    cw_memory_free(t->values);
    cw_memory_free(t->others);
}

static cw_status table_init(table *t, const cw_result *result, cw_error *error)
{
    *t = (table){.settings = result->setting_count};
    for (size_t i = 0; i < result->run_count; i++)
        t->rounds = cw_max_u64(t->rounds, result->runs[i].round);
    t->cells = cw_memory_zalloc(t->rounds, t->settings * sizeof *t->cells);
    t->values = cw_memory_alloc(t->rounds, sizeof *t->values);
    t->others = cw_memory_alloc(t->rounds, sizeof *t->others);
    if (t->cells == NULL || t->values == NULL || t->others == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory to sum up %zu rounds", t->rounds);
    for (size_t i = 0; i < result->run_count; i++) {
        const cw_run *run = &result->runs[i];
        if (run->round > 0)
            t->cells[(run->round - 1) * t->settings + run->setting] = run;
    }
    return CW_OK;
}

/* Share of the cells that are clean in the end; 1 when there are none. */
static double clean_share(const table *t)
{
    size_t ran = 0, clean = 0;
    for (size_t i = 0; i < t->rounds * t->settings; i++) {
        ran += t->cells[i] != NULL;
        clean += t->cells[i] != NULL && !t->cells[i]->dirty;
    }
    return ran == 0 ? 1 : (double)clean / (double)ran;
}

/* Leave only what counts. */
static void drop_dirty(table *t)
{
    for (size_t i = 0; i < t->rounds * t->settings; i++) {
        if (t->cells[i] != NULL && t->cells[i]->dirty)
            t->cells[i] = NULL;
    }
}

/* One figure of a run; NAN: not known. */
typedef double figure(const cw_sample *sample);

static double wall(const cw_sample *sample)
{
    return (double)sample->wall_ns;
}

static double imbalance(const cw_sample *sample)
{
    if (sample->busiest_ns == 0)
        return NAN;
    return 1 - (double)sample->idlest_ns / (double)sample->busiest_ns;
}

static double processors(const cw_sample *sample)
{
    if (sample->wall_ns == 0)
        return NAN;
    return (double)(sample->user_ns + sample->system_ns) / (double)sample->wall_ns;
}

/* A setting's known values of a figure into t->values; returns how many. */
static size_t collect(const table *t, size_t setting, figure *of)
{
    size_t n = 0;
    for (size_t round = 0; round < t->rounds; round++) {
        const cw_run *run = cell(t, round, setting);
        if (run == NULL)
            continue;
        const double value = of(&run->sample);
        if (!isnan(value))
            t->values[n++] = value;
    }
    return n;
}

static double median_of(const table *t, size_t setting, figure *of)
{
    const size_t n = collect(t, setting, of);
    return n == 0 ? NAN : cw_quartiles_find(t->values, n).median;
}

/* What each run handles over the median time; NAN for no time or nothing to handle. */
static double rate(uint64_t amount, double median_ns)
{
    return amount == 0 || !(median_ns > 0) ? NAN : (double)amount * 1e9 / median_ns;
}

static void sum_up_alone(const table *t, const cw_result *result, size_t setting,
                         cw_summary *summary)
{
    summary->runs = collect(t, setting, wall);
    if (summary->runs == 0)
        return;
    const cw_quartiles times = cw_quartiles_find(t->values, summary->runs);
    summary->median_ns = times.median;
    summary->lower_ns = times.lower;
    summary->upper_ns = times.upper;
    summary->deviation_ns = cw_deviation_find(t->values, summary->runs);
    if (times.median > 0)
        summary->spread = (times.upper - times.lower) / times.median;
    summary->items_per_second = rate(result->items, times.median);
    summary->bytes_per_second = rate(result->bytes, times.median);
    summary->imbalance = median_of(t, setting, imbalance);
    summary->processors = median_of(t, setting, processors);
}

static cw_claim claim_of(const cw_summary *summary)
{
    const double least = 1 / CW_CLAIM_MARGIN, most = CW_CLAIM_MARGIN;
    if (isnan(summary->speedup_low))
        return CW_CLAIM_NONE;
    if (summary->speedup_low > most)
        return CW_CLAIM_FASTER;
    if (summary->speedup_high < least)
        return CW_CLAIM_SLOWER;
    return summary->speedup_low >= least && summary->speedup_high <= most ? CW_CLAIM_SAME
                                                                          : CW_CLAIM_OPEN;
}

/* Times of the baseline and of a setting from the rounds that have both, which must be positive
 * for a ratio. */
static size_t collect_pairs(const table *t, size_t setting)
{
    size_t n = 0;
    for (size_t round = 0; round < t->rounds; round++) {
        const cw_run *base = cell(t, round, 0), *run = cell(t, round, setting);
        if (base == NULL || run == NULL || base->sample.wall_ns == 0 || run->sample.wall_ns == 0)
            continue;
        t->values[n] = wall(&base->sample);
        t->others[n] = wall(&run->sample);
        n++;
    }
    return n;
}

static cw_status sum_up_against_baseline(const table *t, const cw_result *result, size_t setting,
                                         cw_summary *summary, cw_error *error)
{
    summary->pairs = collect_pairs(t, setting);
    if (summary->pairs < CW_PAIRS_LEAST)
        return CW_OK;
    cw_ratio ratio;
    const cw_status status =
        cw_ratio_find(t->values, t->others, summary->pairs, result->seed + setting, &ratio, error);
    if (status != CW_OK)
        return status;
    summary->speedup = ratio.value;
    summary->speedup_low = ratio.low;
    summary->speedup_high = ratio.high;
    const int threads = result->settings[setting].threads;
    if (threads >= 1)
        summary->efficiency = cw_efficiency(ratio.value, threads);
    if (threads >= 2)
        summary->serial_fraction = cw_serial_fraction(ratio.value, threads);
    if (!result->busy)
        summary->claim = claim_of(summary);
    return CW_OK;
}

static size_t dirty_runs(const cw_result *result, size_t setting)
{
    size_t dirty = 0;
    for (size_t i = 0; i < result->run_count; i++) {
        const cw_run *run = &result->runs[i];
        dirty += run->setting == setting && run->round > 0 && run->dirty;
    }
    return dirty;
}

cw_status cw_result_summarise(cw_result *result, cw_error *error)
{
    table t;
    cw_status status = table_init(&t, result, error);
    if (status != CW_OK)
        goto done;
    result->clean_share = clean_share(&t);
    result->busy = result->clean_share < CW_CLEAN_SHARE_LEAST;
    if (!result->busy)
        drop_dirty(&t);
    for (size_t i = 0; i < result->setting_count && status == CW_OK; i++) {
        cw_summary summary = cw_summary_unknown();
        summary.dirty_runs = dirty_runs(result, i);
        sum_up_alone(&t, result, i, &summary);
        if (i > 0)
            status = sum_up_against_baseline(&t, result, i, &summary, error);
        result->summaries[i] = summary;
    }
done:
    table_finish(&t);
    return status;
}

double cw_result_widest(const cw_result *result)
{
    double widest = 0;
    for (size_t i = 1; i < result->setting_count; i++) {
        const cw_summary *summary = &result->summaries[i];
        if (isnan(summary->speedup_low))
            return NAN;
        widest = fmax(widest, sqrt(summary->speedup_high / summary->speedup_low) - 1);
    }
    return widest;
}
