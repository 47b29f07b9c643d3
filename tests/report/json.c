/* JSON there and back, and what is refused on the way back. */
/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "base/memory.h"
#include "cw_test.h"
#include "sample.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *schema_page;

enum { TEXT = 1 << 20 };

static char *print_json(const cw_result *result)
{
    char *text = cw_memory_zalloc(TEXT, 1);
    FILE *stream = fmemopen(text, TEXT, "w");
    assert_non_null(stream);
    assert_int_equal(cw_json_print(result, stream, NULL), CW_OK);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static cw_status load_text(const char *text, size_t length, cw_result **result, cw_error *error)
{
    FILE *stream = fmemopen((void *)(uintptr_t)text, length == 0 ? 1 : length, "r");
    assert_non_null(stream);
    if (length == 0)
        (void)fgetc(stream);
    const cw_status status = cw_result_load(stream, "r.json", result, error);
    (void)fclose(stream);
    return status;
}

static void check_real(double got, double wanted)
{
    if (isnan(wanted))
        assert_true(isnan(got));
    else
        assert_true(fabs(got - wanted) <= 1e-14 * fabs(wanted));
}

static void check_settings(const cw_result *got, const cw_result *wanted)
{
    assert_int_equal(got->setting_count, wanted->setting_count);
    for (size_t i = 0; i < wanted->setting_count; i++) {
        const cw_setting *a = &got->settings[i], *b = &wanted->settings[i];
        assert_int_equal(a->serial, b->serial);
        assert_int_equal(a->threads, b->threads);
        assert_int_equal(a->policy, b->policy);
        assert_true(a->chunk == b->chunk);
        const cw_summary *s = &got->summaries[i], *t = &wanted->summaries[i];
        assert_int_equal(s->runs, t->runs);
        assert_int_equal(s->dirty_runs, t->dirty_runs);
        check_real(s->median_ns, t->median_ns);
        check_real(s->lower_ns, t->lower_ns);
        check_real(s->upper_ns, t->upper_ns);
        check_real(s->deviation_ns, t->deviation_ns);
        check_real(s->spread, t->spread);
        check_real(s->items_per_second, t->items_per_second);
        check_real(s->bytes_per_second, t->bytes_per_second);
        assert_int_equal(s->pairs, t->pairs);
        check_real(s->speedup, t->speedup);
        check_real(s->speedup_low, t->speedup_low);
        check_real(s->speedup_high, t->speedup_high);
        check_real(s->efficiency, t->efficiency);
        check_real(s->serial_fraction, t->serial_fraction);
        check_real(s->imbalance, t->imbalance);
        check_real(s->processors, t->processors);
        assert_int_equal(s->claim, t->claim);
    }
}

static void check_runs(const cw_result *got, const cw_result *wanted)
{
    assert_int_equal(got->run_count, wanted->run_count);
    for (size_t i = 0; i < wanted->run_count; i++) {
        const cw_run *a = &got->runs[i], *b = &wanted->runs[i];
        assert_int_equal(a->setting, b->setting);
        assert_int_equal(a->round, b->round);
        assert_int_equal(a->attempt, b->attempt);
        assert_int_equal(a->dirty, b->dirty);
        check_real(a->foreign_share, b->foreign_share);
        assert_true(a->begin_ns == b->begin_ns);
        assert_true(a->sample.wall_ns == b->sample.wall_ns);
        assert_true(a->sample.user_ns == b->sample.user_ns);
        assert_true(a->sample.system_ns == b->sample.system_ns);
        assert_true(a->sample.foreign_ns == b->sample.foreign_ns);
        assert_true(a->sample.digest == b->sample.digest);
        assert_true(a->sample.busiest_ns == b->sample.busiest_ns);
        assert_true(a->sample.idlest_ns == b->sample.idlest_ns);
    }
}

static void check_result(const cw_result *got, const cw_result *wanted)
{
    for (int i = 0; i < CW_TEXT_COUNT; i++) {
        assert_int_equal(got->texts[i] == NULL, wanted->texts[i] == NULL);
        assert_string_equal(cw_result_said(got, (cw_result_text)i),
                            cw_result_said(wanted, (cw_result_text)i));
    }
    assert_int_equal(got->usable_cpus, wanted->usable_cpus);
    assert_true(got->items == wanted->items && got->bytes == wanted->bytes);
    assert_int_equal(got->rounds, wanted->rounds);
    assert_true(got->elapsed_ns == wanted->elapsed_ns && got->seed == wanted->seed);
    check_real(got->precision, wanted->precision);
    check_real(got->clean_share, wanted->clean_share);
    assert_int_equal(got->foreign_known, wanted->foreign_known);
    assert_int_equal(got->busy, wanted->busy);
    assert_int_equal(got->team_spins, wanted->team_spins);
    assert_int_equal(got->complete, wanted->complete);
    assert_int_equal(got->ending, wanted->ending);
    assert_true(got->digest == wanted->digest);
    check_settings(got, wanted);
    check_runs(got, wanted);
}

static void check_there_and_back(cw_result *result)
{
    char *text = print_json(result);
    cw_result *back = NULL;
    cw_error error;
    if (load_text(text, strlen(text), &back, &error) != CW_OK)
        fail_msg("%s", error.sentence);
    check_result(back, result);
    char *again = print_json(back);
    assert_string_equal(text, again);
    cw_memory_free(again);
    cw_memory_free(text);
    cw_result_destroy(back);
    cw_result_destroy(result);
}

static void results_come_back_as_they_were(void **state)
{
    (void)state;
    check_there_and_back(sample_result(5, 12, 2));
    check_there_and_back(sample_result(3, 3, 0)); /* too few rounds: much is not known */
    check_there_and_back(sample_result(1, 0, 0));

    cw_result *odd = sample_result(2, 8, 8);
    odd->runs[0].sample.foreign_ns = UINT64_MAX;
    odd->runs[0].foreign_share = NAN;
    odd->foreign_known = false;
    odd->complete = false;
    odd->team_spins = true;
    odd->ending = CW_ENDING_CANCELLED;
    assert_int_equal(cw_result_describe(odd, CW_TEXT_DATE, NULL, NULL), CW_OK);
    assert_int_equal(cw_result_describe(odd, CW_TEXT_PARAMETERS, "\"</script>\\\n\x01 é", NULL),
                     CW_OK);
    check_there_and_back(odd);
}

static void no_figure_is_infinite(void **state)
{
    (void)state;
    cw_result *result = sample_result(2, 8, 0);
    result->summaries[0].items_per_second = INFINITY;
    char *text = print_json(result);
    assert_non_null(strstr(text, "\"items_per_second\": null"));
    assert_null(strstr(text, "inf"));
    assert_null(strstr(text, "nan"));
    cw_memory_free(text);
    cw_result_destroy(result);
}

/* Names of files need not be UTF-8. */
static void foreign_text_is_made_printable(void **state)
{
    (void)state;
    cw_result *result = sample_result(1, 0, 0);
    assert_int_equal(cw_result_describe(result, CW_TEXT_PARAMETERS, "caf\xe9.npy", NULL), CW_OK);
    char *text = print_json(result);
    assert_non_null(strstr(text, "\"parameters\": \"caf?.npy\""));
    cw_memory_free(text);
    cw_result_destroy(result);
}

/* Texts at the top may be left out. */
static bool may_be_missing(const json_t *object, const char *key)
{
    static const char *const required[] = {"ending", "digest", "seed", NULL};
    if (json_object_get(object, "schema") == NULL || !json_is_string(json_object_get(object, key)))
        return false;
    for (int i = 0; required[i] != NULL; i++) {
        if (strcmp(key, required[i]) == 0)
            return false;
    }
    return true;
}

static void check_spoilt(const json_t *root, const char *key, bool allowed)
{
    char *text = json_dumps(root, 0);
    cw_result *result = NULL;
    cw_error error = {.status = CW_OK};
    const cw_status status = load_text(text, strlen(text), &result, &error);
    assert_int_equal(status, allowed ? CW_OK : CW_ERR_FORMAT);
    if (!allowed) {
        assert_null(result);
        assert_int_equal(strncmp(error.sentence, "r.json: ", 8), 0);
        assert_non_null(strstr(error.sentence, key));
    }
    cw_result_destroy(result);
    free(text);
}

/* Each key of an object of the result taken away, and replaced by something of no use. */
static void check_spoilt_object(const json_t *root, json_t *object)
{
    json_t *whole = json_copy(object);
    const char *key;
    json_t *value;
    json_object_foreach(whole, key, value)
    {
        if (strcmp(key, "name") == 0)
            continue;
        const bool allowed = may_be_missing(whole, key);
        assert_int_equal(json_object_del(object, key), 0);
        check_spoilt(root, key, allowed);
        assert_int_equal(json_object_set_new(object, key, json_pack("[i]", -1)), 0);
        check_spoilt(root, key, false);
        assert_int_equal(json_object_set(object, key, value), 0);
    }
    json_decref(whole);
}

static json_t *sample_json(void)
{
    cw_result *result = sample_result(2, 5, 0);
    char *text = print_json(result);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    cw_memory_free(text);
    cw_result_destroy(result);
    return root;
}

static void spoilt_keys_are_named(void **state)
{
    (void)state;
    json_t *root = sample_json();
    check_spoilt_object(root, root);
    check_spoilt_object(root, json_array_get(json_object_get(root, "settings"), 1));
    check_spoilt_object(root, json_array_get(json_object_get(root, "runs"), 3));
    json_decref(root);
}

static void bad_values_are_refused(void **state)
{
    static const struct {
        const char *array; /* whose second element gets the value; NULL: the result itself */
        const char *key, *value;
        cw_status status;
        const char *says;
    } cases[] = {
        {NULL, "schema", "2", CW_ERR_UNSUPPORTED, "schema is 2, this version reads 1"},
        {NULL, "schema", "\"1\"", CW_ERR_FORMAT, "schema is missing"},
        {NULL, "rounds", "-1", CW_ERR_FORMAT, "rounds is not a whole number"},
        {NULL, "rounds", "4294967296", CW_ERR_FORMAT, "rounds is not a whole number"},
        {NULL, "rounds", "1.5", CW_ERR_FORMAT, "rounds is not a whole number"},
        {NULL, "items", "\"18446744073709551616\"", CW_ERR_FORMAT, "items is not a whole"},
        {NULL, "digest", "\"123\"", CW_ERR_FORMAT, "digest is not 16 hexadecimal digits"},
        {NULL, "digest", "\"000000000000000g\"", CW_ERR_FORMAT, "digest is not 16"},
        {NULL, "ending", "\"tired\"", CW_ERR_FORMAT, "ending is not one of its allowed words"},
        {NULL, "busy", "0", CW_ERR_FORMAT, "busy is not true or false"},
        {NULL, "precision", "\"1\"", CW_ERR_FORMAT, "precision is not a number or null"},
        {NULL, "subject", "1", CW_ERR_FORMAT, "subject is not a text or null"},
        {NULL, "settings", "[]", CW_ERR_FORMAT, "settings is empty"},
        {NULL, "settings", "{}", CW_ERR_FORMAT, "settings is not an array"},
        {NULL, "runs", "[1]", CW_ERR_FORMAT, "runs does not hold objects only"},
        {"settings", "claim", "\"best\"", CW_ERR_FORMAT, "settings[1].claim is not one of"},
        {"settings", "threads", "2147483648", CW_ERR_FORMAT, "settings[1].threads is not"},
        {"runs", "setting", "2", CW_ERR_FORMAT, "runs[1].setting is beyond the last setting"},
        {"runs", "foreign_ns", "true", CW_ERR_FORMAT, "runs[1].foreign_ns is not a whole number"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *root = sample_json();
        json_t *object = root;
        if (cases[i].array != NULL)
            object = json_array_get(json_object_get(root, cases[i].array), 1);
        json_t *value = json_loads(cases[i].value, JSON_DECODE_ANY, NULL);
        assert_int_equal(json_object_set_new(object, cases[i].key, value), 0);
        char *text = json_dumps(root, 0);
        cw_result *result = NULL;
        cw_error error = {.status = CW_OK};
        assert_int_equal(load_text(text, strlen(text), &result, &error), cases[i].status);
        assert_null(result);
        if (strstr(error.sentence, cases[i].says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", error.sentence, cases[i].says);
        free(text);
        json_decref(root);
    }
}

static void unknown_keys_are_passed_over(void **state)
{
    (void)state;
    json_t *root = sample_json();
    assert_int_equal(json_object_set_new(root, "novelty", json_true()), 0);
    char *text = json_dumps(root, 0);
    cw_result *result = NULL;
    assert_int_equal(load_text(text, strlen(text), &result, NULL), CW_OK);
    cw_result_destroy(result);
    free(text);
    json_decref(root);
}

static void torn_text_is_refused(void **state)
{
    (void)state;
    cw_result *sample = sample_result(2, 1, 0);
    char *text = print_json(sample);
    const size_t length = strlen(text);
    cw_result *result = NULL;
    cw_error error;
    for (size_t cut = 0; cut < length - 2; cut++)
        assert_int_equal(load_text(text, cut, &result, &error), CW_ERR_FORMAT);
    assert_null(result);
    static const char *const rubbish[] = {
        "[]", "{}", "3", "\xff", "{\"schema\": 1}", "{\"schema\": 1, \"schema\": 1}"};
    for (size_t i = 0; i < sizeof rubbish / sizeof *rubbish; i++)
        assert_int_equal(load_text(rubbish[i], strlen(rubbish[i]), &result, NULL), CW_ERR_FORMAT);
    assert_int_equal(load_text("{\n\"a\": x}", 9, &result, &error), CW_ERR_FORMAT);
    assert_int_equal(strncmp(error.sentence, "r.json: line 2: ", 16), 0);
    cw_memory_free(text);
    cw_result_destroy(sample);
}

static void streams_that_fail_are_reported(void **state)
{
    (void)state;
    cw_result *sample = sample_result(2, 8, 0), *result = NULL;
    FILE *full = fopen("/dev/full", "w");
    if (full != NULL) {
        assert_int_equal(cw_json_print(sample, full, NULL), CW_ERR_IO);
        (void)fclose(full);
    }
    FILE *folder = fopen("/", "r");
    assert_non_null(folder);
    assert_int_equal(cw_result_load(folder, "/", &result, NULL), CW_ERR_IO);
    (void)fclose(folder);
    cw_result_destroy(sample);
}

/* Refuses the nth request of jansson and all after it. */
static long jansson_allowance;

static void *scarce_malloc(size_t size)
{
    return jansson_allowance-- > 0 ? malloc(size) : NULL;
}

static void missing_memory_is_reported(void **state)
{
    (void)state;
    cw_result *sample = sample_result(2, 1, 0), *result = NULL;
    char *text = print_json(sample);
    const size_t length = strlen(text);

    for (long nth = 1;; nth++) {
        cw_memory_refuse_from(nth);
        const cw_status status = load_text(text, length, &result, NULL);
        cw_memory_refuse_from(0);
        if (status == CW_OK)
            break;
        assert_int_equal(status, CW_ERR_NO_MEMORY);
        assert_null(result);
    }
    cw_result_destroy(result);

    char *page = cw_memory_zalloc(TEXT, 1);
    json_set_alloc_funcs(scarce_malloc, free);
    for (long allowance = 0;; allowance++) {
        FILE *stream = fmemopen(page, TEXT, "w");
        jansson_allowance = allowance;
        const cw_status status = cw_json_print(sample, stream, NULL);
        (void)fclose(stream);
        if (status == CW_OK)
            break;
        assert_int_equal(status, CW_ERR_NO_MEMORY);
    }
    assert_string_equal(page, text);
    json_set_alloc_funcs(malloc, free);
    cw_memory_free(page);
    cw_memory_free(text);
    cw_result_destroy(sample);
}

/* Every key stands in the description, in backquotes. */
static void check_described(const char *page, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        char quoted[80];
        (void)snprintf(quoted, sizeof quoted, "`%s`", key);
        if (strstr(page, quoted) == NULL)
            fail_msg("%s is not described in %s", key, schema_page);
    }
}

static void the_schema_is_described(void **state)
{
    (void)state;
    FILE *file = fopen(schema_page, "r");
    if (file == NULL)
        fail_msg("cannot open %s", schema_page);
    char *page = cw_memory_zalloc(TEXT, 1);
    (void)fread(page, 1, TEXT - 1, file);
    (void)fclose(file);
    json_t *root = sample_json();
    check_described(page, root);
    check_described(page, json_array_get(json_object_get(root, "settings"), 0));
    check_described(page, json_array_get(json_object_get(root, "runs"), 0));
    json_decref(root);
    cw_memory_free(page);
}

int main(int argc, char **argv)
{
    schema_page = argc > 1 ? argv[1] : "docs/result-schema.md";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_come_back_as_they_were),
        cmocka_unit_test(no_figure_is_infinite),
        cmocka_unit_test(foreign_text_is_made_printable),
        cmocka_unit_test(spoilt_keys_are_named),
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(unknown_keys_are_passed_over),
        cmocka_unit_test(torn_text_is_refused),
        cmocka_unit_test(streams_that_fail_are_reported),
        cmocka_unit_test(missing_memory_is_reported),
        cmocka_unit_test(the_schema_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
