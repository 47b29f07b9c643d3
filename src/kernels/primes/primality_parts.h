/* What all levels of the primality kernel share: small factors, and the Lucas test's parameter. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_PRIMES_PRIMALITY_PARTS_H
#define CW_KERNELS_PRIMES_PRIMALITY_PARTS_H

#include "kernels/primes/primality.h"

#include <stdbool.h>

/*
 * An odd p divides n exactly when n * p^-1 mod 2^64 is at most (2^64 - 1) / p: the products of
 * p^-1 and the multiples of p are the numbers from 0 to that limit, each once.
 */
typedef struct cw_small_prime {
    uint64_t inverse;
    uint64_t limit;
} cw_small_prime;

/* The odd primes from 3 to 311: up to there a division costs a vector less than it saves. */
enum { CW_SMALL_PRIMES = 63 };
extern const cw_small_prime cw_small_primes[CW_SMALL_PRIMES];

/* 313^2: below it, what has no small factor is prime. */
#define CW_SMALL_LIMIT UINT64_C(97969)

/* n < CW_SMALL_LIMIT. */
bool cw_small_is_prime(uint64_t n);

/* Any n, on its own: what the shortest lists use. */
bool cw_primality_one(uint64_t n);

static inline bool cw_small_divides(const cw_small_prime *prime, uint64_t n)
{
    return n * prime->inverse <= prime->limit;
}

/* Whether one of the small primes divides n. */
static inline bool cw_small_factor(uint64_t n)
{
    for (int i = 0; i < CW_SMALL_PRIMES; i++)
        if (cw_small_divides(&cw_small_primes[i], n))
            return true;
    return false;
}

/* n^-1 mod 2^64 for odd n, by Newton's iteration: 5 bits are right at first, then 10, 20, 40, 80.
 */
static inline uint64_t cw_inverse_u64(uint64_t n)
{
    uint64_t x = 3 * n ^ 2;
    for (int i = 0; i < 4; i++)
        x *= 2 - n * x;
    return x;
}

/*
 * The least P >= 3 with Jacobi symbol (P^2 - 4 | n) = -1, for odd n >= CW_SMALL_LIMIT without small
 * factors; 0 when the search shows n to be composite. P stays below 400: were it more, n would be a
 * square modulo every prime up to there, and the first such n that is no square itself is far above
 * 2^64 (J. Sorenson, The pseudosquares prime sieve, ANTS-VII, 2006).
 */
uint32_t cw_lucas_parameter(uint64_t n);

/*
 * Candidates: numbers without small factors, and where in the list they stood. A level sifts a
 * batch into them, then decides them many at a time.
 */
enum {
    CW_PRIMALITY_BATCH = 1024, /* numbers: with their places 12 KiB, well inside the first cache */
    CW_PRIMALITY_SLACK = 8     /* a vector store may run past the last candidate */
};

typedef struct cw_candidates {
    size_t count;
    uint64_t numbers[CW_PRIMALITY_BATCH + CW_PRIMALITY_SLACK];
    uint32_t places[CW_PRIMALITY_BATCH + CW_PRIMALITY_SLACK];
} cw_candidates;

/* results[place] = 1 for those that are prime; the candidates are used up. */
typedef void cw_primality_decide(cw_candidates *candidates, uint8_t *results);

cw_primality_decide cw_primality_decide_narrow_avx512; /* numbers below 2^48 */
cw_primality_decide cw_primality_decide_wide_avx512;   /* numbers from 2^48 */

void cw_primality_test_scalar(const uint64_t *numbers, size_t n, uint8_t *results);
void cw_primality_test_avx2(const uint64_t *numbers, size_t n, uint8_t *results);
void cw_primality_test_avx512(const uint64_t *numbers, size_t n, uint8_t *results);

#endif
