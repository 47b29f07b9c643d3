/* Primality at every level, against trial division and the plain reference, on the numbers that
 * each half of the test would get wrong alone. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/primes.h>

#include "kernels/primes/primality.h"
#include "kernels/primes/primality_multiply.h"
#include "kernels/primes/primality_parts.h"

#include <stdbool.h>
#include <string.h>

/* Numbers with the answer of the reference, gathered until there are enough to test as a list. */
enum { LIST_MOST = 5000, GUARD = 16, POISON = 0xa5 };

typedef struct list {
    size_t count;
    uint64_t numbers[LIST_MOST];
    uint8_t want[LIST_MOST];
} list;

static list gathered;

/* Every level gives the expected answers for numbers[n], and writes nothing beside them. */
static void check_levels(const uint64_t *numbers, const uint8_t *want, size_t n)
{
    static uint8_t results[LIST_MOST + 2 * GUARD];
    assert_true(n <= LIST_MOST);
    for (cw_isa isa = CW_ISA_REFERENCE; isa <= cw_isa_detect(); isa++) {
        cw_primality_ops ops;
        cw_primality_ops_init(&ops, isa);
        memset(results, POISON, sizeof results);
        ops.test(numbers, n, results + GUARD);
        for (size_t i = 0; i < n; i++)
            if (results[GUARD + i] != want[i])
                fail_msg("level %s, item %zu of %zu: %llu gives %d, expected %d", cw_isa_name(isa),
                         i, n, (unsigned long long)numbers[i], results[GUARD + i], want[i]);
        for (size_t i = 0; i < GUARD; i++) {
            assert_int_equal(results[i], POISON);
            assert_int_equal(results[GUARD + n + i], POISON);
        }
    }
}

static void check_gathered(void)
{
    const size_t count = gathered.count;
    gathered.count = 0; /* a failed check does not come back */
    check_levels(gathered.numbers, gathered.want, count);
}

static void gather(uint64_t n, bool prime)
{
    gathered.numbers[gathered.count] = n;
    gathered.want[gathered.count++] = prime;
    if (gathered.count == LIST_MOST)
        check_gathered();
}

static void gather_by_reference(uint64_t n)
{
    gather(n, cw_primality_reference(n));
}

/* Plain arithmetic modulo n for the searches below. */
static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t n)
{
    uint64_t product = 0;
    for (; b != 0; b >>= 1) {
        if (b & 1)
            product = product >= n - a ? product - (n - a) : product + a;
        a = a >= n - a ? a - (n - a) : a + a;
    }
    return product;
}

static bool is_fermat_pseudoprime_2(uint64_t n)
{
    uint64_t power = 1;
    for (int i = 63; i >= 0; i--) {
        power = multiply_mod(power, power, n);
        if ((n - 1) >> i & 1)
            power = multiply_mod(power, 2, n);
    }
    return power == 1;
}

static uint64_t subtract_mod(uint64_t a, uint64_t b, uint64_t n)
{
    return a >= b ? a - b : a + (n - b);
}

/* Straight from the definition, where the kernel's form of it is in primality_steps.h. */
static bool is_lucas_pseudoprime(uint64_t n, uint64_t parameter)
{
    uint64_t low = 2, high = parameter, d = n + 1;
    int s = 0;
    for (; d % 2 == 0; d /= 2)
        s++;
    for (int i = 63; i >= 0; i--) {
        const uint64_t between = subtract_mod(multiply_mod(low, high, n), parameter, n);
        if (d >> i & 1) {
            high = subtract_mod(multiply_mod(high, high, n), 2, n);
            low = between;
        } else {
            low = subtract_mod(multiply_mod(low, low, n), 2, n);
            high = between;
        }
    }
    if (low == 2 || low == n - 2)
        return true;
    for (int r = 0; r < s - 1; r++) {
        if (low == 0)
            return true;
        low = subtract_mod(multiply_mod(low, low, n), 2, n);
    }
    return false;
}

