/* A result to JSON and back, by tables that name each field once. */
/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "base/memory.h"
#include "base/parse.h"
#include "base/policy.h"
#include "report/value.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a field of a struct is, and so how it stands in JSON. */
typedef enum field_kind {
    BOOL,
    INT,      /* int, not negative */
    UNSIGNED, /* unsigned */
    SIZE,     /* size_t */
    U64,      /* uint64_t; a string of digits above 2^63 - 1, which JSON's readers may not hold */
    TIME,     /* uint64_t, UINT64_MAX is null */
    HASH,     /* uint64_t as 16 hex digits: all bits matter and no arithmetic does */
    REAL,     /* double, NAN is null */
    NAME      /* enum, one of `names` */
} field_kind;

typedef struct field {
    const char *key;
    field_kind kind;
    size_t offset;
    const char *const *names; /* NULL-terminated */
} field;

#define FIELD(type, member, kind)                                                                  \
    {                                                                                              \
#member, kind, offsetof(type, member), NULL                                                \
    }

static const char *const endings[] = {"precise", "rounds", "time", "cancelled", NULL};
static const char *const claims[] = {"none", "faster", "slower", "same", "open", NULL};

static const field result_fields[] = {
    FIELD(cw_result, items, U64),        FIELD(cw_result, bytes, U64),
    FIELD(cw_result, rounds, UNSIGNED),  FIELD(cw_result, elapsed_ns, U64),
    FIELD(cw_result, seed, U64),         FIELD(cw_result, precision, REAL),
    FIELD(cw_result, clean_share, REAL), FIELD(cw_result, foreign_known, BOOL),
    FIELD(cw_result, busy, BOOL),        FIELD(cw_result, team_spins, BOOL),
    FIELD(cw_result, complete, BOOL),    {"ending", NAME, offsetof(cw_result, ending), endings},
    FIELD(cw_result, digest, HASH),      FIELD(cw_result, usable_cpus, INT),
};

static const field setting_fields[] = {
    FIELD(cw_setting, serial, BOOL),
    FIELD(cw_setting, threads, INT),
    {"policy", NAME, offsetof(cw_setting, policy), cw_policy_names},
    FIELD(cw_setting, chunk, U64),
};

static const field summary_fields[] = {
    FIELD(cw_summary, runs, SIZE),
    FIELD(cw_summary, dirty_runs, SIZE),
    FIELD(cw_summary, median_ns, REAL),
    FIELD(cw_summary, lower_ns, REAL),
    FIELD(cw_summary, upper_ns, REAL),
    FIELD(cw_summary, deviation_ns, REAL),
    FIELD(cw_summary, spread, REAL),
    FIELD(cw_summary, items_per_second, REAL),
    FIELD(cw_summary, bytes_per_second, REAL),
    FIELD(cw_summary, pairs, SIZE),
    FIELD(cw_summary, speedup, REAL),
    FIELD(cw_summary, speedup_low, REAL),
    FIELD(cw_summary, speedup_high, REAL),
    FIELD(cw_summary, efficiency, REAL),
    FIELD(cw_summary, serial_fraction, REAL),
    FIELD(cw_summary, imbalance, REAL),
    FIELD(cw_summary, processors, REAL),
    {"claim", NAME, offsetof(cw_summary, claim), claims},
};

