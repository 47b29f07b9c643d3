/* Builds and prints the JSON that --json asks for. */
/* SPDX-License-Identifier: MIT */
#include "cli/document.h"

#include "cli/job.h"
#include "config.h"
#include "machine/machine.h"
#include "parallel/runtime.h"
#include "report/value.h"

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
        return cw_json_u64(fact->u64);
    case CW_FACT_I64:
        return json_integer(fact->i64);
    case CW_FACT_F64:
        return cw_json_real(fact->f64);
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
