/* How fast each level tells primes from composites, against a good scalar Miller-Rabin test. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality.h"
#include "base/memory.h"
#include "kernels/primes/primality_multiply.h"
#include "kernels/primes/primality_parts.h"
#include "machine/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 1 << 12, REFERENCE_NUMBERS = 1 << 5, ROUNDS = 25 };

/* SplitMix64: S. Vigna's generator, one state word, any seed. */
static uint64_t random_u64(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t multiply(uint64_t a, uint64_t b, uint64_t n, uint64_t inverse)
{
    const uint64_t high = cw_multiply_high(a, b);
    const uint64_t away = cw_multiply_high(a * b * inverse, n);
    return high - away + (high < away ? n : 0);
}

static bool is_strong_probable_prime(uint64_t n, uint64_t inverse, uint64_t one, uint64_t base)
{
    const int s = __builtin_ctzll(n - 1);
    uint64_t x = base;
    for (int i = 62 - __builtin_clzll(n - 1); i >= s; i--) {
        x = multiply(x, x, n, inverse);
        if ((n - 1) >> i & 1)
            x = multiply(x, base, n, inverse);
    }
    if (x == one || x == n - one)
        return true;
    for (int r = 1; r < s; r++) {
        x = multiply(x, x, n, inverse);
        if (x == n - one)
            return true;
    }
    return false;
}

/* The contender: the same small factors, Montgomery's multiplication, J. Sinclair's seven bases. */
static void miller_rabin(const uint64_t *numbers, size_t count, uint8_t *results)
{
    static const uint64_t bases[] = {2, 325, 9375, 28178, 450775, 9780504, 1795265022};

    for (size_t i = 0; i < count; i++) {
        const uint64_t n = numbers[i];
        results[i] = 0;
        if (n < CW_SMALL_LIMIT) {
            results[i] = cw_small_is_prime(n);
            continue;
        }
        if (n % 2 == 0 || cw_small_factor(n))
            continue;
        const uint64_t inverse = cw_inverse_u64(n), one = -n % n;
        __extension__ typedef unsigned __int128 u128;
        bool prime = true;
        for (size_t b = 0; prime && b < sizeof bases / sizeof bases[0]; b++) {
            const uint64_t base = (uint64_t)((u128)(bases[b] % n) * one % n);
            prime = base == 0 || is_strong_probable_prime(n, inverse, one, base);
        }
        results[i] = prime;
    }
}

static void reference(const uint64_t *numbers, size_t count, uint8_t *results)
{
    for (size_t i = 0; i < count; i++)
        results[i] = (uint8_t)cw_primality_reference(numbers[i]);
}

typedef void tester(const uint64_t *numbers, size_t count, uint8_t *results);

typedef struct contender {
    const char *name;
    tester *test;
    size_t count;
    double ns[ROUNDS]; /* a number */
} contender;

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Rounds go through all contenders in turn, so that a slow moment of the machine meets them all. */
static int compare(const char *title, const uint64_t *numbers, contender *contenders, int count)
{
    uint8_t *want = cw_memory_alloc(NUMBERS, 1), *got = cw_memory_alloc(NUMBERS, 1);
    int failed = want == NULL || got == NULL;
    if (!failed)
        miller_rabin(numbers, NUMBERS, want);
    for (int round = 0; !failed && round < ROUNDS; round++)
        for (int c = 0; c < count; c++) {
            const uint64_t start = cw_clock_ns();
            contenders[c].test(numbers, contenders[c].count, got);
            contenders[c].ns[round] = (double)(cw_clock_ns() - start) / (double)contenders[c].count;
            if (memcmp(want, got, contenders[c].count) != 0) {
                (void)fprintf(stderr, "%s: %s disagrees with Miller-Rabin\n", title,
                              contenders[c].name);
                failed = 1;
            }
        }
    printf("%-24s %10s %10s %9s\n", title, "fastest", "median", "ratio");
    for (int c = 0; c < count; c++)
        qsort(contenders[c].ns, ROUNDS, sizeof(double), by_value);
    for (int c = 0; c < count; c++)
        printf("  %-22s %10.1f %10.1f %8.2fx\n", contenders[c].name, contenders[c].ns[0],
               contenders[c].ns[ROUNDS / 2], contenders[0].ns[0] / contenders[c].ns[0]);
    cw_memory_free(want);
    cw_memory_free(got);
    return failed;
}

static void fill_primes(uint64_t *numbers, uint64_t from)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        while (!cw_primality_one(from))
            from++;
        numbers[i] = from++;
    }
}

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    contender contenders[5] = {{"Miller-Rabin, 7 bases", miller_rabin, NUMBERS, {0}},
                               {"plain reference", reference, REFERENCE_NUMBERS, {0}}};
    int count = 2;
    for (cw_isa isa = CW_ISA_REFERENCE; isa <= cw_isa_detect(); isa++) {
        cw_primality_ops ops;
        cw_primality_ops_init(&ops, isa);
        contenders[count++] = (contender){cw_isa_name(isa), ops.test, NUMBERS, {0}};
    }
    uint64_t *numbers = cw_memory_alloc(NUMBERS, sizeof *numbers);
    if (numbers == NULL)
        return 1;
    printf("ns a number on one thread, %d rounds, seed %" PRIu64
           "; ratio of the fastest rounds, those\n"
           "least disturbed by what else the machine does\n\n",
           ROUNDS, seed);

    uint64_t state = seed;
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = random_u64(&state) | 1;
    int failed = compare("random odd u64", numbers, contenders, count);
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = random_u64(&state);
    failed |= compare("random u64", numbers, contenders, count);
    fill_primes(numbers, UINT64_C(1) << 63);
    failed |= compare("primes from 2^63", numbers, contenders, count);
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = random_u64(&state) >> 32;
    failed |= compare("random u32", numbers, contenders, count);
    fill_primes(numbers, UINT64_C(1) << 31);
    failed |= compare("primes from 2^31", numbers, contenders, count);
    cw_memory_free(numbers);
    return failed;
}
