/*
 * The two tests that every level applies to its candidates, written once over the arithmetic of
 * whoever includes this file.
 *
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
 * The including file defines, for LANES numbers side by side, each an odd one without small factors
 * and in the range of that file:
 *
 *   LANES, VECTORS        numbers in a vector; vectors in flight, to hide the multiplier's latency
 *   WINDOW                bits of the exponent that one `scale` takes
 *   word, residue, mask   a vector of u64, of residues in Montgomery form, of conditions
 *   modulus               the numbers and what is derived of them
 *   word_load(p)          from LANES u64 at any address
 *   word_fill(x)          x in all lanes
 *   word_equal(a, b)      bit i set where lane i is equal
 *   word_bit(a, i)        mask of the lanes whose bit i is set
 *   modulus_make(p)       from LANES numbers
 *   residue_zero(), residue_one(m)
 *   residue_leave(m, a)   the plain value, in [1, n]: n stands for 0
 *   residue_scale(m, a, e, i)   a * 2^x or a * 2^-x, always the same of the two; x: WINDOW bits of
 * e from bit i up. The result is for `residue_square` alone. residue_add, residue_subtract,
 * residue_multiply(m, a, b), residue_square(m, a) residue_select(k, a, b)     a where the mask is
 * set, else b
 *
 * residue_subtract wants b from residue_multiply; all else takes and gives what the others give,
 * residue_add up to 400 times over.
 */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include <string.h>

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
    word exponent[VECTORS];
    residue two[VECTORS], parameter[VECTORS], low[VECTORS], high[VECTORS];
    uint64_t odd_part[GROUP], factor[GROUP], minus_two[GROUP], any = 0, any_factor = 0;
    uint32_t refused = 0, twos_left[64];
    int most_twos = 0;

    /* Bit i of twos_left[r] says that lane i has r < s - 1. */
    memset(twos_left, 0, sizeof twos_left);
    for (int i = 0; i < vectors * LANES; i++) {
        const int twos = __builtin_ctzll(numbers[i] + 1);
        for (int r = 0; r < twos - 1; r++)
            twos_left[r] |= UINT32_C(1) << i;
        most_twos = twos > most_twos ? twos : most_twos;
        odd_part[i] = (numbers[i] + 1) >> twos;
        minus_two[i] = numbers[i] - 2;
        any |= odd_part[i];
        factor[i] = cw_lucas_parameter(numbers[i]);
        any_factor |= factor[i];
        refused |= (uint32_t)(factor[i] == 0) << i;
    }
    for (int v = 0; v < vectors; v++) {
        n[v] = modulus_make(numbers + v * LANES);
        exponent[v] = word_load(odd_part + v * LANES);
        const residue one = residue_one(&n[v]);
        two[v] = residue_multiply(&n[v], residue_add(&n[v], one, one), one);
        parameter[v] =
            multiple_of_one(&n[v], one, word_load(factor + v * LANES), bit_length(any_factor));
        low[v] = two[v];
        high[v] = parameter[v];
    }
    /* low = V_k and high = V_(k+1), where k is what has been read of the exponent. */
    for (int i = bit_length(any) - 1; i >= 0; i--)
        for (int v = 0; v < vectors; v++) {
            const mask bit = word_bit(exponent[v], i);
            const residue between =
                residue_subtract(&n[v], residue_multiply(&n[v], low[v], high[v]), parameter[v]);
            const residue twice = residue_subtract(
                &n[v], residue_square(&n[v], residue_select(bit, high[v], low[v])), two[v]);
            low[v] = residue_select(bit, between, twice);
            high[v] = residue_select(bit, twice, between);
        }

    uint32_t passed = 0;
    for (int v = 0; v < vectors; v++) {
        const word end = residue_leave(&n[v], low[v]);
        passed |=
            (word_equal(end, word_load(minus_two + v * LANES)) | word_equal(end, word_fill(2)))
            << v * LANES;
    }
    for (int r = 0; r < most_twos - 1; r++)
        for (int v = 0; v < vectors; v++) {
            const word end = residue_leave(&n[v], low[v]);
            const uint32_t zero = word_equal(end, word_load(numbers + v * LANES)) << v * LANES;
            passed |= zero & twos_left[r];
            low[v] = residue_subtract(&n[v], residue_square(&n[v], low[v]), two[v]);
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
