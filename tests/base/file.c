/* Whole files: mapped, read from pipes, and refused with a sentence. */
/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/memory.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <sys/wait.h>

/* A byte that depends on its place, and has no period near a power of two. */
static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 31 + i / 251);
}

static void check_bytes(const cw_file *file, size_t size)
{
    assert_int_equal(file->size, size);
    for (size_t i = 0; i < size; i++) {
        if (file->bytes[i] != byte_at(i))
            fail_msg("byte %zu of %zu differs", i, size);
    }
}

static void regular_files_are_mapped(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_write(&folder, "numbers", "1\n2\n3\n");
    scratch_path(&folder, "numbers", path);
    cw_file file = {0};
    assert_int_equal(cw_file_load(path, &file, NULL), CW_OK);
    assert_true(file.is_mapped);
    assert_int_equal(file.size, 6);
    assert_memory_equal(file.bytes, "1\n2\n3\n", 6);
    cw_file_finish(&file);
    assert_null(file.bytes);
    cw_file_finish(&file);
    cw_file_finish(NULL);
    scratch_remove(&folder);
}

/* Files whose size the system does not tell, or tells wrongly. */
static void files_of_the_system_are_read(void **state)
{
    (void)state;
    static const char *const paths[] = {"/proc/self/status", "/sys/devices/system/cpu/possible"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (access(paths[i], R_OK) != 0)
            continue;
        cw_file file = {0};
        cw_error error = {0};
        if (cw_file_load(paths[i], &file, &error) != CW_OK)
            fail_msg("%s", error.sentence);
        assert_false(file.is_mapped);
        assert_true(file.size > 0 && file.bytes[file.size - 1] == '\n');
        cw_file_finish(&file);
    }
}

static atomic_int alarms;

static void wait_for_alarms(void)
{
    while (alarms < 3)
        ;
}

static void block_alarms(void)
{
    sigset_t alarm_only;
    (void)sigemptyset(&alarm_only);
    (void)sigaddset(&alarm_only, SIGALRM);
    (void)pthread_sigmask(SIG_BLOCK, &alarm_only, NULL);
}

/* A thread that writes known bytes into a pipe. */
typedef struct pipe_job {
    int descriptor;
    size_t size;
    bool waits; /* until somebody else has been interrupted by alarms */
    cw_status status;
} pipe_job;

static void *fill_pipe(void *argument)
{
    pipe_job *job = argument;
    if (job->waits) {
        block_alarms();
        wait_for_alarms();
    }
    unsigned char *bytes = malloc(job->size + 1);
    for (size_t i = 0; i < job->size; i++)
        bytes[i] = byte_at(i);
    job->status = cw_file_write_all(job->descriptor, "the pipe", bytes, job->size, NULL);
    free(bytes);
    (void)close(job->descriptor);
    return NULL;
}

static void pipes_are_read_to_their_end(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 4095, 65535, 65536, 65537, 131072, 1000003};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pipe_job job = {.descriptor = ends[1], .size = sizes[i]};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, fill_pipe, &job), 0);
        cw_file file = {0};
        const cw_status status = cw_file_load_descriptor(ends[0], "the pipe", &file, NULL);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(status, CW_OK);
        assert_int_equal(job.status, CW_OK);
        assert_false(file.is_mapped);
        check_bytes(&file, sizes[i]);
        cw_file_finish(&file);
        (void)close(ends[0]);
    }
}

static void count_alarm(int number)
{
    (void)number;
    alarms++;
}

/* A signal every 2 ms while one side waits for the other: nothing is lost. */
static void transfer_under_alarms(int pipe_flags, bool interrupt_reader)
{
    const struct itimerval often = {{0, 2000}, {0, 2000}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    int ends[2];
    sigset_t mask;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    assert_int_equal(pipe2(ends, pipe_flags), 0);
    pipe_job job = {.descriptor = ends[1], .size = 1000000, .waits = interrupt_reader};
    pthread_t thread;
    cw_file file = {0};
    alarms = 0;
    assert_int_equal(pthread_create(&thread, NULL, fill_pipe, &job), 0);
    if (!interrupt_reader)
        block_alarms();
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    if (!interrupt_reader)
        wait_for_alarms();
    const cw_status status = cw_file_load_descriptor(ends[0], "the pipe", &file, NULL);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &mask, NULL), 0);
    assert_int_equal(status, CW_OK);
    assert_int_equal(job.status, CW_OK);
    check_bytes(&file, job.size);
    cw_file_finish(&file);
    (void)close(ends[0]);
}

static void interrupted_calls_go_on(void **state)
{
    (void)state;
    const struct sigaction action = {.sa_handler = count_alarm};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    transfer_under_alarms(0, true);
    transfer_under_alarms(O_NONBLOCK, true);
    transfer_under_alarms(0, false);
    transfer_under_alarms(O_NONBLOCK, false);
    (void)signal(SIGALRM, SIG_DFL);
}

/* `{ read line; chunkwise ...; } < file` goes on where the file stands. */
static void a_descriptor_is_read_from_where_it_stands(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_write(&folder, "numbers", "1\n2\n3\n");
    scratch_path(&folder, "numbers", path);
    const int descriptor = open(path, O_RDONLY);
    cw_file file = {0};
    assert_int_equal(lseek(descriptor, 2, SEEK_SET), 2);
    assert_int_equal(cw_file_load_descriptor(descriptor, "standard input", &file, NULL), CW_OK);
    assert_int_equal(file.size, 4);
    assert_memory_equal(file.bytes, "2\n3\n", 4);
    cw_file_finish(&file);
    cw_error error = {0};
    assert_int_equal(cw_file_load_descriptor(descriptor, "standard input", &file, &error),
                     CW_ERR_FORMAT);
    assert_string_equal(error.sentence, "standard input is empty");
    assert_int_equal(close(descriptor), 0);
    scratch_remove(&folder);
}

