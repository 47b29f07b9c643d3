/* Reads command lines: one table of options for each subcommand, and the kernel's own. */
/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "base/parse.h"
#include "base/quote.h"
#include "cli/spelling.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word as a sentence repeats it. */
static cw_quote shown(const char *word)
{
    return cw_quote_text(*word != '\0' ? word : "the empty text");
}

/* The options themselves */

/* A whole number within bounds, with sentences that name the option. */
static cw_status parse_bounded(const char *name, const char *text, uint64_t least, uint64_t most,
                               uint64_t *value, cw_error *error)
{
    cw_error inner = {0};
    uint64_t number = 0;
    if (cw_parse_u64(text, &number, &inner) != CW_OK)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text, "%s: %s", name,
                            inner.sentence);
    if (number < least || number > most)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
                            "%s: %s is out of bounds; %llu to %llu is allowed", name,
                            shown(text).text, (unsigned long long)least, (unsigned long long)most);
    *value = number;
    return CW_OK;
}

static cw_status apply_threads(cw_options *options, const char *text, cw_error *error)
{
    uint64_t threads = 0;
    const cw_status status = parse_bounded("--threads", text, 1, CW_THREADS_MAX, &threads, error);
    if (status != CW_OK)
        return status;
    options->threads[0] = (int)threads;
    options->thread_count = 1;
    return CW_OK;
}

static bool thread_listed(const cw_options *options, int threads)
{
    for (int i = 0; i < options->thread_count; i++)
        if (options->threads[i] == threads)
            return true;
    return false;
}

/* 1,2,4: repeated numbers count once, the order is kept. */
static cw_status apply_thread_list(cw_options *options, const char *text, cw_error *error)
{
    options->thread_count = 0;
    for (const char *at = text;; at++) {
        char item[32];
        const size_t length = strcspn(at, ",");
        (void)snprintf(item, sizeof item, "%.*s", (int)(length < 31 ? length : 31), at);
        if (length == 0)
            return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
                                "--threads: %s has an empty place; a list such as 1,2,4 is "
                                "allowed",
                                shown(text).text);
        uint64_t threads = 0;
        const cw_status status =
            parse_bounded("--threads", item, 1, CW_THREADS_MAX, &threads, error);
        if (status != CW_OK)
            return status;
        if (!thread_listed(options, (int)threads)) {
            if (options->thread_count == CW_THREAD_LIST_MAX)
                return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
                                    "--threads: more than %d different numbers of threads",
                                    CW_THREAD_LIST_MAX);
            options->threads[options->thread_count++] = (int)threads;
        }
        at += length;
        if (*at == '\0')
            return CW_OK;
    }
}

static cw_status apply_schedule(cw_options *options, const char *text, cw_error *error)
{
    cw_error inner = {0};
    if (cw_schedule_parse(text, &options->policy, &options->chunk, &inner) != CW_OK)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text, "--schedule: %s",
                            inner.sentence);
    return CW_OK;
}

static cw_status apply_isa(cw_options *options, const char *text, cw_error *error)
{
    cw_error inner = {0};
    if (cw_isa_parse(text, &options->isa, &inner) != CW_OK)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text, "--isa: %s", inner.sentence);
    return CW_OK;
}

static cw_status apply_seconds(cw_options *options, const char *text, cw_error *error)
{
    char *end;
    const double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds > 0 && seconds <= 1e6))
        return cw_error_set(
            error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
            "--seconds: %s is not a time; more than 0 and at most 1000000 is allowed",
            shown(text).text);
    options->seconds = seconds;
    return CW_OK;
}

static cw_status apply_rounds(cw_options *options, const char *text, cw_error *error)
{
    uint64_t rounds = 0;
    const cw_status status = parse_bounded("--rounds", text, 1, 100000, &rounds, error);
    if (status == CW_OK)
        options->rounds = (int)rounds;
    return status;
}

#define FLAG(function, field, value)                                                               \
    static cw_status function(cw_options *options, const char *text, cw_error *error)              \
    {                                                                                              \
        (void)text;                                                                                \
        (void)error;                                                                               \
        options->field = value;                                                                    \
        return CW_OK;                                                                              \
    }

