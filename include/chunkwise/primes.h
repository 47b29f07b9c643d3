/* Primes: counting, listing, the n-th one, and primality. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_PRIMES_H
#define CHUNKWISE_PRIMES_H

#include <chunkwise/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Largest n for cw_primes_nth: there are this many primes below 2^64. */
#define CW_PRIMES_NTH_MAX UINT64_C(425656284035217743)

/**
 * Count the primes in [first, last].
 *
 * @param first       lower end, included.
 * @param last        upper end, included; any u64. last < first counts nothing.
 * @param plan        how to run it; NULL for defaults. Not kept.
 * @param[out] count  number of primes; written only on CW_OK.
 *
 * @return CW_OK; CW_ERR_ARGUMENT if count is NULL; CW_ERR_NO_MEMORY, CW_ERR_THREADS,
 *         CW_ERR_CANCELLED.
 *
 * Time    O(n log log last), n = last - first + 1, plus O(sqrt(last)) once.
 * Memory  O(sqrt(last)) shared, one segment and its buckets for each thread.
 * Threads at most plan->threads; may be called from several threads.
 * Result  the same for every plan.
 * Source  segmented sieve of Eratosthenes: C. Bays and R. H. Hudson, BIT 17 (1977) 121-127; wheel:
 *         P. Pritchard, Acta Informatica 17 (1982) 477-485.
 */
CW_API cw_status cw_primes_count(uint64_t first, uint64_t last, const cw_plan *plan,
                                 uint64_t *count, cw_error *error);

/**
 * Count the primes up to each of `count` numbers: results[i] = pi(numbers[i]), in one pass over
 * [0, max]. Numbers may come in any order, and more than once.
 *
 * @param results  may equal `numbers`; contents undefined on failure.
 * @return as cw_primes_count.
 * Time   that of cw_primes_count(0, max) plus O(count log count).
 */
CW_API cw_status cw_primes_count_many(const uint64_t *numbers, size_t count, const cw_plan *plan,
                                      uint64_t *results, cw_error *error);

/**
 * The n-th prime, counted from 1: cw_primes_nth(1) is 2.
 *
 * @return as cw_primes_count; CW_ERR_ARGUMENT also when n is 0 or above CW_PRIMES_NTH_MAX.
 * Time   that of counting up to the result.
 */
CW_API cw_status cw_primes_nth(uint64_t n, const cw_plan *plan, uint64_t *prime, cw_error *error);

/**
 * Takes some primes, in rising order: primes[count], valid during the call. Calls come one at a
 * time, in rising order, not always on the same thread. A status other than CW_OK ends the listing.
 */
typedef cw_status cw_primes_sink(void *context, const uint64_t *primes, size_t count,
                                 cw_error *error);

/**
 * Give every prime in [first, last] to a sink, in order whatever the number of threads. A plan's
 * policy has no effect: blocks are handed out in order.
 */
CW_API cw_status cw_primes_list(uint64_t first, uint64_t last, const cw_plan *plan,
                                cw_primes_sink *sink, void *context, cw_error *error);

/**
 * Rough time of cw_primes_count in seconds on one thread of a machine of 2024; for telling people
 * before they wait. O(1).
 */
CW_API double cw_primes_count_estimate(uint64_t first, uint64_t last);

/** Whether n is prime: 1 or 0. Proved for every u64, no probable answers. About 1 microsecond. */
CW_API int cw_is_prime(uint64_t n);

/**
 * results[i] = 1 if numbers[i] is prime, else 0: proved for every u64, no probable answers.
 *
 * @param numbers  in any order; NULL only where n is 0.
 * @param n        how many there are.
 * @param plan     how to run it; NULL for defaults. Not kept.
 * @param results  contents undefined on failure; NULL only where n is 0.
 *
 * @return CW_OK; CW_ERR_ARGUMENT for NULL, or a plan that is out of bounds; CW_ERR_NO_MEMORY,
 *         CW_ERR_THREADS, CW_ERR_CANCELLED.
 *
 * Shape   numbers[n], results[n]; they may not overlap.
 * Time    O(log numbers[i]) an item. On one thread of a machine of 2024 about 20 ns for a random
 *         odd number of 64 bits and 200 ns for a prime with AVX-512, 35 and 250 with AVX2, 80 and
 *         700 without.
 * Memory  some tens of KiB of stack for each thread.
 * Threads at most plan->threads; may be called from several threads.
 * Result  the same for every plan.
 * Source  a test to base 2 and a Lucas test: R. Baillie and S. S. Wagstaff, Lucas pseudoprimes,
 *         Math. Comp. 35 (1980) 1391-1417; proved below 2^64 by the list of all pseudoprimes to
 *         base 2 of J. Feitsma and W. Galway: docs/algorithms.md.
 */
CW_API cw_status cw_primes_test(const uint64_t *numbers, size_t n, const cw_plan *plan,
                                uint8_t *results, cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
