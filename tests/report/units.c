/* Numbers for people, held against a table. */
/* SPDX-License-Identifier: MIT */
#include "report/units.h"

#include "cw_test.h"

#include <math.h>

static void times_are_readable(void **state)
{
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        {NAN, "-"},
        {0, "0.000 ns"},
        {1, "1.000 ns"},
        {612, "612.0 ns"},
        {999.94, "999.9 ns"},
        {999.96, "1.000 us"},
        {1000, "1.000 us"},
        {1e6 - 51, "999.9 us"},
        {1e6 - 49, "1.000 ms"},
        {41.234e6, "41.23 ms"},
        {515.25e6, "515.2 ms"},
        {9.9996e6, "10.00 ms"},
        {1.0519e9, "1.052 s"},
        {74.3e9, "74.30 s"},
        {3600.7e9, "3601 s"},
        {1234567e9, "1234567 s"},
    };
    (void)state;
    char text[CW_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cw_print_time(cases[i].ns, false, text), cases[i].text);
    assert_string_equal(cw_print_time(1500, true, text), "1.500 µs");
}

static void rates_are_readable(void **state)
{
    static const struct {
        double per_second;
        const char *unit, *text;
    } cases[] = {
        {NAN, "/s", "-"},
        {0, "/s", "0.00 /s"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_readable),
        cmocka_unit_test(rates_are_readable),
        cmocka_unit_test(shares_and_ratios_are_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
