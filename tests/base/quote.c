/* Text that a sentence repeats: cleaned, and cut between characters. */
/* SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include "cmocka_all.h"

#include <string.h>

#define TEN    "0123456789"
#define THIRTY TEN TEN TEN
#define NINETY THIRTY THIRTY THIRTY

static void texts_keep_their_beginning(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"12", "12"},
        {"\x1b[2J\n\t\x7f", "?[2J???"},
        {"\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
        {THIRTY "012345678", THIRTY "012345678"},
        {THIRTY TEN, THIRTY "012345..."},
        {THIRTY "01234\xc3\xa9" TEN, THIRTY "01234..."},
        {THIRTY "0123\xc3\xa9" TEN, THIRTY "0123\xc3\xa9..."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cw_quote_text(cases[i][0]).text, cases[i][1]);
}

static void paths_keep_their_end(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"in\rput.npy", "in?put.npy"},
        {NINETY "012345678", NINETY "012345678"},
        {"xy/" NINETY "/a.npyx", "..."
                                 "123456789" THIRTY THIRTY TEN TEN "/a.npyx"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cw_quote_path(cases[i][0]).text, cases[i][1]);
}

/* A path of two-byte characters and one of one byte, cut in the middle of a character. */
static void paths_are_cut_between_characters(void **state)
{
    (void)state;
    char path[2 * 60 + 2];
    for (size_t i = 0; i < 60; i++) {
        path[2 * i] = '\xc3';
        path[2 * i + 1] = '\xa9';
    }
    path[2 * 60] = 'a';
    path[2 * 60 + 1] = 0;
    const cw_quote quote = cw_quote_path(path);
    assert_int_equal(strlen(quote.text), 98);
    assert_memory_equal(quote.text, "...\xc3\xa9\xc3", 6);
    assert_string_equal(quote.text + 3, path + sizeof path - 1 - 95);
}

/* Bytes that are no text at all must not be walked over the end. */
static void continuations_only(void **state)
{
    (void)state;
    char bytes[300];
    memset(bytes, 0x80, sizeof bytes - 1);
    bytes[sizeof bytes - 1] = 0;
    assert_string_equal(cw_quote_text(bytes).text, "...");
    assert_string_equal(cw_quote_path(bytes).text, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_keep_their_beginning),
        cmocka_unit_test(paths_keep_their_end),
        cmocka_unit_test(paths_are_cut_between_characters),
        cmocka_unit_test(continuations_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
