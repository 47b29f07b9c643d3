/* A strict reader of the one Python literal that a .npy header is, and a writer of it. */
/* SPDX-License-Identifier: MIT */
#include "input/npy.h"

#include "base/checked.h"

#include <endian.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const unsigned char magic[6] = {CW_NPY_FIRST_BYTE, 'N', 'U', 'M', 'P', 'Y'};

enum key { KEY_DESCR, KEY_FORTRAN_ORDER, KEY_SHAPE, KEY_COUNT };

/* As NumPy writes them, without the byte order. */
static const char *const type_names[CW_NUMBERS] = {
    [CW_NUMBER_I32] = "i4", [CW_NUMBER_I64] = "i8", [CW_NUMBER_U32] = "u4",
    [CW_NUMBER_U64] = "u8", [CW_NUMBER_F32] = "f4", [CW_NUMBER_F64] = "f8",
};

static const char *const key_names[KEY_COUNT] = {"descr", "fortran_order", "shape"};

/* Where the reader stands. The header's text ends at `end`, which lies within the file. */
struct cursor {
    const unsigned char *bytes;
    size_t at;
    size_t end;
    const char *name;
    cw_error *error;
};

/* A piece of the header between quotes. */
struct string {
    size_t at;
    const char *text;
    int length;
};

__attribute__((format(printf, 3, 4))) static cw_status refuse(const struct cursor *cursor,
                                                              size_t at, const char *format, ...)
{
    char sentence[sizeof cursor->error->sentence];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return cw_error_set(cursor->error, CW_ERR_FORMAT, CW_NO_INDEX, NULL, "%s, byte %zu: %s",
                        cursor->name, at, sentence);
}

/* The byte at the cursor, or NUL at the end: no header holds one (check_characters). */
static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->end ? (char)cursor->bytes[cursor->at] : '\0';
}

static void skip_blanks(struct cursor *cursor)
{
    while (peek(cursor) != '\0' && strchr(" \t\r\n", peek(cursor)) != NULL)
        cursor->at++;
}

/* Skip blanks, and then c if it stands there. */
static bool accept(struct cursor *cursor, char c)
{
    skip_blanks(cursor);
    if (peek(cursor) != c)
        return false;
    cursor->at++;
    return true;
}

static cw_status read_string(struct cursor *cursor, const char *what, struct string *string)
{
    skip_blanks(cursor);
    const char quote = peek(cursor);
    if (quote != '\'' && quote != '"')
        return refuse(cursor, cursor->at, "%s is expected here, in quotes", what);
    const unsigned char *text = cursor->bytes + cursor->at + 1;
    const unsigned char *stop = memchr(text, quote, cursor->end - cursor->at - 1);
    if (stop == NULL)
        return refuse(cursor, cursor->at, "the quote that opens here is never closed");
    *string = (struct string){cursor->at, (const char *)text, (int)(stop - text)};
    cursor->at += (size_t)(stop - text) + 2;
    return CW_OK;
}

