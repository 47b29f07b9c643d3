/* Numbers for people: as many digits as mean something, in the unit that keeps them short. */
/* SPDX-License-Identifier: MIT */
#include "report/units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const char *unknown(char *text)
{
    (void)snprintf(text, CW_UNIT_TEXT, "-");
    return text;
}

/* Decimals that show three digits after rounding: 9.996 is 10.0. Nothing is 0. */
static int decimals_for(double value)
{
    return value == 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

/* A step is taken while what is left would be printed as 1000. */
static int divide_by_thousands(double *value, int steps_most)
{
    int steps = 0;
    while (steps < steps_most && *value >= 999.5) {
        *value /= 1000;
        steps++;
    }
    return steps;
}

static void print_short_time(double ns, bool unicode, char *text)
{
    const char *const units[] = {"ns", unicode ? "µs" : "us", "ms", "s"};
    double value = ns;
    const int unit = divide_by_thousands(&value, 3);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %s", decimals_for(value), value, units[unit]);
}

static void print_years(double seconds, char *text)
{
    (void)snprintf(text, CW_UNIT_TEXT, "%.0f years", seconds / 86400 / 365.25);
}

const char *cw_print_time(double ns, bool unicode, char *text)
{
    const double seconds = ns * 1e-9;
    if (isnan(ns)) {
        return unknown(text);
    } else if (seconds < 59.95) {
        print_short_time(ns, unicode, text);
    } else if (seconds < 3599.5) {
        const int whole = (int)(seconds + 0.5);
        (void)snprintf(text, CW_UNIT_TEXT, "%d min %02d s", whole / 60, whole % 60);
    } else if (seconds < 2 * 86400 - 30) {
        const int minutes = (int)(seconds / 60 + 0.5);
        (void)snprintf(text, CW_UNIT_TEXT, "%d h %02d min", minutes / 60, minutes % 60);
    } else if (seconds < 1000 * 86400.0 - 1800) {
        const int hours = (int)(seconds / 3600 + 0.5);
        (void)snprintf(text, CW_UNIT_TEXT, "%d days %d h", hours / 24, hours % 24);
    } else {
        print_years(seconds, text);
    }
    return text;
}

const char *cw_print_rough_time(double ns, char *text)
{
    static const struct {
        double most; /* of it; above, the next unit reads better */
        double seconds;
        const char *name;
    } units[] = {
        {100, 1, "second"},
        {100, 60, "minute"},
        {60, 3600, "hour"},
        {1000, 86400, "day"},
    };
    const double seconds = ns * 1e-9;
    if (isnan(ns))
        return unknown(text);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const double count = seconds / units[i].seconds;
        if (count >= units[i].most)
            continue;
        const int whole = count < 1 ? 1 : (int)(count + 0.5);
        (void)snprintf(text, CW_UNIT_TEXT, "%d %s%s", whole, units[i].name, whole == 1 ? "" : "s");
        return text;
    }
    print_years(seconds, text);
    return text;
}

const char *cw_print_rate(double per_second, const char *unit, char *text)
{
    static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
    if (isnan(per_second))
        return unknown(text);
    double value = per_second;
    const int prefix = divide_by_thousands(&value, 6);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %s%s", decimals_for(value), value, prefixes[prefix],
                   unit);
    return text;
}

const char *cw_print_count(double count, char *text)
{
    static const char *const names[] = {"", " thousand", " million", " billion", " trillion"};
    if (isnan(count))
        return unknown(text);
    double value = count;
    const int name = divide_by_thousands(&value, 4);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f%s", decimals_for(value), value, names[name]);
    return text;
}

const char *cw_print_bytes(uint64_t bytes, char *text)
{
    static const char *const units[] = {" bytes", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    double value = (double)bytes;
    int unit = 0;
    while (value >= 1024 && unit < 6) {
        value /= 1024;
        unit++;
    }
    /* Sizes of caches are whole; 48.0 would only look more exact. */
    const int decimals = value == (double)(uint64_t)value ? 0 : value < 100 ? 1 : 0;
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f%s", decimals, value, units[unit]);
    return text;
}

const char *cw_print_percent(double share, char *text)
{
    if (isnan(share))
        return unknown(text);
    const double percent = 100 * share;
    const int decimals = percent < 0.995 ? decimals_for(percent) : percent < 9.95 ? 1 : 0;
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f %%", decimals, percent);
    return text;
}

const char *cw_print_ratio(double ratio, char *text)
{
    if (isnan(ratio))
        return unknown(text);
    (void)snprintf(text, CW_UNIT_TEXT, "%.*f", decimals_for(ratio), ratio);
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

const char *cw_print_exact(double value, char *text)
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, CW_UNIT_TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}
