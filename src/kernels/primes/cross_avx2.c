/* The sieve's inner loops for the avx2 level. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/cross_loops.h"

const cw_cross_ops cw_cross_ops_avx2 = CW_CROSS_OPS;
