/* Output appears complete or not at all, whatever fails on the way. */
/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/memory.h"
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* The linker sends these calls here (-Wl,--wrap), so that each can fail. */
typedef enum fault {
    NO_FAULT,
    FAULT_FSYNC,        /* of the file */
    FAULT_FOLDER_FSYNC, /* after the rename */
    FAULT_FOLDER_UNSUPPORTED,
    FAULT_CLOSE,
    FAULT_RENAME,
    FAULT_FALLOCATE,
    FAULT_MMAP,
    FAULT_FCHMOD,
} fault;

static fault planted;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker names them */
int __real_fsync(int descriptor);
int __real_close(int descriptor);
int __real_renameat(int from, const char *old, int to, const char *new);
int __real_posix_fallocate64(int descriptor, off_t offset, off_t size);
void *__real_mmap64(void *at, size_t size, int protection, int flags, int descriptor, off_t offset);
int __real_fchmod(int descriptor, mode_t mode);
int __wrap_fsync(int descriptor);
int __wrap_close(int descriptor);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __wrap_posix_fallocate64(int descriptor, off_t offset, off_t size);
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int descriptor, off_t offset);
int __wrap_fchmod(int descriptor, mode_t mode);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static bool is_folder(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
}

static int fail_with(int number)
{
    errno = number;
    return -1;
}

int __wrap_fsync(int descriptor)
{
    if (planted == FAULT_FSYNC && !is_folder(descriptor))
        return fail_with(EIO);
    if (planted == FAULT_FOLDER_FSYNC && is_folder(descriptor))
        return fail_with(EIO);
    if (planted == FAULT_FOLDER_UNSUPPORTED && is_folder(descriptor))
        return fail_with(EINVAL);
    return __real_fsync(descriptor);
}

int __wrap_close(int descriptor)
{
    const bool fails = planted == FAULT_CLOSE && !is_folder(descriptor);
    const int closed = __real_close(descriptor);
    return fails ? fail_with(ENOSPC) : closed;
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
    return planted == FAULT_RENAME ? fail_with(EIO) : __real_renameat(from, old, to, new);
}

int __wrap_posix_fallocate64(int descriptor, off_t offset, off_t size)
{
    return planted == FAULT_FALLOCATE ? ENOSPC : __real_posix_fallocate64(descriptor, offset, size);
}

void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    if (planted == FAULT_MMAP && fail_with(ENODEV) != 0)
        return MAP_FAILED;
    return __real_mmap64(at, size, protection, flags, descriptor, offset);
}

int __wrap_fchmod(int descriptor, mode_t mode)
{
    return planted == FAULT_FCHMOD ? fail_with(EPERM) : __real_fchmod(descriptor, mode);
}

/* The three ways of filling a draft. */
typedef enum way { BY_WRITE, BY_STREAM, BY_RESERVE, WAYS } way;

static cw_status fill(cw_draft *draft, way how, const char *text, cw_error *error)
{
    FILE *stream;
    unsigned char *bytes;
    cw_status status;
    const size_t size = strlen(text);
    switch (how) {
    case BY_WRITE:
        return cw_draft_write(draft, text, size, error);
    case BY_STREAM:
        status = cw_draft_stream(draft, &stream, error);
        if (status == CW_OK)
            (void)fputs(text, stream);
        return status;
    default:
        status = cw_draft_reserve(draft, size, &bytes, error);
        for (size_t i = 0; status == CW_OK && i < size; i++)
            bytes[i] = (unsigned char)text[i];
        return status;
    }
}

/* Open, fill and commit, as a program does. */
static cw_status produce(const char *path, way how, const char *text, cw_error *error)
{
    cw_draft draft;
    cw_status status = cw_draft_open(&draft, path, error);
    if (status != CW_OK)
        return status;
    status = fill(&draft, how, text, error);
    if (status == CW_OK)
        status = cw_draft_commit(&draft, error);
    cw_draft_abandon(&draft);
    return status;
}

