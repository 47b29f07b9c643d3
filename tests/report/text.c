/* The text report against expected pages, its width, and what it says when something is odd. */
/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include "base/memory.h"
#include "cw_test.h"
#include "report/wrap.h"
#include "sample.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *expected_folder;

enum { PAGE = 65536 };

static char *print_page(const cw_result *result, cw_text_style style)
{
    char *text = cw_memory_zalloc(PAGE, 1);
    FILE *stream = fmemopen(text, PAGE, "w");
    assert_non_null(stream);
    assert_int_equal(cw_text_print(result, &style, stream, NULL), CW_OK);
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* With CW_TEST_UPDATE set the page becomes the expected one, to be looked at and committed. */
static void check_page(cw_result *result, cw_text_style style, const char *name)
{
    char path[1024], expected[PAGE] = "";
    (void)snprintf(path, sizeof path, "%s/%s", expected_folder, name);
    char *text = print_page(result, style);
    const bool update = getenv("CW_TEST_UPDATE") != NULL;
    FILE *file = fopen(path, update ? "w" : "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    if (update)
        assert_true(fputs(text, file) >= 0);
    else
        expected[fread(expected, 1, PAGE - 1, file)] = '\0';
    (void)fclose(file);
    if (!update && strcmp(text, expected) != 0) {
        (void)fputs(text, stderr);
        fail_msg("not as in %s", path);
    }
    cw_memory_free(text);
    cw_result_destroy(result);
}

static void pages_are_as_expected(void **state)
{
    (void)state;
    check_page(sample_result(3, 12, 0), (cw_text_style){0}, "plain.txt");
    check_page(sample_result(5, 12, 2), (cw_text_style){.unicode = true}, "wide.txt");
    check_page(sample_result(3, 12, 8), (cw_text_style){0}, "busy.txt");
    check_page(sample_result(2, 12, 0), (cw_text_style){.unicode = true, .colour = true},
               "colour.txt");
    cw_result *cancelled = sample_result(3, 3, 0);
    cancelled->complete = false;
    cancelled->ending = CW_ENDING_CANCELLED;
    cancelled->foreign_known = false;
    cancelled->team_spins = true;
    check_page(cancelled, (cw_text_style){0}, "cancelled.txt");
}

/* Without colours and in characters. */
static void check_width(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; text++) {
        while (*text == '\x1b')
            text = strchr(text, 'm') + 1;
        if (*text == '\n')
            columns = -1;
        columns += ((unsigned char)*text & 0xC0) != 0x80;
        assert_true(columns <= 80);
    }
}

static void lines_are_at_most_80_columns(void **state)
{
    static const cw_text_style styles[] = {{0}, {.unicode = true}, {true, true}};
    (void)state;
    for (size_t settings = 1; settings <= 5; settings++) {
        cw_result *result = sample_result(settings, 12, 3);
        char long_text[3000];
        memset(long_text, 'x', sizeof long_text - 1);
        long_text[sizeof long_text - 1] = '\0';
        assert_int_equal(cw_result_describe(result, CW_TEXT_PARAMETERS, long_text, NULL), CW_OK);
        for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
            char *text = print_page(result, styles[i]);
            check_width(text);
            cw_memory_free(text);
        }
        cw_result_destroy(result);
    }
}

static void absurd_figures_do_not_break_the_page(void **state)
{
    (void)state;
    cw_result *result = sample_result(5, 12, 0);
    for (size_t i = 0; i < 5; i++) {
        cw_summary *summary = &result->summaries[i];
        summary->median_ns = 1e18;
        summary->spread = 1e4;
        summary->items_per_second = 1e18;
        summary->bytes_per_second = 1e18;
        summary->speedup = summary->speedup_low = summary->speedup_high = 4095.2;
    }
    char *text = print_page(result, (cw_text_style){.unicode = true});
    check_width(text);
    cw_memory_free(text);
    cw_result_destroy(result);
}

/* A file's name must not steer the terminal. */
static void control_characters_are_not_passed_on(void **state)
{
    (void)state;
    cw_result *result = sample_result(2, 8, 0);
    assert_int_equal(
        cw_result_describe(result, CW_TEXT_PARAMETERS, "a\x1b[31m\nb\x7f\xc3\xa9", NULL), CW_OK);
    char *text = print_page(result, (cw_text_style){0});
    assert_non_null(strstr(text, "primes a?[31m?b??\n"));
    assert_null(strchr(text, '\x1b'));
    cw_memory_free(text);
    text = print_page(result, (cw_text_style){.unicode = true});
    assert_non_null(strstr(text, "primes a?[31m?b?\xc3\xa9\n"));
    cw_memory_free(text);
    cw_result_destroy(result);
}

