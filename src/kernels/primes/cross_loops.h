/* The sieve's inner loops in plain C: compiled once for each instruction set, which the compiler
 * uses for the pre-sieve, the moving of offsets and the counting. Include it in one file a level.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_CROSS_LOOPS_H
#define CW_PRIMES_CROSS_LOOPS_H

#include "kernels/primes/cross.h"

#include <string.h>

static void presieve(uint8_t *restrict bits, const uint8_t *const pattern[CW_PRESIEVE_PATTERNS])
{
    for (int half = 0; half < CW_PRESIEVE_PATTERNS; half += 8) {
        const uint8_t *restrict a = pattern[half], *restrict b = pattern[half + 1];
        const uint8_t *restrict c = pattern[half + 2], *restrict d = pattern[half + 3];
        const uint8_t *restrict e = pattern[half + 4], *restrict f = pattern[half + 5];
        const uint8_t *restrict g = pattern[half + 6], *restrict h = pattern[half + 7];
        if (half == 0) {
            for (int i = 0; i < CW_PRESIEVE_STEP; i++)
                bits[i] = (uint8_t)(a[i] & b[i] & c[i] & d[i] & e[i] & f[i] & g[i] & h[i]);
        } else {
            for (int i = 0; i < CW_PRESIEVE_STEP; i++)
                bits[i] &= (uint8_t)(a[i] & b[i] & c[i] & d[i] & e[i] & f[i] & g[i] & h[i]);
        }
    }
}

/* A prime clears bit c of every p-th byte from its offset on: eight strides with a mask each that
 * never changes. `times` is the same for many primes in a row and covers the area whatever the
 * offset, so that no branch depends on where a multiple falls. It costs half a hit a stride. */
#define CROSS_EIGHT(bits, offsets, p, times)                                                       \
    do {                                                                                           \
        uint8_t *const a0 = (bits) + (offsets)[0], *const a1 = (bits) + (offsets)[1];              \
        uint8_t *const a2 = (bits) + (offsets)[2], *const a3 = (bits) + (offsets)[3];              \
        uint8_t *const a4 = (bits) + (offsets)[4], *const a5 = (bits) + (offsets)[5];              \
        uint8_t *const a6 = (bits) + (offsets)[6], *const a7 = (bits) + (offsets)[7];              \
        const size_t end_ = (size_t)(p) * (times);                                                 \
        for (size_t x_ = 0; x_ != end_; x_ += (p)) {                                               \
            a0[x_] &= 0xfe;                                                                        \
            a1[x_] &= 0xfd;                                                                        \
            a2[x_] &= 0xfb;                                                                        \
            a3[x_] &= 0xf7;                                                                        \
            a4[x_] &= 0xef;                                                                        \
            a5[x_] &= 0xdf;                                                                        \
            a6[x_] &= 0xbf;                                                                        \
            a7[x_] &= 0x7f;                                                                        \
        }                                                                                          \
    } while (0)

/* times - 1 strides lead to the area's last p bytes or just before them: the step into the next
 * area is at most p back. Unsigned wrap-around makes the smaller of the two the right one. */
#define MOVE_EIGHT(type, offsets, p, times, rows)                                                  \
    do {                                                                                           \
        const type shift_ = (type)(((times)-1) * (p) - (rows));                                    \
        for (int c_ = 0; c_ < 8; c_++) {                                                           \
            const type moved_ = (type)((offsets)[c_] + shift_);                                    \
            const type wrapped_ = (type)(moved_ + (p));                                            \
            (offsets)[c_] = moved_ < wrapped_ ? moved_ : wrapped_;                                 \
        }                                                                                          \
    } while (0)

static void small(uint8_t *bits, uint32_t rows, cw_small_tier *tier)
{
    for (size_t i = 0; i < tier->count; i++) {
        const uint32_t p = tier->primes[i];
        const uint32_t times = rows / p + 1;
        uint16_t *offsets = tier->offsets[i];
        CROSS_EIGHT(bits, offsets, p, times);
        MOVE_EIGHT(uint16_t, offsets, p, times, rows);
    }
}

/* offsets[b] = (base - residues[b] * inverse) mod p, for p < 2^23 and residues below 256. The
 * quotient by way of a float is off by one at most, which the two corrections undo. */
