/* Numbers for people: as many digits as mean something, in the unit that keeps them short. */
/* SPDX-License-Identifier: MIT */
#include "report/units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

static const char *unknown(char *text)
{
    (void)snprintf(text, CW_UNIT_TEXT, "-");
    return text;
}

/* Decimals that show `digits` digits of a value below 1000, after rounding: 9.996 is 10.0. */
static int decimals_for(double value, int digits)
{
    int decimals = digits - 1;
    for (double limit = 10; decimals > 0 && value >= limit - 5 * pow(10, -decimals - 1);
         limit *= 10)
        decimals--;
    return decimals;
}

/* A step is taken while what is left would be printed as 1000. */
static int divide_by_thousands(double *value, int digits, int steps_most)
{
    int steps = 0;
    while (steps < steps_most && *value >= 1000 - 0.5 * pow(10, 3 - digits)) {
        *value /= 1000;
        steps++;
    }
    return steps;
}

const char *cw_print_time(double ns, bool unicode, char *text)
{
    const char *const units[] = {"ns", unicode ? "µs" : "us", "ms", "s"};
    if (isnan(ns))
        return unknown(text);
    double value = ns;
    const int unit = divide_by_thousands(&value, 4, 3);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %s", decimals_for(value, 4), value, units[unit]);
    return text;
}

const char *cw_print_rate(double per_second, const char *unit, char *text)
{
    static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
    if (isnan(per_second))
        return unknown(text);
    double value = per_second;
    const int prefix = divide_by_thousands(&value, 3, 6);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %s%s", decimals_for(value, 3), value, prefixes[prefix],
                   unit);
    return text;
}

const char *cw_print_percent(double share, char *text)
{
    if (isnan(share))
        return unknown(text);
    const double percent = 100 * share;
    const int digits = percent < 0.995 ? 3 : 2;
    const int decimals = percent == 0 ? 0 : decimals_for(percent, digits);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %%", decimals, percent);
    return text;
}

const char *cw_print_ratio(double ratio, char *text)
{
    if (isnan(ratio))
        return unknown(text);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f", decimals_for(ratio, 3), ratio);
    return text;
}

const char *cw_print_fraction(double fraction, char *text)
{
    if (isnan(fraction))
        return unknown(text);
    const double rounded = round(1000 * fraction) / 1000;
    (void)snprintf(text, CW_UNIT_TEXT, "%.3f", rounded == 0 ? 0 : rounded);
    return text;
}