static void check_contents(const char *path, const char *text)
{
    char got[256] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is missing", path);
    const size_t size = fread(got, 1, sizeof got - 1, file);
    (void)fclose(file);
    got[size] = 0;
    assert_string_equal(got, text);
}

static int count_entries(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    int entries = -2; /* . and .. */
    while (readdir(folder) != NULL)
        entries++;
    (void)closedir(folder);
    return entries;
}

static int count_descriptors(void)
{
    return count_entries("/proc/self/fd");
}

static void a_new_file_in_three_ways(void **state)
{
    (void)state;
    const int descriptors = count_descriptors();
    for (way how = 0; how < WAYS; how++) {
        scratch folder;
        char path[4096];
        scratch_create(&folder);
        scratch_path(&folder, "out", path);
        cw_draft draft;
        cw_error error = {0};
        assert_int_equal(cw_draft_open(&draft, path, &error), CW_OK);
        assert_int_equal(fill(&draft, how, "1\n2\n", &error), CW_OK);
        assert_int_not_equal(access(path, F_OK), 0);
        if (cw_draft_commit(&draft, &error) != CW_OK)
            fail_msg("%s", error.sentence);
        check_contents(path, "1\n2\n");
        assert_int_equal(count_entries(folder.root), 1);
        cw_draft_abandon(&draft);
        check_contents(path, "1\n2\n");
        scratch_remove(&folder);
    }
    assert_int_equal(count_descriptors(), descriptors);
}

static void an_abandoned_draft_leaves_nothing(void **state)
{
    (void)state;
    const int descriptors = count_descriptors();
    for (way how = 0; how < WAYS; how++) {
        scratch folder;
        char path[4096];
        scratch_create(&folder);
        scratch_write(&folder, "old", "old");
        scratch_path(&folder, "old", path);
        for (int is_new = 0; is_new < 2; is_new++) {
            if (is_new)
                scratch_path(&folder, "new", path);
            cw_draft draft;
            assert_int_equal(cw_draft_open(&draft, path, NULL), CW_OK);
            assert_int_equal(fill(&draft, how, "half", NULL), CW_OK);
            cw_draft_abandon(&draft);
            cw_draft_abandon(&draft);
        }
        assert_int_equal(count_entries(folder.root), 1);
        scratch_path(&folder, "old", path);
        check_contents(path, "old");
        scratch_remove(&folder);
    }
    cw_draft never_opened = {0};
    cw_draft_abandon(&never_opened);
    cw_draft_abandon(NULL);
    assert_int_equal(count_descriptors(), descriptors);
}

/* A failure at any step leaves the old file as it was, nothing beside it, and no descriptor. */
static void every_fault_leaves_the_old_file(void **state)
{
    (void)state;
    static const struct {
        fault which;
        const char *reason;
        bool reserve_only;
    } cases[] = {
        {FAULT_FSYNC, "Input/output error", false},
        {FAULT_CLOSE, "No space left on device", false},
        {FAULT_RENAME, "Input/output error", false},
        {FAULT_FCHMOD, "Operation not permitted", false},
        {FAULT_FALLOCATE, "No space left on device", true},
        {FAULT_MMAP, "No such device", true},
    };
    const int descriptors = count_descriptors();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (way how = 0; how < WAYS; how++) {
            if (cases[i].reserve_only && how != BY_RESERVE)
                continue;
            scratch folder;
            char path[4096];
            cw_error error = {0};
            scratch_create(&folder);
            scratch_write(&folder, "out", "old");
            scratch_path(&folder, "out", path);
            planted = cases[i].which;
            const cw_status status = produce(path, how, "new", &error);
            planted = NO_FAULT;
            if (status != CW_ERR_IO || strstr(error.sentence, cases[i].reason) == NULL ||
                strstr(error.sentence, path) == NULL)
                fail_msg("fault %d, way %d: status %d, \"%s\"", (int)cases[i].which, (int)how,
                         (int)status, error.sentence);
            check_contents(path, "old");
            assert_int_equal(count_entries(folder.root), 1);
            scratch_remove(&folder);
        }
    }
    assert_int_equal(count_descriptors(), descriptors);
}