FLAG(apply_serial, serial, true)
FLAG(apply_json, json, true)
FLAG(apply_verbose, verbose, true)
FLAG(apply_check, check, true)
FLAG(apply_long, long_tests, true)
FLAG(apply_help, help, true)
FLAG(apply_progress, progress, CW_PROGRESS_ON)
FLAG(apply_no_progress, progress, CW_PROGRESS_OFF)

/* The tables */

#define OPTION_SCHEDULE                                                                            \
    {                                                                                              \
        "schedule", 's', "POLICY[,CHUNK]", "auto, static, dynamic or guided; items at a time",     \
            apply_schedule                                                                         \
    }
#define OPTION_ISA                                                                                 \
    {                                                                                              \
        "isa", 0, "LEVEL",                                                                         \
            "highest instruction set to use: reference, avx2 and avx512, or neon on AArch64",      \
            apply_isa                                                                              \
    }
#define OPTION_JSON                                                                                \
    {                                                                                              \
        "json", 0, NULL, "a JSON object on standard output instead of text", apply_json            \
    }
#define OPTION_PROGRESS                                                                            \
    {                                                                                              \
        "progress", 0, NULL, "show progress even if standard error is no terminal", apply_progress \
    }
#define OPTION_NO_PROGRESS                                                                         \
    {                                                                                              \
        "no-progress", 0, NULL, "show no progress", apply_no_progress                              \
    }
#define OPTION_HELP                                                                                \
    {                                                                                              \
        "help", 'h', NULL, "show this text", apply_help                                            \
    }
#define OPTIONS_END                                                                                \
    {                                                                                              \
        NULL, 0, NULL, NULL, NULL                                                                  \
    }

const cw_option cw_options_plain[] = {OPTION_JSON, OPTION_HELP, OPTIONS_END};

const cw_option cw_options_help[] = {OPTION_HELP, OPTIONS_END};

const cw_option cw_options_run[] = {
    {"threads", 't', "N", "threads to use (else OMP_NUM_THREADS, else what `info` says)",
     apply_threads},
    OPTION_SCHEDULE,
    {"serial", 0, NULL, "the plain serial baseline: no OpenMP at all", apply_serial},
    OPTION_ISA,
    {"check", 0, NULL, "hold the result against known values or a plain reference", apply_check},
    OPTION_JSON,
    {"verbose", 'v', NULL, "say how it was run even if standard error is no terminal",
     apply_verbose},
    OPTION_PROGRESS,
    OPTION_NO_PROGRESS,
    OPTION_HELP,
    OPTIONS_END,
};

const cw_option cw_options_compare[] = {
    {"threads", 't', "N,N,...", "thread counts to hold against the baseline (default 1,2,4..)",
     apply_thread_list},
    OPTION_SCHEDULE,
    OPTION_ISA,
    {"seconds", 0, "S", "stop after about that time, however wide the intervals still are",
     apply_seconds},
    {"rounds", 0, "N", "at most that many rounds", apply_rounds},
    OPTION_JSON,
    OPTION_PROGRESS,
    OPTION_NO_PROGRESS,
    OPTION_HELP,
    OPTIONS_END,
};

const cw_option cw_options_verify[] = {
    {"long", 0, NULL, "larger cases too: minutes instead of seconds", apply_long},
    OPTION_JSON,
    OPTION_PROGRESS,
    OPTION_NO_PROGRESS,
    OPTION_HELP,
    OPTIONS_END,
};

/* Parameters of a kernel */

static const char *parameter_title(const cw_parameter *parameter, char title[32])
{
    (void)snprintf(title, 32, "%s%s", parameter->positional ? "" : "--", parameter->name);
    return title;
}

