/* Names of instruction-set levels, and how $CW_ISA lowers the one that is found. */
/* SPDX-License-Identifier: MIT */
#include "machine/isa.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void names_read_back(void **state)
{
    (void)state;
    for (cw_isa level = CW_ISA_ANY; level <= CW_ISA_AVX512; level++) {
        cw_isa read = (cw_isa)99;
        assert_int_equal(cw_isa_parse(cw_isa_name(level), &read, NULL), CW_OK);
        assert_int_equal(read, level);
    }
    assert_string_equal(cw_isa_name(CW_ISA_ANY), "any");
    assert_string_equal(cw_isa_name(CW_ISA_REFERENCE), "reference");
    assert_string_equal(cw_isa_name(CW_ISA_AVX512), "avx512");
    assert_string_equal(cw_isa_name((cw_isa)99), "unknown");
}

static void other_names_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"",     "AVX2",    "avx",     "avx2 ", " avx2",
                                        "sse2", "avx5120", "unknown", "2",     NULL};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cw_isa isa = (cw_isa)99;
        cw_error error = {0};
        assert_int_equal(cw_isa_parse(names[i], &isa, &error), CW_ERR_ARGUMENT);
        assert_int_equal(isa, 99);
        assert_non_null(strstr(error.sentence, names[i] == NULL ? "''" : names[i]));
        assert_non_null(strstr(error.sentence, "write any, reference, "));
    }
}

/* What a fresh process detects with that $CW_ISA (NULL: not set). */
typedef struct answer {
    cw_isa first, second; /* asked before and after $CW_ISA changes */
    bool understood;
    char text[64];
} answer;

static answer detect_in_child(const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)(text == NULL ? unsetenv("CW_ISA") : setenv("CW_ISA", text, 1));
        answer found = {.first = cw_isa_detect()};
        (void)setenv("CW_ISA", "reference", 1);
        found.second = cw_isa_detect();
        const char *seen = cw_isa_environment(&found.understood);
        (void)snprintf(found.text, sizeof found.text, "%s", seen == NULL ? "(none)" : seen);
        _exit(write(ends[1], &found, sizeof found) == sizeof found ? 0 : 1);
    }
    answer found = {0};
    int status;
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], &found, sizeof found), sizeof found);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return found;
}

static cw_isa lower(cw_isa a, cw_isa b)
{
    return a < b ? a : b;
}

static void the_environment_only_lowers(void **state)
{
    (void)state;
    const cw_isa hardware = cw_isa_hardware();
    assert_in_range(hardware, CW_ISA_REFERENCE, CW_ISA_AVX512);
    const struct {
        const char *text;
        cw_isa level;
        bool understood;
    } cases[] = {
        {NULL, hardware, false},
        {"", hardware, false},
        {"any", hardware, true},
        {"reference", CW_ISA_REFERENCE, true},
        {cw_isa_name(CW_ISA_AVX2), lower(hardware, CW_ISA_AVX2), true},
        {"avx512", hardware, true},
        {"fastest", hardware, false},
        {"1", hardware, false},
        {"reference,avx2", hardware, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const answer found = detect_in_child(cases[i].text);
        const char *text =
            cases[i].text == NULL || cases[i].text[0] == 0 ? "(none)" : cases[i].text;
        if (found.first != cases[i].level || found.second != cases[i].level ||
            found.understood != cases[i].understood || strcmp(found.text, text) != 0)
            fail_msg("CW_ISA=%s: levels %d and %d, %s, text %s", text, (int)found.first,
                     (int)found.second, found.understood ? "understood" : "not understood",
                     found.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_read_back),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(the_environment_only_lowers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
