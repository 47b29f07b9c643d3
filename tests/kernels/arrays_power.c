/* Squares and cubes through the engine: the same under every plan, the lowest overflow, arguments.
 */
/* SPDX-License-Identifier: MIT */
#include "arrays_items.h"
#include "arrays_plans.h"

#include <inttypes.h>

/* Several blocks and an odd rest. */
enum { ITEMS = 5 * 8192 + 13 };

static uint64_t x[ITEMS + 1], y[ITEMS + 1], want[ITEMS + 1];

static const cw_number types[] = {CW_NUMBER_I32, CW_NUMBER_I64, CW_NUMBER_U32,
                                  CW_NUMBER_U64, CW_NUMBER_F32, CW_NUMBER_F64};

static void fill(cw_number type, cw_power power, cw_overflow overflow, void *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (cw_number_is_float(type))
            put_random_float(type, items, i);
        else
            put_integer(type, items, i,
                        overflow == CW_OVERFLOW_ERROR ? fitting_integer(power, type)
                                                      : random_integer(type));
    }
}

/* The first plan is the plain loop on one thread, which the test of the loops vouches for. */
static void test_same_for_every_plan(void **state)
{
    (void)state;
    for (size_t t = 0; t < COUNT(types); t++) {
        const cw_number type = types[t];
        const cw_power power = powers[t % 2];
        const cw_overflow overflow = overflows[cw_test_below(3)];
        const size_t bytes = ITEMS * cw_number_bytes(type);
        fill(type, power, overflow, x, ITEMS);
        for (int i = 0; i < PLANS; i++) {
            const cw_plan plan = plan_at(i, ITEMS);
            void *out = i == 0 ? want : y;
            if (i % 2 == 1) /* in place */
                memcpy(y, x, bytes);
            else
                memset(out, 0xa5, sizeof y);
            const cw_status status = cw_elementwise_run(power, type, i % 2 == 1 ? y : x, out, ITEMS,
                                                        overflow, &plan, NULL);
            assert_int_equal(status, CW_OK);
            if (memcmp(out, want, bytes) != 0)
                fail_msg("%s differs: %s", cw_number_name(type), plan_text(&plan));
        }
    }
}

static void check_failure(cw_power power, cw_number type, size_t lowest, integer item, int i)
{
    const cw_plan plan = plan_at(i, ITEMS);
    const bool in_place = i % 2 == 1;
    cw_error error;
    if (in_place)
        memcpy(y, x, sizeof y);
    const cw_status status = cw_elementwise_run(power, type, in_place ? y : x, y, ITEMS,
                                                CW_OVERFLOW_ERROR, &plan, &error);
    char text[32], at[32];
    (void)snprintf(text, sizeof text, "%s%" PRIu64, item.negative ? "-" : "", item.magnitude);
    (void)snprintf(at, sizeof at, "at index %zu ", lowest);
    assert_int_equal(status, CW_ERR_OVERFLOW);
    assert_int_equal(error.status, CW_ERR_OVERFLOW);
    if (error.index != lowest || strcmp(error.value, text) != 0)
        fail_msg("%s: index %" PRIu64 " value %s, not index %zu value %s: %s", cw_number_name(type),
                 error.index, error.value, lowest, text, plan_text(&plan));
    assert_non_null(strstr(error.sentence, at));
    assert_non_null(strstr(error.sentence, text));
    assert_non_null(strstr(error.sentence, cw_number_name(type)));
    if (memcmp(y, want, lowest * cw_number_bytes(type)) != 0)
        fail_msg("%s: not complete below %zu: %s", cw_number_name(type), lowest, plan_text(&plan));
}

static void test_lowest_overflow(void **state)
{
    (void)state;
    for (size_t t = 0; t < COUNT(integers); t++) {
        for (size_t p = 0; p < COUNT(powers); p++) {
            const cw_number type = integers[t];
            const cw_power power = powers[p];
            fill(type, power, CW_OVERFLOW_ERROR, x, ITEMS);
            assert_int_equal(
                cw_elementwise_run(power, type, x, want, ITEMS, CW_OVERFLOW_ERROR, NULL, NULL),
                CW_OK);
            const size_t lowest = cw_test_below(ITEMS);
            put_integer(type, x, lowest, overflowing_integer(power, type));
            for (int k = 0; k < 4; k++) {
                const size_t above = lowest + cw_test_below(ITEMS - lowest);
                put_integer(type, x, above, overflowing_integer(power, type));
            }
            const integer item = integer_at(type, x, lowest);
            for (int i = 0; i < PLANS; i++)
                check_failure(power, type, lowest, item, i);
        }
    }
}

