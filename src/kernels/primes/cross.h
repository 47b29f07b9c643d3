/* The sieve's inner loops, one table of them for each instruction set. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_CROSS_H
#define CW_PRIMES_CROSS_H

#include <chunkwise/machine.h>

#include "kernels/primes/wheel.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes that are pre-sieved at a time; each pattern repeats its beginning for that long. */
#define CW_PRESIEVE_STEP 4096

/* Most patterns of the pre-sieve. */
#define CW_PRESIEVE_PATTERNS 16

/* Crossing off runs past the end of an area by less than the largest prime of its tier: what lies
 * there is either sieved again later or nobody's. */

/*
 * The primes of a tier. Prime p divides number 0 of row bases[i] of the coming segment (rows
 * counted from its beginning), and modulus * inverses[i] is 1 more than a multiple of p: so it
 * divides residue r of row bases[i] - r * inverses[i], mod p.
 */
typedef struct cw_small_tier {
    uint16_t *primes, *inverses, *bases;
    float *reciprocals;
    uint16_t (*offsets)[8]; /* for the line that is being sieved */
    size_t count;
} cw_small_tier;

typedef struct cw_medium_tier {
    uint32_t *primes, *inverses, *bases;
    float *reciprocals;
    size_t count;
} cw_medium_tier;

/* The first hit of a large prime: its multiple that lies `distance` above some number. */
typedef struct cw_first_hit {
    uint64_t distance;
    uint32_t prime;
    uint32_t multiplier; /* mod the wheel's modulus */
} cw_first_hit;

/* Most primes that are asked for at a time. */
#define CW_FIRST_HITS 256

typedef struct cw_cross_ops {
    /* bits[i] = AND over the patterns of pattern[p][i], i < CW_PRESIEVE_STEP. */
    void (*presieve)(uint8_t *bits, const uint8_t *const pattern[CW_PRESIEVE_PATTERNS]);
    /* Fill the tier's offsets for a line with these residues: offsets[i][b] < primes[i] is the
     * first row, from the beginning of the segment, in which prime i clears bit b. */
    void (*aim_small)(cw_small_tier *tier, const uint8_t residues[8]);
    /* Cross off all multiples of the tier in `rows` bytes (no prime is larger), and move the
     * offsets on to the next `rows` bytes. */
    void (*small)(uint8_t *bits, uint32_t rows, cw_small_tier *tier);
    /* Cross off all multiples of the tier in a line of the segment. */
    void (*medium)(uint8_t *bits, uint32_t rows, const cw_medium_tier *tier,
                   const uint8_t residues[8]);
    /* Move the bases of both tiers on by `rows` rows. */
    void (*advance)(cw_small_tier *small, cw_medium_tier *medium, uint32_t rows);
    /*
     * For each of primes[0..count), all above the modulus, the first multiple p * m >= low with m
     * on the wheel, low being a multiple of the modulus. Those that lie less than `numbers` above
     * low are written to hits, in order; returns how many. hits has room for CW_FIRST_HITS + 8.
     */
    size_t (*first_hits)(const cw_wheel *wheel, const uint32_t *primes, size_t count, uint64_t low,
                         uint64_t numbers, cw_first_hit *hits);
    /* Number of bits that are set. */
    uint64_t (*count)(const uint8_t *bits, size_t bytes);
} cw_cross_ops;

/* The highest level up to isa that the build has. */
void cw_cross_ops_init(cw_cross_ops *ops, cw_isa isa);

extern const cw_cross_ops cw_cross_ops_baseline;
extern const cw_cross_ops cw_cross_ops_avx2;
extern const cw_cross_ops cw_cross_ops_avx512;

#endif
