/* Builds and prints the JSON that --json asks for. */
/* SPDX-License-Identifier: MIT */
#include "cli/document.h"

#include "base/memory.h"
#include "cli/job.h"
#include "config.h"
#include "machine/machine.h"
#include "parallel/runtime.h"

#include <math.h>
#include <string.h>

void cw_document_init(cw_document *document, const char *command)
{
    *document = (cw_document){.root = json_object()};
    cw_document_put(document, NULL, "chunkwise", json_string(CW_VERSION));
    cw_document_put(document, NULL, "schema", json_integer(CW_DOCUMENT_SCHEMA));
    cw_document_put(document, NULL, "command", json_string(command));
}

void cw_document_put(cw_document *document, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object != NULL ? object : document->root, key, value) != 0)
        document->failed = true;
}

json_t *cw_document_u64(uint64_t value)
{
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return json_string(text);
}

json_t *cw_document_text(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    char *plain = cw_memory_alloc(strlen(text) + 1, 1);
    if (plain == NULL)
        return NULL;
    for (size_t i = 0; i <= strlen(text); i++)
        plain[i] = (char)((unsigned char)text[i] < 0x80 ? text[i] : '?');
    value = json_string(plain);
    cw_memory_free(plain);
    return value;
}

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void cw_document_put_machine(cw_document *document)
{
    const cw_machine *machine = cw_machine_get();
    json_t *object = json_object();
    cw_document_put(document, NULL, "machine", object);
    cw_document_put(document, object, "processor", json_string(machine->model));
    cw_document_put(document, object, "allowed_cpus", json_integer(cw_job_allowed_cpus()));
    cw_document_put(document, object, "quota_cpus",
                    machine->quota_cpus > 0 ? json_real(machine->quota_cpus) : json_null());
    cw_document_put(document, object, "usable_cpus", json_integer(cw_job_usable_cpus()));
    cw_document_put(document, object, "isa", json_string(cw_isa_name(cw_isa_detect())));
    cw_document_put(document, object, "openmp", json_string(cw_runtime_name()));
    cw_document_put(document, object, "compiler", json_string(CW_COMPILER));
}

static json_t *fact_value(const cw_fact *fact)
{
    switch (fact->kind) {
    case CW_FACT_U64:
        return cw_document_u64(fact->u64);
    case CW_FACT_I64:
        return json_integer(fact->i64);
    case CW_FACT_F64:
        return real_or_null(fact->f64);
    case CW_FACT_TEXT:
        break;
    }
    return json_string(fact->text);
}

void cw_document_put_facts(cw_document *document, json_t *object, const cw_fact *facts, int count)
{
    for (int i = 0; i < count; i++)
        cw_document_put(document, object, facts[i].name, fact_value(&facts[i]));
}

cw_status cw_document_print(cw_document *document, cw_error *error)
{
    cw_status status = CW_OK;
    if (document->failed || document->root == NULL)
        status = cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                              "no memory for the JSON object");
    else if (json_dumpf(document->root, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF)
        status =
            cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL, "writing to standard output failed");
    json_decref(document->root);
    document->root = NULL;
    return status;
}
