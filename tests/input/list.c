/* Text lists: what is read and how, what is refused and where, and every digit that is written. */
/* SPDX-License-Identifier: MIT */
#include "input/list.h"

#include "base/memory.h"
#include "cw_test.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parse from a block that ends where the text ends, so that a sanitizer sees a step beyond it. */
static cw_status parse(const char *text, size_t bytes, cw_number type, void **values, size_t *count,
                       cw_error *error)
{
    char *copy = malloc(bytes + (bytes == 0));
    assert_non_null(copy);
    memcpy(copy, text, bytes);
    const cw_status status = cw_list_parse(copy, bytes, type, "list", values, count, error);
    free(copy);
    return status;
}

static const struct {
    cw_number type;
    const char *text;
    const char *want; /* the same values as cw_list_format writes them */
} readable[] = {
    {CW_NUMBER_U64, "", ""},
    {CW_NUMBER_U64, "\n", ""},
    {CW_NUMBER_U64, "# nothing but words", ""},
    {CW_NUMBER_U64, "7", "7\n"},
    {CW_NUMBER_U64, "7\n", "7\n"},
    {CW_NUMBER_U64, "1\n2\n3", "1\n2\n3\n"},
    {CW_NUMBER_U64, "1\r\n2\r\n\r\n3\r\n", "1\n2\n3\n"},
    {CW_NUMBER_U64, "  1\n2  \n\t3\t\n \t\n4 \r\n", "1\n2\n3\n4\n"},
    {CW_NUMBER_U64, "# first\n1\n  # second\n2 # two\n3# three\n#\n", "1\n2\n3\n"},
    {CW_NUMBER_U64, "0\n00\n007\n", "0\n0\n7\n"},
    {CW_NUMBER_U64, "1e10\n2^40\n10^10\n1e12+1e10\n2^64-1",
     "10000000000\n1099511627776\n10000000000\n1010000000000\n18446744073709551615\n"},
    {CW_NUMBER_U64, "9999999999999999999\n10000000000000000000\n18446744073709551615\n",
     "9999999999999999999\n10000000000000000000\n18446744073709551615\n"},
    {CW_NUMBER_I64, "-1\n-0\n0\n17\n-1e3\n-2^63\n2^63-1\n",
     "-1\n0\n0\n17\n-1000\n-9223372036854775808\n9223372036854775807\n"},
    {CW_NUMBER_I64, "9223372036854775807\n-9223372036854775808",
     "9223372036854775807\n-9223372036854775808\n"},
    {CW_NUMBER_I32, "2147483647\n-2147483648\n5\n", "2147483647\n-2147483648\n5\n"},
    {CW_NUMBER_U32, "4294967295\n0\n", "4294967295\n0\n"},
    {CW_NUMBER_F64, "1.5\n-2\n+3\n.5\n4.\n1e3\n-1.25E-2\n0.1\n1e-400\n",
     "1.5\n-2\n3\n0.5\n4\n1000\n-0.0125\n0.1\n0\n"},
    {CW_NUMBER_F64, "9007199254740992\n9007199254740993\n9007199254740995\n",
     "9007199254740992\n9007199254740992\n9007199254740996\n"},
    {CW_NUMBER_F64, "1.7976931348623157e308\n5e-324\n",
     "1.7976931348623157e+308\n4.94065645841247e-324\n"},
    {CW_NUMBER_F32, "16777216\n16777217\n16777219\n0.1\n3.4028235e38\n",
     "16777216\n16777216\n1.677722e+07\n0.1\n3.4028235e+38\n"},
};

static void test_reads_what_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        void *values = NULL;
        size_t count = 0;
        cw_error error = {0};
        const cw_status status = parse(readable[i].text, strlen(readable[i].text), readable[i].type,
                                       &values, &count, &error);
        if (status != CW_OK)
            fail_msg("\"%s\": %s", readable[i].text, error.sentence);
        char got[512];
        assert_true(count * CW_LIST_LINE_MAX < sizeof got);
        got[cw_list_format(readable[i].type, values, count, got)] = '\0';
        assert_string_equal(got, readable[i].want);
        cw_memory_free(values);
    }
}

#define DIGITS_50  "12345678901234567890123456789012345678901234567890"
#define DIGITS_250 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50 DIGITS_50

