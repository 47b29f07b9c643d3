/* The table of known values, and the plain references beside it. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include "base/memory.h"
#include "catalogue/known.h"
#include "catalogue/plain.h"
#include "kernels/primes/primality.h"

static void known_values_are_found(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_true(cw_known_count(0, 1000000, &value));
    assert_int_equal(value, 78498);
    assert_true(cw_known_count(1, UINT64_MAX, &value));
    assert_true(value == UINT64_C(425656284035217743));
    assert_true(cw_known_nth(10000, &value));
    assert_int_equal(value, 104729);
    value = 7;
    assert_false(cw_known_count(0, 1234567, &value));
    assert_false(cw_known_nth(1234567, &value));
    assert_false(cw_known_count(1000000, 10, &value));
    assert_int_equal(value, 7);
}

/* 0 and 1 are no primes, so windows that begin there or at 2 are the same. */
static void windows_from_the_beginning_are_one(void **state)
{
    (void)state;
    for (uint64_t first = 0; first <= 2; first++) {
        uint64_t value = 0;
        assert_true(cw_known_count(first, 100, &value));
        assert_int_equal(value, 25);
    }
    uint64_t value = 0;
    assert_true(cw_known_count(3, 100, &value));
    assert_int_equal(value, 24);
}

static void windows_are_differences(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_true(cw_known_count(101, 1000, &value));
    assert_int_equal(value, 168 - 25);
}

/* A slip in copying a value would show: counts rise, and by no more than the odd numbers. */
static void the_table_is_consistent(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (size_t i = 0; i < cw_known_primes_count; i++) {
        const cw_known *a = &cw_known_primes[i];
        assert_non_null(a->source);
        assert_true(a->source[0] != '\0');
        if (a->kind == CW_KNOWN_NTH) {
            assert_true(cw_primality_reference(a->value));
            continue;
        }
        assert_true(a->value <= (a->last - a->first) / 2 + 1);
        for (size_t j = 0; j < cw_known_primes_count; j++) {
            const cw_known *b = &cw_known_primes[j];
            if (b->kind != CW_KNOWN_COUNT || a->first != b->first || a->last >= b->last)
                continue;
            assert_true(a->value <= b->value);
            assert_true(b->value - a->value <= (b->last - a->last) / 2 + 1);
            pairs++;
        }
    }
    assert_true(pairs > 10000);
}

static void the_plain_sieve_agrees_with_the_table(void **state)
{
    (void)state;
    enum { LAST = 2000000 };
    uint32_t *counts = NULL;
    assert_int_equal(cw_plain_counts(LAST, &counts, NULL), CW_OK);
    size_t compared = 0;
    for (size_t i = 0; i < cw_known_primes_count; i++) {
        const cw_known *known = &cw_known_primes[i];
        if (known->kind == CW_KNOWN_COUNT && known->first == 0 && known->last <= LAST) {
            assert_int_equal(counts[known->last], known->value);
            compared++;
        }
    }
    assert_true(compared > 20);
    for (uint32_t n = 1; n <= LAST; n += 1 + n / 1000)
        assert_int_equal(cw_primality_reference(n), counts[n] != counts[n - 1]);
    cw_memory_free(counts);
    assert_int_equal(cw_plain_counts(0, &counts, NULL), CW_OK);
    assert_int_equal(counts[0], 0);
    cw_memory_free(counts);
}

static void no_memory_is_said(void **state)
{
    (void)state;
    for (long nth = 1; nth <= 2; nth++) {
        uint32_t *counts = NULL;
        cw_memory_refuse_from(nth);
        assert_int_equal(cw_plain_counts(100, &counts, NULL), CW_ERR_NO_MEMORY);
        cw_memory_refuse_from(0);
        assert_null(counts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values_are_found),
        cmocka_unit_test(windows_from_the_beginning_are_one),
        cmocka_unit_test(windows_are_differences),
        cmocka_unit_test(the_table_is_consistent),
        cmocka_unit_test(the_plain_sieve_agrees_with_the_table),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
