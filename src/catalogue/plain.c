/* A plain sieve and a plain primality test. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/plain.h"

#include "base/memory.h"

cw_status cw_plain_counts(uint32_t last, uint32_t **counts, cw_error *error)
{
    const size_t size = (size_t)last + 1;
    uint32_t *table = cw_memory_alloc(size, sizeof *table);
    bool *composite = cw_memory_zalloc(size, sizeof *composite);
    if (table == NULL || composite == NULL) {
        cw_memory_free(table);
        cw_memory_free(composite);
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for a plain sieve of %zu numbers", size);
    }
    uint32_t count = 0;
    for (uint64_t n = 0; n <= last; n++) {
        if (n >= 2 && !composite[n]) {
            count++;
            for (uint64_t multiple = n * n; multiple <= last; multiple += n)
                composite[multiple] = true;
        }
        table[n] = count;
    }
    cw_memory_free(composite);
    *counts = table;
    return CW_OK;
}

__extension__ typedef unsigned __int128 wide;

static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t n)
{
    return (uint64_t)((wide)a * b % n);
}

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t n)
{
    uint64_t result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = multiply_mod(result, base, n);
        base = multiply_mod(base, base, n);
    }
    return result;
}

/* n odd, above `base`. */
static bool passes(uint64_t n, uint64_t base)
{
    const int twos = __builtin_ctzll(n - 1);
    uint64_t power = power_mod(base, (n - 1) >> twos, n);
    if (power == 1 || power == n - 1)
        return true;
    for (int i = 1; i < twos; i++) {
        power = multiply_mod(power, power, n);
        if (power == n - 1)
            return true;
    }
    return false;
}

bool cw_plain_is_prime(uint64_t n)
{
    static const uint8_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    enum { BASES = sizeof bases };
    if (n < 2)
        return false;
    for (int i = 0; i < BASES; i++)
        if (n % bases[i] == 0)
            return n == bases[i];
    for (int i = 0; i < BASES; i++)
        if (!passes(n, bases[i]))
            return false;
    return true;
}