static const struct {
    cw_number type;
    const char *text;
    uint64_t index;
    const char *sentence;
} refused[] = {
    {CW_NUMBER_U64, "1\n2\nthree\n4\n", 2,
     "list, line 3: \"three\" is not a whole number from 0 to 18446744073709551615"},
    {CW_NUMBER_U64, "1\n\n# x\n1.5\n", 1,
     "list, line 4: \"1.5\" is not a whole number from 0 to 18446744073709551615"},
    {CW_NUMBER_U64, "-1", 0, "list, line 1: \"-1\" is not a whole number from 0 to"},
    {CW_NUMBER_U64, "1e30", 0, "list, line 1: \"1e30\" is not a whole number from 0 to"},
    {CW_NUMBER_U64, "18446744073709551616", 0, "\"18446744073709551616\" is not a whole number"},
    {CW_NUMBER_U64, "99999999999999999999\n", 0, "\"99999999999999999999\" is not a whole number"},
    {CW_NUMBER_U64, "1 2\n", 0, "list, line 1: \"1 2\" is not"},
    {CW_NUMBER_U64, "1,2\n", 0, "list, line 1: \"1,2\" is not"},
    {CW_NUMBER_U64, "17x\n", 0, "list, line 1: \"17x\" is not"},
    {CW_NUMBER_U64, "1\nnan\n", 1, "list, line 2: \"nan\" (not a number) cannot be used"},
    {CW_NUMBER_U64, "1\r2\r3\r", 0, "list, line 1: \"1?2?3\" is not"},
    {CW_NUMBER_U64, "\x1b[2J\n", 0, "list, line 1: \"?[2J\" is not"},
    {CW_NUMBER_U64,
     "\xef\xbb\xbf"
     "1\n",
     0,
     "list, line 1: \"\xef\xbb\xbf"
     "1\" is not"},
    {CW_NUMBER_U64, DIGITS_250, 0,
     "list, line 1: \"123456789012345678901234567890123456...\" is not a whole number"},
    {CW_NUMBER_U64, "1\n" DIGITS_250 "123456\n", 1,
     "list, line 2: \"123456789012345678901234567890123456...\" is too long"},
    {CW_NUMBER_I64, "9223372036854775808\n", 0,
     "is not a whole number from -9223372036854775808 to 9223372036854775807"},
    {CW_NUMBER_I64, "-9223372036854775809\n", 0, "\"-9223372036854775809\" is not a whole number"},
    {CW_NUMBER_I64, "-1e3+5\n", 0, "\"-1e3+5\" is not a whole number"},
    {CW_NUMBER_I64, "--5\n", 0, "\"--5\" is not a whole number"},
    {CW_NUMBER_I64, "- 5\n", 0, "\"- 5\" is not a whole number"},
    {CW_NUMBER_I32, "2147483648\n", 0, "is not a whole number from -2147483648 to 2147483647"},
    {CW_NUMBER_U32, "4294967296\n", 0, "is not a whole number from 0 to 4294967295"},
    {CW_NUMBER_U32, "-1\n", 0, "is not a whole number from 0 to 4294967295"},
    {CW_NUMBER_F64, "1.5\nNaN\n", 1, "list, line 2: \"NaN\" (not a number) cannot be used"},
    {CW_NUMBER_F64, "-nan\n", 0, "\"-nan\" (not a number) cannot be used"},
    {CW_NUMBER_F64, "inf\n", 0, "\"inf\" is not a decimal number"},
    {CW_NUMBER_F64, "0x10\n", 0, "\"0x10\" is not a decimal number"},
    {CW_NUMBER_F64, "1.5.2\n", 0, "\"1.5.2\" is not a decimal number"},
    {CW_NUMBER_F64, "e5\n", 0, "\"e5\" is not a decimal number"},
    {CW_NUMBER_F64, "-\n", 0, "\"-\" is not a decimal number"},
    {CW_NUMBER_F64, "1,5\n", 0, "\"1,5\" is not a decimal number"},
    {CW_NUMBER_F64, "1e309\n", 0, "\"1e309\" does not fit f64"},
    {CW_NUMBER_F32, "1e39\n", 0, "\"1e39\" does not fit f32"},
};

static void test_refuses_with_line_and_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        void *values = NULL;
        size_t count = 99;
        cw_error error = {0};
        const cw_status status = parse(refused[i].text, strlen(refused[i].text), refused[i].type,
                                       &values, &count, &error);
        if (status != CW_ERR_FORMAT || strstr(error.sentence, refused[i].sentence) == NULL)
            fail_msg("\"%s\": status %d, \"%s\"", refused[i].text, status, error.sentence);
        assert_int_equal(error.index, refused[i].index);
        assert_int_equal(count, 99);
        assert_null(values);
    }
}