static void a_folder_that_cannot_be_synced(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    cw_error error = {0};
    scratch_create(&folder);
    scratch_path(&folder, "out", path);
    planted = FAULT_FOLDER_UNSUPPORTED;
    cw_status status = produce(path, BY_WRITE, "new", &error);
    planted = NO_FAULT;
    assert_int_equal(status, CW_OK);
    check_contents(path, "new");

    planted = FAULT_FOLDER_FSYNC;
    status = produce(path, BY_WRITE, "newer", &error);
    planted = NO_FAULT;
    assert_int_equal(status, CW_ERR_IO);
    check_contents(path, "newer");
    assert_int_equal(count_entries(folder.root), 1);
    scratch_remove(&folder);
}

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void permissions(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_path(&folder, "new", path);
    const mode_t before = umask(027);
    assert_int_equal(produce(path, BY_WRITE, "x", NULL), CW_OK);
    assert_int_equal(mode_of(path), 0640);
    (void)umask(022);
    scratch_write(&folder, "private", "old");
    scratch_path(&folder, "private", path);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(produce(path, BY_WRITE, "x", NULL), CW_OK);
    assert_int_equal(mode_of(path), 0600);
    (void)umask(before);
    scratch_remove(&folder);
}

static void symbolic_links(void **state)
{
    (void)state;
    scratch folder;
    char link[4096];
    char target[4096];
    struct stat status;
    scratch_create(&folder);
    scratch_write(&folder, "below/file", "old");
    scratch_path(&folder, "below/file", target);
    scratch_path(&folder, "link", link);
    assert_int_equal(symlink("below/file", link), 0);
    for (way how = 0; how < WAYS; how++) {
        assert_int_equal(produce(link, how, "new", NULL), CW_OK);
        assert_int_equal(lstat(link, &status), 0);
        assert_true(S_ISLNK(status.st_mode));
        check_contents(target, "new");
    }

    cw_error error = {0};
    assert_int_equal(unlink(target), 0);
    assert_int_equal(produce(link, BY_WRITE, "new", &error), CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "symbolic link to nothing"));
    assert_int_equal(lstat(link, &status), 0);
    scratch_remove(&folder);
}

static void what_is_no_file_is_written_directly(void **state)
{
    (void)state;
    const int descriptors = count_descriptors();
    for (way how = 0; how < WAYS; how++) {
        cw_error error = {0};
        assert_int_equal(produce("/dev/null", how, "text", NULL), CW_OK);
        assert_int_equal(produce("/dev/full", how, "text", &error), CW_ERR_IO);
        assert_string_equal(error.sentence, "cannot write /dev/full: No space left on device");

        scratch folder;
        char path[4096];
        char got[8] = "";
        scratch_create(&folder);
        scratch_path(&folder, "fifo", path);
        assert_int_equal(mkfifo(path, 0600), 0);
        const int reader = open(path, O_RDONLY | O_NONBLOCK);
        assert_int_equal(produce(path, how, "text", NULL), CW_OK);
        assert_int_equal(read(reader, got, sizeof got), 4);
        assert_string_equal(got, "text");
        cw_draft draft;
        assert_int_equal(cw_draft_open(&draft, path, NULL), CW_OK);
        assert_int_equal(fill(&draft, how, "more", NULL), CW_OK);
        cw_draft_abandon(&draft);
        assert_int_equal(read(reader, got, sizeof got), how == BY_WRITE ? 4 : 0);
        assert_int_equal(close(reader), 0);
        assert_int_equal(count_entries(folder.root), 1);
        scratch_remove(&folder);
    }
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_int_equal(count_descriptors(), descriptors);
}

