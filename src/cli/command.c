/* Finds the subcommand, reads its command line, runs it, and sees to it that output arrived. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include "base/quote.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "cli/spelling.h"
#include "config.h"
#include "parallel/runtime.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

const cw_command *const cw_commands[] = {
    &cw_command_list,
    &cw_command_info,
    &cw_command_run,
    &cw_command_compare,
    &cw_command_verify,
    &cw_command_help,
    NULL,
};

const cw_command *cw_command_find(const char *name)
{
    for (const cw_command *const *command = cw_commands; *command != NULL; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}

/* When we are started with a closed standard stream, the next file we open would take its place and
 * be written over. Something that refuses to be used takes it first. */
static void guard_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) == -1)
            (void)open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int print_version(void)
{
    (void)printf("chunkwise %s (%s, %s)\n", CW_VERSION, CW_COMPILER,
                 cw_runtime_version() != 0 ? cw_runtime_name() : "without OpenMP");
    return CW_EXIT_OK;
}

static int unknown_command(const char *name)
{
    cw_spelling spelling = cw_spelling_of(name);
    for (const cw_command *const *command = cw_commands; *command != NULL; command++)
        cw_spelling_offer(&spelling, (*command)->name);
    cw_spelling kernels = cw_spelling_of(name);
    for (const cw_kernel *const *kernel = cw_catalogue(); *kernel != NULL; kernel++)
        cw_spelling_offer(&kernels, (*kernel)->name);
    if (kernels.nearest != NULL && kernels.distance < spelling.distance)
        (void)fprintf(stderr,
                      "chunkwise: %s is a kernel; say what to do with it: `chunkwise run %s` or "
                      "`chunkwise compare %s`\n",
                      kernels.nearest, kernels.nearest, kernels.nearest);
    else if (spelling.nearest != NULL)
        (void)fprintf(stderr, "chunkwise: there is no command %s; did you mean %s?\n",
                      cw_quote_text(name).text, spelling.nearest);
    else
        (void)fprintf(stderr,
                      "chunkwise: there is no command %s; `chunkwise help` shows all of them\n",
                      cw_quote_text(*name ? name : "of that (empty) name").text);
    return CW_EXIT_USAGE;
}

static int run_command(const cw_command *command, int argc, char **argv)
{
    cw_options options;
    cw_error error = {0};
    cw_status status = cw_options_parse(command, argc, argv, &options, &error);
    if (status != CW_OK) {
        (void)cw_complain(status, &error);
        (void)fprintf(stderr, "`chunkwise help %s` says what is allowed\n",
                      options.kernel != NULL ? options.kernel->name : command->name);
        return CW_EXIT_USAGE;
    }
    if (options.help) {
        if (options.kernel != NULL)
            cw_help_kernel(options.kernel, stdout);
        else
            cw_help_command(command, stdout);
        return CW_EXIT_OK;
    }
    return command->run(&options);
}

static int run_words(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("chunkwise: say what to do: `chunkwise help` shows the commands\n", stderr);
        return CW_EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return print_version();
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        word = "help";
    const cw_command *command = cw_command_find(word);
    if (command == NULL)
        return unknown_command(word);
    return run_command(command, argc - 1, argv + 1);
}

int cw_command_main(int argc, char **argv)
{
    guard_standard_streams();
    /* A closed pipe and a limit of size are errors of write, so that unfinished files are removed
     * on the way out. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    return cw_flush_output(run_words(argc, argv));
}