/* (a | n) by Euler's criterion: n is prime here. */
static bool is_nonresidue(uint64_t a, uint64_t prime)
{
    uint64_t power = 1;
    for (int i = 63; i >= 0; i--) {
        power = multiply_mod(power, power, prime);
        if ((prime - 1) / 2 >> i & 1)
            power = multiply_mod(power, a % prime, prime);
    }
    return power == prime - 1;
}

static uint64_t prime_from(uint64_t n)
{
    while (!cw_primality_reference(n))
        n++;
    return n;
}

static void small_numbers(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 1000000; n++)
        gather_by_reference(n);
    check_gathered();
}

/* The reference, too, is held against what is known. */
static void gather_known(uint64_t n, bool prime)
{
    if (cw_primality_reference(n) != prime)
        fail_msg("the reference takes %llu for %s", (unsigned long long)n,
                 prime ? "composite" : "prime");
    gather(n, prime);
}

/* The first is the least composite that passes strong tests to the first 1, 2, 3... prime bases
 * (OEIS A014233); then Carmichael numbers, squares of primes (1093 and 3511 are the Wieferich
 * primes, whose squares pass the test to base 2), and the largest numbers. */
static void known_numbers(void **state)
{
    (void)state;
    static const uint64_t composites[] = {
        2047, 1373653, 25326001, 3215031751, 2152302898747, 3474749660383, 341550071728321,
        UINT64_C(3825123056546413051), /* least for bases 2 to 23, 29 and 31 */
        UINT64_C(18446744030759878681), 0, 1, 4, 561, 1729, 41041, 825265, 321197185,
        UINT64_C(5394826801), UINT64_C(232250619601), UINT64_C(9746347772161),
        UINT64_C(1436697831295441), UINT64_C(60977817398996785), UINT64_C(7156857700403137441),
        1093 * 1093, 3511 * 3511, 313 * 313, 317 * 317, 313 * 317, 65537ull * 65537,
        UINT64_C(4294967291) * UINT64_C(4294967291), UINT64_C(4294967291) * UINT64_C(4294967279),
        UINT64_C(18446744073709551615), UINT64_C(18446744073709551613),
        /* Lucas pseudoprimes */
        989, 3239, 5777, 10469, 10877, 27971, 5459, 16109, 18971, 22499, 100127, 113573};
    static const uint64_t primes[] = {2,
                                      3,
                                      37,
                                      41,
                                      2147483647,
                                      311,
                                      313,
                                      317,
                                      97967,
                                      97973,
                                      65537,
                                      UINT64_C(4294967291),
                                      UINT64_C(4294967311),
                                      UINT64_C(281474976710597),     /* last below 2^48 */
                                      UINT64_C(281474976710677),     /* first above */
                                      UINT64_C(4503599627370449),    /* last below 2^52 */
                                      UINT64_C(4503599627370517),    /* first above */
                                      UINT64_C(9223372036854775783), /* last below 2^63 */
                                      UINT64_C(9223372036854775837), /* first above */
                                      UINT64_C(18446744073709551557) /* last below 2^64 */};
    for (size_t i = 0; i < sizeof composites / sizeof *composites; i++)
        gather_known(composites[i], false);
    for (size_t i = 0; i < sizeof primes / sizeof *primes; i++)
        gather_known(primes[i], true);
    check_gathered();
}

/* Where a path, a limb or a bit length changes. */
static void around_powers(void **state)
{
    (void)state;
    const uint64_t reach = cw_test_quick() ? 50 : 1000;
    static const int bits[] = {17, 20, 31, 32, 33, 47, 48, 49, 50, 51, 52, 53, 62, 63};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        for (uint64_t n = (UINT64_C(1) << bits[i]) - reach; n < (UINT64_C(1) << bits[i]) + reach;
             n++)
            gather_by_reference(n);
    for (uint64_t n = CW_SMALL_LIMIT - reach; n < CW_SMALL_LIMIT + reach; n++)
        gather_by_reference(n);
    for (uint64_t n = UINT64_MAX - 2 * reach; n != 0; n++)
        gather_by_reference(n);
    check_gathered();
}

