/* Plain references, written to be read: what fast kernels are checked against. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_PLAIN_H
#define CW_CATALOGUE_PLAIN_H

#include <chunkwise/status.h>

#include <stdbool.h>

/* Largest `last` that cw_plain_counts sieves up to. */
#define CW_PLAIN_SIEVE_MAX UINT64_C(20000000)

/* counts[n] = number of primes in [0, n] for n up to `last`, by the sieve of Eratosthenes with a
 * byte a number. To be given back with cw_memory_free. CW_ERR_NO_MEMORY. */
cw_status cw_plain_counts(uint32_t last, uint32_t **counts, cw_error *error);

/* Whether n is prime, by the strong test to the first twelve primes as bases, which is a proof for
 * every u64: J. Sorenson and J. Webster, Math. Comp. 86 (2017) 985-1003. */
bool cw_plain_is_prime(uint64_t n);

#endif
