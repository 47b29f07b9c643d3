/* .npy headers: what is read, what is refused and at which byte, and every small damage to one. */
/* SPDX-License-Identifier: MIT */
#include "input/npy.h"

#include "cmocka_all.h"

#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NATIVE  (BYTE_ORDER == LITTLE_ENDIAN ? "<" : ">")
#define FOREIGN (BYTE_ORDER == LITTLE_ENDIAN ? ">" : "<")

struct file {
    unsigned char *bytes;
    size_t size;
};

/* A .npy file of a version, with `length` bytes of header text and `data` bytes of data. */
static struct file build(int version, const char *text, size_t length, size_t data)
{
    const size_t length_bytes = version == 1 ? 2 : 4;
    struct file file = {.size = 8 + length_bytes + length + data};
    file.bytes = malloc(file.size);
    assert_non_null(file.bytes);
    memcpy(file.bytes, "\x93NUMPY", 6);
    file.bytes[6] = (unsigned char)version;
    file.bytes[7] = 0;
    for (size_t i = 0; i < length_bytes; i++)
        file.bytes[8 + i] = (unsigned char)(length >> (8 * i));
    memcpy(file.bytes + 8 + length_bytes, text, length);
    for (size_t i = 0; i < data; i++)
        file.bytes[file.size - data + i] = (unsigned char)i;
    return file;
}

static struct file build_text(const char *text, size_t data)
{
    return build(1, text, strlen(text), data);
}

static const struct {
    const char *text; /* NATIVE stands for N, FOREIGN for F */
    cw_number type;
    bool swapped, fortran;
    int dimensions;
    size_t shape[4];
} readable[] = {
    {"{'descr': 'Nf8', 'fortran_order': False, 'shape': (3,), }\n", CW_NUMBER_F64, 0, 0, 1, {3}},
    {"{'descr': 'Fi4', 'fortran_order': True, 'shape': (2, 5), }  \n",
     CW_NUMBER_I32,
     1,
     1,
     2,
     {2, 5}},
    {"{'shape':(),'fortran_order':False,'descr':'Nu8'}", CW_NUMBER_U64, 0, 0, 0, {0}},
    {"{\"descr\": \"Fi8\", \"fortran_order\": True, \"shape\": (0,)}", CW_NUMBER_I64, 1, 1, 1, {0}},
    {" \t\r\n{ 'descr' :\n'Nf4' ,\t'fortran_order' : False , 'shape' : ( 2 , 3 , 4 , ) , } \t\r\n",
     CW_NUMBER_F32,
     0,
     0,
     3,
     {2, 3, 4}},
    {"{'descr': '=u4', 'fortran_order': False, 'shape': (7,)}", CW_NUMBER_U32, 0, 0, 1, {7}},
    {"{'descr': '|u4', 'fortran_order': False, 'shape': (7,)}", CW_NUMBER_U32, 0, 0, 1, {7}},
    {"{'descr': 'u4', 'fortran_order': False, 'shape': (7,)}", CW_NUMBER_U32, 0, 0, 1, {7}},
    {"{'descr': 'Nf8', 'fortran_order': False, 'shape': (3L, 1L), }",
     CW_NUMBER_F64,
     0,
     0,
     2,
     {3, 1}},
    {"{'descr': 'Nf8', 'fortran_order': False, 'shape': (9999999999, 0, 3)}",
     CW_NUMBER_F64,
     0,
     0,
     3,
     {9999999999, 0, 3}},
};

static char *with_orders(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    char *order = strpbrk(copy, "NF");
    while (order != NULL && order[-1] != '\'' && order[-1] != '"')
        order = strpbrk(order + 1, "NF");
    if (order != NULL)
        *order = *order == 'N' ? *NATIVE : *FOREIGN;
    return copy;
}

static void test_reads_what_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        size_t count = 1;
        for (int d = 0; d < readable[i].dimensions; d++)
            count *= readable[i].shape[d];
        char *text = with_orders(readable[i].text);
        for (int version = 1; version <= 3; version++) {
            struct file file =
                build(version, text, strlen(text), count * cw_number_bytes(readable[i].type));
            cw_npy_header header;
            cw_error error = {0};
            if (cw_npy_parse(file.bytes, file.size, "x.npy", &header, &error) != CW_OK)
                fail_msg("%s: %s", text, error.sentence);
            assert_int_equal(header.layout.type, readable[i].type);
            assert_int_equal(header.swapped, readable[i].swapped);
            assert_int_equal(header.layout.fortran, readable[i].fortran);
            assert_int_equal(header.layout.dimensions, readable[i].dimensions);
            assert_int_equal(header.layout.count, count);
            for (int d = 0; d < readable[i].dimensions; d++)
                assert_int_equal(header.layout.shape[d], readable[i].shape[d]);
            assert_int_equal(header.data_offset, (version == 1 ? 10 : 12) + strlen(text));
            free(file.bytes);
        }
        free(text);
    }
}

