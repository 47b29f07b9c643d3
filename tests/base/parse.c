/* Numbers as people write them: what is read, and what is said of everything else. */
/* SPDX-License-Identifier: MIT */
#include "base/parse.h"

#include "cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define UNTOUCHED UINT64_C(0x5ca1ab1e)

static void reads_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        {"0", 0},
        {"00", 0},
        {"007", 7},
        {"42", 42},
        {"10000000000", UINT64_C(10000000000)},
        {"1e10", UINT64_C(10000000000)},
        {"1E10", UINT64_C(10000000000)},
        {"25e8", UINT64_C(2500000000)},
        {"0e99999999999999999999999", 0},
        {"5e0", 5},
        {"1e19", UINT64_C(10000000000000000000)},
        {"10^10", UINT64_C(10000000000)},
        {"10^19", UINT64_C(10000000000000000000)},
        {"2^40", UINT64_C(1) << 40},
        {"2^63", UINT64_C(1) << 63},
        {"3^40", UINT64_C(12157665459056928801)},
        {"7^0", 1},
        {"0^0", 1},
        {"0^5", 0},
        {"1^99999999999999999999999", 1},
        {"0^99999999999999999999999", 0},
        {"18446744073709551615^1", UINT64_MAX},
        {"18446744073709551615", UINT64_MAX},
        {"0000000000000000000000018446744073709551615", UINT64_MAX},
        {"2^64-1", UINT64_MAX},
        {"4^32-1", UINT64_MAX},
        {"18446744073709551616-1", UINT64_MAX},
        {"18446744073709551616^1-1", UINT64_MAX},
        {"18446744073709551616e0-1", UINT64_MAX},
        {"18446744073709551616^0", 1},
        {"1e12+1e10", UINT64_C(1010000000000)},
        {"1e12-1e10", UINT64_C(990000000000)},
        {"2^64-2^64", 0},
        {"1-2+3", 2},
        {"2^64+2^64-2^64-1", UINT64_MAX},
        {"2^63+2^63-1", UINT64_MAX},
        {"10^10+10-10^10", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = UNTOUCHED;
        cw_error error = {0};
        const cw_status status = cw_parse_u64(cases[i].text, &value, &error);
        if (status != CW_OK || value != cases[i].value)
            fail_msg("%s gave %" PRIu64 ", expected %" PRIu64 " (%s)", cases[i].text, value,
                     cases[i].value, error.sentence);
    }
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words; /* what the sentence must say */
    } cases[] = {
        {"", "is missing"},
        {"1.5", "1.5 is not whole"},
        {".5", "is not whole"},
        {"1.", "is not whole"},
        {"1e1.5", "is not whole"},
        {"-1", "-1 is negative"},
        {"-0", "is negative"},
        {"-", "is negative"},
        {"1-2", "1-2 goes below 0"},
        {"0-2^64", "goes below 0"},
        {"2^64-2^64-1", "goes below 0"},
        {"1e30", "1e30 goes above 2^64-1 = 18446744073709551615"},
        {"2^64", "goes above"},
        {"18446744073709551616", "goes above"},
        {"18446744073709551617-1", "goes above"},
        {"18446744073709551617-2", "goes above"},
        {"1844674407370955162e1-10", "goes above"},
        {"2^65-2^64", "goes above"},
        {"4294967297^2", "goes above"},
        {"99999999999999999999999", "goes above"},
        {"184467440737095516160", "goes above"},
        {"1e20", "goes above"},
        {"2e19", "goes above"},
        {"3^41", "goes above"},
        {"2^99999999999999999999999", "goes above"},
        {"2^18446744073709551616", "goes above"},
        {"2^18446744073709551617", "goes above"},
        {"1e18446744073709551616", "goes above"},
        {"18446744073709551616^2", "goes above"},
        {"18446744073709551616e1", "goes above"},
        {"2^64+0", "goes above"},
        {"2^63+2^63", "goes above"},
        {"2^64-1+1", "goes above"},
        {"+5", "begins with a sign"},
        {"+", "begins with a sign"},
        {"1e", "needs digits after 'e'"},
        {"1E", "needs digits after 'E'"},
        {"1e-3", "needs digits after 'e'"},
        {"1e+3", "needs digits after 'e'"},
        {"1ee3", "needs digits after 'e'"},
        {"2^", "needs digits after '^'"},
        {"2^-1", "needs digits after '^'"},
        {"^3", "needs digits before its exponent"},
        {"e5", "needs digits before its exponent"},
        {"1+^3", "needs digits before its exponent"},
        {"1+", "needs digits after '+'"},
        {"1-", "needs digits after '-'"},
        {"1++2", "needs digits after '+'"},
        {"1--2", "needs digits after '-'"},
        {"5+-3", "needs digits after '+'"},
        {"2^3^2", "has a '^' in it"},
        {"1e2e3", "has a 'e' in it"},
        {"0x10", "has a 'x' in it"},
        {"12abc", "has a 'a' in it"},
        {"eleven", "has a 'e' in it"},
        {"nan", "has a 'n' in it"},
        {"inf", "has a 'i' in it"},
        {"10k", "has a 'k' in it"},
        {"50%", "has a '%' in it"},
        {"2*3", "has a '*' in it"},
        {"1_000", "has a separator"},
        {"1,000", "has a separator"},
        {"1'000", "has a separator"},
        {" 1", "has a space"},
        {"1 ", "has a space"},
        {"1 + 2", "has a space"},
        {"1+ 2", "has a space"},
        {"1e 5", "needs digits after 'e'"},
        {"1\n", "has a space"},
        {"1\t", "has a space"},
        {"\x1b[31m7", "?[31m7 has a character"},
        {"7\x7f", "has a character"},
        {"\xd9\xa1\xd9\xa2", "has a character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = UNTOUCHED;
        cw_error error = {0};
        const cw_status status = cw_parse_u64(cases[i].text, &value, &error);
        if (status != CW_ERR_ARGUMENT || error.status != CW_ERR_ARGUMENT || value != UNTOUCHED ||
            error.index != CW_NO_INDEX)
            fail_msg("\"%s\" gave status %d, value %" PRIu64, cases[i].text, (int)status, value);
        if (strstr(error.sentence, cases[i].words) == NULL ||
            strstr(error.sentence, "write a whole number from 0 to 2^64-1, such as 1e10, 2^40 or "
                                   "1e12+1e10") == NULL)
            fail_msg("\"%s\": \"%s\" does not say \"%s\" and what is allowed", cases[i].text,
                     error.sentence, cases[i].words);
    }
}

