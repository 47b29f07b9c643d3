/* The info command: the machine, the OpenMP runtime, and what we would choose on it, and why. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/document.h"
#include "cli/environment.h"
#include "cli/job.h"
#include "cli/outcome.h"
#include "cli/paragraph.h"
#include "config.h"
#include "machine/isa.h"
#include "machine/machine.h"
#include "parallel/runtime.h"
#include "report/units.h"
#include "report/value.h"

#include <stdlib.h>
#include <string.h>

enum { WHY_TEXT = 320 };

/* All that info knows. */
typedef struct knowledge {
    const cw_machine *machine;
    int allowed; /* processors, whatever binding did to this thread */
    int usable;  /* the same cut to the quota */
    bool topology_known;
    cw_topology topology;
    cw_error topology_error;
    cw_variable variables[CW_VARIABLES_MAX];
    int variable_count;
    int threads; /* that we would use */
    char why_threads[WHY_TEXT];
    bool schedule_set;
    cw_policy policy;
    uint64_t chunk;
    char why_schedule[WHY_TEXT];
    cw_isa isa;
    cw_isa hardware;
} knowledge;

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

static void explain_threads(knowledge *known)
{
    bool asked = false;
    (void)cw_runtime_threads(&asked);
    known->threads = cw_plan_threads(NULL);
    char *why = known->why_threads;
    if (cw_runtime_version() == 0)
        (void)snprintf(why, WHY_TEXT, "this build has no OpenMP");
    else if (asked && known->threads > known->usable)
        (void)snprintf(
            why, WHY_TEXT,
            "OMP_NUM_THREADS says so; that is more than the %d processor%s to be had, so "
            "CPU-bound work will not gain by it",
            known->usable, plural(known->usable));
    else if (asked)
        (void)snprintf(why, WHY_TEXT, "OMP_NUM_THREADS says so");
    else if (known->usable < known->allowed)
        (void)snprintf(why, WHY_TEXT,
                       "this process may use %d processors, but its quota (cgroup) is worth %.3g: "
                       "more threads would only be stopped and wait",
                       known->allowed, known->machine->quota_cpus);
    else
        (void)snprintf(why, WHY_TEXT, "one for each processor that this process may use");
}

static void explain_schedule(knowledge *known)
{
    known->schedule_set = cw_runtime_schedule(&known->policy, &known->chunk);
    if (known->threads == 1)
        (void)snprintf(known->why_schedule, WHY_TEXT, "on one thread it does not matter");
    else if (known->schedule_set && known->policy != CW_POLICY_AUTO)
        (void)snprintf(known->why_schedule, WHY_TEXT, "OMP_SCHEDULE says so");
    else
        (void)snprintf(known->why_schedule, WHY_TEXT,
                       "items of equal cost are handed out evenly (static); others by the chunk "
                       "(dynamic), a chunk being worth some 20 us of work as known or as measured "
                       "on the first ones, and at most an eighth of a thread's share");
}

static void find_out(knowledge *known)
{
    *known = (knowledge){.machine = cw_machine_get()};
    known->allowed = cw_job_allowed_cpus();
    known->usable = cw_machine_usable(known->allowed, known->machine->quota_cpus);
    known->topology_known = cw_topology_load(&known->topology, &known->topology_error) == CW_OK;
    known->variable_count = cw_environment_read(known->variables);
    known->isa = cw_isa_detect();
    known->hardware = cw_isa_hardware();
    explain_threads(known);
    explain_schedule(known);
}

/* For people */

enum { LABEL = 14 };

static void print_label(const char *label)
{
    (void)printf("  %-*s", LABEL, label);
}

static void print_sentence(const char *label, const char *text)
{
    print_label(label);
    cw_paragraph_print(stdout, text, 2 + LABEL);
}

