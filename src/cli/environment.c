/* Reads OMP_*, GOMP_*, KMP_* and CW_* and judges the values that have a known form. */
/* SPDX-License-Identifier: MIT */
#include "cli/environment.h"

#include "base/quote.h"
#include "cli/spelling.h"

#include <chunkwise/plan.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* NULL when the value is fine, else what is allowed. */
typedef const char *judge_function(const char *value);

/* A word of a list: from `at` to the next comma, without blanks on either side. */
static size_t word_length(const char *at)
{
    return strcspn(at, ",");
}

static bool word_is(const char *at, size_t length, const char *word)
{
    while (length > 0 && *at == ' ') {
        at++;
        length--;
    }
    while (length > 0 && at[length - 1] == ' ')
        length--;
    return strlen(word) == length && strncasecmp(at, word, length) == 0;
}

static bool is_count(const char *text, long least)
{
    char *end;
    const long value = strtol(text, &end, 10);
    while (*end == ' ')
        end++;
    return end != text && *end == '\0' && value >= least;
}

static const char *judge_thread_list(const char *value)
{
    for (const char *at = value;; at++) {
        char word[24];
        const size_t length = word_length(at);
        (void)snprintf(word, sizeof word, "%.*s", (int)(length < 23 ? length : 23), at);
        if (!is_count(word, 1))
            return "a whole number from 1 on, or a list of them";
        at += length;
        if (*at == '\0')
            return NULL;
    }
}

static const char *judge_schedule(const char *value)
{
    cw_policy policy;
    uint64_t chunk;
    return cw_schedule_parse(value, &policy, &chunk, NULL) == CW_OK
               ? NULL
               : "static, dynamic, guided or auto, and perhaps ,CHUNK";
}

static const char *judge_bind(const char *value)
{
    static const char *const words[] = {"true", "false", "master", "primary", "close", "spread"};
    for (const char *at = value;; at++) {
        const size_t length = word_length(at);
        bool known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known = known || word_is(at, length, words[i]);
        if (!known)
            return "true, false, primary, close or spread";
        at += length;
        if (*at == '\0')
            return NULL;
    }
}

/* Words are judged; explicit lists in braces are left to the runtime. */
static const char *judge_places(const char *value)
{
    static const char *const words[] = {"threads", "cores", "sockets", "ll_caches", "numa_domains"};
    if (strchr(value, '{') != NULL)
        return NULL;
    const size_t length = strcspn(value, "(");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_is(value, length, words[i]))
            return NULL;
    return "threads, cores, sockets, ll_caches, numa_domains or a list of {processors}";
}

static const char *judge_wait(const char *value)
{
    return strcasecmp(value, "active") == 0 || strcasecmp(value, "passive") == 0
               ? NULL
               : "active or passive";
}

static const char *judge_bool(const char *value)
{
    return strcasecmp(value, "true") == 0 || strcasecmp(value, "false") == 0 ? NULL
                                                                             : "true or false";
}

static const char *judge_positive(const char *value)
{
    return is_count(value, 1) ? NULL : "a whole number from 1 on";
}

static const char *judge_levels(const char *value)
{
    return is_count(value, 0) ? NULL : "a whole number";
}

static const char *judge_stack(const char *value)
{
    char *end;
    const long size = strtol(value, &end, 10);
    while (*end == ' ')
        end++;
    const bool unit = *end != '\0' && strchr("BbKkMmGg", *end) != NULL;
    return size > 0 && end[unit] == '\0' ? NULL : "a size such as 512K or 8M";
}

static const char *judge_isa(const char *value)
{
    cw_isa isa;
    if (cw_isa_parse(value, &isa, NULL) == CW_OK)
        return NULL;
    return strcmp(cw_isa_name(CW_ISA_NEON), "neon") == 0 ? "reference, neon or any"
                                                         : "reference, avx2, avx512 or any";
}