static void random_numbers(void **state)
{
    (void)state;
    const int count = cw_test_quick() ? 500 : 20000;
    for (int i = 0; i < count; i++)
        gather_by_reference((cw_test_random() | 1) >> cw_test_below(48));
    check_gathered();
}

/* Limbs of all ones, of zero and nearly so make the longest carries. */
static void extreme_limbs(void **state)
{
    (void)state;
    const int count = cw_test_quick() ? 100 : 2000;
    for (int i = 0; i < count; i++) {
        const int cut = i % 2 == 0 ? 52 : 32;
        const uint64_t below = (UINT64_C(1) << cut) - 1;
        const uint64_t little = cw_test_below(400), much = cw_test_random();
        gather_by_reference((much & ~below) | little | 1);
        gather_by_reference((much & ~below) | ((below - little) | 1));
        gather_by_reference(~(much & below) | 1);
        gather_by_reference((UINT64_C(1) << (63 - i % 16)) + 2 * little + 1);
    }
    check_gathered();
}

/* The largest factors that the path below 2^48 is for, with 2^52 mod n from near n to 0. */
static void upper_end_of_narrow(void **state)
{
    (void)state;
    const uint64_t top = UINT64_C(1) << 48, bottom = (UINT64_C(1) << 52) / 17;
    const int count = cw_test_quick() ? 100 : 1000;
    for (int i = 0; i < count; i++) {
        const uint64_t span = i % 2 == 0 ? top - bottom : (top - bottom) / 100;
        gather(prime_from(bottom + cw_test_below(span - 10000)), true);
    }
    check_gathered();
}

/* n = 1 modulo 8 and many odd primes makes all of those residues modulo n: the Lucas test has to go
 * far for its parameter. */
static void late_parameters(void **state)
{
    (void)state;
    static const uint64_t odd_primes[] = {29, 31, 37, 41, 43, 47};
    uint64_t step = 8 * UINT64_C(111546435); /* 3 * 5 * ... * 23 */
    uint32_t latest = 0;
    for (size_t i = 0; i <= sizeof odd_primes / sizeof *odd_primes; i++) {
        for (int tries = 0; tries < 400; tries++) {
            const uint64_t below =
                tries % 2 == 0 && step < UINT64_C(1) << 40 ? UINT64_C(1) << 48 : UINT64_MAX;
            const uint64_t n = step * (1 + cw_test_below(below / step - 1)) + 1;
            const bool prime = cw_primality_reference(n);
            gather(n, prime);
            if (prime && cw_lucas_parameter(n) > latest)
                latest = cw_lucas_parameter(n);
        }
        if (i < sizeof odd_primes / sizeof *odd_primes)
            step *= odd_primes[i];
    }
    print_message("latest parameter %u\n", latest);
    assert_true(latest >= 45);
    check_gathered();
}

/* n = p q with q = r (p - 1) + 1 are most of the composites that pass the test to base 2. */
static void pseudoprimes_of_base_2(void **state)
{
    (void)state;
    const int starts = cw_test_quick() ? 100 : 400;
    int found = 0, found_large = 0;
    for (int i = 0; i < starts; i++) {
        const uint64_t p = prime_from(313 + (cw_test_random() >> (34 + cw_test_below(20))));
        for (uint64_t r = 2; r <= 30; r++) {
            const uint64_t q = r * (p - 1) + 1;
            if (q > UINT64_MAX / p || !is_fermat_pseudoprime_2(p * q))
                continue;
            gather_by_reference(p * q);
            found++;
            found_large += p * q >> 48 != 0;
        }
    }
    print_message("%d, of which %d above 2^48\n", found, found_large);
    assert_true(found > starts / 20 && found_large > 0);
    check_gathered();
}

