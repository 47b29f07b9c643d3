/* Sums through the engine: exact integers, floats within their bound and the same for every plan,
 * infinities, NaN and sums that overflow on the way. */
/* SPDX-License-Identifier: MIT */
#include "arrays_items.h"
#include "arrays_plans.h"

#include <float.h>
#include <math.h>

/* Several blocks and an odd rest. */
enum { ITEMS = 3 * 32768 + 1237 };

static union {
    uint64_t u64[ITEMS];
    double f64[ITEMS];
    float f32[ITEMS];
} items;
static uint64_t *const words = items.u64;
static double *const reals = items.f64;

/* ---- an exact sum of doubles: a fixed-point number that all of them fit ---- */

/* Limbs of 32 bits in 64, lowest first; bit 0 of limb 0 is worth 2^-1074. */
enum { LIMBS = 68 };

typedef struct exact {
    int64_t limb[LIMBS];
} exact;

static void exact_add(exact *sum, double x)
{
    int exponent;
    const int64_t mantissa = (int64_t)ldexp(frexp(x, &exponent), 53);
    const int shift = exponent - 53 + 1074;
    const uint64_t magnitude = (uint64_t)llabs(mantissa) >> (shift < 0 ? -shift : 0);
    const int bit = shift < 0 ? 0 : shift;
    const int64_t sign = mantissa < 0 ? -1 : 1;
    const uint64_t low = (magnitude & UINT32_MAX) << (bit % 32);
    const uint64_t high = (magnitude >> 32) << (bit % 32);
    sum->limb[bit / 32] += sign * (int64_t)(low & UINT32_MAX);
    sum->limb[bit / 32 + 1] += sign * (int64_t)((low >> 32) + (high & UINT32_MAX));
    sum->limb[bit / 32 + 2] += sign * (int64_t)(high >> 32);
}

/* Carries, so that only the highest limb may be negative. */
static void exact_carry(exact *sum)
{
    for (int i = 0; i + 1 < LIMBS; i++) {
        const int64_t carry = sum->limb[i] >> 32;
        sum->limb[i] -= carry * ((int64_t)1 << 32);
        sum->limb[i + 1] += carry;
    }
}

/* Near enough to hold against a bound: of limbs of one sign nothing cancels. */
static long double exact_value(const exact *sum)
{
    exact size = *sum;
    exact_carry(&size);
    const bool negative = size.limb[LIMBS - 1] < 0;
    if (negative) {
        for (int i = 0; i < LIMBS; i++)
            size.limb[i] = -size.limb[i];
        exact_carry(&size);
    }
    long double value = 0;
    for (int i = LIMBS - 1; i >= 0; i--)
        value += ldexpl((long double)size.limb[i], 32 * i - 1074);
    return negative ? -value : value;
}

/* |sum - exact| in units of what the header allows. */
static long double error_of(double sum, const double *x, size_t n)
{
    exact all = {{0}}, sizes = {{0}};
    for (size_t i = 0; i < n; i++) {
        exact_add(&all, x[i]);
        exact_add(&sizes, fabs(x[i]));
    }
    const long double size = exact_value(&sizes), value = exact_value(&all);
    exact_add(&all, -sum);
    const long double allowed = ldexpl(fabsl(value), -53) + ldexpl(size, -83);
    return allowed == 0 ? fabsl(exact_value(&all)) : fabsl(exact_value(&all)) / allowed;
}

static void test_exact_sum_itself(void **state)
{
    (void)state;
    const double odd[] = {1, -1, DBL_MAX, -DBL_MAX, DBL_MIN, 0x1p-1074, -0x1.8p-1060, 0x1.23p-5, 0};
    for (size_t i = 0; i < COUNT(odd); i++) {
        exact sum = {{0}};
        exact_add(&sum, odd[i]);
        assert_true(exact_value(&sum) == odd[i]);
        exact_add(&sum, 0x1p-1074);
        exact_add(&sum, -odd[i]);
        assert_true(exact_value(&sum) == 0x1p-1074);
    }
}

/* ---- floats ---- */

static double sum_f64(const double *x, size_t n, const cw_plan *plan)
{
    double sum = 12345;
    assert_int_equal(cw_sum_f64(x, n, plan, &sum, NULL), CW_OK);
    return sum;
}

/* The sum, having seen that every plan gives its bits. */
static double sum_under_all_plans(const double *x, size_t n)
{
    const double want = sum_f64(x, n, NULL);
    for (int i = 0; i < PLANS; i++) {
        const cw_plan plan = plan_at(i, n);
        const double got = sum_f64(x, n, &plan);
        if (bits_of(got) != bits_of(want))
            fail_msg("%a is not %a: %s", got, want, plan_text(&plan));
    }
    return want;
}

