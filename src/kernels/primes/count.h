/* The counting of primes in a window, as a work that a journal can follow. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_COUNT_H
#define CW_PRIMES_COUNT_H

#include "kernels/primes/window.h"

/* Counts the primes that do not divide the modulus; those are for the caller to add. The partial is
 * a uint64_t. */
cw_work cw_primes_count_work(cw_window *window);

#endif
