/* A plain reference, written to be read: what fast kernels are checked against. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_PLAIN_H
#define CW_CATALOGUE_PLAIN_H

#include <chunkwise/status.h>

/* Largest `last` that cw_plain_counts sieves up to. */
#define CW_PLAIN_SIEVE_MAX UINT64_C(20000000)

/* counts[n] = number of primes in [0, n] for n up to `last`, by the sieve of Eratosthenes with a
 * byte a number. To be given back with cw_memory_free. CW_ERR_NO_MEMORY. */
cw_status cw_plain_counts(uint32_t last, uint32_t **counts, cw_error *error);

#endif
