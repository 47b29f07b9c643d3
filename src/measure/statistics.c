/* Medians, quantiles, the bootstrap of a ratio of medians, and the figures of scaling. */
/* SPDX-License-Identifier: MIT */
#include "measure/statistics.h"

#include "base/memory.h"
#include "measure/random.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Draws of the bootstrap. The ends of the interval then wander by 2 to 3 % of its width from seed
 * to seed; 2000 draws of 20 pairs take well under a millisecond. */
enum { DRAWS = 2000 };

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void cw_values_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
}

double cw_quantile(const double *sorted, size_t n, double p)
{
    assert(n > 0 && p >= 0 && p <= 1);
    const double place = (double)(n - 1) * p;
    const size_t below = (size_t)place;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

cw_quartiles cw_quartiles_find(double *values, size_t n)
{
    cw_values_sort(values, n);
    return (cw_quartiles){.lower = cw_quantile(values, n, 0.25),
                          .median = cw_quantile(values, n, 0.5),
                          .upper = cw_quantile(values, n, 0.75)};
}

double cw_deviation_find(double *values, size_t n)
{
    cw_values_sort(values, n);
    const double median = cw_quantile(values, n, 0.5);
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - median);
    cw_values_sort(values, n);
    return cw_quantile(values, n, 0.5);
}

/* One side of the pairs: the values in order, and where each pair's value stands in that order. A
 * draw then only counts how often each place was hit, and its median needs no sorting. */
typedef struct side {
    double *sorted;
    uint32_t *place; /* of pair i */
    uint32_t *hits;  /* of a place, in the present draw */
} side;

static void side_finish(side *s)
{
    cw_memory_free(s->sorted);
    cw_memory_free(s->place);
    cw_memory_free(s->hits);
}

static bool side_init(side *s, const double *values, size_t n)
{
    s->sorted = cw_memory_alloc(n, sizeof *s->sorted);
    s->place = cw_memory_alloc(n, sizeof *s->place);
    s->hits = cw_memory_alloc(n, sizeof *s->hits);
    if (s->sorted == NULL || s->place == NULL || s->hits == NULL)
        return false;
    memcpy(s->sorted, values, n * sizeof *values);
    cw_values_sort(s->sorted, n);
    for (size_t i = 0; i < n; i++) {
        const double *found = bsearch(&values[i], s->sorted, n, sizeof *s->sorted, by_value);
        s->place[i] = (uint32_t)(found - s->sorted); /* equal values may share a place */
    }
    return true;
}

/* The median of a draw of n values: the mean of the two in the middle, which are one if n is odd.
 */
static double median_of_hits(const side *s, size_t n)
{
    const size_t lower = (n - 1) / 2, upper = n / 2;
    size_t place = 0, passed = s->hits[0];
    while (passed <= lower)
        passed += s->hits[++place];
    const double low = s->sorted[place];
    while (passed <= upper)
        passed += s->hits[++place];
    return 0.5 * (low + s->sorted[place]);
}

static void draw_ratios(side *above, side *below, size_t n, uint64_t seed, double *ratios)
{
    cw_random random = {seed};
    for (size_t draw = 0; draw < DRAWS; draw++) {
        memset(above->hits, 0, n * sizeof *above->hits);
        memset(below->hits, 0, n * sizeof *below->hits);
        for (size_t i = 0; i < n; i++) {
            const uint32_t pair = cw_random_below(&random, n);
            above->hits[above->place[pair]]++;
            below->hits[below->place[pair]]++;
        }
        ratios[draw] = median_of_hits(above, n) / median_of_hits(below, n);
    }
}

cw_status cw_ratio_find(const double *above, const double *below, size_t n, uint64_t seed,
                        cw_ratio *ratio, cw_error *error)
{
    if (n < CW_PAIRS_LEAST || n > UINT32_MAX)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%zu pairs given for an interval, at least %d are needed", n,
                            CW_PAIRS_LEAST);
    side over = {0}, under = {0};
    double *ratios = cw_memory_alloc(DRAWS, sizeof *ratios);
    cw_status status = CW_OK;
    if (ratios == NULL || !side_init(&over, above, n) || !side_init(&under, below, n)) {
        status = cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                              "no memory to resample %zu pairs", n);
        goto done;
    }
    draw_ratios(&over, &under, n, seed, ratios);
    cw_values_sort(ratios, DRAWS);
    *ratio = (cw_ratio){
        .value = cw_quantile(over.sorted, n, 0.5) / cw_quantile(under.sorted, n, 0.5),
        .low = cw_quantile(ratios, DRAWS, 0.025),
        .high = cw_quantile(ratios, DRAWS, 0.975),
    };
done:
    side_finish(&under);
    side_finish(&over);
    cw_memory_free(ratios);
    return status;
}

double cw_efficiency(double speedup, int threads)
{
    assert(threads >= 1);
    return speedup / threads;
}

double cw_serial_fraction(double speedup, int threads)
{
    assert(threads >= 2);
    const double share = 1.0 / threads;
    return (1.0 / speedup - share) / (1.0 - share);
}
