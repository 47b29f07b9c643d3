/* Primality of one number after another, in plain C with Montgomery's multiplication. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_multiply.h"
#include "kernels/primes/primality_parts.h"

/* Residues are below n and stand for themselves times 2^-64: P. L. Montgomery, Modular
 * multiplication without trial division, Math. Comp. 44 (1985) 519-521. */
enum { LANES = 1, VECTORS = 1, WINDOW = 6 };

typedef uint64_t word;
typedef uint64_t residue;
typedef uint64_t mask; /* all bits or none */

typedef struct modulus {
    uint64_t n;
    uint64_t inverse; /* n^-1 mod 2^64 */
} modulus;

static inline word word_load(const uint64_t *from)
{
    return *from;
}

static inline word word_fill(uint64_t x)
{
    return x;
}

static inline uint32_t word_equal(word a, word b)
{
    return a == b;
}

static inline mask word_bit(word a, int i)
{
    return -(a >> i & 1);
}

static inline modulus modulus_make(const uint64_t *n)
{
    return (modulus){*n, cw_inverse_u64(*n)};
}

/* (high 2^64 + low) 2^-64 mod n, for high < n: the multiple of n with the same low half goes. */
static inline residue reduce(const modulus *m, uint64_t high, uint64_t low)
{
    const uint64_t away = cw_multiply_high(low * m->inverse, m->n);
    return high - away + (high < away ? m->n : 0);
}

static inline residue residue_zero(void)
{
    return 0;
}

static inline residue residue_one(const modulus *m)
{
    return -m->n % m->n;
}

static inline word residue_leave(const modulus *m, residue a)
{
    return m->n - cw_multiply_high(a * m->inverse, m->n);
}

/* A reduction divides by 2^64: of a 2^(64-x) it leaves a 2^-x. In two shifts, since x may be 0. */
static inline residue residue_scale(const modulus *m, residue a, word exponent, int i)
{
    const int x = exponent >> i & ((1 << WINDOW) - 1);
    return reduce(m, a >> x, a << 1 << (63 - x));
}

static inline residue residue_add(const modulus *m, residue a, residue b)
{
    return a >= m->n - b ? a - (m->n - b) : a + b;
}

static inline residue residue_multiply(const modulus *m, residue a, residue b)
{
    return reduce(m, cw_multiply_high(a, b), a * b);
}

static inline residue residue_square(const modulus *m, residue a)
{
    return residue_multiply(m, a, a);
}

static inline residue residue_negative(const modulus *m, residue a)
{
    return m->n - a;
}

static inline residue residue_multiply_add(const modulus *m, residue a, residue b, residue c)
{
    return residue_add(m, residue_multiply(m, a, b), c);
}

static inline residue residue_square_add(const modulus *m, residue a, residue c)
{
    return residue_add(m, residue_square(m, a), c);
}

static inline residue residue_select(mask chosen, residue a, residue b)
{
    return b ^ ((a ^ b) & chosen);
}

#include "kernels/primes/primality_steps.h"

bool cw_primality_one(uint64_t n)
{
    if (n < CW_SMALL_LIMIT)
        return cw_small_is_prime(n);
    return n % 2 == 1 && !cw_small_factor(n) && pass_base_2(&n, 1) && pass_lucas(&n, 1);
}

void cw_primality_test_scalar(const uint64_t *numbers, size_t n, uint8_t *results)
{
    for (size_t i = 0; i < n; i++)
        results[i] = cw_primality_one(numbers[i]);
}