static const struct known {
    const char *name;
    judge_function *judge; /* NULL: any value */
} known_variables[] = {
    {"CW_ISA", judge_isa},
    {"OMP_AFFINITY_FORMAT", NULL},
    {"OMP_ALLOCATOR", NULL},
    {"OMP_CANCELLATION", judge_bool},
    {"OMP_DEBUG", NULL},
    {"OMP_DEFAULT_DEVICE", NULL},
    {"OMP_DISPLAY_AFFINITY", judge_bool},
    {"OMP_DISPLAY_ENV", NULL},
    {"OMP_DYNAMIC", judge_bool},
    {"OMP_MAX_ACTIVE_LEVELS", judge_levels},
    {"OMP_MAX_TASK_PRIORITY", judge_levels},
    {"OMP_NESTED", judge_bool},
    {"OMP_NUM_TEAMS", judge_positive},
    {"OMP_NUM_THREADS", judge_thread_list},
    {"OMP_PLACES", judge_places},
    {"OMP_PROC_BIND", judge_bind},
    {"OMP_SCHEDULE", judge_schedule},
    {"OMP_STACKSIZE", judge_stack},
    {"OMP_TARGET_OFFLOAD", NULL},
    {"OMP_TEAMS_THREAD_LIMIT", judge_positive},
    {"OMP_THREAD_LIMIT", judge_positive},
    {"OMP_TOOL", NULL},
    {"OMP_TOOL_LIBRARIES", NULL},
    {"OMP_TOOL_VERBOSE_INIT", NULL},
    {"OMP_WAIT_POLICY", judge_wait},
};

static void judge(cw_variable *variable)
{
    char name[48];
    const size_t length = strcspn(variable->text, "=");
    (void)snprintf(name, sizeof name, "%.*s", (int)(length < 47 ? length : 47), variable->text);
    const char *value = variable->text + length + 1;
    const bool ours = strncmp(name, "CW_", 3) == 0; /* a wrong one of these ends the command */
    cw_spelling spelling = cw_spelling_of(name);
    for (size_t i = 0; i < sizeof known_variables / sizeof *known_variables; i++) {
        const struct known *known = &known_variables[i];
        if (strcmp(known->name, name) != 0) {
            cw_spelling_offer(&spelling, known->name);
            continue;
        }
        const char *allowed = known->judge != NULL ? known->judge(value) : NULL;
        if (allowed != NULL)
            (void)snprintf(variable->complaint, sizeof variable->complaint,
                           "%s=%.39s %s; allowed is %s", name,
                           cw_quote_text(*value ? value : "(empty)").text,
                           ours ? "cannot be used" : "has no effect", allowed);
        return;
    }
    /* Runtimes have variables of their own that we do not know; a near miss is a slip. */
    if (spelling.nearest != NULL)
        (void)snprintf(variable->complaint, sizeof variable->complaint,
                       "%s is not a variable of %s; did you mean %s?", name,
                       ours ? "chunkwise" : "OpenMP", spelling.nearest);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const cw_variable *)a)->text, ((const cw_variable *)b)->text);
}

int cw_environment_read(cw_variable variables[CW_VARIABLES_MAX])
{
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "CW_"};
    int count = 0;
    for (char **entry = environ; *entry != NULL && count < CW_VARIABLES_MAX; entry++) {
        bool ours = false;
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            ours = ours || strncmp(*entry, prefixes[i], strlen(prefixes[i])) == 0;
        if (!ours || strchr(*entry, '=') == NULL)
            continue;
        variables[count] = (cw_variable){.text = *entry};
        judge(&variables[count]);
        count++;
    }
    if (count > 1)
        qsort(variables, (size_t)count, sizeof *variables, by_name);
    return count;
}

cw_status cw_environment_check(cw_error *error)
{
    cw_variable variables[CW_VARIABLES_MAX];
    const int count = cw_environment_read(variables);
    for (int i = 0; i < count; i++) {
        if (variables[i].complaint[0] == '\0')
            continue;
        if (strncmp(variables[i].text, "CW_ISA=", 7) == 0)
            return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, variables[i].text, "%s",
                                variables[i].complaint);
        (void)fprintf(stderr, "chunkwise: %s\n", variables[i].complaint);
    }
    return CW_OK;
}
