/* Sieving primes: all primes up to a square root, as a bitmap that all threads share. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_SIEVING_H
#define CW_PRIMES_SIEVING_H

#include <chunkwise/plan.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The bitmap is that of the wheel mod 30: one line, numbers in order. */
enum { CW_SIEVING_WHEEL = 30 };
static const uint8_t cw_sieving_residues[8] = {1, 7, 11, 13, 17, 19, 23, 29};

/* One byte a row of the wheel, as in a segment: 105 MB for all that 10^19 needs, where a list
 * would take 580 MB. Primes below 7 are not in it. */
typedef struct cw_sieving_primes {
    uint64_t limit; /* primes up to here, included; at most 2^32 - 1 */
    uint64_t rows;
    uint8_t *bits; /* rows bytes, then zeroes up to a multiple of eight */
} cw_sieving_primes;

/*
 * Made on the threads of the plan. Time O(limit log log limit), memory limit / 30 bytes.
 * CW_ERR_NO_MEMORY, CW_ERR_CANCELLED, CW_ERR_THREADS leave it empty.
 */
cw_status cw_sieving_primes_init(cw_sieving_primes *primes, uint64_t limit, const cw_plan *plan,
                                 cw_error *error);

/* NULL or an empty one is fine. */
void cw_sieving_primes_finish(cw_sieving_primes *primes);

/* Walks a bitmap of the wheel in rising order. */
typedef struct cw_prime_cursor {
    const uint8_t *bits;
    size_t words;
    size_t word;   /* index of the word that `left` comes from */
    uint64_t left; /* its bits still to come */
    uint64_t base; /* first number of the row that bits[0] stands for */
} cw_prime_cursor;

/* Begin before the first number of rows [row, row + rows), bits[0] being row's byte. Up to 7 bytes
 * more are read and must be zero. */
void cw_prime_cursor_init(cw_prime_cursor *cursor, const uint8_t *bits, uint64_t row, size_t rows);

static inline uint64_t cw_sieving_word(const uint8_t *bits, size_t word)
{
    uint64_t value;
    memcpy(&value, bits + word * sizeof value, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* The next number, or 0 at the end. */
static inline uint64_t cw_prime_cursor_next(cw_prime_cursor *cursor)
{
    while (cursor->left == 0) {
        if (cursor->word + 1 >= cursor->words)
            return 0;
        cursor->left = cw_sieving_word(cursor->bits, ++cursor->word);
    }
    const unsigned bit = (unsigned)__builtin_ctzll(cursor->left);
    cursor->left &= cursor->left - 1;
    return cursor->base + cursor->word * (8 * CW_SIEVING_WHEEL) + bit / 8 * CW_SIEVING_WHEEL +
           cw_sieving_residues[bit % 8];
}

#endif
