/* A siever: one thread's segmented sieve, moving over rows of the wheel in rising order. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_SIEVER_H
#define CW_PRIMES_SIEVER_H

#include "kernels/primes/cross.h"
#include "kernels/primes/presieve.h"
#include "kernels/primes/sieving.h"

/* What all threads of one job share. */
typedef struct cw_sieve {
    cw_wheel wheel;
    const cw_cancel *cancel;         /* of the plan; may be NULL */
    const cw_sieving_primes *primes; /* up to the root of the last number of last_row */
    cw_presieve presieve;            /* empty for short jobs: then the tiers do all the work */
    cw_cross_ops ops;
    uint32_t block_rows;   /* power of two; an area that stays in the first-level cache */
    uint32_t segment_rows; /* power of two, multiple of block_rows; a line fits the second level */
    size_t line_bytes;     /* from a line to the next: a multiple of 4096 */
    uint64_t first_row, last_row;
} cw_sieve;

/*
 * Over rows [first_row, last_row] of the wheel mod `modulus`, 30 or 210. Sizes from the machine's
 * caches and the length of the job, patterns where they pay. A segment is never longer than
 * `longest_segment` rows (a power of two, at least CW_PRESIEVE_STEP). CW_ERR_NO_MEMORY. `primes` is
 * not taken over.
 */
cw_status cw_sieve_init(cw_sieve *sieve, uint32_t modulus, const cw_sieving_primes *primes,
                        uint64_t first_row, uint64_t last_row, uint64_t longest_segment,
                        const cw_plan *plan, cw_error *error);

void cw_sieve_finish(cw_sieve *sieve);

typedef struct cw_siever cw_siever;

/* NULL when there is no memory. */
cw_siever *cw_siever_create(const cw_sieve *sieve);

/* NULL is fine. */
void cw_siever_destroy(cw_siever *siever);

/* Make `row` (at most last_row) the beginning of the next segment. The next segment then costs a
 * division for each sieving prime. */
void cw_siever_start(cw_siever *siever, uint64_t row);

/*
 * Sieve the next segment_rows rows. *bits is theirs until the next call, and may be changed: line l
 * begins at byte l * line_bytes, and its bits are set where the wheel's numbers are prime. Rows
 * past last_row are not to be believed. CW_ERR_NO_MEMORY, and CW_ERR_CANCELLED before long work.
 */
cw_status cw_siever_next(cw_siever *siever, uint8_t **bits);

#endif
