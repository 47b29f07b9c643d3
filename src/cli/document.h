/* The JSON object that --json prints: its envelope, and the parts that several commands share. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_DOCUMENT_H
#define CW_CLI_DOCUMENT_H

#include "catalogue/kernel.h"

#include <jansson.h>

/* Raised when a key changes its meaning or goes away; new keys may come without it. */
#define CW_DOCUMENT_SCHEMA 1

typedef struct cw_document {
    json_t *root;
    bool failed; /* memory ran out at some point */
} cw_document;

/* {"chunkwise": version, "schema": 1, "command": name}. */
void cw_document_init(cw_document *document, const char *command);

/* object[key] = value, which is taken over; the root when object is NULL. */
void cw_document_put(cw_document *document, json_t *object, const char *key, json_t *value);

/* "machine": {...}, from what is found quickly. */
void cw_document_put_machine(cw_document *document);

/* object[name] for each of the facts; NaN and infinities become null. */
void cw_document_put_facts(cw_document *document, json_t *object, const cw_fact *facts, int count);

/* Print it on standard output, with a newline, and let go of it. */
cw_status cw_document_print(cw_document *document, cw_error *error);

#endif
