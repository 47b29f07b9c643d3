/* The prime kernels under the thread sanitizer. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/primes.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const cw_plan plans[] = {
    {.threads = 4, .policy = CW_POLICY_DYNAMIC},
    {.threads = 4, .policy = CW_POLICY_STATIC},
};

enum { PLANS = sizeof plans / sizeof plans[0] };

static void test_count(void **state)
{
    (void)state;
    static const struct {
        uint64_t first, last, primes;
    } cases[] = {
        {0, 20000000, 1270607},
        {UINT64_C(1000000000000), UINT64_C(1000010000000), 361726},
    };
    for (int p = 0; p < PLANS; p++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            uint64_t count = 0;
            assert_int_equal(
                cw_primes_count(cases[i].first, cases[i].last, &plans[p], &count, NULL), CW_OK);
            assert_true(count == cases[i].primes);
        }
    }
}

static void test_count_many_and_nth(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        uint64_t numbers[] = {5000000, 100, 1000000, 2};
        const uint64_t wanted[] = {348513, 25, 78498, 1};
        assert_int_equal(cw_primes_count_many(numbers, 4, &plans[p], numbers, NULL), CW_OK);
        assert_memory_equal(numbers, wanted, sizeof wanted);
        uint64_t prime = 0;
        assert_int_equal(cw_primes_nth(348513, &plans[p], &prime, NULL), CW_OK);
        assert_true(prime == 4999999);
    }
}

/* Not atomic: the library promises one call at a time, in order. */
typedef struct listing {
    uint64_t count;
    uint64_t last;
} listing;

static cw_status take(void *context, const uint64_t *primes, size_t count, cw_error *error)
{
    listing *seen = context;
    for (size_t i = 0; i < count; i++) {
        if (primes[i] <= seen->last)
            return cw_error_set(error, CW_ERR_MISMATCH, i, NULL, "not in rising order");
        seen->last = primes[i];
    }
    seen->count += count;
    return CW_OK;
}

static void test_list(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        listing seen = {0, 0};
        assert_int_equal(cw_primes_list(0, 5000000, &plans[p], take, &seen, NULL), CW_OK);
        assert_int_equal(seen.count, 348513);
        assert_int_equal(seen.last, 4999999);
    }
}

static void test_primality(void **state)
{
    (void)state;
    enum { N = 5000 };
    static uint64_t numbers[N];
    static uint8_t prime[N];
    for (int i = 0; i < N; i++)
        numbers[i] = UINT64_MAX - (uint64_t)i;
    for (int p = 0; p < PLANS; p++) {
        assert_int_equal(cw_primes_test(numbers, N, &plans[p], prime, NULL), CW_OK);
        for (int i = 0; i < N; i++)
            assert_int_equal(prime[i], cw_is_prime(numbers[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_count_many_and_nth),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_primality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
