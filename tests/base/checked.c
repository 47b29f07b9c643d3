/* Checked arithmetic at its edges, and the square root on every side of a square. */
/* SPDX-License-Identifier: MIT */
#include "base/checked.h"

#include "cmocka_all.h"

#include <fenv.h>
#include <inttypes.h>

#define UNTOUCHED 12345

static void sums(void **state)
{
    (void)state;
    static const struct {
        uint64_t a, b;
        bool fits;
    } cases[] = {
        {0, 0, true},
        {UINT64_MAX, 0, true},
        {0, UINT64_MAX, true},
        {UINT64_MAX - 1, 1, true},
        {UINT64_MAX, 1, false},
        {1, UINT64_MAX, false},
        {UINT64_MAX, UINT64_MAX, false},
        {UINT64_C(1) << 63, UINT64_C(1) << 63, false},
        {UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t sum = UNTOUCHED;
        assert_int_equal(cw_add_u64(cases[i].a, cases[i].b, &sum), cases[i].fits);
        if (cases[i].fits)
            assert_true(sum == cases[i].a + cases[i].b);
    }
    size_t size;
    assert_true(cw_add_size(SIZE_MAX - 5, 5, &size));
    assert_true(size == SIZE_MAX);
    assert_false(cw_add_size(SIZE_MAX - 5, 6, &size));
}

static void products(void **state)
{
    (void)state;
    static const struct {
        uint64_t a, b;
        bool fits;
    } cases[] = {
        {0, UINT64_MAX, true},
        {UINT64_MAX, 0, true},
        {1, UINT64_MAX, true},
        {UINT64_MAX, 2, false},
        {UINT32_MAX, UINT32_MAX, true},
        {UINT64_C(1) << 32, UINT64_C(1) << 32, false},
        {UINT64_C(1) << 32, UINT32_MAX, true},
        {UINT64_C(6700417) * 641, UINT64_C(4294967295), true}, /* 2^64 - 1, in its factors */
        {UINT64_C(4294967297), UINT64_C(4294967296), false},
        {UINT64_MAX, UINT64_MAX, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t product = UNTOUCHED;
        assert_int_equal(cw_mul_u64(cases[i].a, cases[i].b, &product), cases[i].fits);
        if (cases[i].fits)
            assert_true(product == cases[i].a * cases[i].b);
    }
    size_t size;
    assert_true(cw_mul_size(SIZE_MAX / 8, 8, &size));
    assert_true(size == SIZE_MAX - 7);
    assert_false(cw_mul_size(SIZE_MAX / 8 + 1, 8, &size));
}

static void quotients_and_bounds(void **state)
{
    (void)state;
    static const uint64_t cases[][3] = {
        {0, 1, 0},
        {0, UINT64_MAX, 0},
        {1, 1, 1},
        {7, 7, 1},
        {8, 7, 2},
        {6, 7, 1},
        {UINT64_MAX, 1, UINT64_MAX},
        {UINT64_MAX, 2, UINT64_C(1) << 63},
        {UINT64_MAX, UINT64_MAX, 1},
        {UINT64_MAX - 1, UINT64_MAX, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(cw_div_up(cases[i][0], cases[i][1]) == cases[i][2]);
    assert_true(cw_min_u64(0, UINT64_MAX) == 0 && cw_min_u64(UINT64_MAX, 0) == 0);
    assert_true(cw_max_u64(0, UINT64_MAX) == UINT64_MAX && cw_max_u64(UINT64_MAX, 0) == UINT64_MAX);
}

/* r is floor(sqrt(n)) when r^2 <= n < (r + 1)^2; checked without the overflow of the last. */
static void check_root(uint64_t n)
{
    const uint64_t r = cw_isqrt_u64(n);
    uint64_t above;
    const bool low = r <= UINT32_MAX && r * r <= n;
    const bool high = !cw_mul_u64(r + 1, r + 1, &above) || above > n;
    if (!low || !high)
        fail_msg("isqrt(%" PRIu64 ") gave %" PRIu64, n, r);
}

static void check_roots(void)
{
    for (uint64_t n = 0; n < 100000; n++)
        check_root(n);
    /* Both sides of the squares round every power of two, where a double rounds up. */
    for (int bit = 8; bit <= 32; bit++) {
        for (uint64_t i = 0; i < 2000; i++) {
            const uint64_t root = (UINT64_C(1) << bit) - 1000 + i;
            if (root > UINT32_MAX || root == 0)
                continue;
            check_root(root * root - 1);
            check_root(root * root);
            check_root(root * root + 1);
        }
    }
    const uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t n = seed;
    for (int i = 0; i < 100000; i++) {
        n = n * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        check_root(n);
        const uint64_t root = n >> 32;
        if (root > 0)
            check_root(root * root - 1);
        check_root(root * root);
    }
    for (uint64_t i = 0; i < 1000; i++)
        check_root(UINT64_MAX - i);
    assert_true(cw_isqrt_u64(UINT64_MAX) == UINT32_MAX);
}

/* A program that calls us may have changed how its floating point rounds. */
static void roots_in_every_rounding_mode(void **state)
{
    (void)state;
    static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(fesetround(modes[i]), 0);
        check_roots();
    }
    assert_int_equal(fesetround(FE_TONEAREST), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums),
        cmocka_unit_test(products),
        cmocka_unit_test(quotients_and_bounds),
        cmocka_unit_test(roots_in_every_rounding_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