/* A text of any length is cut in the sentence, which still ends with what is allowed. */
static void long_texts_leave_room_for_the_sentence(void **state)
{
    (void)state;
    static char text[100000];
    static const char endings[][2] = {"", "_", "^", ".", "x", " ", "\x01"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        memset(text, '9', sizeof text - 2);
        text[sizeof text - 2] = endings[i][0];
        uint64_t value;
        cw_error error = {0};
        assert_int_equal(cw_parse_u64(text, &value, &error), CW_ERR_ARGUMENT);
        assert_non_null(strstr(error.sentence, "999... "));
        assert_string_equal(error.sentence + strlen(error.sentence) - strlen("or 1e12+1e10"),
                            "or 1e12+1e10");
    }
}

static void an_error_is_not_needed(void **state)
{
    (void)state;
    uint64_t value = UNTOUCHED;
    assert_int_equal(cw_parse_u64("x", &value, NULL), CW_ERR_ARGUMENT);
    assert_int_equal(cw_parse_u64("", &value, NULL), CW_ERR_ARGUMENT);
    assert_int_equal(value, UNTOUCHED);
}

/* Every number near a power of two, written out in full and as a sum, reads back as itself. */
static void reads_back_what_is_printed(void **state)
{
    (void)state;
    for (int bit = 0; bit < 64; bit++) {
        for (uint64_t offset = 0; offset < 3; offset++) {
            const uint64_t number = (UINT64_C(1) << bit) + offset - 1;
            char text[64];
            uint64_t value = UNTOUCHED;
            (void)snprintf(text, sizeof text, "%" PRIu64, number);
            assert_int_equal(cw_parse_u64(text, &value, NULL), CW_OK);
            assert_true(value == number);
            (void)snprintf(text, sizeof text, "2^%d+%" PRIu64 "-1", bit, offset);
            assert_int_equal(cw_parse_u64(text, &value, NULL), CW_OK);
            assert_true(value == number);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(long_texts_leave_room_for_the_sentence),
        cmocka_unit_test(an_error_is_not_needed),
        cmocka_unit_test(reads_back_what_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
