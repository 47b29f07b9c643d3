/* The sieve's inner loops, one table of them for each instruction set. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_CROSS_H
#define CW_PRIMES_CROSS_H

#include <chunkwise/machine.h>

#include <stddef.h>
#include <stdint.h>

/* Bytes that are pre-sieved at a time; each pattern repeats its beginning for that long. */
#define CW_PRESIEVE_STEP 4096

/* Most patterns of the pre-sieve. */
#define CW_PRESIEVE_PATTERNS 16

/* Crossing off runs past the end of an area by less than the largest prime of its tier: what lies
 * there is either sieved again later or nobody's. */

typedef struct cw_cross_ops {
    /* bits[i] = AND over the patterns of pattern[p][i], i < CW_PRESIEVE_STEP. */
    void (*presieve)(uint8_t *bits, const uint8_t *const pattern[CW_PRESIEVE_PATTERNS]);
    /*
     * Cross off, in `rows` bytes, the multiples of primes[0..count), in rising order, all at most
     * `rows`. offsets[i][c] < primes[i] is the first byte where prime i clears bit c; it is moved
     * on to the next `rows` bytes.
     */
    void (*small)(uint8_t *bits, uint32_t rows, const uint16_t *primes, uint16_t (*offsets)[8],
                  size_t count);
    /* The same for larger areas and primes. */
    void (*medium)(uint8_t *bits, uint32_t rows, const uint32_t *primes, uint32_t (*offsets)[8],
                   size_t count);
    /* Number of bits that are set. */
    uint64_t (*count)(const uint8_t *bits, size_t bytes);
} cw_cross_ops;

/* The highest level up to isa that the build has. */
void cw_cross_ops_init(cw_cross_ops *ops, cw_isa isa);

extern const cw_cross_ops cw_cross_ops_baseline;
extern const cw_cross_ops cw_cross_ops_avx2;
extern const cw_cross_ops cw_cross_ops_avx512;

#endif