static void each_claim_has_its_conclusion(void **state)
{
    static const struct {
        cw_claim claim;
        const char *says;
    } cases[] = {
        {CW_CLAIM_FASTER, "\n1 thread: 1.50x (1.40 to 1.60) as fast as serial, efficiency 1.50\n"},
        {CW_CLAIM_SLOWER, "\nNothing is faster than serial. Next best, 1 thread: 1.50x"},
        {CW_CLAIM_SAME, "\nNothing is faster than serial. 1 thread: 1.50x"},
        {CW_CLAIM_OPEN, "\nToo close to call. 1 thread: 1.50x (1.40 to 1.60) as fast as serial\n"},
    };
    (void)state;
    cw_result *result = sample_result(2, 8, 0);
    cw_summary *summary = &result->summaries[1];
    summary->speedup = summary->efficiency = 1.5;
    summary->speedup_low = 1.4;
    summary->speedup_high = 1.6;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        summary->claim = cases[i].claim;
        char *text = print_page(result, (cw_text_style){0});
        if (strstr(text, cases[i].says) == NULL)
            fail_msg("%s", text);
        cw_memory_free(text);
    }
    cw_result_destroy(result);
}

static void nothing_measured_is_printed_too(void **state)
{
    (void)state;
    const cw_setting settings[] = {{.serial = true}, {.threads = 2}};
    cw_result *result = NULL;
    assert_int_equal(cw_result_create(settings, 2, &result, NULL), CW_OK);
    result->ending = CW_ENDING_CANCELLED;
    char *text = print_page(result, (cw_text_style){0});
    check_width(text);
    assert_non_null(strstr(text, "2 threads"));
    assert_non_null(strstr(text, "Cancelled"));
    assert_null(strstr(text, "nan"));
    cw_memory_free(text);
    cw_result_destroy(result);
}

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        skip();
    cw_result *result = sample_result(3, 8, 0);
    cw_error error;
    assert_int_equal(cw_text_print(result, &(cw_text_style){0}, full, &error), CW_ERR_IO);
    (void)fclose(full);
    cw_result_destroy(result);
}

static void styles_follow_the_environment(void **state)
{
    static const struct {
        const char *lc_all, *lc_ctype, *lang;
        bool unicode;
    } cases[] = {
        {NULL, NULL, NULL, false},
        {NULL, NULL, "en_GB.UTF-8", true},
        {"C", NULL, "en_GB.UTF-8", false},
        {"", "C.utf8", "C", true},
        {NULL, "", "de_DE.ISO-8859-1", false},
        {"", "", "", false},
    };
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const values[] = {cases[i].lc_all, cases[i].lc_ctype, cases[i].lang};
        for (int k = 0; k < 3; k++)
            assert_int_equal(values[k] ? setenv(names[k], values[k], 1) : unsetenv(names[k]), 0);
        FILE *file = tmpfile();
        assert_non_null(file);
        const cw_text_style style = cw_text_style_of(file);
        assert_int_equal(style.unicode, cases[i].unicode);
        assert_false(style.colour); /* a file is no terminal */
        (void)fclose(file);
    }
}

/* A pseudo-terminal stands for the reader's. */
static void colour_is_for_terminals_that_want_it(void **state)
{
    static const struct {
        const char *term, *no_colour;
        bool colour;
    } cases[] = {{"xterm", NULL, true},
                 {"xterm", "", true},
                 {"xterm", "1", false},
                 {"dumb", NULL, false},
                 {NULL, NULL, false}};
    (void)state;
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cases[i].term ? setenv("TERM", cases[i].term, 1) : unsetenv("TERM"), 0);
        assert_int_equal(cases[i].no_colour ? setenv("NO_COLOR", cases[i].no_colour, 1)
                                            : unsetenv("NO_COLOR"),
                         0);
        assert_int_equal(cw_text_style_of(terminal).colour, cases[i].colour);
    }
    (void)fclose(terminal);
    (void)close(master);
}

int main(int argc, char **argv)
{
    expected_folder = argc > 1 ? argv[1] : "expected";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_as_expected),
        cmocka_unit_test(lines_are_at_most_80_columns),
        cmocka_unit_test(absurd_figures_do_not_break_the_page),
        cmocka_unit_test(control_characters_are_not_passed_on),
        cmocka_unit_test(each_claim_has_its_conclusion),
        cmocka_unit_test(nothing_measured_is_printed_too),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(styles_follow_the_environment),
        cmocka_unit_test(colour_is_for_terminals_that_want_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
