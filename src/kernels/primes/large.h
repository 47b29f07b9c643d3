/* Large primes: each waits in the list of the slice of rows that it hits next. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_LARGE_H
#define CW_PRIMES_LARGE_H

#include "kernels/primes/cross.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Wheel positions of a prime: the class of the prime and that of its multiplier. */
enum { CW_LARGE_POSITIONS = CW_WHEEL_CLASSES_MAX * CW_WHEEL_CLASSES_MAX };

/* A list grows bucket by bucket; 8 KiB are 1022 entries and a link. */
typedef struct cw_large_bucket cw_large_bucket;

typedef struct cw_large_tier {
    const cw_wheel *wheel;
    size_t line_bytes;    /* from a line of the segment to the next */
    unsigned slice_shift; /* a slice is 2 to this rows, at most 2^20 */
    uint64_t last_row;    /* hits beyond it are forgotten */
    uint64_t row;         /* of the present slice */
    uint64_t *steps;      /* what happens at each wheel position: see large.c */
    uint64_t **tails;     /* where each list's next entry goes; a multiple of 8 KiB: nowhere yet */
    uint32_t lists;       /* a power of two: more than any step from multiple to multiple spans */
    uint32_t now;         /* the list of the present slice */
    cw_large_bucket *spare;
    void *slabs;
} cw_large_tier;

/*
 * A tier for primes up to `largest`. False, and an empty tier, when there is no memory.
 * Memory  8 bytes for each list, of which there are largest / 21 rows' worth of slices, and a
 * bucket for each list in use; 8 bytes for each prime that still hits something.
 */
bool cw_large_init(cw_large_tier *tier, const cw_wheel *wheel, size_t line_bytes,
                   unsigned slice_shift, uint64_t last_row, uint64_t largest);

/* An empty one is fine. */
void cw_large_finish(cw_large_tier *tier);

/* Forget all primes; the next slice begins at `row`. */
void cw_large_start(cw_large_tier *tier, uint64_t row);

/* Let in primes[0..count), at most CW_FIRST_HITS, from their first multiples in the present slice
 * or after it. False when there is no memory. */
bool cw_large_join(cw_large_tier *tier, const cw_cross_ops *ops, const uint32_t *primes,
                   size_t count);

/* Cross off the present slice, whose first line begins at `bits`, and go on to the next. False when
 * there is no memory. */
bool cw_large_cross(cw_large_tier *tier, uint8_t *bits);

#endif