#define TAIL         "'fortran_order': False, 'shape': (3,), }\n"
#define SHAPE(shape) "{'descr': '<f8', 'fortran_order': False, 'shape': " shape ", }\n"
#define TEN(x)       x x x x x x x x x x

/* The text of a header begins at byte 10. */
static const struct {
    const char *text;
    size_t data;
    const char *sentence;
} refused[] = {
    {"", 0, "x.npy, byte 10: the header must begin with '{'"},
    {"[]", 0, "byte 10: the header must begin with '{'"},
    {"{", 0, "byte 11: a key is expected here, in quotes"},
    {"{}", 0, "byte 12: the header ends without the key 'descr'"},
    {"{,}", 0, "byte 11: a key is expected here, in quotes"},
    {"{'descr", 0, "byte 11: the quote that opens here is never closed"},
    {"{'descr'", 0, "byte 18: ':' is expected after a key"},
    {"{'descr' '<f8'}", 0, "byte 19: ':' is expected after a key"},
    {"{'descr':", 0, "byte 19: a dtype such as '<f8' is expected here, in quotes"},
    {"{'descr': 8}", 0, "byte 20: a dtype such as '<f8' is expected here, in quotes"},
    {"{'descr': '<f8'", 0, "byte 25: ',' or '}' is expected after a value"},
    {"{'descr': '<f8' 'fortran_order': False}", 0, "byte 26: ',' or '}' is expected after a value"},
    {"{'descr': '<f8', 'descr': '<f8', " TAIL, 24,
     "byte 27: key 'descr' stands here a second time"},
    {"{'descr': '<f8', 'extra': 1, " TAIL, 24,
     "byte 27: key 'extra' is none of descr, fortran_order and shape"},
    {"{'descr': '<f8', '': 1, " TAIL, 24, "byte 27: key '' is none of"},
    {"{'descr': '<f8', 'descrs': 1, " TAIL, 24, "byte 27: key 'descrs' is none of"},
    {"{'descr': '<f8', 'fortran_order': False}", 24, "the header ends without the key 'shape'"},
    {"{'descr': '<f8', 'shape': (3,)}", 24, "the header ends without the key 'fortran_order'"},
    {"{" TAIL, 24, "the header ends without the key 'descr'"},
    {"{'descr': '|O', " TAIL, 24,
     "byte 20: dtype '|O' (Python objects); only i4, i8, u4, u8, f4 and f8 can be read"},
    {"{'descr': [('x', '<f8'), ('y', '<f8')], " TAIL, 24,
     "byte 20: a structured dtype; only i4, i8, u4, u8, f4 and f8 can be read"},
    {"{'descr': '<c16', " TAIL, 48, "dtype '<c16' (complex numbers)"},
    {"{'descr': '|b1', " TAIL, 3, "dtype '|b1' (truth values)"},
    {"{'descr': '<f2', " TAIL, 6, "dtype '<f2' (floats of another size)"},
    {"{'descr': '<f16', " TAIL, 48, "dtype '<f16' (floats of another size)"},
    {"{'descr': '|i1', " TAIL, 3, "dtype '|i1' (whole numbers of another size)"},
    {"{'descr': '<u2', " TAIL, 6, "dtype '<u2' (whole numbers of another size)"},
    {"{'descr': '<U5', " TAIL, 60, "dtype '<U5' (text)"},
    {"{'descr': '|S5', " TAIL, 15, "dtype '|S5' (text)"},
    {"{'descr': '|V8', " TAIL, 24, "dtype '|V8' (raw bytes)"},
    {"{'descr': '<M8[ns]', " TAIL, 24, "dtype '<M8[ns]' (dates or times)"},
    {"{'descr': '', " TAIL, 24, "byte 20: dtype ''; only"},
    {"{'descr': '<', " TAIL, 24, "byte 20: dtype '<'; only"},
    {"{'descr': '<<f8', " TAIL, 24, "byte 20: dtype '<<f8'; only"},
    {"{'descr': '<f8 ', " TAIL, 24, "byte 20: dtype '<f8 ' (floats of another size); only"},
    {"{'descr': 'float64', " TAIL, 24, "byte 20: dtype 'float64'; only"},
    {"{'descr': '" TEN("long ") "', " TAIL, 24, "dtype 'long long long long long'; only"},
    {"{'descr': '\\x3cf8', " TAIL, 24, "byte 20: dtype '\\x3cf8'; only"},
    {"{'descr': '<f8', 'fortran_order': true, 'shape': (3,)}", 24,
     "byte 44: fortran_order must be True or False"},
    {"{'descr': '<f8', 'fortran_order': 1, 'shape': (3,)}", 24, "must be True or False"},
    {"{'descr': '<f8', 'fortran_order': Tru", 24, "must be True or False"},
    {"{'descr': '<f8', 'fortran_order': Truest, 'shape': (3,)}", 24, "byte 48: ',' or '}'"},
    {SHAPE("3"), 24, "byte 60: a shape such as (), (3,) or (3, 4) is expected here"},
    {SHAPE("[3]"), 24, "byte 60: a shape such as"},
    {SHAPE("None"), 24, "byte 60: a shape such as"},
    {SHAPE("(3)"), 24, "byte 60: a shape of one dimension is written (3,)"},
    {SHAPE("(,)"), 24, "byte 61: a dimension in digits is expected here"},
    {SHAPE("(3,,3)"), 72, "byte 63: a dimension in digits is expected here"},
    {SHAPE("(3 3)"), 72, "byte 63: ',' or ')' is expected in the shape"},
    {SHAPE("(3, -3)"), 72, "byte 64: a dimension is negative"},
    {SHAPE("(+3,)"), 24, "byte 61: a dimension in digits"},
    {SHAPE("(3.0,)"), 24, "byte 62: ',' or ')' is expected in the shape"},
    {SHAPE("(0x3,)"), 24, "byte 62: ',' or ')' is expected in the shape"},
    {SHAPE("(03,)"), 24, "byte 61: a dimension begins with 0"},
    {SHAPE("(3_0,)"), 240, "byte 62: ',' or ')' is expected in the shape"},
    {SHAPE("('3',)"), 24, "byte 61: a dimension in digits"},
    {SHAPE("((3,),)"), 24, "byte 61: a dimension in digits"},
    {SHAPE("(3,"), 24, "byte 63: a dimension in digits"},
    {SHAPE("(18446744073709551616,)"), 24, "byte 61: a dimension does not fit 64 bits"},
    {SHAPE("(99999999999999999999999,)"), 24, "byte 61: a dimension does not fit 64 bits"},
    {SHAPE("(18446744073709551615,)"), 24, "byte 60: the shape asks for 2^63 bytes or more"},
    {SHAPE("(1152921504606846976,)"), 0, "byte 60: the shape asks for 2^63 bytes or more"},
    {SHAPE("(2305843009213693952,)"), 0, "byte 60: the shape asks for 2^63 bytes or more"},
    {SHAPE("(4294967296, 4294967296)"), 0, "byte 60: the shape asks for 2^63 bytes or more"},
    {SHAPE("(0, 4294967296, 4294967296)"), 0, "byte 60: the shape asks for 2^63 bytes or more"},
    {SHAPE("(1152921504606846975,)"), 24, "the shape takes 9223372036854775800 bytes of data"},
    {SHAPE("(" TEN("1, 1, 1, 1, 1, 1, ") "1, 1, 1, 1, 1)"), 8, "more than 64 dimensions"},
    {SHAPE("(3,)"), 23,
     "byte 91: the file ends here: the shape takes 24 bytes of data, and 23 are there"},
    {SHAPE("(3,)"), 0,
     "byte 68: the file ends here: the shape takes 24 bytes of data, and 0 are there"},
    {SHAPE("(3,)"), 25,
     "byte 92: the data should end here: the shape takes 24 bytes of data, and 25 are there"},
    {SHAPE("(0,)"), 8,
     "byte 68: the data should end here: the shape takes 0 bytes of data, and 8 are there"},
    {SHAPE("()"), 16, "the shape takes 8 bytes of data, and 16 are there"},
    {SHAPE("(3,)") "x", 24, "only blanks may follow the header's '}'"},
    {SHAPE("(3,)") "{}", 24, "only blanks may follow the header's '}'"},
    {SHAPE("(3,)\xc2\xa0"), 24, "byte 64: a byte in the header (0xc2) is not ASCII text"},
    {SHAPE("(3,)\x1b[2J"), 24, "byte 64: a byte in the header (0x1b) is not ASCII text"},
    {SHAPE("(3,)\x7f"), 24, "byte 64: a byte in the header (0x7f) is not ASCII text"},
};

