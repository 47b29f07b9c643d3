/* Random numbers that a seed repeats: for the order of runs and for resampling. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_RANDOM_H
#define CW_MEASURE_RANDOM_H

#include <stdint.h>

/* The state is the seed; every seed is a good one. */
typedef struct cw_random {
    uint64_t state;
} cw_random;

/* SplitMix64: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014, doi:10.1145/2660193.2660195. */
static inline uint64_t cw_random_next(cw_random *random)
{
    random->state += 0x9e3779b97f4a7c15u;
    uint64_t mixed = random->state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

/* In [0, n), 0 < n <= 2^32; the bias is below n / 2^32, far under what samples can show. */
static inline uint32_t cw_random_below(cw_random *random, uint64_t n)
{
    return (uint32_t)(((cw_random_next(random) >> 32) * n) >> 32);
}

#endif