static double random_real(int spread)
{
    const int exponent = (int)cw_test_below(2 * (uint64_t)spread + 1) - spread;
    return ldexp((double)(int64_t)cw_test_random(), exponent - 63);
}

static void shuffle(double *x, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t k = cw_test_below(i);
        const double item = x[k];
        x[k] = x[i - 1];
        x[i - 1] = item;
    }
}

/* Well conditioned, and ill: each item with its opposite, so that little or nothing is left. */
static void test_error_bound(void **state)
{
    (void)state;
    static const int spreads[] = {0, 10, 60, 300, 900};
    static const size_t counts[] = {1, 2, 15, 16, 17, 1000, 32768, 32769, ITEMS};
    int worse = 0;
    for (size_t s = 0; s < COUNT(spreads); s++) {
        for (size_t c = 0; c < COUNT(counts); c++) {
            for (size_t ill = 0; ill < 2; ill++) {
                const size_t n = counts[c];
                double plain = 0;
                for (size_t i = 0; i < n; i++)
                    reals[i] = ill && i % 2 ? -reals[i - 1] : random_real(spreads[s]);
                reals[0] = 1; /* what is left of the ill ones */
                shuffle(reals, n);
                for (size_t i = 0; i < n; i++)
                    plain += reals[i];
                const long double error = error_of(sum_f64(reals, n, NULL), reals, n);
                if (!(error <= 1))
                    fail_msg("n %zu, spread %d: %Lg times what is allowed", n, spreads[s], error);
                worse += error_of(plain, reals, n) > 1;
            }
        }
    }
    assert_true(worse > 20); /* these data are hard: plain addition fails */
}

static void test_same_for_every_plan(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 17, 32767, 32768, 32769, 65536, ITEMS};
    for (size_t c = 0; c < COUNT(counts); c++) {
        for (size_t i = 0; i < counts[c]; i++)
            reals[i] = random_real(40);
        (void)sum_under_all_plans(reals, counts[c]);
    }
}

static void test_f32(void **state)
{
    (void)state;
    float *x = items.f32;
    static double wide[ITEMS];
    for (size_t i = 0; i < ITEMS; i++)
        wide[i] = x[i] = ldexpf((float)(int64_t)cw_test_random(), (int)cw_test_below(60) - 63);
    const double want = sum_f64(wide, ITEMS, NULL);
    for (int i = 0; i < PLANS; i++) {
        const cw_plan plan = plan_at(i, ITEMS);
        double got;
        assert_int_equal(cw_sum_f32(x, ITEMS, &plan, &got, NULL), CW_OK);
        if (bits_of(got) != bits_of(want))
            fail_msg("%a is not %a: %s", got, want, plan_text(&plan));
    }
    x[ITEMS / 2] = -INFINITY;
    double got;
    assert_int_equal(cw_sum_f32(x, ITEMS, NULL, &got, NULL), CW_OK);
    assert_true(got == -INFINITY);
    x[ITEMS - 1] = INFINITY;
    assert_int_equal(cw_sum_f32(x, ITEMS, NULL, &got, NULL), CW_OK);
    assert_true(isnan(got));
}

static bool is_the_nan(double x)
{
    return bits_of(x) == bits_of((double)NAN);
}

/* Items that are no numbers, wherever they stand. */
static void test_infinity_and_nan(void **state)
{
    (void)state;
    static const size_t places[] = {0, 17, 32768, ITEMS - 1};
    for (size_t p = 0; p < COUNT(places); p++) {
        const size_t other = places[(p + 1) % COUNT(places)];
        for (size_t i = 0; i < ITEMS; i++)
            reals[i] = random_real(10);
        reals[places[p]] = INFINITY;
        assert_true(sum_under_all_plans(reals, ITEMS) == INFINITY);
        reals[other] = INFINITY;
        assert_true(sum_f64(reals, ITEMS, NULL) == INFINITY);
        reals[other] = -INFINITY;
        assert_true(is_the_nan(sum_under_all_plans(reals, ITEMS)));
        reals[places[p]] = -DBL_MAX;
        assert_true(sum_f64(reals, ITEMS, NULL) == -INFINITY);
        const uint64_t payload = UINT64_C(0xfff8000000000777);
        memcpy(&reals[other], &payload, sizeof payload);
        assert_true(is_the_nan(sum_under_all_plans(reals, ITEMS)));
        reals[places[p]] = INFINITY;
        assert_true(is_the_nan(sum_f64(reals, ITEMS, NULL)));
    }
}

