/* The sample inputs hold what their README says. Argument: the folder that they lie in. */
/* SPDX-License-Identifier: MIT */
#include "input/array.h"

#include "cmocka_all.h"

#include <endian.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *samples;

static cw_array load(const char *name, cw_number type)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", samples, name);
    cw_array array;
    cw_error error = {0};
    if (cw_array_load(path, CW_NUMBER_BIT(type), CW_NUMBER_U64, &array, &error) != CW_OK)
        fail_msg("%s", error.sentence);
    return array;
}

static void test_roots(void **state)
{
    (void)state;
    cw_array array = load("roots.npy", CW_NUMBER_F64);
    assert_int_equal(array.layout.count, 10000);
    assert_true(array.file.is_mapped);
    for (size_t i = 0; i < 10000; i++)
        assert_true(((const double *)array.data)[i] == sqrt((double)i));
    cw_array_finish(&array);
}

static int is_prime(int n)
{
    for (int d = 2; d * d <= n; d++) {
        if (n % d == 0)
            return 0;
    }
    return n > 1;
}

static void test_gaps(void **state)
{
    (void)state;
    cw_array array = load("gaps.npy", CW_NUMBER_I32);
    const int32_t *gaps = array.data;
    assert_int_equal(array.layout.count, 4096);
    int at = 2;
    for (size_t i = 0; i < 4096; i++) {
        for (int n = at + 1; n < at + gaps[i]; n++)
            assert_false(is_prime(n));
        at += gaps[i];
        assert_true(is_prime(at));
    }
    assert_int_equal(at, 38891);
    cw_array_finish(&array);
}

static void test_fibonacci(void **state)
{
    (void)state;
    cw_array array = load("fibonacci.npy", CW_NUMBER_U64);
    const uint64_t *numbers = array.data;
    assert_int_equal(array.layout.count, 94);
    assert_int_equal(array.file.is_mapped, BYTE_ORDER == BIG_ENDIAN);
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 1);
    for (size_t i = 2; i < 94; i++)
        assert_int_equal(numbers[i], numbers[i - 1] + numbers[i - 2]);
    assert_int_equal(numbers[48], 4807526976);
    cw_array_finish(&array);
}

static void test_distance(void **state)
{
    (void)state;
    cw_array array = load("distance.npy", CW_NUMBER_F32);
    const float *distances = array.data;
    assert_int_equal(array.layout.dimensions, 2);
    assert_int_equal(array.layout.shape[0], 64);
    assert_int_equal(array.layout.shape[1], 48);
    assert_true(array.layout.fortran);
    for (int y = 0; y < 48; y++) {
        for (int x = 0; x < 64; x++)
            assert_true(distances[x + 64 * y] == sqrtf((float)(x * x + y * y)));
    }
    cw_array_finish(&array);
}

static void test_primality(void **state)
{
    (void)state;
    cw_array array = load("primality.txt", CW_NUMBER_U64);
    const uint64_t *numbers = array.data;
    assert_int_equal(array.layout.count, 48);
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[29], UINT64_MAX);
    assert_int_equal(numbers[37], 3825123056546413051);
    cw_array_finish(&array);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 1;
    samples = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roots),     cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_fibonacci), cmocka_unit_test(test_distance),
        cmocka_unit_test(test_primality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