static void print_cache(const char *label, const cw_cache *cache)
{
    char size[CW_UNIT_TEXT];
    if (cache->bytes == 0)
        return;
    print_label(label);
    (void)printf("%s", cw_print_bytes(cache->bytes, size));
    if (cache->shared_cpus > 1)
        (void)printf(", shared by %d processors\n", cache->shared_cpus);
    else
        (void)puts(", not shared");
}

static void print_machine(const knowledge *known)
{
    const cw_machine *machine = known->machine;
    (void)puts("Machine");
    print_sentence("processor", machine->model[0] ? machine->model : "not known");
    print_label("usable");
    (void)printf("%d processor%s", known->usable, plural(known->usable));
    if (machine->quota_cpus > 0)
        (void)printf(" (%d allowed, quota worth %.3g)\n", known->allowed, machine->quota_cpus);
    else
        (void)puts(" (all that are allowed; no quota)");
    if (known->topology_known) {
        const cw_topology *t = &known->topology;
        char memory[CW_UNIT_TEXT];
        char line[200];
        (void)snprintf(line, sizeof line,
                       "%d package%s, %d core%s, %d processor%s; %d memory node%s, %s of memory",
                       t->packages, plural(t->packages), t->cores, plural(t->cores), t->processors,
                       plural(t->processors), t->memory_nodes, plural(t->memory_nodes),
                       cw_print_bytes(t->memory_bytes, memory));
        print_sentence("in all", line);
    } else {
        print_sentence("in all", known->topology_error.sentence);
    }
    print_cache("L1d cache", &machine->l1d);
    print_cache("L2 cache", &machine->l2);
    print_cache("L3 cache", &machine->l3);
    print_label("instructions");
    if (known->isa == known->hardware)
        (void)puts(cw_isa_name(known->isa));
    else
        (void)printf("%s (CW_ISA lowers it from %s)\n", cw_isa_name(known->isa),
                     cw_isa_name(known->hardware));
}

static void print_openmp(const knowledge *known)
{
    (void)puts("\nOpenMP");
    print_label("runtime");
    if (cw_runtime_version() == 0)
        (void)puts("none: built without OpenMP, everything runs on one thread");
    else
        (void)printf("%s, compiled by %s for OpenMP of %d-%02d\n", cw_runtime_name(), CW_COMPILER,
                     cw_runtime_version() / 100, cw_runtime_version() % 100);
    if (known->variable_count == 0)
        print_sentence("environment", "no OMP_* variable is set");
    for (int i = 0; i < known->variable_count; i++) {
        print_label(i == 0 ? "environment" : "");
        (void)printf("%.60s\n", known->variables[i].text);
        if (known->variables[i].complaint[0] != '\0')
            print_sentence("", known->variables[i].complaint);
    }
}

static void print_choice(const knowledge *known)
{
    char line[WHY_TEXT + 64];
    (void)puts("\nWhat we would choose");
    (void)snprintf(line, sizeof line, "%d: %s", known->threads, known->why_threads);
    print_sentence("threads", line);
    char chunk[24] = "";
    if (known->chunk > 0)
        (void)snprintf(chunk, sizeof chunk, ",%llu", (unsigned long long)known->chunk);
    const bool set = known->schedule_set && known->policy != CW_POLICY_AUTO;
    (void)snprintf(line, sizeof line, "%s%s: %s", set ? cw_policy_name(known->policy) : "auto",
                   set ? chunk : "", known->why_schedule);
    print_sentence("schedule", line);
}

/* For programs */

static void put_cache(cw_document *document, json_t *object, const char *key, const cw_cache *cache)
{
    json_t *entry = json_object();
    cw_document_put(document, object, key, entry);
    cw_document_put(document, entry, "bytes",
                    cache->bytes > 0 ? cw_json_u64(cache->bytes) : json_null());
    cw_document_put(document, entry, "shared_cpus", json_integer(cache->shared_cpus));
}

