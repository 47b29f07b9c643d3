/* Prints times, rates and sizes with three digits and a unit. */
/* SPDX-License-Identifier: MIT */
#include "cli/quantity.h"

#include <stdio.h>
#include <stdlib.h>

/* Three digits that mean something, without an exponent; value < 1000 but for rounding. */
static void print_digits(double value, const char *unit, char text[CW_QUANTITY_TEXT])
{
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    (void)snprintf(text, CW_QUANTITY_TEXT, "%.*f%s", decimals, value, unit);
}

const char *cw_quantity_seconds(double seconds, char text[CW_QUANTITY_TEXT])
{
    if (seconds < 0.9995e-3) {
        print_digits(seconds * 1e6, " us", text);
    } else if (seconds < 0.9995) {
        print_digits(seconds * 1e3, " ms", text);
    } else if (seconds < 59.95) {
        print_digits(seconds, " s", text);
    } else if (seconds < 3599.5) {
        const int whole = (int)(seconds + 0.5);
        (void)snprintf(text, CW_QUANTITY_TEXT, "%d min %02d s", whole / 60, whole % 60);
    } else if (seconds < 2 * 86400 - 30) {
        const int minutes = (int)(seconds / 60 + 0.5);
        (void)snprintf(text, CW_QUANTITY_TEXT, "%d h %02d min", minutes / 60, minutes % 60);
    } else {
        const double hours = seconds / 3600 + 0.5;
        if (hours < 24 * 1000)
            (void)snprintf(text, CW_QUANTITY_TEXT, "%d days %d h", (int)hours / 24,
                           (int)hours % 24);
        else
            (void)snprintf(text, CW_QUANTITY_TEXT, "%.0f years", hours / 24 / 365.25);
    }
    return text;
}

const char *cw_quantity_rough_seconds(double seconds, char text[CW_QUANTITY_TEXT])
{
    static const struct {
        double most; /* of the unit before it is too small */
        double seconds;
        const char *name;
    } units[] = {
        {100, 1, "second"},
        {100, 60, "minute"},
        {60, 3600, "hour"},
        {1000, 86400, "day"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const double count = seconds / units[i].seconds;
        if (count >= units[i].most)
            continue;
        const int whole = count < 1 ? 1 : (int)(count + 0.5);
        (void)snprintf(text, CW_QUANTITY_TEXT, "%d %s%s", whole, units[i].name,
                       whole == 1 ? "" : "s");
        return text;
    }
    (void)snprintf(text, CW_QUANTITY_TEXT, "%.0f years", seconds / 86400 / 365.25);
    return text;
}

const char *cw_quantity_count(double count, char text[CW_QUANTITY_TEXT])
{
    static const char *const units[] = {"", " thousand", " million", " billion", " trillion"};
    int unit = 0;
    while (count >= 999.5 && unit < 4) {
        count /= 1000;
        unit++;
    }
    print_digits(count, units[unit], text);
    return text;
}

const char *cw_quantity_bytes(uint64_t bytes, char text[CW_QUANTITY_TEXT])
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
    (void)snprintf(text, CW_QUANTITY_TEXT, "%.*f%s", decimals, value, units[unit]);
    return text;
}

const char *cw_quantity_exact(double value, char text[CW_QUANTITY_TEXT])
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, CW_QUANTITY_TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}
