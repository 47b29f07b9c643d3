/* The pre-sieve: multiples of the smallest primes come from patterns, not from crossing off. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_PRESIEVE_H
#define CW_PRIMES_PRESIEVE_H

#include "kernels/primes/cross.h"
#include "kernels/primes/wheel.h"

/*
 * Sixteen patterns in each line for the smallest primes up to 163, each for two or three of them: a
 * pattern for primes p and q repeats after p * q bytes. Pairing the smallest with the largest keeps
 * all of them below 10 KB; those of a line fit the second-level cache and are read once for each 64
 * bytes sieved.
 */
#define CW_PRESIEVE_LAST 163

typedef struct cw_presieve {
    uint32_t length[CW_PRESIEVE_PATTERNS];
    const uint8_t *pattern[CW_WHEEL_LINES_MAX][CW_PRESIEVE_PATTERNS]; /* length + step bytes each */
    void *memory;
} cw_presieve;

/* About 180 KB and 0.1 ms a line. CW_ERR_NO_MEMORY leaves it empty. */
cw_status cw_presieve_init(cw_presieve *presieve, const cw_wheel *wheel);

/* NULL or an empty one is fine. */
void cw_presieve_finish(cw_presieve *presieve);

/* Fill `bytes` bytes (rounded up to whole steps) of a line, beginning with row `row`. */
void cw_presieve_fill(const cw_presieve *presieve, const cw_cross_ops *ops, uint32_t line,
                      uint64_t row, uint8_t *bits, size_t bytes);

#endif