static void test_refuses_nul_bytes(void **state)
{
    (void)state;
    void *values = NULL;
    size_t count;
    cw_error error;
    assert_int_equal(parse("1\n2\0\n", 5, CW_NUMBER_U64, &values, &count, &error), CW_ERR_FORMAT);
    assert_non_null(strstr(error.sentence, "line 2: \"2\" is followed by a NUL byte"));
    assert_int_equal(parse("\0\0", 2, CW_NUMBER_F64, &values, &count, &error), CW_ERR_FORMAT);
}

static void test_says_when_memory_is_refused(void **state)
{
    (void)state;
    void *values = NULL;
    size_t count;
    cw_error error;
    cw_memory_refuse_from(1);
    const cw_status status = parse("1\n", 2, CW_NUMBER_U64, &values, &count, &error);
    cw_memory_refuse_from(0);
    assert_int_equal(status, CW_ERR_NO_MEMORY);
    assert_non_null(strstr(error.sentence, "list"));
}

/* A random value of a type, as bits, with all magnitudes about equally likely. */
static uint64_t random_whole(cw_number type)
{
    const uint64_t value = cw_test_random() >> cw_test_random() % 64;
    switch (type) {
    case CW_NUMBER_I32:
    case CW_NUMBER_U32:
        return (uint32_t)(value % 2 ? value : -value);
    case CW_NUMBER_I64:
        return value % 2 ? value : -value;
    default:
        return value;
    }
}

static int print_whole(char *text, cw_number type, uint64_t bits)
{
    switch (type) {
    case CW_NUMBER_I32:
        return sprintf(text, "%" PRId32, (int32_t)bits);
    case CW_NUMBER_I64:
        return sprintf(text, "%" PRId64, (int64_t)bits);
    default:
        return sprintf(text, "%" PRIu64, bits);
    }
}

/* Values through snprintf and back, with every manner of line around them. */
static void test_reads_random_whole_numbers(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static const char *const before[] = {"", "", "", " ", "\t ", "# note\n", "\n\n", "0"};
    static const char *const after[] = {"\n", "\n", "\n", "\r\n", " \n", " # so\n", "\n\n"};
    static const cw_number types[] = {CW_NUMBER_I32, CW_NUMBER_I64, CW_NUMBER_U32, CW_NUMBER_U64};
    char *text = malloc(COUNT * 48);
    uint64_t *want = malloc(COUNT * sizeof *want);
    assert_non_null(text);
    assert_non_null(want);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        size_t length = 0;
        for (size_t i = 0; i < COUNT; i++) {
            want[i] = random_whole(types[t]);
            char number[32];
            print_whole(number, types[t], want[i]);
            const char *head = before[cw_test_random() % 8];
            length += (size_t)sprintf(text + length, "%s%s%s",
                                      number[0] == '-' && *head == '0' ? "" : head, number,
                                      after[cw_test_random() % 7]);
        }
        void *values;
        size_t count;
        cw_error error;
        if (parse(text, length, types[t], &values, &count, &error) != CW_OK)
            fail_msg("%s", error.sentence);
        assert_int_equal(count, COUNT);
        const bool wide = cw_number_bytes(types[t]) == 8;
        for (size_t i = 0; i < COUNT; i++)
            assert_int_equal(wide ? ((uint64_t *)values)[i] : ((uint32_t *)values)[i], want[i]);
        cw_memory_free(values);
    }
    free(text);
    free(want);
}

/* Any finite float, written and read back: the same bits. */
static void test_floats_come_back_the_same(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    double *doubles = malloc(COUNT * sizeof *doubles);
    float *floats = malloc(COUNT * sizeof *floats);
    char *text = malloc(COUNT * CW_LIST_LINE_MAX);
    assert_non_null(doubles);
    assert_non_null(floats);
    assert_non_null(text);
    for (size_t i = 0; i < COUNT; i++) {
        do {
            const uint64_t bits = cw_test_random();
            memcpy(&doubles[i], &bits, sizeof bits);
        } while (!isfinite(doubles[i]));
        do {
            const uint32_t bits = (uint32_t)cw_test_random();
            memcpy(&floats[i], &bits, sizeof bits);
        } while (!isfinite(floats[i]));
    }
    void *values;
    size_t count;
    size_t bytes = cw_list_format(CW_NUMBER_F64, doubles, COUNT, text);
    assert_int_equal(parse(text, bytes, CW_NUMBER_F64, &values, &count, NULL), CW_OK);
    assert_int_equal(count, COUNT);
    assert_memory_equal(values, doubles, COUNT * sizeof *doubles);
    cw_memory_free(values);
    bytes = cw_list_format(CW_NUMBER_F32, floats, COUNT, text);
    assert_int_equal(parse(text, bytes, CW_NUMBER_F32, &values, &count, NULL), CW_OK);
    assert_int_equal(count, COUNT);
    assert_memory_equal(values, floats, COUNT * sizeof *floats);
    cw_memory_free(values);
    free(doubles);
    free(floats);
    free(text);
}