static void put_topology(cw_document *document, const knowledge *known)
{
    if (!known->topology_known) {
        cw_document_put(document, NULL, "topology", json_null());
        return;
    }
    json_t *object = json_object();
    cw_document_put(document, NULL, "topology", object);
    cw_document_put(document, object, "packages", json_integer(known->topology.packages));
    cw_document_put(document, object, "cores", json_integer(known->topology.cores));
    cw_document_put(document, object, "processors", json_integer(known->topology.processors));
    cw_document_put(document, object, "memory_nodes", json_integer(known->topology.memory_nodes));
    cw_document_put(document, object, "l3_groups", json_integer(known->topology.l3_groups));
    cw_document_put(document, object, "memory_bytes", cw_json_u64(known->topology.memory_bytes));
}

static void put_environment(cw_document *document, const knowledge *known)
{
    json_t *list = json_array();
    cw_document_put(document, NULL, "environment", list);
    for (int i = 0; i < known->variable_count; i++) {
        json_t *entry = json_object();
        const cw_variable *variable = &known->variables[i];
        const size_t name = strcspn(variable->text, "=");
        cw_document_put(document, entry, "name", json_stringn(variable->text, name));
        cw_document_put(document, entry, "value", cw_json_text(variable->text + name + 1));
        cw_document_put(document, entry, "complaint",
                        variable->complaint[0] ? cw_json_text(variable->complaint) : json_null());
        if (json_array_append_new(list, entry) != 0)
            document->failed = true;
    }
}

static void put_choice(cw_document *document, const knowledge *known)
{
    json_t *object = json_object();
    cw_document_put(document, NULL, "choice", object);
    cw_document_put(document, object, "threads", json_integer(known->threads));
    cw_document_put(document, object, "why_threads", json_string(known->why_threads));
    cw_document_put(
        document, object, "policy",
        json_string(cw_policy_name(known->schedule_set ? known->policy : CW_POLICY_AUTO)));
    cw_document_put(document, object, "chunk",
                    known->chunk > 0 ? cw_json_u64(known->chunk) : json_null());
    cw_document_put(document, object, "why_schedule", json_string(known->why_schedule));
}

static cw_status print_json(const knowledge *known, cw_error *error)
{
    cw_document document;
    cw_document_init(&document, "info");
    cw_document_put_machine(&document);
    put_topology(&document, known);
    json_t *caches = json_object();
    cw_document_put(&document, NULL, "caches", caches);
    put_cache(&document, caches, "l1d", &known->machine->l1d);
    put_cache(&document, caches, "l2", &known->machine->l2);
    put_cache(&document, caches, "l3", &known->machine->l3);
    cw_document_put(&document, caches, "line_bytes", cw_json_u64(known->machine->line_bytes));
    json_t *runtime = json_object();
    cw_document_put(&document, NULL, "openmp", runtime);
    cw_document_put(&document, runtime, "runtime", json_string(cw_runtime_name()));
    cw_document_put(&document, runtime, "version", json_integer(cw_runtime_version()));
    cw_document_put(&document, runtime, "processors", json_integer(cw_runtime_processors()));
    put_environment(&document, known);
    put_choice(&document, known);
    return cw_document_print(&document, error);
}

static int info(const cw_options *options)
{
    static knowledge known; /* large */
    find_out(&known);
    if (options->json) {
        cw_error error = {0};
        const cw_status status = print_json(&known, &error);
        return status == CW_OK ? CW_EXIT_OK : cw_complain(status, &error);
    }
    print_machine(&known);
    print_openmp(&known);
    print_choice(&known);
    return CW_EXIT_OK;
}

const cw_command cw_command_info = {
    .name = "info",
    .usage = "",
    .summary = "the machine, the OpenMP runtime, and what we would choose",
    .details = "Processors, caches and memory, the limits that this process runs under, the "
               "variables of OpenMP and of chunkwise in force, and how many threads and which "
               "schedule a run would get for these reasons.",
    .takes = CW_TAKES_NOTHING,
    .options = cw_options_plain,
    .run = info,
};
