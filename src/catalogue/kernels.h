/* The kernels, one file each (square and cube share one). */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_KERNELS_H
#define CW_CATALOGUE_KERNELS_H

#include "catalogue/kernel.h"

extern const cw_kernel cw_kernel_primes;
extern const cw_kernel cw_kernel_is_prime;
extern const cw_kernel cw_kernel_square;
extern const cw_kernel cw_kernel_cube;
extern const cw_kernel cw_kernel_sum;
extern const cw_kernel cw_kernel_wait;

#endif
