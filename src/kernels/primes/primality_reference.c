/* The plain way to tell whether a number is prime: what every faster path is held against. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality.h"

#include <stdbool.h>

/* Below this trial division alone decides. */
enum { TRIAL_LIMIT = 1000000 };

static bool by_trial_division(uint32_t n)
{
    if (n < 2)
        return false;
    for (uint32_t divisor = 2; divisor * divisor <= n; divisor++)
        if (n % divisor == 0)
            return false;
    return true;
}

#ifdef __SIZEOF_INT128__

/* a * b mod n. */
static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t n)
{
    __extension__ typedef unsigned __int128 u128;
    return (uint64_t)((u128)a * b % n);
}

#else

/* a + b mod n, for a, b < n. */
static uint64_t add_mod(uint64_t a, uint64_t b, uint64_t n)
{
    return a >= n - b ? a - (n - b) : a + b;
}

/* a * b mod n, for a < n, by doubling: slow, and needs nothing wider than 64 bits. */
static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t n)
{
    uint64_t product = 0;
    for (; b != 0; b >>= 1) {
        if (b & 1)
            product = add_mod(product, a, n);
        a = add_mod(a, a, n);
    }
    return product;
}

#endif

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t n)
{
    uint64_t power = 1;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1)
            power = multiply_mod(power, base, n);
        base = multiply_mod(base, base, n);
    }
    return power;
}

/* Whether odd n > base behaves like a prime: base^d = 1, or base^(d 2^r) = -1 for some r < s, where
 * n - 1 = d 2^s and d is odd. */
static bool is_strong_probable_prime(uint64_t n, uint64_t base)
{
    uint64_t d = n - 1;
    int s = 0;
    for (; d % 2 == 0; d /= 2)
        s++;
    uint64_t x = power_mod(base, d, n);
    if (x == 1 || x == n - 1)
        return true;
    for (int r = 1; r < s; r++) {
        x = multiply_mod(x, x, n);
        if (x == n - 1)
            return true;
    }
    return false;
}

/*
 * The least composite that passes for the first twelve primes is 318665857834031151167461 > 2^64:
 * J. Sorenson and J. Webster, Strong pseudoprimes to twelve prime bases, Math. Comp. 86 (2017)
 * 985-1003.
 */
int cw_primality_reference(uint64_t n)
{
    static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    enum { BASES = sizeof bases / sizeof bases[0] };

    if (n < TRIAL_LIMIT)
        return by_trial_division((uint32_t)n);
    for (size_t i = 0; i < BASES; i++)
        if (n % bases[i] == 0)
            return 0;
    for (size_t i = 0; i < BASES; i++)
        if (!is_strong_probable_prime(n, bases[i]))
            return 0;
    return 1;
}