/* DBL_MAX, `distance` items later -DBL_MAX, all over: sums overflow on the way and come back. */
static void test_overflow_on_the_way(void **state)
{
    (void)state;
    static const size_t distances[] = {1, 320, 32768, ITEMS / 2};
    for (size_t d = 0; d < COUNT(distances); d++) {
        const size_t n = ITEMS / 2 / distances[d] * distances[d] * 2;
        for (size_t i = 0; i < n; i++)
            reals[i] = i / distances[d] % 2 ? -DBL_MAX : DBL_MAX;
        assert_true(sum_under_all_plans(reals, n) == 0);
        reals[n - 1] = -0x1p1000;
        assert_true(sum_under_all_plans(reals, n) == DBL_MAX - 0x1p1000);
        reals[n - 1] = 0;
        reals[n - 2] = reals[n - 2] < 0 ? 0 : DBL_MAX;
        assert_true(sum_under_all_plans(reals, n) == (distances[d] == 1 ? DBL_MAX : INFINITY));
    }
    const double twice[] = {DBL_MAX, DBL_MAX, -DBL_MAX}, small[] = {-DBL_MAX, -0x1p969, 0x1p969};
    assert_true(sum_f64(twice, 3, NULL) == DBL_MAX);
    assert_true(sum_f64(twice, 2, NULL) == INFINITY);
    assert_true(sum_f64(small, 3, NULL) == -DBL_MAX);
    assert_true(sum_f64(small, 2, NULL) == -DBL_MAX);
}

/* Blocks that hold no overflow meet others that do, or make one together. */
static void test_overflow_between_blocks(void **state)
{
    (void)state;
    enum { BLOCK = 32768 };
    memset(reals, 0, sizeof items);
    reals[5] = reals[BLOCK] = DBL_MAX;
    assert_true(sum_under_all_plans(reals, ITEMS) == INFINITY);
    reals[2 * BLOCK] = reals[3 * BLOCK] = -DBL_MAX;
    assert_true(sum_under_all_plans(reals, ITEMS) == 0);
    reals[5 + 16] = DBL_MAX; /* the same lane: this block alone is scaled */
    reals[2 * BLOCK + 1] = -DBL_MAX;
    reals[ITEMS - 1] = 0x1p960;
    assert_true(sum_under_all_plans(reals, ITEMS) == 0x1p960);
}

static void test_zeros(void **state)
{
    (void)state;
    for (size_t i = 0; i < ITEMS; i++)
        reals[i] = -0.0;
    static const size_t counts[] = {0, 1, 16, 40, ITEMS};
    for (size_t c = 0; c < COUNT(counts); c++) {
        const double sum = sum_under_all_plans(reals, counts[c]);
        assert_true(sum == 0 && !signbit(sum));
    }
    reals[3] = 0x1p-1074;
    reals[9] = -0x1p-1073;
    assert_true(sum_under_all_plans(reals, ITEMS) == -0x1p-1074);
}

/* ---- integers ---- */

static void test_integers(void **state)
{
    (void)state;
    for (size_t t = 0; t < COUNT(integers); t++) {
        const cw_number type = integers[t];
        uint64_t want = 0; /* modulo 2^64, of a sum made to fit */
        for (size_t i = 0; i < ITEMS; i++) {
            integer item = random_integer(type);
            if (type == CW_NUMBER_I64 && i % 2 == 1) {
                /* near the opposite of the last one */
                item = integer_at(type, words, i - 1);
                item.negative = !item.negative;
                item.magnitude -= item.magnitude > 1;
            }
            if (type == CW_NUMBER_U64)
                item.magnitude >>= 20;
            put_integer(type, words, i, item);
            item = integer_at(type, words, i);
            want += item.negative ? -item.magnitude : item.magnitude;
        }
        for (int i = 0; i < PLANS; i++) {
            const cw_plan plan = plan_at(i, ITEMS);
            cw_sum_result got;
            assert_int_equal(cw_sum_run(type, words, ITEMS, &plan, &got, NULL), CW_OK);
            if (got.u64 != want)
                fail_msg("%s: %llx is not %llx: %s", cw_number_name(type),
                         (unsigned long long)got.u64, (unsigned long long)want, plan_text(&plan));
        }
    }
}