static void check_refused(const struct file *file, const char *sentence, const char *about)
{
    cw_npy_header header;
    memset(&header, 0x5a, sizeof header);
    const cw_npy_header untouched = header;
    cw_error error = {0};
    const cw_status status = cw_npy_parse(file->bytes, file->size, "x.npy", &header, &error);
    if (status != CW_ERR_FORMAT || strstr(error.sentence, sentence) == NULL)
        fail_msg("%s: status %d, \"%s\"", about, status, error.sentence);
    assert_memory_equal(&header, &untouched, sizeof header);
}

static void test_refuses_with_the_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct file file = build_text(refused[i].text, refused[i].data);
        check_refused(&file, refused[i].sentence, refused[i].text);
        free(file.bytes);
    }
}

static void test_refuses_nul_bytes(void **state)
{
    (void)state;
    static const char text[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\0\n";
    struct file file = build(1, text, sizeof text - 1, 24);
    check_refused(&file, "byte 67: a NUL byte in the header", "NUL behind the dictionary");
    file.bytes[20] = '\0';
    check_refused(&file, "byte 20: a NUL byte in the header", "NUL within it");
    free(file.bytes);
}

static void test_refuses_preambles(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned char value;
        const char *sentence;
    } changes[] = {
        {0, 'P', "byte 0: not a .npy file: the magic string is wrong"},
        {5, 'y', "byte 5: not a .npy file: the magic string is wrong"},
        {6, 0, "byte 6: version 0.0; only 1.0, 2.0 and 3.0 can be read"},
        {6, 4, "byte 6: version 4.0; only 1.0, 2.0 and 3.0 can be read"},
        {7, 1, "byte 6: version 2.1; only 1.0, 2.0 and 3.0 can be read"},
        {8, 255, "byte 8: a header of 255 bytes, but only 82 are left in the file"},
        {10, 1, "byte 8: a header of 65594 bytes; at most 65535 can be read"},
        {11, 255, "bytes; at most 65535 can be read"},
    };
    static const char text[] = SHAPE("(3,)");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct file file = build(2, text, sizeof text - 1, 24);
        file.bytes[changes[i].at] = changes[i].value;
        check_refused(&file, changes[i].sentence, changes[i].sentence);
        free(file.bytes);
    }
}

