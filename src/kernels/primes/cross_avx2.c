/* The sieve's inner loops for the avx2 level. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/cross_loops.h"

static size_t first_hits(const cw_wheel *wheel, const uint32_t *primes, size_t count, uint64_t low,
                         uint64_t numbers, cw_first_hit *hits)
{
    return first_hits_plainly(wheel, primes, count, low, numbers, hits);
}

const cw_cross_ops cw_cross_ops_avx2 = CW_CROSS_OPS;