/* `-o /dev/stdout >> file` adds to the file. */
static void names_of_open_descriptors(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    char name[64];
    scratch_create(&folder);
    scratch_write(&folder, "out", "old ");
    scratch_path(&folder, "out", path);
    const int descriptor = open(path, O_WRONLY | O_APPEND);
    assert_true(descriptor >= 0);
    (void)snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    assert_int_equal(produce(name, BY_WRITE, "new", NULL), CW_OK);
    assert_int_equal(produce(name, BY_STREAM, "er", NULL), CW_OK);
    assert_int_equal(produce(name, BY_RESERVE, "!", NULL), CW_OK);
    check_contents(path, "old newer!");
    assert_int_equal(close(descriptor), 0);
    cw_error error = {0};
    assert_int_equal(produce(name, BY_WRITE, "new", &error), CW_ERR_IO);
    scratch_remove(&folder);
}

static void check_refused(const char *path, const char *reason)
{
    cw_draft draft;
    cw_error error = {0};
    const cw_status status = cw_draft_open(&draft, path, &error);
    if (status != CW_ERR_IO || strstr(error.sentence, reason) == NULL)
        fail_msg("%s: status %d, \"%s\" does not say %s", path, (int)status, error.sentence,
                 reason);
    assert_false(draft.is_open);
    cw_draft_abandon(&draft);
}

/* What can never be written is refused before the work and not after it. */
static void bad_targets_are_refused_at_once(void **state)
{
    (void)state;
    const int descriptors = count_descriptors();
    scratch folder;
    char path[4096];
    char name[400];
    scratch_create(&folder);
    scratch_write(&folder, "file", "x");
    check_refused(folder.root, "Is a directory");
    check_refused("", "");
    scratch_path(&folder, "missing/out", path);
    check_refused(path, "No such file or directory");
    scratch_path(&folder, "missing/", path);
    check_refused(path, "Is a directory");
    scratch_path(&folder, "file/out", path);
    check_refused(path, "Not a directory");
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = 0;
    scratch_path(&folder, name, path);
    check_refused(path, "File name too long");
    assert_int_equal(count_entries(folder.root), 1);
    scratch_remove(&folder);
    assert_int_equal(count_descriptors(), descriptors);
}

static void the_working_folder_and_long_names(void **state)
{
    (void)state;
    scratch folder;
    char before[4096];
    char name[NAME_MAX + 1];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = 0;
    scratch_create(&folder);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder.root), 0);
    assert_int_equal(produce(name, BY_WRITE, "text", NULL), CW_OK);
    check_contents(name, "text");
    assert_int_equal(chdir(before), 0);
    scratch_remove(&folder);
}

/* A child that may not write: somebody else where we are root. */
static int try_without_permission(const char *path)
{
    cw_error error = {0};
    if (geteuid() == 0 && seteuid(65534) != 0)
        return 2;
    return produce(path, BY_WRITE, "new", &error) == CW_ERR_IO &&
                   strstr(error.sentence, "Permission denied") != NULL
               ? 0
               : 1;
}

static int try_above_the_size_limit(const char *path)
{
    const struct rlimit limit = {.rlim_cur = 10000, .rlim_max = 10000};
    static char text[100001];
    memset(text, 'x', sizeof text - 1);
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    for (way how = 0; how < WAYS; how++) {
        cw_error error = {0};
        if (produce(path, how, text, &error) != CW_ERR_IO ||
            strstr(error.sentence, "File too large") == NULL)
            return 3 + (int)how;
    }
    return 0;
}

static void check_in_child(int (*attempt)(const char *path), const char *path)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(attempt(path));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void permission_and_size_limit(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    scratch_create(&folder);
    scratch_write(&folder, "out", "old");
    scratch_path(&folder, "out", path);
    check_in_child(try_above_the_size_limit, path);
    /* A folder that anybody may write to, and a file in it that nobody may. */
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder.root, 0777), 0);
    check_in_child(try_without_permission, path);
    assert_int_equal(chmod(folder.root, 0555), 0);
    scratch_path(&folder, "new", path);
    check_in_child(try_without_permission, path);
    assert_int_equal(chmod(folder.root, 0777), 0);
    assert_int_equal(count_entries(folder.root), 1);
    scratch_path(&folder, "out", path);
    check_contents(path, "old");
    scratch_remove(&folder);
}

