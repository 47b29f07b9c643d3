/* The sieve's inner loops for the baseline level. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/cross_loops.h"

const cw_cross_ops cw_cross_ops_baseline = CW_CROSS_OPS;
