/* Every status has its phrase and its fixed number, and errors are filled and cut as promised. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/status.h>

#include "cmocka_all.h"

#include <string.h>

static void numbers_and_phrases_are_fixed(void **state)
{
    (void)state;
    static const struct {
        cw_status status;
        int number;
        const char *phrase;
    } cases[] = {
        {CW_OK, 0, "done"},
        {CW_ERR_ARGUMENT, 1, "argument not allowed"},
        {CW_ERR_NO_MEMORY, 2, "out of memory"},
        {CW_ERR_OVERFLOW, 3, "result does not fit its type"},
        {CW_ERR_CANCELLED, 4, "cancelled"},
        {CW_ERR_THREADS, 5, "threads cannot be started"},
        {CW_ERR_IO, 6, "reading or writing failed"},
        {CW_ERR_FORMAT, 7, "input has the wrong form"},
        {CW_ERR_UNSUPPORTED, 8, "not available here"},
        {CW_ERR_MISMATCH, 9, "results disagree"},
        {CW_ERR_CLOSED, 10, "output closed by its reader"},
        {CW_ERR_USER, 128, "a callback failed"},
        {(cw_status)255, 255, "a callback failed"},
        {(cw_status)11, 11, "unknown status"},
        {(cw_status)127, 127, "unknown status"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal((int)cases[i].status, cases[i].number);
        assert_string_equal(cw_status_text(cases[i].status), cases[i].phrase);
    }
    assert_non_null(cw_status_text((cw_status)-1));
}

static void an_error_is_filled(void **state)
{
    (void)state;
    cw_error error;
    memset(&error, 0x5a, sizeof error);
    const cw_status status =
        cw_error_set(&error, CW_ERR_OVERFLOW, 7, "-3", "item %d of %s", 7, "x");
    assert_int_equal(status, CW_ERR_OVERFLOW);
    assert_int_equal(error.status, CW_ERR_OVERFLOW);
    assert_true(error.index == 7);
    assert_string_equal(error.value, "-3");
    assert_string_equal(error.sentence, "item 7 of x");

    (void)cw_error_set(&error, CW_ERR_USER, CW_NO_INDEX, NULL, "%s", "");
    assert_true(error.index == CW_NO_INDEX);
    assert_string_equal(error.value, "");
    assert_string_equal(error.sentence, "");
    assert_int_equal(cw_error_set(NULL, CW_ERR_IO, 0, "x", "%s", "y"), CW_ERR_IO);
}

/* What is longer than its field is cut, and nothing beside the error is touched. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    struct {
        cw_error error;
        unsigned char guard[64];
    } guarded;
    char text[1000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    memset(&guarded, 0x5a, sizeof guarded);
    (void)cw_error_set(&guarded.error, CW_ERR_USER, 0, text, "%s", text);
    assert_int_equal(strlen(guarded.error.value), sizeof guarded.error.value - 1);
    assert_int_equal(strlen(guarded.error.sentence), sizeof guarded.error.sentence - 1);
    for (size_t i = 0; i < sizeof guarded.guard; i++)
        assert_int_equal(guarded.guard[i], 0x5a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_phrases_are_fixed),
        cmocka_unit_test(an_error_is_filled),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