static const field run_fields[] = {
    FIELD(cw_run, setting, SIZE),
    FIELD(cw_run, round, UNSIGNED),
    FIELD(cw_run, attempt, UNSIGNED),
    FIELD(cw_run, dirty, BOOL),
    FIELD(cw_run, foreign_share, REAL),
    FIELD(cw_run, begin_ns, U64),
    {"wall_ns", U64, offsetof(cw_run, sample.wall_ns), NULL},
    {"user_ns", U64, offsetof(cw_run, sample.user_ns), NULL},
    {"system_ns", U64, offsetof(cw_run, sample.system_ns), NULL},
    {"foreign_ns", TIME, offsetof(cw_run, sample.foreign_ns), NULL},
    {"digest", HASH, offsetof(cw_run, sample.digest), NULL},
    {"busiest_ns", U64, offsetof(cw_run, sample.busiest_ns), NULL},
    {"idlest_ns", U64, offsetof(cw_run, sample.idlest_ns), NULL},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const text_keys[CW_TEXT_COUNT] = {
    [CW_TEXT_SUBJECT] = "subject",
    [CW_TEXT_PARAMETERS] = "parameters",
    [CW_TEXT_ITEMS] = "item_name",
    [CW_TEXT_DATE] = "date",
    [CW_TEXT_PROCESSOR] = "processor",
    [CW_TEXT_SYSTEM] = "system",
    [CW_TEXT_ISA] = "isa",
    [CW_TEXT_VERSION] = "version",
    [CW_TEXT_COMPILER] = "compiler",
    [CW_TEXT_OPENMP] = "openmp",
    [CW_TEXT_ENVIRONMENT] = "environment",
};

/* Writing. A value or container that could not be made is NULL, which json_object_set_new and
 * json_array_append_new take for a failure; so one check after each is enough. */

static json_t *encode_field(const field *f, const void *from)
{
    const char *at = (const char *)from + f->offset;
    switch (f->kind) {
    case BOOL:
        return json_boolean(*(const bool *)(const void *)at);
    case INT:
        return json_integer(*(const int *)(const void *)at);
    case UNSIGNED:
        return json_integer(*(const unsigned *)(const void *)at);
    case SIZE:
        return cw_json_u64(*(const size_t *)(const void *)at);
    case U64:
        return cw_json_u64(*(const uint64_t *)(const void *)at);
    case TIME: {
        const uint64_t time = *(const uint64_t *)(const void *)at;
        return time == UINT64_MAX ? json_null() : cw_json_u64(time);
    }
    case HASH:
        return json_sprintf("%016" PRIx64, *(const uint64_t *)(const void *)at);
    case REAL:
        return cw_json_real(*(const double *)(const void *)at);
    case NAME:
        return json_string(f->names[*(const unsigned *)(const void *)at]);
    }
    return NULL;
}

static bool encode_fields(json_t *object, const field *fields, size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        if (json_object_set_new(object, fields[i].key, encode_field(&fields[i], from)) != 0)
            return false;
    }
    return true;
}

static bool encode_texts(json_t *object, const cw_result *result)
{
    for (int i = 0; i < CW_TEXT_COUNT; i++) {
        if (json_object_set_new(object, text_keys[i], cw_json_text(result->texts[i])) != 0)
            return false;
    }
    return true;
}

static bool encode_settings(json_t *array, const cw_result *result)
{
    if (array == NULL)
        return false;
    for (size_t i = 0; i < result->setting_count; i++) {
        char name[64];
        cw_setting_print(&result->settings[i], name, sizeof name);
        json_t *object = json_object();
        if (json_array_append_new(array, object) != 0 ||
            json_object_set_new(object, "name", json_string(name)) != 0 ||
            !encode_fields(object, setting_fields, COUNT(setting_fields), &result->settings[i]) ||
            !encode_fields(object, summary_fields, COUNT(summary_fields), &result->summaries[i]))
            return false;
    }
    return true;
}

static bool encode_runs(json_t *array, const cw_result *result)
{
    if (array == NULL)
        return false;
    for (size_t i = 0; i < result->run_count; i++) {
        json_t *object = json_object();
        if (json_array_append_new(array, object) != 0 ||
            !encode_fields(object, run_fields, COUNT(run_fields), &result->runs[i]))
            return false;
    }
    return true;
}

/* An empty array under that key, still the object's; NULL when it could not be made. */
static json_t *add_array(json_t *object, const char *key)
{
    json_t *array = json_array();
    return json_object_set_new(object, key, array) == 0 ? array : NULL;
}

static bool encode_result(json_t *object, const cw_result *result)
{
    return json_object_set_new(object, "schema", json_integer(CW_RESULT_SCHEMA)) == 0 &&
           encode_texts(object, result) &&
           encode_fields(object, result_fields, COUNT(result_fields), result) &&
           encode_settings(add_array(object, "settings"), result) &&
           encode_runs(add_array(object, "runs"), result);
}

/* Digits enough for any figure, yet 1.97 stays 1.97. */
enum { DUMP_FLAGS = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) };

/* An array has one element a line, so that a run is a line. */
static bool dump_array(const json_t *array, FILE *stream)
{
    size_t i;
    json_t *element;
    (void)fputc('[', stream);
    json_array_foreach(array, i, element)
    {
        (void)fputs(i == 0 ? "\n    " : ",\n    ", stream);
        if (json_dumpf(element, stream, DUMP_FLAGS) != 0)
            return false;
    }
    (void)fputs("\n  ]", stream);
    return true;
}

static bool dump_result(json_t *object, FILE *stream)
{
    const char *key, *separator = "{\n  ";
    json_t *value;
    json_object_foreach(object, key, value)
    {
        (void)fprintf(stream, "%s\"%s\": ", separator, key);
        if (json_is_array(value) ? !dump_array(value, stream)
                                 : json_dumpf(value, stream, DUMP_FLAGS) != 0)
            return false;
        separator = ",\n  ";
    }
    (void)fputs("\n}\n", stream);
    return true;
}