static cw_status apply_choice(const cw_parameter *parameter, const char *text, cw_value *value,
                              cw_error *error)
{
    char allowed[120] = "";
    cw_spelling spelling = cw_spelling_of(text);
    for (uint64_t i = 0; parameter->choices[i] != NULL; i++) {
        if (strcmp(parameter->choices[i], text) == 0) {
            value->number = i;
            return CW_OK;
        }
        cw_spelling_offer(&spelling, parameter->choices[i]);
        const size_t used = strlen(allowed);
        (void)snprintf(allowed + used, sizeof allowed - used, "%s%s", i == 0 ? "" : ", ",
                       parameter->choices[i]);
    }
    char title[32];
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text, "%s: %s is not one of %s%s%s%s",
                        parameter_title(parameter, title), shown(text).text, allowed,
                        spelling.nearest ? "; did you mean " : "",
                        spelling.nearest ? spelling.nearest : "", spelling.nearest ? "?" : "");
}

static cw_status apply_parameter(const cw_parameter *parameter, const char *text, cw_value *value,
                                 cw_error *error)
{
    char title[32];
    cw_status status = CW_OK;
    switch (parameter->kind) {
    case CW_PARAMETER_NUMBER:
        status = parse_bounded(parameter_title(parameter, title), text, parameter->least,
                               parameter->most, &value->number, error);
        break;
    case CW_PARAMETER_TEXT:
        if (*text == '\0')
            status = cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
                                  "%s: the text is empty", parameter_title(parameter, title));
        break;
    case CW_PARAMETER_CHOICE:
        status = apply_choice(parameter, text, value, error);
        break;
    case CW_PARAMETER_FLAG:
        value->number = 1;
        break;
    }
    if (status != CW_OK)
        return status;
    value->text = text;
    value->present = true;
    return CW_OK;
}

static cw_status apply_presets(const cw_kernel *kernel, cw_value *values, cw_error *error)
{
    for (int i = 0; i < kernel->parameter_count; i++) {
        const cw_parameter *parameter = &kernel->parameters[i];
        if (values[i].present)
            continue;
        if (parameter->required)
            return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "%s needs %s%s: %s",
                                kernel->name, parameter->positional ? "" : "--", parameter->name,
                                parameter->help);
        if (parameter->preset == NULL)
            continue;
        const cw_status status = apply_parameter(parameter, parameter->preset, &values[i], error);
        if (status != CW_OK)
            return status;
    }
    return CW_OK;
}

static cw_status apply_positional(const cw_kernel *kernel, const char *text, cw_value *values,
                                  cw_error *error)
{
    for (int i = 0; i < kernel->parameter_count && kernel->parameters[i].positional; i++) {
        if (values[i].given)
            continue;
        values[i].given = true;
        return apply_parameter(&kernel->parameters[i], text, &values[i], error);
    }
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, text,
                        "%s is one argument too many; allowed is: %s %s", shown(text).text,
                        kernel->name, kernel->usage);
}

/* getopt's view of a subcommand's options and a kernel's */

enum {
    OPTIONS_MAX = 16 + CW_PARAMETERS_MAX,
    /* What getopt_long returns for option i. Outside the range of letters, so that letters and long
     * names meet in one place. */
    OPTION_BASE = 1000
};

typedef struct grammar {
    const cw_option *options;
    int option_count;
    const cw_kernel *kernel; /* NULL while it is not known yet */
    struct option longs[OPTIONS_MAX + 1];
    char shorts[2 * OPTIONS_MAX + 3];
} grammar;

static void grammar_add(grammar *g, int index, const char *name, char letter, bool argument)
{
    g->longs[index] = (struct option){.name = name,
                                      .has_arg = argument ? required_argument : no_argument,
                                      .val = OPTION_BASE + index};
    if (letter != 0) {
        const size_t used = strlen(g->shorts);
        (void)snprintf(g->shorts + used, sizeof g->shorts - used, "%c%s", letter,
                       argument ? ":" : "");
    }
}