/* The sentence as a reader gets it. */
static void test_sentence(void **state)
{
    (void)state;
    int64_t items[] = {1, -2097152, 2097152, -2097153};
    cw_error error;
    assert_int_equal(cw_cube_i64(items, items, 4, CW_OVERFLOW_ERROR, NULL, &error),
                     CW_ERR_OVERFLOW);
    assert_string_equal(error.sentence, "the cube of 2097152 at index 2 does not fit i64; items "
                                        "must lie in [-2097152, 2097151]");
    assert_true(items[1] == INT64_MIN && items[2] == 2097152);
}

/* Large enough to be streamed on most machines, x and y not aligned alike. */
static void test_large(void **state)
{
    (void)state;
    if (cw_test_quick())
        skip();
    const size_t n = ((size_t)1 << 25) + 3;
    float *from = malloc((n + 1) * sizeof *from), *to = malloc((n + 1) * sizeof *to);
    assert_true(from != NULL && to != NULL);
    for (size_t i = 0; i <= n; i++)
        from[i] = (float)i;
    to[n] = -1;
    assert_int_equal(cw_square_f32(from + 1, to, n, NULL, NULL), CW_OK);
    for (size_t i = 0; i < n; i++) {
        if (to[i] != from[i + 1] * from[i + 1])
            fail_msg("item %zu is %a", i, (double)to[i]);
    }
    assert_true(to[n] == -1);
    free(from);
    free(to);
}

/* Each public function does what its name says. */
static void test_public(void **state)
{
    (void)state;
#define CHECK_INTEGER(suffix, type)                                                                \
    do {                                                                                           \
        const type from[] = {0, 1, 3};                                                             \
        type to[3];                                                                                \
        assert_int_equal(cw_square_##suffix(from, to, 3, CW_OVERFLOW_ERROR, NULL, NULL), CW_OK);   \
        assert_true(to[0] == 0 && to[1] == 1 && to[2] == 9);                                       \
        assert_int_equal(cw_cube_##suffix(from, to, 3, CW_OVERFLOW_WRAP, NULL, NULL), CW_OK);      \
        assert_true(to[0] == 0 && to[1] == 1 && to[2] == 27);                                      \
    } while (0)
#define CHECK_FLOAT(suffix, type)                                                                  \
    do {                                                                                           \
        const type from[] = {-1.5F, 3};                                                            \
        type to[2];                                                                                \
        assert_int_equal(cw_square_##suffix(from, to, 2, NULL, NULL), CW_OK);                      \
        assert_true(to[0] == 2.25F && to[1] == 9);                                                 \
        assert_int_equal(cw_cube_##suffix(from, to, 2, NULL, NULL), CW_OK);                        \
        assert_true(to[0] == -3.375F && to[1] == 27);                                              \
    } while (0)
    CHECK_INTEGER(i32, int32_t);
    CHECK_INTEGER(i64, int64_t);
    CHECK_INTEGER(u32, uint32_t);
    CHECK_INTEGER(u64, uint64_t);
    CHECK_FLOAT(f32, float);
    CHECK_FLOAT(f64, double);
}

static void refuse(const void *from, void *to, size_t n, int overflow, const char *says)
{
    cw_error error;
    assert_int_equal(cw_elementwise_run(CW_POWER_SQUARE, CW_NUMBER_I64, from, to, n,
                                        (cw_overflow)overflow, NULL, &error),
                     CW_ERR_ARGUMENT);
    assert_true(error.index == CW_NO_INDEX);
    if (strstr(error.sentence, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.sentence, says);
}

static void test_arguments(void **state)
{
    (void)state;
    unsigned char *bytes = (unsigned char *)x;
    refuse(NULL, y, 1, 0, "x is NULL");
    refuse(x, NULL, 1, 0, "y is NULL");
    refuse(bytes + 4, y, 1, 0, "x is 4 bytes past a multiple of 8");
    refuse(x, (unsigned char *)y + 1, 1, 0, "y is 1 bytes past");
    refuse(x, x + 1, 2, 0, "overlap");
    refuse(x + 9, x, 10, 0, "overlap");
    refuse(x, y, SIZE_MAX / 4, 0, "at most");
    refuse(x, y, 1, 3, "overflow is 3");
    refuse(x, y, 1, -1, "overflow is -1");
    refuse(NULL, NULL, 0, 3, "overflow is 3");
    const cw_plan plan = {.threads = -1};
    assert_int_equal(cw_square_u64(x, y, 1, CW_OVERFLOW_WRAP, &plan, NULL), CW_ERR_ARGUMENT);

    memset(x, 0, sizeof x);
    assert_int_equal(cw_square_u64(NULL, NULL, 0, CW_OVERFLOW_ERROR, NULL, NULL), CW_OK);
    assert_int_equal(cw_square_u64(x, x + 10, 10, CW_OVERFLOW_ERROR, NULL, NULL), CW_OK);
    assert_int_equal(cw_square_u64(x + 10, x, 10, CW_OVERFLOW_ERROR, NULL, NULL), CW_OK);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 20260102);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_for_every_plan),
        cmocka_unit_test(test_lowest_overflow),
        cmocka_unit_test(test_sentence),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
