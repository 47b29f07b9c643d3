/* The six types of number: names, sizes, lists of them, and what is checked of an array. */
/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include "cw_test.h"

#include <string.h>

static void each_type_is_what_its_name_says(void **state)
{
    (void)state;
    for (int i = 0; i < CW_NUMBERS; i++) {
        const cw_number type = (cw_number)i;
        const char *name = cw_number_name(type);
        assert_string_equal(name, cw_number_names[i]);
        assert_int_equal(strtol(name + 1, NULL, 10), 8 * cw_number_bytes(type));
        assert_int_equal(name[0] == 'f', cw_number_is_float(type));
    }
    assert_null(cw_number_names[CW_NUMBERS]);
}

static void lists_read_as_sentences_do(void **state)
{
    (void)state;
    char text[CW_NUMBER_LIST_TEXT];
    cw_number_list(CW_NUMBERS_ALL, text);
    assert_string_equal(text, "i32, i64, u32, u64, f32 or f64");
    cw_number_list(CW_NUMBER_BIT(CW_NUMBER_I64) | CW_NUMBER_BIT(CW_NUMBER_U64), text);
    assert_string_equal(text, "i64 or u64");
    cw_number_list(CW_NUMBER_BIT(CW_NUMBER_U64), text);
    assert_string_equal(text, "u64");
    cw_number_list(0, text);
    assert_string_equal(text, "");
}

static void arrays_are_checked(void **state)
{
    (void)state;
    const uint64_t items[2] = {0};
    const unsigned char *astray = (const unsigned char *)items + 1;
    cw_error error = {0};
    assert_int_equal(cw_number_check(CW_NUMBER_U64, "x", NULL, 0, &error), CW_OK);
    assert_int_equal(cw_number_check(CW_NUMBER_U64, "x", items, 2, &error), CW_OK);
    assert_int_equal(cw_number_check(CW_NUMBER_U64, "x", NULL, 2, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "x is NULL; it must hold 2 items");
    assert_int_equal(cw_number_check(CW_NUMBER_I32, "y", astray, 1, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "y is 1 bytes past a multiple of 4, the alignment of i32");
    assert_int_equal(cw_number_check(CW_NUMBER_F64, "x", items, SIZE_MAX / 8, &error),
                     CW_ERR_ARGUMENT);
    assert_non_null(strstr(error.sentence, "fit memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_what_its_name_says),
        cmocka_unit_test(lists_read_as_sentences_do),
        cmocka_unit_test(arrays_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
