/* The statistics of timings: medians, spread, the interval of a ratio, what scaling says. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_STATISTICS_H
#define CW_MEASURE_STATISTICS_H

#include <chunkwise/status.h>

#include <stdbool.h>

/* Pure functions. Values must be numbers, n at least 1, unless said otherwise. */

/* Sort into rising order. */
void cw_values_sort(double *values, size_t n);

/* The p-quantile, 0 <= p <= 1, of sorted values: linear between the two nearest, h = (n - 1) p,
 * which is R's type 7 and NumPy's default (Hyndman and Fan, doi:10.2307/2684934). */
double cw_quantile(const double *sorted, size_t n, double p);

typedef struct cw_quartiles {
    double lower, median, upper;
} cw_quartiles;

/* Leaves the values sorted. */
cw_quartiles cw_quartiles_find(double *values, size_t n);

/* Median absolute deviation from the median, not scaled. Leaves the values changed. */
double cw_deviation_find(double *values, size_t n);

/* Fewest pairs that give an interval worth its name: of four, the widest that resampling can say
 * misses the truth one time in eight. */
enum { CW_PAIRS_LEAST = 5 };

typedef struct cw_ratio {
    double value, low, high; /* low, high: 95 % interval */
} cw_ratio;

/*
 * median(above) / median(below) of n paired positive values, with a 95 % interval: the percentile
 * bootstrap that draws pairs, so that what hits both sides of a round stays together.
 *
 * BCa, studentised, basic and widened intervals were tried in simulation: the plain percentile
 * interval covers 93 to 98 % from 8 pairs on, with heavy tails, bursts and two modes (a test shows
 * it); basic intervals of medians cover 83 to 90 %, widened ones are needlessly wide.
 *
 * The seed picks the draws: the same input gives the same interval.
 * CW_ERR_ARGUMENT below CW_PAIRS_LEAST pairs; CW_ERR_NO_MEMORY. Time O(n + log n) a draw.
 */
cw_status cw_ratio_find(const double *above, const double *below, size_t n, uint64_t seed,
                        cw_ratio *ratio, cw_error *error);

/* Speed-up per thread. */
double cw_efficiency(double speedup, int threads);

/*
 * The share of the work that behaves as if serial, from a measured speed-up; threads >= 2. Below 0
 * when more threads do better than they should, as with more cache.
 * A. H. Karp, H. P. Flatt, CACM 33 (1990) 539-543, doi:10.1145/78607.78614.
 */
double cw_serial_fraction(double speedup, int threads);

#endif