static const char *const samples[] = {
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n",
    "{'descr': '>i4', 'fortran_order': True, 'shape': (3, 2), }     \n",
    "{\"shape\": (), \"descr\": \"|u8\", \"fortran_order\": False}",
};

static const size_t sample_data[] = {24, 24, 8};

static void test_refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        for (int version = 1; version <= 3; version++) {
            struct file file = build(version, samples[i], strlen(samples[i]), sample_data[i]);
            cw_npy_header header;
            assert_int_equal(cw_npy_parse(file.bytes, file.size, "x.npy", &header, NULL), CW_OK);
            for (size_t size = 0; size < file.size; size++) {
                struct file cut = {malloc(size + (size == 0)), size};
                assert_non_null(cut.bytes);
                memcpy(cut.bytes, file.bytes, size);
                check_refused(&cut, "x.npy, byte ", "cut off");
                free(cut.bytes);
            }
            free(file.bytes);
        }
    }
}

/* What a header that was read says must agree with the file it stands in. */
static void check_consistent(const struct file *file, const cw_npy_header *header)
{
    const cw_layout *layout = &header->layout;
    assert_in_range(layout->type, 0, CW_NUMBERS - 1);
    assert_in_range(layout->dimensions, 0, CW_DIMENSIONS_MAX);
    size_t count = 1;
    for (int i = 0; i < layout->dimensions; i++)
        count *= layout->shape[i];
    assert_int_equal(layout->count, count);
    assert_int_equal(header->data_offset + count * cw_number_bytes(layout->type), file->size);
}

static void test_survives_every_changed_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        for (int version = 1; version <= 3; version++) {
            struct file file = build(version, samples[i], strlen(samples[i]), sample_data[i]);
            size_t taken = 0;
            for (size_t at = 0; at < file.size - sample_data[i]; at++) {
                const unsigned char before = file.bytes[at];
                for (int value = 0; value < 256; value++) {
                    file.bytes[at] = (unsigned char)value;
                    cw_npy_header header;
                    cw_error error = {0};
                    const cw_status status =
                        cw_npy_parse(file.bytes, file.size, "x.npy", &header, &error);
                    if (status == CW_OK) {
                        check_consistent(&file, &header);
                        taken += value != before;
                    } else {
                        assert_int_equal(status, CW_ERR_FORMAT);
                        assert_memory_equal(error.sentence, "x.npy, byte ", 12);
                    }
                }
                file.bytes[at] = before;
            }
            /* Some are harmless: i4 for u4, one blank for another, 3,2 for 2,3. Few are. */
            assert_in_range(taken, 1, 100);
            free(file.bytes);
        }
    }
}

