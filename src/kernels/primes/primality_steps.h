/* The two tests that decide candidates, written once over the arithmetic of whoever includes it. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <string.h>

/*
 *   base 2:  2^((n-1)/2) = (2|n) mod n, as Euler's criterion has it for primes;
 *   Lucas:   V_d = +-2 or V_(d 2^r) = 0 mod n for some r < s - 1, where n + 1 = d 2^s, d odd, and
 *            V is the Lucas sequence V_0 = 2, V_1 = P, V_(k+1) = P V_k - V_(k-1) with the least
 *            P >= 3 such that (P^2 - 4 | n) = -1.
 *
 * Primes pass both. Composites below 2^64 do not: those that pass the first are Fermat pseudoprimes
 * to base 2, all of which are known (J. Feitsma and W. Galway, Tables of pseudoprimes and related
 * data, 2013: 118968378 of them), and none of them passes the second ("almost extra strong" Lucas:
 * D. Jacobsen, Pseudoprime statistics, tables, and data, 2013).
 *
 * The including file defines, for LANES numbers side by side, each an odd one without small
 * factors and in the range of that file:
 *
 *   LANES, VECTORS       numbers in a vector; vectors in flight, to hide the multiplier's latency
 *   WINDOW               bits of an exponent that one residue_scale takes
 *   word, residue, mask  vectors: of u64, of residues in Montgomery form, of conditions
 *   modulus              the numbers and what is derived of them
 *   word_load(p)         from LANES u64 at any address
 *   word_fill(x)         x in all lanes
 *   word_equal(a, b)     bit i set where lane i is equal
 *   word_bit(a, i)       mask of the lanes whose bit i is set
 *   modulus_make(p)      from LANES numbers
 *
 * and these, whose arguments after the modulus are residues a, b, c:
 *
 *   residue_zero(), residue_one(m)
 *   residue_add(m, a, b)
 *   residue_multiply(m, a, b), residue_square(m, a)
 *   residue_negative(m, a)            -a, in a form for c below alone
 *   residue_multiply_add(m, a, b, c), residue_square_add(m, a, c)
 *                                     a * b + c, a * a + c
 *   residue_scale(m, a, e, i)         a * 2^x, or in all cases a * 2^-x, where x is WINDOW bits of
 *                                     the word e from bit i up; for residue_square alone
 *   residue_leave(m, a)               the plain value as a word, in [1, n]: n stands for 0
 *   residue_select(k, a, b)           a where the mask is set, else b
 *
 * residue_negative takes what residue_multiply gives, residue_add may be nested up to sums of 400;
 * all else takes and gives what the others give.
 */
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum { GROUP = LANES * VECTORS };

/* The bits that the largest of several numbers needs, given all of them or-ed together. */
static inline int bit_length(uint64_t any)
{
    return any == 0 ? 0 : 64 - __builtin_clzll(any);
}

/* Bit i of the result: numbers[i] passes the test to base 2. `vectors` is a constant 1 or VECTORS;
 * a power of 2 and its inverse are +-1 together, so either direction of residue_scale serves. */
static ALWAYS_INLINE uint32_t pass_base_2(const uint64_t *numbers, int vectors)
{
    modulus n[VECTORS];
    word exponent[VECTORS];
    residue x[VECTORS];
    uint64_t half[GROUP], want[GROUP], any = 0;

    for (int i = 0; i < vectors * LANES; i++) {
        half[i] = numbers[i] >> 1;
        any |= half[i];
        want[i] = (numbers[i] + 2) % 8 < 4 ? 1 : numbers[i] - 1; /* (2|n) = 1: 1 and 7 mod 8 */
    }
    for (int v = 0; v < vectors; v++) {
        n[v] = modulus_make(numbers + v * LANES);
        exponent[v] = word_load(half + v * LANES);
        x[v] = residue_one(&n[v]);
    }
    for (int i = (bit_length(any) - 1) / WINDOW * WINDOW;; i -= WINDOW) {
        for (int v = 0; v < vectors; v++)
            x[v] = residue_scale(&n[v], x[v], exponent[v], i);
        if (i == 0)
            break;
        for (int step = 0; step < WINDOW; step++)
            for (int v = 0; v < vectors; v++)
                x[v] = residue_square(&n[v], x[v]);
    }

    uint32_t passed = 0;
    for (int v = 0; v < vectors; v++)
        passed |= word_equal(residue_leave(&n[v], x[v]), word_load(want + v * LANES)) << v * LANES;
    return passed;
}

/* `one` times the numbers in `factor`, which have at most `bits` bits. */
static ALWAYS_INLINE residue multiple_of_one(const modulus *n, residue one, word factor, int bits)
{
    residue sum = residue_zero();
    for (int i = bits - 1; i >= 0; i--) {
        sum = residue_add(n, sum, sum);
        sum = residue_select(word_bit(factor, i), residue_add(n, sum, one), sum);
    }
    return residue_multiply(n, sum, one);
}

