/* Reading and writing decimal numbers, one a line, at the speed of memory rather than of stdio. */
/* SPDX-License-Identifier: MIT */
#include "input/list.h"

#include "base/memory.h"
#include "base/parse.h"
#include "base/quote.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Reading. Nearly every line is digits and a newline, which the loop in cw_list_parse takes
 * itself; all others go through read_line. */

/* What a type holds: whole numbers from -below to above, of which those up to `exact` need no
 * rounding (2^24 and 2^53 for floats). */
static const struct range {
    uint64_t below, above, exact;
    const char *text;
} ranges[CW_NUMBERS] = {
    [CW_NUMBER_I32] = {(uint64_t)INT32_MAX + 1, INT32_MAX, INT32_MAX, "-2147483648 to 2147483647"},
    [CW_NUMBER_I64] = {(uint64_t)INT64_MAX + 1, INT64_MAX, INT64_MAX,
                       "-9223372036854775808 to 9223372036854775807"},
    [CW_NUMBER_U32] = {0, UINT32_MAX, UINT32_MAX, "0 to 4294967295"},
    [CW_NUMBER_U64] = {0, UINT64_MAX, UINT64_MAX, "0 to 18446744073709551615"},
    [CW_NUMBER_F32] = {0, 0, (uint64_t)1 << 24, NULL},
    [CW_NUMBER_F64] = {0, 0, (uint64_t)1 << 53, NULL},
};

struct line {
    const char *list; /* the name of the list */
    size_t number;    /* from 1 */
    size_t index;     /* of the value that it would give */
    char text[CW_LIST_NUMBER_MAX + 1];
    size_t length;
    cw_error *error;
};

static cw_status refuse(const struct line *line, const char *reason, const char *allowed)
{
    const cw_quote shown = cw_quote_text(line->text);
    return cw_error_set(line->error, CW_ERR_FORMAT, line->index, shown.text,
                        "%s, line %zu: \"%s\" %s%s", line->list, line->number, shown.text, reason,
                        allowed);
}

/* The value of values[index] from a magnitude that its type holds. */
static void store_whole(cw_number type, void *values, size_t index, uint64_t magnitude,
                        bool negative)
{
    const uint64_t bits = negative ? -magnitude : magnitude;
    switch (type) {
    case CW_NUMBER_I32:
    case CW_NUMBER_U32:
        ((uint32_t *)values)[index] = (uint32_t)bits;
        break;
    case CW_NUMBER_I64:
    case CW_NUMBER_U64:
        ((uint64_t *)values)[index] = bits;
        break;
    case CW_NUMBER_F32:
        ((float *)values)[index] = (float)magnitude;
        break;
    case CW_NUMBER_F64:
        ((double *)values)[index] = (double)magnitude;
        break;
    }
}

static cw_status read_whole(const struct line *line, cw_number type, void *values)
{
    const struct range *range = &ranges[type];
    const bool negative = line->text[0] == '-' && range->below > 0;
    const char *digits = line->text + negative;
    uint64_t magnitude;
    /* The minus sign would stand before the first term alone. */
    const bool terms = negative && strpbrk(digits, "+-") != NULL;
    if (terms || cw_parse_u64(digits, &magnitude, NULL) != CW_OK ||
        magnitude > (negative ? range->below : range->above))
        return refuse(line, "is not a whole number from ", range->text);
    store_whole(type, values, line->index, magnitude, negative);
    return CW_OK;
}

static cw_status read_float(const struct line *line, cw_number type, void *values)
{
    /* strtod would also take hexadecimal, words and leading blanks. */
    const bool decimal = strspn(line->text, "0123456789+-.eE") == line->length;
    char *end = NULL;
    double value = 0;
    if (type == CW_NUMBER_F32)
        value = (double)strtof(line->text, &end);
    else
        value = strtod(line->text, &end);
    if (!decimal || end != line->text + line->length)
        return refuse(line, "is not a decimal number such as 17, -0.5 or 6.02e23", "");
    if (isinf(value))
        return refuse(line, "does not fit ", cw_number_name(type));
    if (type == CW_NUMBER_F32)
        ((float *)values)[line->index] = (float)value;
    else
        ((double *)values)[line->index] = value;
    return CW_OK;
}

static bool is_nan(const char *text)
{
    return strcasecmp(text + (text[0] == '-' || text[0] == '+'), "nan") == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* One line, without its newline, to values[line->index]; *count grows when it holds a number. */
static cw_status read_line(struct line *line, const char *at, const char *end, cw_number type,
                           void *values, size_t *count)
{
    const char *comment = memchr(at, '#', (size_t)(end - at));
    if (comment != NULL)
        end = comment;
    while (at < end && is_blank(*at))
        at++;
    while (at < end && is_blank(end[-1]))
        end--;
    if (at == end)
        return CW_OK;
    const size_t length = (size_t)(end - at);
    line->length = length <= CW_LIST_NUMBER_MAX ? length : CW_LIST_NUMBER_MAX;
    memcpy(line->text, at, line->length);
    line->text[line->length] = '\0';
    if (length > CW_LIST_NUMBER_MAX)
        return refuse(line, "is too long: a number may have 255 characters", "");
    if (is_nan(line->text))
        return refuse(line, "(not a number) cannot be used: every line must have a value", "");
    if (memchr(line->text, '\0', length) != NULL)
        return refuse(line, "is followed by a NUL byte: this is not a text list", "");
    const bool is_float = cw_number_is_float(type);
    const cw_status status =
        is_float ? read_float(line, type, values) : read_whole(line, type, values);
    *count += status == CW_OK;
    return status;
}

static size_t count_lines(const char *text, size_t bytes)
{
    size_t lines = 1;
    for (size_t i = 0; i < bytes; i++)
        lines += text[i] == '\n';
    return lines;
}

/* The digits at `at`, at most 19, which always fit; returns where they end. */
static inline const char *read_digits(const char *at, const char *end, uint64_t *value)
{
    const char *stop = end - at > 19 ? at + 19 : end;
    uint64_t sum = 0;
    for (; at < stop; at++) {
        const unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit > 9)
            break;
        sum = 10 * sum + digit;
    }
    *value = sum;
    return at;
}

