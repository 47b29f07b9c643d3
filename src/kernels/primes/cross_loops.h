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

static void small(uint8_t *bits, uint32_t rows, const uint16_t *primes, uint16_t (*offsets)[8],
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t p = primes[i];
        const uint32_t times = rows / p + 1;
        CROSS_EIGHT(bits, offsets[i], p, times);
        MOVE_EIGHT(uint16_t, offsets[i], p, times, rows);
    }
}

static void medium(uint8_t *bits, uint32_t rows, const uint32_t *primes, uint32_t (*offsets)[8],
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t p = primes[i];
        const uint32_t times = rows / p + 1;
        CROSS_EIGHT(bits, offsets[i], p, times);
        MOVE_EIGHT(uint32_t, offsets[i], p, times, rows);
    }
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
        .presieve = presieve, .small = small, .medium = medium, .count = count                     \
    }

#endif