static bool equals(const struct string *string, const char *text)
{
    return strlen(text) == (size_t)string->length && memcmp(string->text, text, strlen(text)) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What kind of value a dtype such as O, c16 or M8[ns] stands for; NULL for other words. */
static const char *kind_name(const struct string *dtype)
{
    if (dtype->length == 0 || (dtype->length > 1 && !is_digit(dtype->text[1])))
        return NULL;
    switch (dtype->text[0]) {
    case 'O':
        return "Python objects";
    case 'c':
        return "complex numbers";
    case 'b':
        return "truth values";
    case 'S':
    case 'a':
    case 'U':
        return "text";
    case 'V':
        return "raw bytes";
    case 'M':
    case 'm':
        return "dates or times";
    case 'i':
    case 'u':
        return "whole numbers of another size";
    case 'f':
        return "floats of another size";
    default:
        return NULL;
    }
}

#define TYPES_ALLOWED "i4, i8, u4, u8, f4 and f8 can be read"

static cw_status read_descr(struct cursor *cursor, cw_npy_header *header)
{
    skip_blanks(cursor);
    if (peek(cursor) == '[')
        return refuse(cursor, cursor->at, "a structured dtype; only " TYPES_ALLOWED);
    struct string descr = {0};
    const cw_status status = read_string(cursor, "a dtype such as '<f8'", &descr);
    if (status != CW_OK)
        return status;
    const char order = descr.length > 0 ? descr.text[0] : '\0';
    const bool marked = order != '\0' && strchr("<>=|", order) != NULL;
    const struct string rest = {descr.at, descr.text + marked, descr.length - marked};
    header->swapped = order == (BYTE_ORDER == LITTLE_ENDIAN ? '>' : '<');
    for (int i = 0; i < CW_NUMBERS; i++) {
        if (equals(&rest, type_names[i])) {
            header->layout.type = (cw_number)i;
            return CW_OK;
        }
    }
    const char *kind = kind_name(&rest);
    return refuse(cursor, descr.at, "dtype '%.*s'%s%s%s; only " TYPES_ALLOWED,
                  descr.length < 24 ? descr.length : 24, descr.text, kind ? " (" : "",
                  kind ? kind : "", kind ? ")" : "");
}

static cw_status read_fortran_order(struct cursor *cursor, cw_npy_header *header)
{
    skip_blanks(cursor);
    static const char *const words[] = {"False", "True"};
    for (int i = 0; i < 2; i++) {
        const size_t length = strlen(words[i]);
        if (cursor->end - cursor->at >= length &&
            memcmp(cursor->bytes + cursor->at, words[i], length) == 0) {
            cursor->at += length;
            header->layout.fortran = i == 1;
            return CW_OK;
        }
    }
    return refuse(cursor, cursor->at, "fortran_order must be True or False");
}

static cw_status read_dimension(struct cursor *cursor, size_t *dimension)
{
    skip_blanks(cursor);
    const size_t start = cursor->at;
    if (peek(cursor) == '-')
        return refuse(cursor, start, "a dimension is negative");
    if (!is_digit(peek(cursor)))
        return refuse(cursor, start, "a dimension in digits is expected here");
    size_t value = 0;
    for (; is_digit(peek(cursor)); cursor->at++) {
        if (!cw_mul_size(value, 10, &value) ||
            !cw_add_size(value, (size_t)(peek(cursor) - '0'), &value))
            return refuse(cursor, start, "a dimension does not fit 64 bits");
    }
    if (cursor->bytes[start] == '0' && cursor->at > start + 1)
        return refuse(cursor, start, "a dimension begins with 0");
    /* As Python 2 writes large integers */
    if (peek(cursor) == 'L')
        cursor->at++;
    *dimension = value;
    return CW_OK;
}

static cw_status read_shape(struct cursor *cursor, cw_npy_header *header)
{
    cw_layout *layout = &header->layout;
    skip_blanks(cursor);
    const size_t start = cursor->at;
    if (!accept(cursor, '('))
        return refuse(cursor, start, "a shape such as (), (3,) or (3, 4) is expected here");
    bool comma = true;
    while (!accept(cursor, ')')) {
        if (!comma)
            return refuse(cursor, cursor->at, "',' or ')' is expected in the shape");
        if (layout->dimensions == CW_DIMENSIONS_MAX)
            return refuse(cursor, cursor->at, "more than %d dimensions", CW_DIMENSIONS_MAX);
        const cw_status status = read_dimension(cursor, &layout->shape[layout->dimensions]);
        if (status != CW_OK)
            return status;
        layout->dimensions++;
        comma = accept(cursor, ',');
    }
    if (layout->dimensions == 1 && !comma)
        return refuse(cursor, start, "a shape of one dimension is written (%zu,)",
                      layout->shape[0]);
    return CW_OK;
}

static cw_status read_value(struct cursor *cursor, enum key key, cw_npy_header *header)
{
    switch (key) {
    case KEY_DESCR:
        return read_descr(cursor, header);
    case KEY_FORTRAN_ORDER:
        return read_fortran_order(cursor, header);
    default:
        return read_shape(cursor, header);
    }
}

/* One `'key': value`; seen[] keeps the keys apart, and where their values stand. */
static cw_status read_entry(struct cursor *cursor, size_t seen[KEY_COUNT], cw_npy_header *header)
{
    struct string name = {0};
    const cw_status status = read_string(cursor, "a key", &name);
    if (status != CW_OK)
        return status;
    int key = 0;
    while (key < KEY_COUNT && !equals(&name, key_names[key]))
        key++;
    if (key == KEY_COUNT)
        return refuse(cursor, name.at, "key '%.*s' is none of descr, fortran_order and shape",
                      name.length < 24 ? name.length : 24, name.text);
    if (seen[key] != 0)
        return refuse(cursor, name.at, "key '%s' stands here a second time", key_names[key]);
    if (!accept(cursor, ':'))
        return refuse(cursor, cursor->at, "':' is expected after a key");
    skip_blanks(cursor);
    seen[key] = cursor->at;
    return read_value(cursor, (enum key)key, header);
}

static cw_status read_dictionary(struct cursor *cursor, size_t seen[KEY_COUNT],
                                 cw_npy_header *header)
{
    if (!accept(cursor, '{'))
        return refuse(cursor, cursor->at, "the header must begin with '{'");
    bool comma = true;
    while (!accept(cursor, '}')) {
        if (!comma)
            return refuse(cursor, cursor->at, "',' or '}' is expected after a value");
        const cw_status status = read_entry(cursor, seen, header);
        if (status != CW_OK)
            return status;
        comma = accept(cursor, ',');
    }
    for (int key = 0; key < KEY_COUNT; key++) {
        if (seen[key] == 0)
            return refuse(cursor, cursor->at, "the header ends without the key '%s'",
                          key_names[key]);
    }
    skip_blanks(cursor);
    if (cursor->at < cursor->end)
        return refuse(cursor, cursor->at, "only blanks may follow the header's '}'");
    return CW_OK;
}

/* Magic string, version and length: leaves the cursor on the header's text. */
static cw_status read_preamble(struct cursor *cursor, size_t size)
{
    for (; cursor->at < sizeof magic; cursor->at++) {
        if (cursor->at == size)
            return refuse(cursor, size, "the file ends inside the magic string");
        if (cursor->bytes[cursor->at] != magic[cursor->at])
            return refuse(cursor, cursor->at, "not a .npy file: the magic string is wrong");
    }
    const size_t version_at = sizeof magic;
    const unsigned char *version = cursor->bytes + version_at;
    if (size < version_at + 2)
        return refuse(cursor, size, "the file ends before the version");
    if (version[0] < 1 || version[0] > 3 || version[1] != 0)
        return refuse(cursor, version_at, "version %d.%d; only 1.0, 2.0 and 3.0 can be read",
                      version[0], version[1]);
    const size_t length_at = version_at + 2;
    const size_t length_bytes = version[0] == 1 ? 2 : 4;
    if (size < length_at + length_bytes)
        return refuse(cursor, size, "the file ends before the length of the header");
    size_t length = 0;
    for (size_t i = length_bytes; i-- > 0;)
        length = length << 8 | cursor->bytes[length_at + i];
    cursor->at = length_at + length_bytes;
    if (length > CW_NPY_LENGTH_MAX)
        return refuse(cursor, length_at, "a header of %zu bytes; at most %d can be read", length,
                      CW_NPY_LENGTH_MAX);
    if (length > size - cursor->at)
        return refuse(cursor, length_at, "a header of %zu bytes, but only %zu are left in the file",
                      length, size - cursor->at);
    cursor->end = cursor->at + length;
    return CW_OK;
}

/* Only these three keys and their values stand in a header that can be read: all of it is ASCII,
 * and safe to show. */
static cw_status check_characters(const struct cursor *cursor)
{
    for (size_t i = cursor->at; i < cursor->end; i++) {
        const unsigned char c = cursor->bytes[i];
        if (c == '\0')
            return refuse(cursor, i, "a NUL byte in the header");
        if (c > '~' || (c < ' ' && strchr("\t\r\n", c) == NULL))
            return refuse(cursor, i, "a byte in the header (0x%02x) is not ASCII text", c);
    }
    return CW_OK;
}

/* The number of items, and whether so many fill the file from `offset` to `size`. */
static cw_status check_size(const struct cursor *cursor, size_t shape_at, size_t size,
                            cw_npy_header *header)
{
    cw_layout *layout = &header->layout;
    /* As if no dimension were 0, so that (2^40, 2^40, 0) is refused as NumPy refuses it */
    size_t bytes = cw_number_bytes(layout->type);
    bool empty = false;
    for (int i = 0; i < layout->dimensions; i++) {
        empty |= layout->shape[i] == 0;
        if (layout->shape[i] != 0 && !cw_mul_size(bytes, layout->shape[i], &bytes))
            bytes = SIZE_MAX;
    }
    if (bytes > PTRDIFF_MAX)
        return refuse(cursor, shape_at, "the shape asks for 2^63 bytes or more");
    if (empty)
        bytes = 0;
    layout->count = bytes / cw_number_bytes(layout->type);
    const size_t left = size - header->data_offset;
    if (left != bytes)
        return refuse(cursor, left < bytes ? size : header->data_offset + bytes,
                      "%s here: the shape takes %zu bytes of data, and %zu are there",
                      left < bytes ? "the file ends" : "the data should end", bytes, left);
    return CW_OK;
}

cw_status cw_npy_parse(const void *bytes, size_t size, const char *name, cw_npy_header *header,
                       cw_error *error)
{
    struct cursor cursor = {.bytes = bytes, .name = name, .error = error};
    cw_npy_header read = {0};
    size_t seen[KEY_COUNT] = {0};
    cw_status status = read_preamble(&cursor, size);
    if (status == CW_OK)
        status = check_characters(&cursor);
    if (status == CW_OK)
        status = read_dictionary(&cursor, seen, &read);
    read.data_offset = cursor.end;
    if (status == CW_OK)
        status = check_size(&cursor, seen[KEY_SHAPE], size, &read);
    if (status == CW_OK)
        *header = read;
    return status;
}

size_t cw_npy_format(const cw_layout *layout, char *text)
{
    enum { PREAMBLE = sizeof magic + 4, ALIGNMENT = 64 };
    char *const dictionary = text + PREAMBLE;
    const size_t room = CW_NPY_HEADER_MAX - PREAMBLE;
    size_t length =
        (size_t)snprintf(dictionary, room, "{'descr': '%c%s', 'fortran_order': %s, 'shape': (",
                         BYTE_ORDER == LITTLE_ENDIAN ? '<' : '>', type_names[layout->type],
                         layout->fortran ? "True" : "False");
    for (int i = 0; i < layout->dimensions; i++) {
        const char *after = layout->dimensions == 1 ? "," : i + 1 < layout->dimensions ? ", " : "";
        length +=
            (size_t)snprintf(dictionary + length, room - length, "%zu%s", layout->shape[i], after);
    }
    length += (size_t)snprintf(dictionary + length, room - length, "), }");
    const size_t total = (PREAMBLE + length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    memset(dictionary + length, ' ', total - PREAMBLE - length - 1);
    text[total - 1] = '\n';
    memcpy(text, magic, sizeof magic);
    const size_t written = total - PREAMBLE;
    const unsigned char rest[] = {1, 0, (unsigned char)(written & 255),
                                  (unsigned char)(written >> 8)};
    memcpy(text + sizeof magic, rest, sizeof rest);
    return total;
}