static inline void aim(uint32_t offsets[8], uint32_t p, uint32_t inverse, uint32_t base,
                       float reciprocal, const uint32_t residues[8])
{
    for (int b = 0; b < 8; b++) {
        const uint32_t product = residues[b] * inverse;
        const uint32_t quotient = (uint32_t)(int32_t)((float)(int32_t)product * reciprocal);
        uint32_t rest = product - quotient * p;
        rest = rest < rest + p ? rest : rest + p; /* was negative */
        rest = rest < rest - p ? rest : rest - p; /* was p or more */
        const uint32_t offset = base - rest;
        offsets[b] = offset < offset + p ? offset : offset + p;
    }
}

static void aim_small(cw_small_tier *tier, const uint8_t residues[8])
{
    uint32_t wide[8], offsets[8];
    for (int b = 0; b < 8; b++)
        wide[b] = residues[b];
    for (size_t i = 0; i < tier->count; i++) {
        aim(offsets, tier->primes[i], tier->inverses[i], tier->bases[i], tier->reciprocals[i],
            wide);
        for (int b = 0; b < 8; b++)
            tier->offsets[i][b] = (uint16_t)offsets[b];
    }
}

/* Primes aimed ahead of crossing, so that the one does not wait for the other. */
#define AHEAD 16

static void medium(uint8_t *bits, uint32_t rows, const cw_medium_tier *tier,
                   const uint8_t residues[8])
{
    uint32_t wide[8], offsets[AHEAD][8];
    for (int b = 0; b < 8; b++)
        wide[b] = residues[b];
    for (size_t begin = 0; begin < tier->count; begin += AHEAD) {
        const size_t end = begin + AHEAD < tier->count ? begin + AHEAD : tier->count;
        for (size_t i = begin; i < end; i++)
            aim(offsets[i - begin], tier->primes[i], tier->inverses[i], tier->bases[i],
                tier->reciprocals[i], wide);
        for (size_t i = begin; i < end; i++) {
            const uint32_t p = tier->primes[i];
            uint32_t *at = offsets[i - begin];
            if (p > rows) {
                /* one hit or none: what would miss hits the byte behind the line instead */
                for (int b = 0; b < 8; b++)
                    at[b] = at[b] < rows ? at[b] : rows;
                CROSS_EIGHT(bits, at, 1, 1);
            } else {
                const uint32_t times = rows / p + 1;
                CROSS_EIGHT(bits, at, p, times);
            }
        }
    }
}

/* (base - rows) mod p; a quotient that is off by one leaves -2 p < result < 2 p to be corrected. */
static inline uint32_t advance_base(uint32_t base, uint32_t p, float reciprocal, uint32_t rows)
{
    const uint32_t quotient = (uint32_t)((float)rows * reciprocal);
    base -= rows - quotient * p;
    base = base < base + p ? base : base + p;
    base = base < base + p ? base : base + p;
    return base < base - p ? base : base - p;
}

static void advance(cw_small_tier *restrict small_tier, cw_medium_tier *restrict medium_tier,
                    uint32_t rows)
{
    for (size_t i = 0; i < small_tier->count; i++)
        small_tier->bases[i] = (uint16_t)advance_base(small_tier->bases[i], small_tier->primes[i],
                                                      small_tier->reciprocals[i], rows);
    for (size_t i = 0; i < medium_tier->count; i++)
        medium_tier->bases[i] = advance_base(medium_tier->bases[i], medium_tier->primes[i],
                                             medium_tier->reciprocals[i], rows);
}

/* What every level but AVX-512 does, and that level for the last few. */
static inline size_t first_hits_plainly(const cw_wheel *wheel, const uint32_t *primes, size_t count,
                                        uint64_t low, uint64_t numbers, cw_first_hit *hits)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t p = primes[i];
        const uint64_t rest = low % p;
        const uint64_t m = low / p + (rest != 0);
        const uint32_t residue = (uint32_t)(m % wheel->modulus);
        const uint32_t ahead = wheel->to_next[residue];
        const uint64_t distance = (rest == 0 ? 0 : p - rest) + p * ahead;
        hits[found] = (cw_first_hit){distance, primes[i], (residue + ahead) % wheel->modulus};
        found += distance < numbers;
    }
    return found;
}

static uint64_t count(const uint8_t *bits, size_t bytes)
{
    uint64_t sum = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(&word, bits + i, sizeof word);
        sum += (uint64_t)__builtin_popcountll(word);
    }
    for (; i < bytes; i++)
        sum += (uint64_t)__builtin_popcount(bits[i]);
    return sum;
}

#define CW_CROSS_OPS                                                                               \
    {                                                                                              \
        .presieve = presieve, .aim_small = aim_small, .small = small, .medium = medium,            \
        .advance = advance, .first_hits = first_hits, .count = count                               \
    }

#endif