/* Room that no disk has, and memory that is refused where a pipe has no room of its own. */
static void too_much_room(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    cw_draft draft;
    unsigned char *bytes = NULL;
    cw_error error = {0};
    scratch_create(&folder);
    scratch_path(&folder, "out", path);
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_int_equal(cw_draft_open(&draft, path, NULL), CW_OK);
        assert_int_equal(cw_draft_reserve(&draft, sizes[i], &bytes, &error), CW_ERR_IO);
        assert_null(bytes);
        cw_draft_abandon(&draft);
    }
    assert_int_equal(count_entries(folder.root), 0);

    assert_int_equal(cw_draft_open(&draft, "/dev/null", NULL), CW_OK);
    cw_memory_refuse_from(1);
    const cw_status status = cw_draft_reserve(&draft, 100, &bytes, &error);
    cw_memory_refuse_from(0);
    assert_int_equal(status, CW_ERR_NO_MEMORY);
    assert_null(bytes);
    cw_draft_abandon(&draft);
    scratch_remove(&folder);
}

#define WRITERS 4
#define ROUNDS  25

typedef struct writer {
    const char *path;
    char letter;
    cw_status status;
} writer;

static void *write_repeatedly(void *argument)
{
    writer *self = argument;
    char text[201];
    memset(text, self->letter, sizeof text - 1);
    text[sizeof text - 1] = 0;
    for (int i = 0; i < ROUNDS && self->status == CW_OK; i++)
        self->status = produce(self->path, (way)(i % WAYS), text, NULL);
    return NULL;
}

/* Several writers of one target: the last one wins, and the file is always one of theirs. */
static void several_writers_of_one_target(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    writer writers[WRITERS];
    pthread_t threads[WRITERS];
    scratch_create(&folder);
    scratch_path(&folder, "out", path);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer){.path = path, .letter = (char)('a' + i)};
        assert_int_equal(pthread_create(&threads[i], NULL, write_repeatedly, &writers[i]), 0);
    }
    for (int i = 0; i < 200; i++) {
        cw_file file;
        if (cw_file_load(path, &file, NULL) != CW_OK)
            continue; /* not there yet */
        assert_int_equal(file.size, 200);
        for (size_t j = 1; j < file.size; j++)
            assert_int_equal(file.bytes[j], file.bytes[0]);
        cw_file_finish(&file);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(writers[i].status, CW_OK);
    }
    assert_int_equal(count_entries(folder.root), 1);
    scratch_remove(&folder);
}

static void save_in_one_call(void **state)
{
    (void)state;
    scratch folder;
    char path[4096];
    cw_error error = {0};
    scratch_create(&folder);
    scratch_path(&folder, "out", path);
    assert_int_equal(cw_file_save(path, "text", 4, NULL), CW_OK);
    check_contents(path, "text");
    assert_int_equal(cw_file_save(path, NULL, 0, NULL), CW_OK);
    check_contents(path, "");
    assert_int_equal(cw_file_save("/dev/full", "text", 4, &error), CW_ERR_IO);
    assert_int_equal(cw_file_save(folder.root, "text", 4, &error), CW_ERR_IO);
    scratch_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_in_three_ways),
        cmocka_unit_test(an_abandoned_draft_leaves_nothing),
        cmocka_unit_test(every_fault_leaves_the_old_file),
        cmocka_unit_test(a_folder_that_cannot_be_synced),
        cmocka_unit_test(permissions),
        cmocka_unit_test(symbolic_links),
        cmocka_unit_test(what_is_no_file_is_written_directly),
        cmocka_unit_test(names_of_open_descriptors),
        cmocka_unit_test(bad_targets_are_refused_at_once),
        cmocka_unit_test(the_working_folder_and_long_names),
        cmocka_unit_test(permission_and_size_limit),
        cmocka_unit_test(too_much_room),
        cmocka_unit_test(several_writers_of_one_target),
        cmocka_unit_test(save_in_one_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