/* Bit i of the result: numbers[i] passes the Lucas test. `vectors` is a constant 1 or VECTORS. */
static ALWAYS_INLINE uint32_t pass_lucas(const uint64_t *numbers, int vectors)
{
    modulus n[VECTORS];
    word turns[VECTORS];
    residue minus_two[VECTORS], minus_parameter[VECTORS], x[VECTORS], y[VECTORS];
    uint64_t turn[GROUP], factor[GROUP], less_two[GROUP], any = 0, any_factor = 0;
    uint32_t refused = 0, twos_left[64];
    int most_twos = 0;

    /* Bit i of twos_left[r] says that lane i has r < s - 1. */
    memset(twos_left, 0, sizeof twos_left);
    for (int i = 0; i < vectors * LANES; i++) {
        const int twos = __builtin_ctzll(numbers[i] + 1);
        const uint64_t odd_part = (numbers[i] + 1) >> twos;
        for (int r = 0; r < twos - 1; r++)
            twos_left[r] |= UINT32_C(1) << i;
        most_twos = twos > most_twos ? twos : most_twos;
        turn[i] = odd_part ^ odd_part >> 1;
        less_two[i] = numbers[i] - 2;
        any |= odd_part;
        factor[i] = cw_lucas_parameter(numbers[i]);
        any_factor |= factor[i];
        refused |= (uint32_t)(factor[i] == 0) << i;
    }
    for (int v = 0; v < vectors; v++) {
        n[v] = modulus_make(numbers + v * LANES);
        turns[v] = word_load(turn + v * LANES);
        const residue one = residue_one(&n[v]);
        x[v] = residue_multiply(&n[v], residue_add(&n[v], one, one), one);
        y[v] = multiple_of_one(&n[v], one, word_load(factor + v * LANES), bit_length(any_factor));
        minus_two[v] = residue_negative(&n[v], x[v]);
        minus_parameter[v] = residue_negative(&n[v], y[v]);
    }
    /*
     * x and y are V_k and V_(k+1), where k is what has been read of d: in that order after a bit 0,
     * the other way round after a bit 1. Either way their product leads to V_(2k+1). The one with
     * the index k + bit is squared: that is x unless the bit differs from the last.
     */
    for (int i = bit_length(any) - 1; i >= 0; i--)
        for (int v = 0; v < vectors; v++) {
            const residue root = residue_select(word_bit(turns[v], i), y[v], x[v]);
            y[v] = residue_multiply_add(&n[v], x[v], y[v], minus_parameter[v]);
            x[v] = residue_square_add(&n[v], root, minus_two[v]);
        }

    /* d is odd: V_d is y. */
    uint32_t passed = 0;
    for (int v = 0; v < vectors; v++) {
        const word end = residue_leave(&n[v], y[v]);
        passed |= (word_equal(end, word_load(less_two + v * LANES)) | word_equal(end, word_fill(2)))
                  << v * LANES;
    }
    for (int r = 0; r < most_twos - 1; r++)
        for (int v = 0; v < vectors; v++) {
            const word end = residue_leave(&n[v], y[v]);
            const uint32_t zero = word_equal(end, word_load(numbers + v * LANES)) << v * LANES;
            passed |= zero & twos_left[r];
            y[v] = residue_square_add(&n[v], y[v], minus_two[v]);
        }
    return passed & ~refused;
}

typedef uint32_t group_test(const uint64_t *numbers, int vectors);

/*
 * Move the candidates that pass to the front. A rest of less than a group is filled up with copies
 * of its first number: to a whole group, or to one vector where that is enough.
 */
static ALWAYS_INLINE void keep(cw_candidates *candidates, group_test *passes)
{
    size_t kept = 0;
    for (size_t begin = 0; begin < candidates->count; begin += GROUP) {
        const size_t rest = candidates->count - begin;
        const size_t size = rest < GROUP ? rest : GROUP;
        const uint64_t *numbers = candidates->numbers + begin;
        uint64_t filled[GROUP];
        if (size < GROUP) {
            for (size_t i = 0; i < GROUP; i++)
                filled[i] = numbers[i < size ? i : 0];
            numbers = filled;
        }
        const uint32_t passed = size <= LANES ? passes(numbers, 1) : passes(numbers, VECTORS);
        for (size_t i = 0; i < size; i++) {
            candidates->numbers[kept] = candidates->numbers[begin + i];
            candidates->places[kept] = candidates->places[begin + i];
            kept += passed >> i & 1;
        }
    }
    candidates->count = kept;
}

/* What the including file offers under its own name. */
static inline void decide(cw_candidates *candidates, uint8_t *results)
{
    keep(candidates, pass_base_2);
    keep(candidates, pass_lucas);
    for (size_t i = 0; i < candidates->count; i++)
        results[candidates->places[i]] = 1;
}
