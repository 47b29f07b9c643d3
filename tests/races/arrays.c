/* The array kernels under the thread sanitizer. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/arrays.h>
#include <chunkwise/loop.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Odd, so that the ends of blocks do not all fall on cache lines */
enum { N = 300007 };

static const cw_plan plans[] = {
    {.threads = 4, .policy = CW_POLICY_DYNAMIC, .chunk = 1},
    {.threads = 4, .policy = CW_POLICY_STATIC},
};

enum { PLANS = sizeof plans / sizeof plans[0] };

static void test_square_then_sum(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        void *memory;
        assert_int_equal(cw_array_create(N, sizeof(int64_t), &plans[p], &memory), CW_OK);
        int64_t *x = memory;
        int64_t wanted = 0;
        for (int i = 0; i < N; i++) {
            x[i] = i % 1000 - 500;
            wanted += x[i] * x[i];
        }
        int64_t sum = 0;
        assert_int_equal(cw_square_i64(x, x, N, CW_OVERFLOW_ERROR, &plans[p], NULL), CW_OK);
        assert_int_equal(cw_sum_i64(x, N, &plans[p], &sum, NULL), CW_OK);
        assert_true(sum == wanted);
        cw_array_destroy(memory);
    }
}

static void test_floats(void **state)
{
    (void)state;
    static double x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = 0.1 * i;
    const cw_plan serial = {.serial = 1};
    double first = 0;
    assert_int_equal(cw_cube_f64(x, y, N, &serial, NULL), CW_OK);
    assert_int_equal(cw_sum_f64(y, N, &serial, &first, NULL), CW_OK);
    for (int p = 0; p < PLANS; p++) {
        double sum = 0;
        assert_int_equal(cw_cube_f64(x, y, N, &plans[p], NULL), CW_OK);
        assert_int_equal(cw_sum_f64(y, N, &plans[p], &sum, NULL), CW_OK);
        assert_memory_equal(&sum, &first, sizeof sum);
    }
}

/* Many items overflow, on every thread; the lowest must be named. */
static void test_overflow(void **state)
{
    (void)state;
    static int32_t x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = i;
    for (int p = 0; p < PLANS; p++) {
        cw_error error = {0};
        assert_int_equal(cw_square_i32(x, y, N, CW_OVERFLOW_ERROR, &plans[p], &error),
                         CW_ERR_OVERFLOW);
        assert_int_equal(error.index, 46341);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_square_then_sum),
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