static void test_integer_overflow(void **state)
{
    (void)state;
    cw_error error;
    int64_t i64 = 77;
    uint64_t u64 = 77;
    const int64_t most[] = {INT64_MAX, INT64_MAX, 1, -INT64_MAX, -INT64_MAX};
    const int64_t least[] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX, 2};
    const int64_t below[] = {INT64_MIN, -1};
    const uint64_t all[] = {UINT64_MAX, 0, 1};
    assert_int_equal(cw_sum_i64(most, 2, NULL, &i64, &error), CW_ERR_OVERFLOW);
    assert_string_equal(error.value, "18446744073709551614");
    assert_string_equal(error.sentence, "the sum is 18446744073709551614, which does not fit i64 "
                                        "[-2^63, 2^63 - 1]");
    assert_true(error.index == CW_NO_INDEX && i64 == 77);
    assert_int_equal(cw_sum_i64(most + 1, 2, NULL, &i64, &error), CW_ERR_OVERFLOW);
    assert_string_equal(error.value, "9223372036854775808");
    assert_int_equal(cw_sum_i64(least, 3, NULL, &i64, &error), CW_ERR_OVERFLOW);
    assert_string_equal(error.value, "-27670116110564327424");
    assert_int_equal(cw_sum_i64(below, 2, NULL, &i64, &error), CW_ERR_OVERFLOW);
    assert_string_equal(error.value, "-9223372036854775809");
    assert_int_equal(cw_sum_i64(most, 5, NULL, &i64, &error), CW_OK);
    assert_true(i64 == 1);
    assert_int_equal(cw_sum_i64(least, 6, NULL, &i64, &error), CW_OK);
    assert_true(i64 == INT64_MIN);
    assert_int_equal(cw_sum_u64(all, 3, NULL, &u64, &error), CW_ERR_OVERFLOW);
    assert_string_equal(error.value, "18446744073709551616");
    assert_true(u64 == 77);
    assert_int_equal(cw_sum_u64(all, 2, NULL, &u64, &error), CW_OK);
    assert_true(u64 == UINT64_MAX);

    for (size_t i = 0; i < ITEMS; i++)
        words[i] = UINT64_MAX;
    for (int i = 0; i < PLANS; i++) {
        const cw_plan plan = plan_at(i, ITEMS);
        assert_int_equal(cw_sum_u64(words, ITEMS, &plan, &u64, &error), CW_ERR_OVERFLOW);
        assert_string_equal(error.value, "1836207351841122477308715"); /* 99541 (2^64 - 1) */
    }
}

static void test_public(void **state)
{
    (void)state;
    const int32_t i32[] = {INT32_MIN, INT32_MIN};
    const uint32_t u32[] = {UINT32_MAX, UINT32_MAX};
    const float f32[] = {0x1p24F, 1};
    int64_t i64;
    uint64_t u64;
    double f64;
    assert_int_equal(cw_sum_i32(i32, 2, NULL, &i64, NULL), CW_OK);
    assert_true(i64 == 2 * (int64_t)INT32_MIN);
    assert_int_equal(cw_sum_u32(u32, 2, NULL, &u64, NULL), CW_OK);
    assert_true(u64 == 2 * (uint64_t)UINT32_MAX);
    assert_int_equal(cw_sum_f32(f32, 2, NULL, &f64, NULL), CW_OK);
    assert_true(f64 == 0x1p24 + 1);
    assert_int_equal(cw_sum_i64(NULL, 0, NULL, &i64, NULL), CW_OK);
    assert_true(i64 == 0);
}

static void test_arguments(void **state)
{
    (void)state;
    cw_error error;
    int64_t sum = 77;
    const int64_t *astray = (const void *)((const char *)words + 4);
    assert_int_equal(cw_sum_i64(NULL, 1, NULL, &sum, &error), CW_ERR_ARGUMENT);
    assert_non_null(strstr(error.sentence, "x is NULL"));
    assert_int_equal(cw_sum_i64((int64_t *)words, 1, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_non_null(strstr(error.sentence, "sum is NULL"));
    assert_int_equal(cw_sum_i64(astray, 1, NULL, &sum, &error), CW_ERR_ARGUMENT);
    assert_non_null(strstr(error.sentence, "multiple of 8"));
    assert_int_equal(cw_sum_i64((int64_t *)words, SIZE_MAX / 4, NULL, &sum, &error),
                     CW_ERR_ARGUMENT);
    assert_int_equal(sum, 77);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 20260103);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_sum_itself),
        cmocka_unit_test(test_error_bound),
        cmocka_unit_test(test_same_for_every_plan),
        cmocka_unit_test(test_f32),
        cmocka_unit_test(test_infinity_and_nan),
        cmocka_unit_test(test_overflow_on_the_way),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_overflow_between_blocks),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_integer_overflow),
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
