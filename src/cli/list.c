/* The list command: kernels and their parameters. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/document.h"
#include "cli/outcome.h"
#include "report/value.h"

static const char *kind_name(cw_parameter_kind kind)
{
    static const char *const names[] = {"number", "text", "choice", "flag"};
    return names[kind];
}

static json_t *describe_parameter(cw_document *document, const cw_parameter *parameter)
{
    json_t *object = json_object();
    cw_document_put(document, object, "name", json_string(parameter->name));
    cw_document_put(document, object, "kind", json_string(kind_name(parameter->kind)));
    cw_document_put(document, object, "positional", json_boolean(parameter->positional));
    cw_document_put(document, object, "required", json_boolean(parameter->required));
    if (parameter->kind == CW_PARAMETER_NUMBER) {
        cw_document_put(document, object, "least", cw_json_u64(parameter->least));
        cw_document_put(document, object, "most", cw_json_u64(parameter->most));
    }
    if (parameter->unit != NULL)
        cw_document_put(document, object, "unit", json_string(parameter->unit));
    if (parameter->choices != NULL) {
        json_t *choices = json_array();
        for (int i = 0; parameter->choices[i] != NULL; i++)
            if (json_array_append_new(choices, json_string(parameter->choices[i])) != 0)
                document->failed = true;
        cw_document_put(document, object, "choices", choices);
    }
    if (parameter->preset != NULL)
        cw_document_put(document, object, "default", json_string(parameter->preset));
    cw_document_put(document, object, "help", json_string(parameter->help));
    return object;
}

static int list_json(void)
{
    cw_document document;
    cw_document_init(&document, "list");
    json_t *kernels = json_array();
    cw_document_put(&document, NULL, "kernels", kernels);
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++) {
        json_t *object = json_object();
        json_t *parameters = json_array();
        cw_document_put(&document, object, "name", json_string((*kernel)->name));
        cw_document_put(&document, object, "usage", json_string((*kernel)->usage));
        cw_document_put(&document, object, "summary", json_string((*kernel)->summary));
        cw_document_put(&document, object, "parameters", parameters);
        for (int i = 0; i < (*kernel)->parameter_count; i++)
            if (json_array_append_new(
                    parameters, describe_parameter(&document, &(*kernel)->parameters[i])) != 0)
                document.failed = true;
        if (json_array_append_new(kernels, object) != 0)
            document.failed = true;
    }
    cw_error error = {0};
    const cw_status status = cw_document_print(&document, &error);
    return status == CW_OK ? CW_EXIT_OK : cw_complain(status, &error);
}

static int list(const cw_options *options)
{
    if (options->json)
        return list_json();
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        (void)printf("%s%s %s\n    %s\n", kernel == cw_catalogue() ? "" : "\n", (*kernel)->name,
                     (*kernel)->usage, (*kernel)->summary);
    (void)puts("\n`chunkwise help KERNEL` explains the parameters of one.");
    return CW_EXIT_OK;
}

const cw_command cw_command_list = {
    .name = "list",
    .usage = "",
    .summary = "kernels and their parameters",
    .details = "Every kernel with what it takes and what it gives.",
    .takes = CW_TAKES_NOTHING,
    .options = cw_options_plain,
    .run = list,
};
