/* Primality of many numbers at once, one table entry for each instruction-set level. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_PRIMES_PRIMALITY_H
#define CW_KERNELS_PRIMES_PRIMALITY_H

#include <chunkwise/machine.h>

#include <stddef.h>
#include <stdint.h>

typedef struct cw_primality_ops {
    /* results[i] = 1 if numbers[i] is prime, else 0; any n, any u64. Cheapest a number when n is
     * some hundreds or more. */
    void (*test)(const uint64_t *numbers, size_t n, uint8_t *results);
} cw_primality_ops;

void cw_primality_ops_init(cw_primality_ops *ops, cw_isa isa);

/* The plain reference that every level is held against: trial division up to 1e6, Miller-Rabin to
 * the first twelve primes above. */
int cw_primality_reference(uint64_t n);

#endif