cw_status cw_list_parse(const char *text, size_t bytes, cw_number type, const char *name,
                        void **values, size_t *count, cw_error *error)
{
    /* Room for a number on every line; pages that stay empty are never touched. */
    const size_t lines = count_lines(text, bytes);
    void *read = cw_memory_alloc(lines, cw_number_bytes(type));
    if (read == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "%s: no memory for %zu lines of %s", name, lines, cw_number_name(type));
    const uint64_t exact = ranges[type].exact;
    const char *at = text;
    const char *end = text + bytes;
    size_t done = 0;
    for (size_t number = 1; at < end; number++) {
        uint64_t value;
        const char *stop = read_digits(at, end, &value);
        if (stop > at && stop < end && *stop == '\n' && value <= exact) {
            store_whole(type, read, done++, value, false);
            at = stop + 1;
            continue;
        }
        stop = memchr(stop, '\n', (size_t)(end - stop));
        if (stop == NULL)
            stop = end;
        struct line line = {.list = name, .number = number, .index = done, .error = error};
        const cw_status status = read_line(&line, at, stop, type, read, &done);
        if (status != CW_OK) {
            cw_memory_free(read);
            return status;
        }
        at = stop < end ? stop + 1 : end;
    }
    *values = read;
    *count = done;
    return CW_OK;
}

/* Writing */

enum { EIGHT_DIGITS = 100000000 };

/* The eight decimal digits of n < 10^8, one to a byte, the first in the lowest byte. A vector of
 * four-digit numbers becomes one of two digits, then of one: x / 100 is x * 10486 >> 20 for
 * x < 10^4, x / 10 is x * 103 >> 10 for x < 100. */
static inline uint64_t eight_digits(uint64_t n)
{
    const uint64_t fours = n / 10000 | n % 10000 << 32;
    const uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007f0000007f;
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = (twos * 103 >> 10) & 0x000f000f000f000f;
    return tens | (twos - 10 * tens) << 8;
}

static inline char *put_below_eight_digits(char *to, uint64_t n)
{
    const uint64_t digits = eight_digits(n);
    const int zeros = n == 0 ? 7 : __builtin_ctzll(digits) / 8;
    const uint64_t text = htole64((digits | 0x3030303030303030) >> (8 * zeros));
    memcpy(to, &text, 8);
    return to + 8 - zeros;
}

static inline char *put_eight_digits(char *to, uint64_t n)
{
    const uint64_t text = htole64(eight_digits(n) | 0x3030303030303030);
    memcpy(to, &text, 8);
    return to + 8;
}

/* The digits of the last number but its last eight: in a list in order they are mostly the same
 * for millions of numbers. */
struct head {
    uint64_t value; /* 0: none yet */
    size_t length;
    char text[16];
};

static void set_head(struct head *head, uint64_t value)
{
    char *end = head->text;
    if (value < EIGHT_DIGITS)
        end = put_below_eight_digits(end, value);
    else
        end = put_eight_digits(put_below_eight_digits(end, value / EIGHT_DIGITS),
                               value % EIGHT_DIGITS);
    head->value = value;
    head->length = (size_t)(end - head->text);
}

/* Writes at most 20 bytes, and over at most 20. */
static inline char *put_whole(struct head *head, char *to, uint64_t n)
{
    if (n < EIGHT_DIGITS)
        return put_below_eight_digits(to, n);
    const uint64_t high = n / EIGHT_DIGITS;
    if (high != head->value)
        set_head(head, high);
    memcpy(to, head->text, sizeof head->text);
    return put_eight_digits(to + head->length, n - high * EIGHT_DIGITS);
}

static inline char *put_signed(struct head *head, char *to, int64_t n)
{
    *to = '-';
    return put_whole(head, to + (n < 0), n < 0 ? -(uint64_t)n : (uint64_t)n);
}

/* The first of 15, 16, 17 digits (6 to 9 for f32) that reads back as the same value; NaN, which
 * never does, takes the last turn. */
static char *put_float(char *to, double value, bool single)
{
    const int most = single ? 9 : 17;
    int length = 0;
    for (int digits = single ? 6 : 15; digits <= most; digits++) {
        length = snprintf(to, CW_LIST_LINE_MAX, "%.*g", digits, value);
        const double again = single ? (double)strtof(to, NULL) : strtod(to, NULL);
        if (again == value)
            break;
    }
    return to + length;
}

size_t cw_list_format(cw_number type, const void *values, size_t count, char *text)
{
    struct head head = {0};
    char *to = text;
    for (size_t i = 0; i < count; i++) {
        switch (type) {
        case CW_NUMBER_I32:
            to = put_signed(&head, to, ((const int32_t *)values)[i]);
            break;
        case CW_NUMBER_I64:
            to = put_signed(&head, to, ((const int64_t *)values)[i]);
            break;
        case CW_NUMBER_U32:
            to = put_whole(&head, to, ((const uint32_t *)values)[i]);
            break;
        case CW_NUMBER_U64:
            to = put_whole(&head, to, ((const uint64_t *)values)[i]);
            break;
        case CW_NUMBER_F32:
            to = put_float(to, (double)((const float *)values)[i], true);
            break;
        case CW_NUMBER_F64:
            to = put_float(to, ((const double *)values)[i], false);
            break;
        }
        *to++ = '\n';
    }
    return (size_t)(to - text);
}
