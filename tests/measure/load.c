/* Foreign load, from a made-up /proc and from the real one. */
/* SPDX-License-Identifier: MIT */
#include "measure/load.h"

#include "base/memory.h"
#include "cw_test.h"
#include "measure/surroundings.h"

#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SELF = 100 };

static char root[] = "/tmp/chunkwise-load-XXXXXX";

static int make_root(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/chunkwise-load-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static int remove_root(void **state)
{
    (void)state;
    return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A process without the folder of its threads, as it looks while it ends. */
static void set_process(int pid, const char *schedstat)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%d", root, pid);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/%d/schedstat", root, pid);
    write_text(path, schedstat);
}

/* A thread below task/; the first one's time is the process's too. */
static void set_thread(int pid, int tid, const char *schedstat)
{
    char path[128];
    if (pid == tid)
        set_process(pid, schedstat);
    (void)snprintf(path, sizeof path, "%s/%d/task", root, pid);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/%d/task/%d", root, pid, tid);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/%d/task/%d/schedstat", root, pid, tid);
    write_text(path, schedstat);
}

static void remove_process(int pid)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%d", root, pid);
    assert_int_equal(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static cw_load *watch(const char *folder)
{
    cw_load *load = NULL;
    assert_int_equal(cw_load_create(folder, SELF, &load, NULL), CW_OK);
    cw_load_begin(load);
    return load;
}

static uint64_t end_watch(cw_load *load)
{
    const uint64_t foreign = cw_load_end(load);
    cw_load_destroy(load);
    return foreign;
}

static void others_count_and_we_do_not(void **state)
{
    (void)state;
    set_process(1, "5000 12 3\n");
    set_thread(SELF, SELF, "100 0 1\n");
    set_thread(SELF, 101, "100 0 1\n");
    set_thread(200, 200, "70000000000 1 1\n");
    cw_load *load = watch(root);
    set_process(1, "5007 12 3\n");
    set_thread(SELF, SELF, "999999 0 1\n");
    set_thread(SELF, 101, "999999 0 1\n");
    set_thread(200, 200, "70000000300 1 1\n");
    assert_int_equal(end_watch(load), 307);
}

static void every_thread_counts(void **state)
{
    (void)state;
    set_thread(300, 300, "10 0 1\n");
    set_thread(300, 301, "1000 0 1\n");
    set_thread(300, 302, "5000 0 1\n");
    cw_load *load = watch(root);
    set_thread(300, 300, "11 0 1\n");
    set_thread(300, 301, "1020 0 1\n");
    set_thread(300, 302, "5300 0 1\n");
    assert_int_equal(end_watch(load), 321);
}

static void processes_come_and_go(void **state)
{
    (void)state;
    set_process(1, "50 0 1\n");
    set_process(30, "9000 0 1\n");
    set_process(40, "800000 0 1\n");
    cw_load *load = watch(root);
    remove_process(30);
    set_process(35, "70 0 1\n");  /* new: all of it */
    set_process(40, "600 0 1\n"); /* the number is somebody else's now: all of it */
    assert_int_equal(end_watch(load), 670);
}

static void each_watch_starts_anew(void **state)
{
    (void)state;
    set_process(1, "50 0 1\n");
    cw_load *load = watch(root);
    set_process(1, "60 0 1\n");
    assert_int_equal(cw_load_end(load), 10);
    cw_load_begin(load);
    set_process(1, "63 0 1\n");
    assert_int_equal(end_watch(load), 3);
}

static void rubbish_is_passed_over(void **state)
{
    (void)state;
    static const char *const rubbish[] = {"", "\n", "x 1 2\n", "-5 0 0\n", "12x 0 0\n"};
    set_process(1, "50 0 1\n");
    for (int i = 0; i < 5; i++)
        set_process(500 + i, rubbish[i]);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/12ab", root);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/77", root); /* a folder with nothing in it */
    assert_int_equal(mkdir(path, 0700), 0);
    cw_load *load = watch(root);
    set_process(1, "55 0 1\n");
    assert_int_equal(end_watch(load), 5);
}

static void many_processes_are_kept(void **state)
{
    (void)state;
    for (int pid = 1; pid <= 700; pid++)
        set_process(pid, pid == SELF ? "1 0 0\n" : "1000 0 0\n");
    cw_load *load = watch(root);
    for (int pid = 1; pid <= 700; pid++)
        set_process(pid, "1002 0 0\n");
    assert_int_equal(end_watch(load), 2 * 699);
}

static void what_cannot_be_seen_is_unknown(void **state)
{
    (void)state;
    char missing[64];
    (void)snprintf(missing, sizeof missing, "%s/missing", root);
    assert_true(end_watch(watch(missing)) == CW_LOAD_UNKNOWN);
    assert_true(end_watch(watch(root)) == CW_LOAD_UNKNOWN); /* nobody there */
    set_process(SELF, "12345 0 0\n");
    assert_true(end_watch(watch(root)) == CW_LOAD_UNKNOWN); /* we alone */
    set_process(1, "0 0 0\n");
    set_process(2, "0 0 0\n");
    assert_true(end_watch(watch(root)) == CW_LOAD_UNKNOWN); /* times are not kept */
}

static void missing_memory_is_unknown(void **state)
{
    (void)state;
    set_process(1, "50 0 1\n");
    cw_memory_refuse_from(1);
    cw_load *load = NULL;
    assert_int_equal(cw_load_create(root, SELF, &load, NULL), CW_ERR_NO_MEMORY);
    cw_memory_refuse_from(2);
    load = watch(root);
    cw_memory_refuse_from(0);
    assert_true(end_watch(load) == CW_LOAD_UNKNOWN);
}

static uint64_t own_time_ns(const cw_surroundings *machine)
{
    uint64_t user_ns, system_ns;
    machine->usage(machine->context, &user_ns, &system_ns);
    return user_ns + system_ns;
}

enum { WORK_NS = 50000000 };

/* Work for a while, say so, and wait to be ended. */
static void work_as_child(int told)
{
    struct timespec used = {0};
    while (used.tv_sec == 0 && used.tv_nsec < WORK_NS)
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    if (write(told, "", 1) == 1)
        (void)pause();
    _exit(0);
}

/* The real machine: another process's work is seen, where anything is, and is ours only once it
 * was waited for. The kernel may count in ticks, of which one can be missing. */
static void a_real_process_is_seen(void **state)
{
    (void)state;
    const uint64_t least_ns = WORK_NS - 11000000;
    cw_surroundings machine;
    int told[2];
    char byte;
    assert_int_equal(cw_surroundings_init(&machine, NULL), CW_OK);
    assert_int_equal(pipe(told), 0);
    machine.watch(machine.context);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        work_as_child(told[1]);
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_true(machine.foreign(machine.context) >= least_ns);

    const uint64_t before_ns = own_time_ns(&machine);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(own_time_ns(&machine) - before_ns >= least_ns);
    (void)close(told[0]);
    (void)close(told[1]);
    cw_surroundings_finish(&machine);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(others_count_and_we_do_not),      IN_ROOT(every_thread_counts),
        IN_ROOT(processes_come_and_go),           IN_ROOT(each_watch_starts_anew),
        IN_ROOT(rubbish_is_passed_over),          IN_ROOT(many_processes_are_kept),
        IN_ROOT(what_cannot_be_seen_is_unknown),  IN_ROOT(missing_memory_is_unknown),
        cmocka_unit_test(a_real_process_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
