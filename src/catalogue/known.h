/* Prime counts and n-th primes known from elsewhere: data/known/primes.csv. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_KNOWN_H
#define CW_CATALOGUE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cw_known_kind {
    CW_KNOWN_COUNT, /* primes in [first, last] */
    CW_KNOWN_NTH    /* the first-th prime, counted from 1 */
} cw_known_kind;

typedef struct cw_known {
    cw_known_kind kind;
    uint64_t first, last;
    uint64_t value;
    const char *source;
} cw_known;

extern const cw_known cw_known_primes[];
extern const size_t cw_known_primes_count;

/* The number of primes in [first, last], when the table has it or the two counts that it is the
 * difference of; *value is written only then. */
bool cw_known_count(uint64_t first, uint64_t last, uint64_t *value);

/* The n-th prime, when the table has it. */
bool cw_known_nth(uint64_t n, uint64_t *value);

#endif
