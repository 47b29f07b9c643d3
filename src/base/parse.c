/* Reading whole numbers as people write them: 10000000000, 1e10, 2^40, 1e12+1e10. */
/* SPDX-License-Identifier: MIT */
#include "base/parse.h"

#include "base/checked.h"
#include "base/quote.h"

#include <stdbool.h>
#include <stdio.h>

/* A sum of terms passes 2^64 on its way (2^64-1), so it is kept in two halves: high * 2^64 + low.
 * One term is at most 2^64, and the length of the text bounds `high` far below overflow. */
typedef struct wide {
    uint64_t high;
    uint64_t low;
} wide;

/* What is wrong with a text, for a sentence that begins with the text itself. */
typedef struct problem {
    char words[96];
} problem;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* *value *= factor, factor >= 2; false when the product is above 2^64. */
static bool scale(wide *value, uint64_t factor)
{
    uint64_t product;
    if (value->high == 0 && cw_mul_u64(value->low, factor, &product)) {
        value->low = product;
        return true;
    }
    const bool is_two_to_64 = value->high == 0 && value->low - 1 == UINT64_MAX / factor &&
                              UINT64_MAX % factor == factor - 1;
    if (is_two_to_64)
        *value = (wide){.high = 1, .low = 0};
    return is_two_to_64;
}

/* *value += digit; false when the sum is above 2^64. */
static bool append(wide *value, uint64_t digit)
{
    if (!cw_add_u64(value->low, digit, &value->low))
        value->high++;
    return value->high == 0 || value->low == 0;
}

/* Digits at *at, at least one, into *value, which is 0 at first; *at moves behind them. False when
 * they are above 2^64, with *value unknown. */
static bool read_digits(const char **at, wide *value)
{
    bool fits = true;
    for (; is_digit(**at); (*at)++)
        fits = fits && scale(value, 10) && append(value, (uint64_t)(**at - '0'));
    return fits;
}

/* *value *= base^exponent, *value being 1 where the base is not 10; false when the product is above
 * 2^64. */
static bool scale_by_power(wide *value, wide base, wide exponent)
{
    const bool is_zero = value->high == 0 && value->low == 0;
    if (is_zero || (exponent.high == 0 && exponent.low == 0))
        return true;
    if (base.high == 0 && base.low <= 1) {
        if (base.low == 0)
            *value = (wide){0};
        return true;
    }
    if (base.high > 0) {
        *value = base;
        return exponent.high == 0 && exponent.low == 1;
    }
    /* From base 2 on this ends after at most 65 rounds, whatever the exponent says. */
    for (uint64_t i = 0; exponent.high > 0 || i < exponent.low; i++) {
        if (!scale(value, base.low))
            return false;
    }
    return true;
}

static bool say_too_large(problem *why)
{
    (void)snprintf(why->words, sizeof why->words, "goes above 2^64-1 = 18446744073709551615");
    return false;
}

static bool say_missing(problem *why, char after)
{
    (void)snprintf(why->words, sizeof why->words, "needs digits after '%c'", after);
    return false;
}

/* The character c stands where only digits, e, ^, + or - may. */
static bool say_unexpected(problem *why, char c)
{
    const char *words = NULL;
    if (c == '.')
        words = "is not whole";
    else if (c == ',' || c == '_' || c == '\'')
        words = "has a separator between its digits, and none is allowed";
    else if (c == ' ' || (c >= '\t' && c <= '\r'))
        words = "has a space in it, and none is allowed";
    else if (c < ' ' || c > '~')
        words = "has a character in it that is not part of a number";
    if (words != NULL)
        (void)snprintf(why->words, sizeof why->words, "%s", words);
    else
        (void)snprintf(why->words, sizeof why->words,
                       "has a '%c' in it, which is not part of a number", c);
    return false;
}

/* There is no digit at `at`, where a term begins. `after` is the sign before it, 0 at the start of
 * the text. */
static bool say_no_term(problem *why, const char *at, char after)
{
    const char c = at[0];
    if (after != 0 && (c == 0 || c == '+' || c == '-'))
        return say_missing(why, after);
    const char *words = NULL;
    if (after == 0 && c == '-')
        words = "is negative";
    else if (after == 0 && c == '+')
        words = "begins with a sign, and none is allowed";
    else if (c == '^' || ((c == 'e' || c == 'E') && is_digit(at[1])))
        words = "needs digits before its exponent";
    if (words == NULL)
        return say_unexpected(why, c);
    (void)snprintf(why->words, sizeof why->words, "%s", words);
    return false;
}

/* One term at *at; *at moves behind it. `after` as for say_no_term. */
static bool read_term(const char **at, char after, wide *term, problem *why)
{
    if (!is_digit(**at))
        return say_no_term(why, *at, after);
    wide number = {0};
    bool fits = read_digits(at, &number);
    *term = number;

    const char mark = **at;
    if (mark == 'e' || mark == 'E' || mark == '^') {
        (*at)++;
        if (!is_digit(**at))
            return say_missing(why, mark);
        /* An exponent above 2^64 is as good as 2^64: both fit only bases 0 and 1. */
        wide exponent = {0};
        if (!read_digits(at, &exponent))
            exponent = (wide){.high = 1, .low = 0};
        if (mark == '^')
            *term = (wide){.low = 1};
        fits = fits && scale_by_power(term, mark == '^' ? number : (wide){.low = 10}, exponent);
    }
    if (**at != 0 && **at != '+' && **at != '-')
        return say_unexpected(why, **at);
    return fits || say_too_large(why);
}

static void add(wide *sum, wide term)
{
    sum->high += term.high;
    if (!cw_add_u64(sum->low, term.low, &sum->low))
        sum->high++;
}

/* *value = plus - minus if that is in [0, 2^64 - 1]. */
static bool subtract(wide plus, wide minus, uint64_t *value, problem *why)
{
    if (plus.high < minus.high || (plus.high == minus.high && plus.low < minus.low)) {
        (void)snprintf(why->words, sizeof why->words, "goes below 0");
        return false;
    }
    if (plus.high - minus.high - (plus.low < minus.low) > 0)
        return say_too_large(why);
    *value = plus.low - minus.low;
    return true;
}

static bool read_number(const char *text, uint64_t *value, problem *why)
{
    wide plus = {0};
    wide minus = {0};
    const char *at = text;
    char sign = 0;
    do {
        wide term = {0};
        if (!read_term(&at, sign, &term, why))
            return false;
        add(sign == '-' ? &minus : &plus, term);
        sign = *at++;
    } while (sign != 0);
    return subtract(plus, minus, value, why);
}

cw_status cw_parse_u64(const char *text, uint64_t *value, cw_error *error)
{
    if (text[0] == 0)
        return cw_error_set(
            error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
            "a number is missing; write a whole number from 0 to 2^64-1, such as 1e10, "
            "2^40 or 1e12+1e10");
    problem why;
    if (read_number(text, value, &why))
        return CW_OK;
    const cw_quote quote = cw_quote_text(text);
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, quote.text,
                        "%s %s; write a whole number from 0 to 2^64-1, such as 1e10, 2^40 or "
                        "1e12+1e10",
                        quote.text, why.words);
}
