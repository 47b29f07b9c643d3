/* Numbers for people, held against a table. */
/* SPDX-License-Identifier: MIT */
#include "report/units.h"

#include "cw_test.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void times_are_readable(void **state)
{
    static const struct {
        double ns;
        const char *text, *rough;
    } cases[] = {
        {NAN, "-", "-"},
        {0, "0 ns", "1 second"},
        {1, "1.00 ns", "1 second"},
        {612, "612 ns", "1 second"},
        {999.4, "999 ns", "1 second"},
        {999.6, "1.00 us", "1 second"},
        {1e6 - 501, "999 us", "1 second"},
        {1e6 - 499, "1.00 ms", "1 second"},
        {41.234e6, "41.2 ms", "1 second"},
        {515.25e6, "515 ms", "1 second"},
        {9.996e6, "10.0 ms", "1 second"},
        {1.0519e9, "1.05 s", "1 second"},
        {4.123e9, "4.12 s", "4 seconds"},
        {59.94e9, "59.9 s", "60 seconds"},
        {59.96e9, "1 min 00 s", "60 seconds"},
        {99.4e9, "1 min 39 s", "99 seconds"},
        {252e9, "4 min 12 s", "4 minutes"},
        {3599.6e9, "1 h 00 min", "60 minutes"},
        {15120e9, "4 h 12 min", "4 hours"},
        {86400e9, "24 h 00 min", "24 hours"},
        {4.5 * 86400e9, "4 days 12 h", "5 days"},
        {(1000 * 86400.0 - 1801) * 1e9, "999 days 23 h", "1000 days"},
        {3e18, "95 years", "95 years"},
    };
    (void)state;
    char text[CW_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(cw_print_time(cases[i].ns, false, text), cases[i].text);
        assert_string_equal(cw_print_rough_time(cases[i].ns, text), cases[i].rough);
    }
    assert_string_equal(cw_print_time(1500, true, text), "1.50 µs");
}

static void rates_are_readable(void **state)
{
    static const struct {
        double per_second;
        const char *unit, *text;
    } cases[] = {
        {NAN, "/s", "-"},
        {0, "/s", "0 /s"},
        {0.5, "/s", "0.50 /s"},
        {999.4, "/s", "999 /s"},
        {999.6, "/s", "1.00 k/s"},
        {9.868e9, "/s", "9.87 G/s"},
        {9.996e9, "/s", "10.0 G/s"},
        {12.34e9, "B/s", "12.3 GB/s"},
        {123.4e6, "B/s", "123 MB/s"},
        {1.8e19, "/s", "18.0 E/s"},
        {5e21, "/s", "5000 E/s"},
    };
    (void)state;
    char text[CW_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cw_print_rate(cases[i].per_second, cases[i].unit, text), cases[i].text);
}

static void counts_and_bytes_are_readable(void **state)
{
    (void)state;
    char text[CW_UNIT_TEXT];
    assert_string_equal(cw_print_count(0, text), "0");
    assert_string_equal(cw_print_count(412, text), "412");
    assert_string_equal(cw_print_count(999.4, text), "999");
    assert_string_equal(cw_print_count(999.6, text), "1.00 thousand");
    assert_string_equal(cw_print_count(41.25e3, text), "41.2 thousand");
    assert_string_equal(cw_print_count(4.12e9, text), "4.12 billion");
    assert_string_equal(cw_print_count(5e15, text), "5000 trillion");
    assert_string_equal(cw_print_bytes(0, text), "0 bytes");
    assert_string_equal(cw_print_bytes(512, text), "512 bytes");
    assert_string_equal(cw_print_bytes(48 << 10, text), "48 KiB");
    assert_string_equal(cw_print_bytes(1536, text), "1.5 KiB");
    assert_string_equal(cw_print_bytes(UINT64_MAX, text), "16 EiB");
}

static void shares_and_ratios_are_readable(void **state)
{
    static const struct {
        const char *(*print)(double value, char *text);
        double value;
        const char *text;
    } cases[] = {
        {cw_print_percent, NAN, "-"},
        {cw_print_percent, 0, "0 %"},
        {cw_print_percent, 1e-9, "0.00 %"},
        {cw_print_percent, 0.0038, "0.38 %"},
        {cw_print_percent, 0.00994, "0.99 %"},
        {cw_print_percent, 0.00996, "1.0 %"},
        {cw_print_percent, 0.052, "5.2 %"},
        {cw_print_percent, 0.0996, "10 %"},
        {cw_print_percent, 0.1249, "12 %"},
        {cw_print_percent, 3.5, "350 %"},
        {cw_print_ratio, NAN, "-"},
        {cw_print_ratio, 0.004, "0.00"},
        {cw_print_ratio, 1, "1.00"},
        {cw_print_ratio, 1.9749, "1.97"},
        {cw_print_ratio, 9.994, "9.99"},
        {cw_print_ratio, 9.996, "10.0"},
        {cw_print_ratio, 15.26, "15.3"},
        {cw_print_ratio, 99.96, "100"},
        {cw_print_ratio, 1280.2, "1280"},
        {cw_print_fraction, NAN, "-"},
        {cw_print_fraction, 0.0151, "0.015"},
        {cw_print_fraction, -0.0021, "-0.002"},
        {cw_print_fraction, -0.0004, "0.000"},
        {cw_print_fraction, 1, "1.000"},
    };
    (void)state;
    char text[CW_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cases[i].print(cases[i].value, text), cases[i].text);
}

static void exact_numbers_read_back(void **state)
{
    (void)state;
    static const double values[] = {0,        0.1,  0.1 + 0.2, 1e300, DBL_MAX, DBL_TRUE_MIN,
                                    -1.0 / 3, 1e22, 15};
    char text[CW_UNIT_TEXT];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_true(strtod(cw_print_exact(values[i], text), NULL) == values[i]);
    for (int i = 0; i < 10000; i++) {
        const uint64_t bits = cw_test_random();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            assert_true(strtod(cw_print_exact(value, text), NULL) == value);
    }
    assert_string_equal(cw_print_exact(0.1, text), "0.1");
    assert_string_equal(cw_print_exact(0.1 + 0.2, text), "0.30000000000000004");
    assert_string_equal(cw_print_exact(INFINITY, text), "inf");
    assert_string_equal(cw_print_exact(NAN, text), "nan");
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_readable),
        cmocka_unit_test(rates_are_readable),
        cmocka_unit_test(counts_and_bytes_are_readable),
        cmocka_unit_test(shares_and_ratios_are_readable),
        cmocka_unit_test(exact_numbers_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