static void test_takes_the_longest_header(void **state)
{
    (void)state;
    char *text = malloc(CW_NPY_LENGTH_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', CW_NPY_LENGTH_MAX + 1);
    memcpy(text, samples[0], strlen(samples[0]));
    cw_npy_header header;
    for (int version = 1; version <= 3; version++) {
        struct file file = build(version, text, CW_NPY_LENGTH_MAX, 24);
        assert_int_equal(cw_npy_parse(file.bytes, file.size, "x.npy", &header, NULL), CW_OK);
        free(file.bytes);
    }
    struct file file = build(2, text, CW_NPY_LENGTH_MAX + 1, 24);
    check_refused(&file, "byte 8: a header of 65536 bytes; at most 65535 can be read", "too long");
    free(file.bytes);
    free(text);
}

static void check_written(const cw_layout *layout)
{
    char text[CW_NPY_HEADER_MAX];
    const size_t length = cw_npy_format(layout, text);
    assert_in_range(length, 64, CW_NPY_HEADER_MAX);
    assert_int_equal(length % 64, 0);
    assert_int_equal(text[length - 1], '\n');
    struct file file = {calloc(1, length + layout->count * cw_number_bytes(layout->type)), 0};
    assert_non_null(file.bytes);
    memcpy(file.bytes, text, length);
    file.size = length + layout->count * cw_number_bytes(layout->type);
    cw_npy_header header;
    cw_error error = {0};
    if (cw_npy_parse(file.bytes, file.size, "x.npy", &header, &error) != CW_OK)
        fail_msg("%s: %s", text + 10, error.sentence);
    assert_false(header.swapped);
    assert_int_equal(header.data_offset, length);
    assert_int_equal(header.layout.type, layout->type);
    assert_int_equal(header.layout.fortran, layout->fortran);
    assert_int_equal(header.layout.count, layout->count);
    assert_int_equal(header.layout.dimensions, layout->dimensions);
    assert_memory_equal(header.layout.shape, layout->shape, sizeof layout->shape);
    free(file.bytes);
}

static void test_reads_what_it_writes(void **state)
{
    (void)state;
    for (int type = 0; type < CW_NUMBERS; type++) {
        for (int dimensions = 0; dimensions <= CW_DIMENSIONS_MAX; dimensions++) {
            cw_layout layout = {.type = (cw_number)type, .dimensions = dimensions};
            layout.fortran = dimensions % 2 == 1;
            layout.count = 1;
            for (int i = 0; i < dimensions; i++)
                layout.shape[i] = i < 5 ? (size_t)i + 1 : 1;
            for (int i = 0; i < dimensions; i++)
                layout.count *= layout.shape[i];
            check_written(&layout);
        }
    }
    /* Every length of the dictionary, by nothing in many dimensions */
    for (int zeros = 1; zeros < 32; zeros++) {
        cw_layout layout = {.type = CW_NUMBER_U64, .dimensions = zeros + 1};
        for (size_t size = 1; size < 1000000; size *= 10) {
            layout.shape[zeros] = size;
            check_written(&layout);
        }
    }
}

static void test_writes_as_numpy_does(void **state)
{
    (void)state;
    const cw_layout layout = {
        .type = CW_NUMBER_F64, .dimensions = 1, .shape = {1000}, .count = 1000};
    char text[CW_NPY_HEADER_MAX];
    assert_int_equal(cw_npy_format(&layout, text), 128);
    static const char want[] = "\x93NUMPY\x01\x00\x76\x00{'descr': '<f8', 'fortran_order': False, "
                               "'shape': (1000,), }        ";
    if (BYTE_ORDER == LITTLE_ENDIAN)
        assert_memory_equal(text, want, sizeof want - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_is_allowed),
        cmocka_unit_test(test_refuses_with_the_byte),
        cmocka_unit_test(test_refuses_nul_bytes),
        cmocka_unit_test(test_refuses_preambles),
        cmocka_unit_test(test_refuses_every_truncation),
        cmocka_unit_test(test_survives_every_changed_byte),
        cmocka_unit_test(test_takes_the_longest_header),
        cmocka_unit_test(test_reads_what_it_writes),
        cmocka_unit_test(test_writes_as_numpy_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
