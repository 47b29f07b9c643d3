/* The help command: everything, one subcommand, or one kernel. */
/* SPDX-License-Identifier: MIT */
#include "base/quote.h"
#include "cli/command.h"
#include "cli/outcome.h"
#include "cli/paragraph.h"
#include "cli/spelling.h"

#include <string.h>

/* "  LEFT            text", the text wrapped in its own column. */
static void print_row(FILE *stream, const char *left, const char *text)
{
    enum { LEFT = 26 };
    const int printed = fprintf(stream, "  %s", left);
    if (printed >= LEFT)
        (void)fprintf(stream, "\n%*s", LEFT, "");
    else
        (void)fprintf(stream, "%*s", LEFT - printed, "");
    cw_paragraph_print(stream, text, LEFT);
}

static void print_option_row(FILE *stream, const char *name, char letter, const char *argument,
                             const char *help)
{
    char left[64];
    char short_form[8] = "";
    if (letter != 0)
        (void)snprintf(short_form, sizeof short_form, "-%c, ", letter);
    (void)snprintf(left, sizeof left, "%s--%s%s%s", short_form, name, argument ? " " : "",
                   argument ? argument : "");
    print_row(stream, left, help);
}

/* What stands for the argument of a kernel's option; `text` is room for it. */
static const char *argument_of(const cw_parameter *parameter, char text[64])
{
    switch (parameter->kind) {
    case CW_PARAMETER_NUMBER:
        (void)snprintf(text, 64, "N");
        break;
    case CW_PARAMETER_TEXT:
        (void)snprintf(text, 64, "FILE");
        break;
    case CW_PARAMETER_CHOICE:
        text[0] = '\0';
        for (int i = 0; parameter->choices[i] != NULL; i++) {
            const size_t used = strlen(text);
            (void)snprintf(text + used, 64 - used, "%s%s", i == 0 ? "" : "|",
                           parameter->choices[i]);
        }
        break;
    case CW_PARAMETER_FLAG:
        return NULL;
    }
    return text;
}

static void print_parameter(FILE *stream, const cw_parameter *parameter)
{
    char help[320];
    int used = snprintf(help, sizeof help, "%s", parameter->help);
    if (parameter->unit != NULL && used < (int)sizeof help)
        used += snprintf(help + used, sizeof help - (size_t)used, ", in %s", parameter->unit);
    if (parameter->preset != NULL && used < (int)sizeof help)
        (void)snprintf(help + used, sizeof help - (size_t)used, " (%s unless given)",
                       parameter->preset);
    if (parameter->positional) {
        print_row(stream, parameter->name, help);
        return;
    }
    char argument[64];
    print_option_row(stream, parameter->name, parameter->letter, argument_of(parameter, argument),
                     help);
}

void cw_help_kernel(const cw_kernel *kernel, FILE *stream)
{
    (void)fprintf(stream, "%s: %s\n\n", kernel->name, kernel->summary);
    (void)fprintf(stream, "  chunkwise run %s %s\n", kernel->name, kernel->usage);
    (void)fprintf(stream, "  chunkwise compare %s %s\n\n", kernel->name, kernel->usage);
    for (int i = 0; i < kernel->parameter_count; i++)
        print_parameter(stream, &kernel->parameters[i]);
    if (kernel->details != NULL) {
        (void)fputc('\n', stream);
        cw_paragraph_print(stream, kernel->details, 0);
    }
    (void)fputs("\n`chunkwise help run` and `chunkwise help compare` show the options that every\n"
                "kernel has.\n",
                stream);
}

void cw_help_command(const cw_command *command, FILE *stream)
{
    (void)fprintf(stream, "chunkwise %s%s%s\n\n", command->name, *command->usage ? " " : "",
                  command->usage);
    if (command->details != NULL) {
        cw_paragraph_print(stream, command->details, 0);
        (void)fputc('\n', stream);
    }
    for (const cw_option *option = command->options; option->name != NULL; option++)
        print_option_row(stream, option->name, option->letter, option->argument, option->help);
}

static void help_everything(FILE *stream)
{
    (void)fputs("chunkwise: parallel computation on the processors of one machine\n\n", stream);
    for (const cw_command *const *command = cw_commands; *command != NULL; command++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%s %s", (*command)->name, (*command)->usage);
        print_row(stream, left, (*command)->summary);
    }
    (void)fputs("\nKernels\n", stream);
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        print_row(stream, (*kernel)->name, (*kernel)->summary);
    (void)fputs(
        "\nNumbers may be written 10000000000, 1e10, 10^10, 2^40, 1e12+1e10. Results go to\n"
        "standard output, everything else to standard error. Threads, schedule and\n"
        "binding follow OMP_NUM_THREADS, OMP_SCHEDULE, OMP_PROC_BIND and OMP_PLACES where\n"
        "no option says otherwise; CW_ISA lowers the instruction set.\n"
        "\nExit codes\n",
        stream);
    (void)fputs(cw_exit_help, stream);
}

static int unknown_topic(const char *topic)
{
    cw_spelling spelling = cw_spelling_of(topic);
    for (const cw_command *const *command = cw_commands; *command != NULL; command++)
        cw_spelling_offer(&spelling, (*command)->name);
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        cw_spelling_offer(&spelling, (*kernel)->name);
    (void)fprintf(stderr, "chunkwise: %s is neither a command nor a kernel",
                  cw_quote_text(*topic ? topic : "the empty text").text);
    if (spelling.nearest != NULL)
        (void)fprintf(stderr, "; did you mean %s?\n", spelling.nearest);
    else
        (void)fputs("; `chunkwise help` shows all of them\n", stderr);
    return CW_EXIT_USAGE;
}

static int help(const cw_options *options)
{
    if (options->topic == NULL) {
        help_everything(stdout);
        return CW_EXIT_OK;
    }
    const cw_command *command = cw_command_find(options->topic);
    const cw_kernel *kernel = cw_catalogue_find(options->topic);
    if (command == NULL && kernel == NULL)
        return unknown_topic(options->topic);
    if (command != NULL)
        cw_help_command(command, stdout);
    else
        cw_help_kernel(kernel, stdout);
    return CW_EXIT_OK;
}

const cw_command cw_command_help = {
    .name = "help",
    .usage = "[COMMAND|KERNEL]",
    .summary = "this text, or all about one command or kernel",
    .takes = CW_TAKES_TOPIC,
    .options = cw_options_help,
    .run = help,
};