/* `mode`: "+" stops at the first word that is no option, "" looks for options among all words. */
static void grammar_make(grammar *g, const cw_option *options, const cw_kernel *kernel,
                         const char *mode)
{
    *g = (grammar){.options = options, .kernel = kernel};
    (void)snprintf(g->shorts, sizeof g->shorts, "%s:", mode);
    int count = 0;
    for (; options[count].name != NULL; count++)
        grammar_add(g, count, options[count].name, options[count].letter,
                    options[count].argument != NULL);
    g->option_count = count;
    for (int i = 0; kernel != NULL && i < kernel->parameter_count; i++) {
        const cw_parameter *parameter = &kernel->parameters[i];
        if (!parameter->positional)
            grammar_add(g, count++, parameter->name, parameter->letter,
                        parameter->kind != CW_PARAMETER_FLAG);
    }
}

/* The kernel's parameter that is option `index` of the grammar. */
static int parameter_of(const grammar *g, int index)
{
    int left = index - g->option_count;
    for (int i = 0; i < g->kernel->parameter_count; i++)
        if (!g->kernel->parameters[i].positional && left-- == 0)
            return i;
    return -1;
}

static int index_of_letter(const grammar *g, int letter)
{
    for (int i = 0; i < g->option_count; i++)
        if (g->options[i].letter == letter)
            return i;
    int index = g->option_count;
    for (int i = 0; g->kernel != NULL && i < g->kernel->parameter_count; i++) {
        if (g->kernel->parameters[i].positional)
            continue;
        if (g->kernel->parameters[i].letter == letter)
            return index;
        index++;
    }
    return -1;
}

static bool belongs_to_a_kernel(const char *name)
{
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        for (int i = 0; i < (*kernel)->parameter_count; i++)
            if (!(*kernel)->parameters[i].positional &&
                strcmp((*kernel)->parameters[i].name, name) == 0)
                return true;
    return false;
}

static cw_status unknown_option(const grammar *g, const char *word, cw_error *error)
{
    if (word[0] == '-' && isdigit((unsigned char)word[1]))
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word,
                            "%s is negative; a number must lie in 0 to 2^64-1", shown(word).text);
    if (word[1] != '-') {
        /* Beyond ASCII a letter is several bytes, of which getopt has seen one. */
        const char letter[] = {(char)optopt, '\0'};
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word, "there is no option -%s",
                            shown((unsigned)optopt < 0x80 ? letter : word + 1).text);
    }
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    if (g->kernel == NULL && belongs_to_a_kernel(name))
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word,
                            "--%s is an option of a kernel and comes after the kernel's name",
                            name);
    cw_spelling spelling = cw_spelling_of(name);
    for (int i = 0; g->longs[i].name != NULL; i++)
        cw_spelling_offer(&spelling, g->longs[i].name);
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word,
                        "there is no option --%s%s%s%s%s%s", shown(name).text,
                        g->kernel != NULL ? " for " : "", g->kernel != NULL ? g->kernel->name : "",
                        spelling.nearest ? "; did you mean --" : "",
                        spelling.nearest ? spelling.nearest : "", spelling.nearest ? "?" : "");
}

/* getopt said '?': no such option, one that is short for several, or an argument where none goes.
 */
static cw_status refused_option(const grammar *g, char *const *argv, cw_error *error)
{
    const char *word = argv[optind - 1];
    if (optopt >= OPTION_BASE)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word,
                            "--%s takes no argument, but %s was given",
                            g->longs[optopt - OPTION_BASE].name, shown(word).text);
    /* Inside a cluster of letters getopt has not moved on yet. */
    if (optopt != 0 && (word[0] != '-' || strchr(word, optopt) == NULL))
        word = argv[optind];
    const size_t length = strlen(word);
    int matches = 0;
    const char *first = NULL;
    for (int i = 0; optopt == 0 && length > 2 && g->longs[i].name != NULL; i++) {
        if (strncmp(g->longs[i].name, word + 2, length - 2) == 0 && matches++ == 0)
            first = g->longs[i].name;
    }
    if (matches > 1)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, word,
                            "%s is short for several options, --%s among them; write it out",
                            shown(word).text, first);
    return unknown_option(g, word, error);
}

static cw_status missing_argument(const grammar *g, cw_error *error)
{
    const int index = optopt >= OPTION_BASE ? optopt - OPTION_BASE : index_of_letter(g, optopt);
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "--%s needs an argument%s%s",
                        g->longs[index].name, index < g->option_count ? ": " : "",
                        index < g->option_count ? g->options[index].argument : "");
}