cw_status cw_json_print(const cw_result *result, FILE *stream, cw_error *error)
{
    json_t *object = json_object();
    cw_status status = CW_OK;
    if (!encode_result(object, result) || !dump_result(object, stream))
        status = cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                              "no memory to write the result as JSON");
    json_decref(object);
    if (fflush(stream) != 0 || ferror(stream))
        status = cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL,
                              "the result could not be written in full");
    return status;
}

/* Reading. */

/* Where a value stands, for errors: "settings[3].", or "" at the top. */
typedef struct reader {
    const char *name; /* of the stream */
    char place[48];
    cw_error *error;
} reader;

static cw_status refuse(const reader *r, const char *key, const char *what)
{
    return cw_error_set(r->error, CW_ERR_FORMAT, CW_NO_INDEX, NULL, "%s: %s%s %s", r->name,
                        r->place, key, what);
}

/* A whole number in [0, most], as cw_json_u64 writes it. */
static bool decode_u64(const json_t *json, uint64_t most, uint64_t *number)
{
    uint64_t read;
    if (json_is_integer(json) && json_integer_value(json) >= 0)
        read = (uint64_t)json_integer_value(json);
    else if (!json_is_string(json) || cw_parse_u64(json_string_value(json), &read, NULL) != CW_OK)
        return false;
    if (read > most)
        return false;
    *number = read;
    return true;
}