/* n = p q with q = r (p + 1) - 1, p and q both with P^2 - 4 as a non-residue or just one of them,
 * are most of the composites that pass the Lucas test. */
static void pseudoprimes_of_lucas(void **state)
{
    (void)state;
    const int starts = cw_test_quick() ? 100 : 400;
    int found = 0, found_large = 0;
    for (int i = 0; i < starts; i++) {
        const uint64_t p = prime_from(313 + (cw_test_random() >> (34 + cw_test_below(20))));
        for (uint64_t r = 1; r <= 60; r++) {
            const uint64_t q = r % 2 == 0 ? r / 2 * (p + 1) - 1 : (r + 1) / 2 * (p + 1) + 1;
            if (q > UINT64_MAX / p)
                continue;
            const uint32_t parameter = cw_lucas_parameter(p * q);
            if (parameter == 0 || !is_lucas_pseudoprime(p * q, parameter))
                continue;
            gather_by_reference(p * q);
            found++;
            found_large += p * q >> 48 != 0;
        }
    }
    print_message("%d, of which %d above 2^48\n", found, found_large);
    assert_true(found > starts / 20 && found_large > 0);
    check_gathered();
}

/* Composites with two large factors, which trial division never finds. */
static void products_of_close_primes(void **state)
{
    (void)state;
    for (int bits = 17; bits < 32; bits++)
        for (int i = 0; i < 20; i++) {
            const uint64_t p = prime_from((UINT64_C(1) << bits) + cw_test_below(1000));
            const uint64_t q = prime_from(p + 2 * cw_test_below(100));
            gather(p * p, false);
            gather(p * q, false);
        }
    check_gathered();
}

/* Of primes all reach the last test: every filling of the last group, wide and narrow and mixed. */
static void lists_of_all_sizes(void **state)
{
    (void)state;
    enum { MOST = 130, OFFSETS = 3 };
    static uint64_t primes[3][MOST + OFFSETS], numbers[MOST + OFFSETS];
    static uint8_t all[MOST + OFFSETS], want[MOST + OFFSETS];
    uint64_t wide = UINT64_C(1) << 60, narrow = UINT64_C(1) << 40;
    for (int i = 0; i < MOST + OFFSETS; i++) {
        wide = prime_from(wide + 1);
        narrow = prime_from(narrow + 1);
        primes[0][i] = wide;
        primes[1][i] = narrow;
        primes[2][i] = i % 3 == 0 ? narrow : wide;
        all[i] = 1;
        numbers[i] = cw_test_random() >> cw_test_below(64);
        want[i] = (uint8_t)cw_primality_reference(numbers[i]);
    }
    for (size_t offset = 0; offset < OFFSETS; offset++)
        for (size_t n = 0; n <= MOST; n++) {
            for (int kind = 0; kind < 3; kind++)
                check_levels(primes[kind] + offset, all + offset, n);
            check_levels(numbers + offset, want + offset, n);
        }
}

/* Around the size of a batch. */
static void long_lists(void **state)
{
    (void)state;
    static uint64_t numbers[LIST_MOST];
    static uint8_t want[LIST_MOST];
    for (size_t i = 0; i < LIST_MOST; i++) {
        numbers[i] = i % 5 == 0 ? 2 * i + 1 : (cw_test_random() | 1) >> cw_test_below(40);
        want[i] = (uint8_t)cw_is_prime(numbers[i]);
    }
    static const size_t sizes[] = {CW_PRIMALITY_BATCH - 1, CW_PRIMALITY_BATCH,
                                   CW_PRIMALITY_BATCH + 1, 3 * CW_PRIMALITY_BATCH + 9, LIST_MOST};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_levels(numbers, want, sizes[i]);
}