static cw_status apply_option(const grammar *g, int code, cw_options *options, cw_error *error)
{
    const int index = code >= OPTION_BASE ? code - OPTION_BASE : index_of_letter(g, code);
    if (index < g->option_count)
        return g->options[index].apply(options, optarg, error);
    const int parameter = parameter_of(g, index);
    options->values[parameter].given = true;
    return apply_parameter(&g->kernel->parameters[parameter], optarg ? optarg : "",
                           &options->values[parameter], error);
}

/* Take options until the words run out or, with "+", until the first that is none. */
static cw_status take_options(grammar *g, int argc, char **argv, cw_options *options,
                              cw_error *error)
{
    opterr = 0;
    optind = 0; /* GNU: start anew */
    int code;
    while ((code = getopt_long(argc, argv, g->shorts, g->longs, NULL)) != -1) {
        cw_status status;
        if (code == '?')
            status = refused_option(g, argv, error);
        else if (code == ':')
            status = missing_argument(g, error);
        else
            status = apply_option(g, code, options, error);
        if (status != CW_OK || options->help)
            return status;
    }
    return CW_OK;
}

static cw_status find_kernel(const cw_command *command, const char *name, const cw_kernel **found,
                             cw_error *error)
{
    *found = cw_catalogue_find(name);
    if (*found != NULL)
        return CW_OK;
    char all[120] = "";
    cw_spelling spelling = cw_spelling_of(name);
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++) {
        cw_spelling_offer(&spelling, (*kernel)->name);
        const size_t used = strlen(all);
        (void)snprintf(all + used, sizeof all - used, "%s%s", used == 0 ? "" : ", ",
                       (*kernel)->name);
    }
    if (spelling.nearest != NULL)
        return cw_error_set(
            error, CW_ERR_ARGUMENT, CW_NO_INDEX, name, "there is no kernel %s; did you mean %s?",
            cw_quote_text(*name ? name : "of that (empty) name").text, spelling.nearest);
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, name,
                        "%s: there is no kernel %s; there are %s", command->name,
                        cw_quote_text(*name ? name : "of that (empty) name").text, all);
}

static cw_status parse_kernel(const cw_command *command, int argc, char **argv, cw_options *options,
                              cw_error *error)
{
    const cw_kernel *kernel;
    cw_status status = find_kernel(command, argv[0], &kernel, error);
    if (status != CW_OK)
        return status;
    options->kernel = kernel;
    grammar g;
    grammar_make(&g, command->options, kernel, "");
    status = take_options(&g, argc, argv, options, error);
    if (status != CW_OK || options->help)
        return status;
    for (int i = optind; i < argc; i++) {
        status = apply_positional(kernel, argv[i], options->values, error);
        if (status != CW_OK)
            return status;
    }
    return apply_presets(kernel, options->values, error);
}

cw_status cw_options_parse(const cw_command *command, int argc, char **argv, cw_options *options,
                           cw_error *error)
{
    *options = (cw_options){0};
    grammar g;
    grammar_make(&g, command->options, NULL, command->takes == CW_TAKES_KERNEL ? "+" : "");
    const cw_status status = take_options(&g, argc, argv, options, error);
    if (status != CW_OK || options->help)
        return status;
    const int left = argc - optind;
    if (command->takes == CW_TAKES_KERNEL) {
        if (left == 0)
            return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                                "%s needs the name of a kernel; `chunkwise list` shows them",
                                command->name);
        return parse_kernel(command, left, argv + optind, options, error);
    }
    const int allowed = command->takes == CW_TAKES_TOPIC ? 1 : 0;
    if (left > allowed)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, argv[optind + allowed],
                            "%s is one argument too many; allowed is: %s%s%s",
                            shown(argv[optind + allowed]).text, command->name,
                            *command->usage ? " " : "", command->usage);
    if (left == 1)
        options->topic = argv[optind];
    return CW_OK;
}