static bool decode_hash(const json_t *json, uint64_t *number)
{
    const char *text = json_string_value(json);
    if (text == NULL || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    *number = strtoull(text, NULL, 16);
    return true;
}

static bool decode_name(const json_t *json, const char *const *names, unsigned *index)
{
    const char *text = json_string_value(json);
    for (unsigned i = 0; text != NULL && names[i] != NULL; i++) {
        if (strcmp(text, names[i]) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool decode_real(const json_t *json, double *value)
{
    if (!json_is_number(json) && !json_is_null(json))
        return false;
    *value = json_is_null(json) ? NAN : json_number_value(json);
    return true;
}

/* Whether the value was of the field's kind. */
static bool decode_value(const field *f, const json_t *json, void *to)
{
    void *at = (char *)to + f->offset;
    uint64_t number = 0;
    switch (f->kind) {
    case BOOL:
        *(bool *)at = json_is_true(json);
        return json_is_boolean(json);
    case INT:
        if (!decode_u64(json, INT_MAX, &number))
            return false;
        *(int *)at = (int)number;
        return true;
    case UNSIGNED:
        if (!decode_u64(json, UINT_MAX, &number))
            return false;
        *(unsigned *)at = (unsigned)number;
        return true;
    case SIZE:
        if (!decode_u64(json, SIZE_MAX, &number))
            return false;
        *(size_t *)at = (size_t)number;
        return true;
    case U64:
        return decode_u64(json, UINT64_MAX, at);
    case TIME:
        if (!json_is_null(json))
            return decode_u64(json, UINT64_MAX - 1, at);
        *(uint64_t *)at = UINT64_MAX;
        return true;
    case HASH:
        return decode_hash(json, at);
    case REAL:
        return decode_real(json, at);
    case NAME:
        return decode_name(json, f->names, at);
    }
    return false;
}

static const char *expected(field_kind kind)
{
    switch (kind) {
    case BOOL:
        return "is not true or false";
    case HASH:
        return "is not 16 hexadecimal digits";
    case REAL:
        return "is not a number or null";
    case TIME:
        return "is not a whole number from 0 on, or null";
    case NAME:
        return "is not one of its allowed words";
    default:
        return "is not a whole number from 0 on, or is too large";
    }
}

static cw_status decode_fields(const reader *r, const json_t *object, const field *fields,
                               size_t count, void *to)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, fields[i].key);
        if (value == NULL)
            return refuse(r, fields[i].key, "is missing");
        if (!decode_value(&fields[i], value, to))
            return refuse(r, fields[i].key, expected(fields[i].kind));
    }
    return CW_OK;
}

static cw_status decode_texts(const reader *r, const json_t *object, cw_result *result)
{
    cw_status status = CW_OK;
    for (int i = 0; i < CW_TEXT_COUNT && status == CW_OK; i++) {
        const json_t *text = json_object_get(object, text_keys[i]);
        if (text != NULL && !json_is_string(text) && !json_is_null(text))
            return refuse(r, text_keys[i], "is not a text or null");
        status = cw_result_describe(result, (cw_result_text)i, json_string_value(text), r->error);
    }
    return status;
}

/* The array of that name, every element of which must be an object. */
static cw_status find_array(const reader *r, const json_t *object, const char *key,
                            const json_t **array)
{
    const json_t *found = json_object_get(object, key);
    if (!json_is_array(found))
        return refuse(r, key, "is not an array");
    size_t i;
    json_t *element;
    json_array_foreach(found, i, element)
    {
        if (!json_is_object(element))
            return refuse(r, key, "does not hold objects only");
    }
    *array = found;
    return CW_OK;
}

/* A result with the settings of the array, and their summaries. */
static cw_status decode_settings(reader *r, const json_t *array, cw_result **result)
{
    const size_t count = json_array_size(array);
    if (count == 0)
        return refuse(r, "settings", "is empty");
    cw_setting *settings = cw_memory_zalloc(count, sizeof *settings);
    if (settings == NULL)
        return cw_error_set(r->error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for %zu settings", count);
    cw_result *made = NULL;
    cw_status status = cw_result_create(settings, count, &made, r->error);
    cw_memory_free(settings);
    for (size_t i = 0; i < count && status == CW_OK; i++) {
        const json_t *object = json_array_get(array, i);
        (void)snprintf(r->place, sizeof r->place, "settings[%zu].", i);
        status =
            decode_fields(r, object, setting_fields, COUNT(setting_fields), &made->settings[i]);
        if (status == CW_OK)
            status = decode_fields(r, object, summary_fields, COUNT(summary_fields),
                                   &made->summaries[i]);
    }
    r->place[0] = '\0';
    if (status != CW_OK) {
        cw_result_destroy(made);
        return status;
    }
    *result = made;
    return CW_OK;
}

static cw_status decode_runs(reader *r, const json_t *array, cw_result *result)
{
    cw_status status = CW_OK;
    for (size_t i = 0; i < json_array_size(array) && status == CW_OK; i++) {
        cw_run run;
        (void)snprintf(r->place, sizeof r->place, "runs[%zu].", i);
        status = decode_fields(r, json_array_get(array, i), run_fields, COUNT(run_fields), &run);
        if (status == CW_OK && run.setting >= result->setting_count)
            status = refuse(r, "setting", "is beyond the last setting");
        if (status == CW_OK)
            status = cw_result_add_run(result, &run, r->error);
    }
    r->place[0] = '\0';
    return status;
}

static cw_status check_schema(const reader *r, const json_t *object)
{
    const json_t *schema = json_object_get(object, "schema");
    if (!json_is_integer(schema))
        return refuse(r, "schema", "is missing: not a result of chunkwise");
    if (json_integer_value(schema) == CW_RESULT_SCHEMA)
        return CW_OK;
    return cw_error_set(r->error, CW_ERR_UNSUPPORTED, CW_NO_INDEX, NULL,
                        "%s: schema is %" JSON_INTEGER_FORMAT ", this version reads %d", r->name,
                        json_integer_value(schema), CW_RESULT_SCHEMA);
}

static cw_status decode_result(reader *r, const json_t *object, cw_result **result)
{
    const json_t *settings = NULL, *runs = NULL;
    cw_result *made = NULL;
    cw_status status = check_schema(r, object);
    if (status == CW_OK)
        status = find_array(r, object, "settings", &settings);
    if (status == CW_OK)
        status = find_array(r, object, "runs", &runs);
    if (status == CW_OK)
        status = decode_settings(r, settings, &made);
    if (status == CW_OK)
        status = decode_texts(r, object, made);
    if (status == CW_OK)
        status = decode_fields(r, object, result_fields, COUNT(result_fields), made);
    if (status == CW_OK)
        status = decode_runs(r, runs, made);
    if (status != CW_OK) {
        cw_result_destroy(made);
        return status;
    }
    *result = made;
    return CW_OK;
}

/* Why jansson gave nothing. */
static cw_status refuse_stream(const reader *r, FILE *stream, const json_error_t *reason)
{
    if (ferror(stream))
        return cw_error_set(r->error, CW_ERR_IO, CW_NO_INDEX, NULL, "%s: cannot be read", r->name);
    if (json_error_code(reason) == json_error_out_of_memory)
        return cw_error_set(r->error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "%s: no memory to read it", r->name);
    return cw_error_set(r->error, CW_ERR_FORMAT, CW_NO_INDEX, NULL, "%s: line %d: %s", r->name,
                        reason->line, reason->text);
}

cw_status cw_result_load(FILE *stream, const char *name, cw_result **result, cw_error *error)
{
    reader r = {.name = name, .error = error};
    json_error_t reason;
    json_t *object = json_loadf(stream, JSON_REJECT_DUPLICATES, &reason);
    if (object == NULL || ferror(stream)) {
        json_decref(object);
        return refuse_stream(&r, stream, &reason);
    }
    const cw_status status = decode_result(&r, object, result);
    json_decref(object);
    return status;
}