static void same_for_every_plan(void **state)
{
    (void)state;
    static uint64_t numbers[LIST_MOST];
    static uint8_t want[LIST_MOST], got[LIST_MOST];
    for (size_t i = 0; i < LIST_MOST; i++) {
        numbers[i] = cw_test_random() | 1;
        want[i] = (uint8_t)cw_is_prime(numbers[i]);
    }
    static const uint64_t chunks[] = {0, 1, 100, LIST_MOST, LIST_MOST + 1};
    for (int threads = 0; threads <= 8; threads++)
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++)
            for (cw_policy policy = CW_POLICY_AUTO; policy <= CW_POLICY_GUIDED; policy++) {
                const cw_plan plan = {.threads = threads, .policy = policy, .chunk = chunks[c]};
                memset(got, POISON, sizeof got);
                assert_int_equal(cw_primes_test(numbers, LIST_MOST, &plan, got, NULL), CW_OK);
                assert_memory_equal(got, want, sizeof want);
            }
}

static void arguments(void **state)
{
    (void)state;
    uint64_t number = 7;
    uint8_t result = POISON;
    cw_error error;
    assert_int_equal(cw_primes_test(NULL, 1, NULL, &result, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "numbers is NULL, it must hold 1 items");
    assert_int_equal(cw_primes_test(&number, 1, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "results is NULL, it must have room for 1 items");
    assert_int_equal(cw_primes_test(NULL, 0, NULL, NULL, NULL), CW_OK);
    cw_cancel cancel = {0};
    cw_cancel_raise(&cancel);
    const cw_plan plan = {.cancel = &cancel};
    assert_int_equal(cw_primes_test(&number, 1, &plan, &result, NULL), CW_ERR_CANCELLED);
    assert_int_equal(result, POISON);
}

/* What each parameter must be: the least for which P^2 - 4 is a non-residue. */
static void lucas_parameters(void **state)
{
    (void)state;
    int large = 0;
    for (int i = 0; i < 2000; i++) {
        const uint64_t prime = prime_from(CW_SMALL_LIMIT + (cw_test_random() >> (20 + i % 24)));
        const uint32_t parameter = cw_lucas_parameter(prime);
        for (uint32_t p = 3; p <= parameter; p++)
            assert_int_equal(is_nonresidue((uint64_t)p * p - 4, prime), p == parameter);
        large += parameter > 6;
    }
    assert_true(large > 50);
    assert_int_equal(cw_lucas_parameter(UINT64_C(4294967291) * UINT64_C(4294967291)), 0);
    assert_int_equal(cw_lucas_parameter(1093 * 1093), 0);
}

static void high_halves(void **state)
{
    (void)state;
    static const uint64_t edges[] = {0,         1, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX - 1,
                                     UINT64_MAX};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        for (size_t j = 0; j < sizeof edges / sizeof *edges; j++)
            assert_int_equal(cw_multiply_high_portable(edges[i], edges[j]),
                             cw_multiply_high(edges[i], edges[j]));
    assert_int_equal(cw_multiply_high_portable(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1);
    for (int i = 0; i < 10000; i++) {
        const uint64_t a = cw_test_random(), b = cw_test_random() >> cw_test_below(64);
        assert_int_equal(cw_multiply_high_portable(a, b), cw_multiply_high(a, b));
    }
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers),         cmocka_unit_test(known_numbers),
        cmocka_unit_test(around_powers),         cmocka_unit_test(random_numbers),
        cmocka_unit_test(extreme_limbs),         cmocka_unit_test(upper_end_of_narrow),
        cmocka_unit_test(late_parameters),       cmocka_unit_test(pseudoprimes_of_base_2),
        cmocka_unit_test(pseudoprimes_of_lucas), cmocka_unit_test(products_of_close_primes),
        cmocka_unit_test(lists_of_all_sizes),    cmocka_unit_test(long_lists),
        cmocka_unit_test(same_for_every_plan),   cmocka_unit_test(arguments),
        cmocka_unit_test(lucas_parameters),      cmocka_unit_test(high_halves),
    };
    return cmocka_run_group_tests_name("primality", tests, NULL, NULL);
}