/* cw_list_format against snprintf, with a guard behind the room it may use. */
static void check_format(cw_number type, const void *values, size_t count)
{
    enum { GUARD = 64, POISON = 0x5a };
    const size_t room = count * CW_LIST_LINE_MAX;
    char *got = malloc(room + GUARD);
    char *want = malloc(room + 1);
    assert_non_null(got);
    assert_non_null(want);
    memset(got, POISON, room + GUARD);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = cw_number_bytes(type) == 8 ? ((const uint64_t *)values)[i]
                                                         : ((const uint32_t *)values)[i];
        length += (size_t)print_whole(want + length, type, bits);
        want[length++] = '\n';
    }
    assert_int_equal(cw_list_format(type, values, count, got), length);
    assert_memory_equal(got, want, length);
    for (size_t i = room; i < room + GUARD; i++)
        assert_int_equal(got[i], POISON);
    free(got);
    free(want);
}

static void test_writes_every_digit(void **state)
{
    (void)state;
    enum { HALVES = 10000, COUNT = 3 * HALVES };
    uint64_t *values = malloc(COUNT * sizeof *values);
    assert_non_null(values);
    /* Every value of the upper and the lower four of eight digits, then with digits before them */
    for (uint64_t offset = 0; offset < 2; offset++) {
        for (uint64_t i = 0; i < HALVES; i++) {
            values[3 * i] = offset * 1234567800000000 + i;
            values[3 * i + 1] = offset * 99900000000 + i * HALVES;
            values[3 * i + 2] = offset * 9900000000000000 + i * HALVES + i;
        }
        check_format(CW_NUMBER_U64, values, COUNT);
    }
    free(values);
}

static void test_writes_edges(void **state)
{
    (void)state;
    uint64_t values[20 * 5 + 64 * 3];
    size_t count = 0;
    for (uint64_t power = 1, digits = 1; digits <= 20; power *= 10, digits++) {
        for (uint64_t i = 0; i < 5; i++)
            values[count++] = power + i - 2; /* wraps to the largest below 1 */
    }
    for (int bit = 0; bit < 64; bit++) {
        for (uint64_t i = 0; i < 3; i++)
            values[count++] = ((uint64_t)1 << bit) + i - 1;
    }
    check_format(CW_NUMBER_U64, values, count);
    check_format(CW_NUMBER_I64, values, count);
    uint32_t halves[sizeof values / sizeof *values];
    for (size_t i = 0; i < count; i++)
        halves[i] = (uint32_t)values[i];
    check_format(CW_NUMBER_U32, halves, count);
    check_format(CW_NUMBER_I32, halves, count);
    for (size_t i = 0; i < count; i++)
        check_format(CW_NUMBER_U64, values + i, 1);
    check_format(CW_NUMBER_U64, values, 0);
}

/* Runs in order and in no order: the digits kept from one number to the next. */
static void test_writes_random_lists(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    uint64_t *values = malloc(COUNT * sizeof *values);
    assert_non_null(values);
    static const uint64_t starts[] = {0, 99990000, 9999999990000, 10000000000000000 - 50000,
                                      UINT64_MAX - 10000000};
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        values[0] = starts[s];
        for (size_t i = 1; i < COUNT; i++)
            values[i] = values[i - 1] + cw_test_random() % 300;
        check_format(CW_NUMBER_U64, values, COUNT);
    }
    for (size_t i = 0; i < COUNT; i++)
        values[i] = random_whole(CW_NUMBER_U64);
    check_format(CW_NUMBER_U64, values, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = random_whole(CW_NUMBER_I64);
    check_format(CW_NUMBER_I64, values, COUNT);
    free(values);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 20240607);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_is_allowed),
        cmocka_unit_test(test_refuses_with_line_and_text),
        cmocka_unit_test(test_refuses_nul_bytes),
        cmocka_unit_test(test_says_when_memory_is_refused),
        cmocka_unit_test(test_reads_random_whole_numbers),
        cmocka_unit_test(test_floats_come_back_the_same),
        cmocka_unit_test(test_writes_every_digit),
        cmocka_unit_test(test_writes_edges),
        cmocka_unit_test(test_writes_random_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