static void check_refused(const char *path, cw_status status, const char *reason)
{
    cw_file file = {.size = 12345};
    cw_error error = {0};
    const cw_status got = cw_file_load(path, &file, &error);
    if (got != status || error.status != status || file.size != 12345 ||
        strstr(error.sentence, reason) == NULL || strstr(error.sentence, path) == NULL)
        fail_msg("%s: status %d, \"%s\" does not say %s", path, (int)got, error.sentence, reason);
}

static void what_cannot_be_read_gets_a_sentence(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_write(&folder, "empty", "");
    scratch_path(&folder, "empty", path);
    check_refused(path, CW_ERR_FORMAT, "is empty");
    scratch_path(&folder, "missing", path);
    check_refused(path, CW_ERR_IO, "cannot open");
    check_refused(path, CW_ERR_IO, "No such file");
    scratch_path(&folder, "empty/below", path);
    check_refused(path, CW_ERR_IO, "Not a directory");
    check_refused(folder.root, CW_ERR_IO, "directory");
    check_refused("", CW_ERR_IO, "No such file");
    check_refused("/dev/null", CW_ERR_FORMAT, "is empty");
    scratch_remove(&folder);
}

/* Root may read everything, so somebody else has to try. */
static void a_file_without_permission(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_write(&folder, "secret", "7\n");
    scratch_path(&folder, "secret", path);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(folder.root, 0755), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        cw_file file;
        cw_error error = {0};
        if (geteuid() == 0 && seteuid(65534) != 0)
            _exit(2);
        _exit(cw_file_load(path, &file, &error) == CW_ERR_IO &&
                      strstr(error.sentence, "Permission denied") != NULL
                  ? 0
                  : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    scratch_remove(&folder);
}

/* Memory refused at any step is an error, and what was read is given back. */
static void refused_memory(void **state)
{
    (void)state;
    cw_status status = CW_ERR_NO_MEMORY;
    long refused = 0;
    while (status == CW_ERR_NO_MEMORY) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pipe_job job = {.descriptor = ends[1], .size = 300000};
        pthread_t thread;
        void (*before)(int) = signal(SIGPIPE, SIG_IGN);
        assert_int_equal(pthread_create(&thread, NULL, fill_pipe, &job), 0);
        cw_file file = {0};
        cw_error error = {0};
        cw_memory_refuse_from(refused + 1);
        status = cw_file_load_descriptor(ends[0], "the pipe", &file, &error);
        cw_memory_refuse_from(0);
        (void)close(ends[0]);
        assert_int_equal(pthread_join(thread, NULL), 0);
        (void)signal(SIGPIPE, before);
        if (status == CW_ERR_NO_MEMORY)
            assert_non_null(strstr(error.sentence, "the pipe"));
        cw_file_finish(&file);
        refused++;
    }
    assert_int_equal(status, CW_OK);
    assert_int_equal(refused, 5); /* 64, 128, 256, 512 KiB, and the last without refusal */
}

static void a_closed_pipe_and_a_full_disk(void **state)
{
    (void)state;
    int ends[2];
    cw_error error = {0};
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(cw_file_write_all(ends[1], "standard output", "x", 1, &error), CW_ERR_CLOSED);
    assert_string_equal(error.sentence, "cannot write standard output: Broken pipe");
    assert_int_equal(cw_file_write_all(ends[1], "standard output", NULL, 0, NULL), CW_OK);
    assert_int_equal(close(ends[1]), 0);
    (void)signal(SIGPIPE, before);

    const int full = open("/dev/full", O_WRONLY);
    assert_true(full >= 0);
    assert_int_equal(cw_file_write_all(full, "/dev/full", "x", 1, &error), CW_ERR_IO);
    assert_string_equal(error.sentence, "cannot write /dev/full: No space left on device");
    assert_int_equal(close(full), 0);
    assert_int_equal(cw_file_write_all(-1, "nowhere", "x", 1, &error), CW_ERR_IO);
}

/* The sentence keeps the reason whatever the length of the path. */
static void long_paths_leave_room_for_the_reason(void **state)
{
    (void)state;
    char path[3000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = 0;
    for (size_t i = 0; i < sizeof path - 1; i += 50)
        path[i] = '/';
    cw_file file;
    cw_error error = {0};
    assert_int_equal(cw_file_load(path, &file, &error), CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "aaa: No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regular_files_are_mapped),
        cmocka_unit_test(files_of_the_system_are_read),
        cmocka_unit_test(pipes_are_read_to_their_end),
        cmocka_unit_test(interrupted_calls_go_on),
        cmocka_unit_test(a_descriptor_is_read_from_where_it_stands),
        cmocka_unit_test(what_cannot_be_read_gets_a_sentence),
        cmocka_unit_test(a_file_without_permission),
        cmocka_unit_test(refused_memory),
        cmocka_unit_test(a_closed_pipe_and_a_full_disk),
        cmocka_unit_test(long_paths_leave_room_for_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
