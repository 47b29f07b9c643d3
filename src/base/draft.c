/* Output that appears complete or not at all: a temporary file, renamed when it is done. */
/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/memory.h"
#include "base/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME_ATTEMPTS 100

/* The descriptor that /dev/stdout and its like stand for; -1 for any other path. Opening those
 * again would lose the place that the shell's `>>` has in the file behind them. */
static int standing_for(const char *path)
{
    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const size_t length = strlen(folders[i]);
        char *end;
        if (strncmp(path, folders[i], length) != 0 || path[length] < '0' || path[length] > '9')
            continue;
        const long number = strtol(path + length, &end, 10);
        if (*end == 0 && number <= INT_MAX)
            return (int)number;
    }
    return -1;
}

static cw_status open_direct(cw_draft *draft, cw_error *error)
{
    const int given = standing_for(draft->path);
    do
        draft->descriptor =
            given >= 0 ? fcntl(given, F_DUPFD_CLOEXEC, 0) : open(draft->path, O_WRONLY | O_CLOEXEC);
    while (draft->descriptor < 0 && errno == EINTR);
    if (draft->descriptor < 0)
        return cw_file_fail("write", draft->path, errno, error);
    draft->is_direct = true;
    draft->is_open = true;
    return CW_OK;
}

/* Open the folder of the target and keep the target's name in it. */
static int open_folder(cw_draft *draft, char *target)
{
    char *slash = strrchr(target, '/');
    const char *name = slash == NULL ? target : slash + 1;
    if (name[0] == 0)
        return EISDIR;
    if (strlen(name) >= sizeof draft->name)
        return ENAMETOOLONG;
    memcpy(draft->name, name, strlen(name) + 1);
    const char *folder = slash == NULL ? "." : slash == target ? "/" : target;
    if (slash != NULL && slash != target)
        *slash = 0;
    draft->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return draft->folder < 0 ? errno : 0;
}

/* A name that nobody expects; O_EXCL is what makes it safe. */
static uint64_t random_number(void)
{
    uint64_t number;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) == (ssize_t)sizeof number)
        return number;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_nsec << 32 ^ (uint64_t)getpid();
}

static int create_temporary(cw_draft *draft)
{
    for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
        (void)snprintf(draft->temporary, sizeof draft->temporary, ".chunkwise-%016llx.tmp",
                       (unsigned long long)random_number());
        draft->descriptor = openat(draft->folder, draft->temporary,
                                   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (draft->descriptor >= 0)
            return 0;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    return errno;
}

/* `existing` is the target's status, NULL where there is none yet. Returns the reason of a
 * failure. */
static int open_temporary(cw_draft *draft, char *target, const struct stat *existing)
{
    int reason = open_folder(draft, target);
    if (reason != 0)
        return reason;
    /* A rename would pass over the target's own permissions. */
    if (existing != NULL && faccessat(draft->folder, draft->name, W_OK, AT_EACCESS) != 0)
        reason = errno;
    if (reason == 0)
        reason = create_temporary(draft);
    if (reason != 0) {
        (void)close(draft->folder);
        return reason;
    }
    draft->is_open = true;
    if (existing != NULL && fchmod(draft->descriptor, existing->st_mode & 0777) != 0) {
        reason = errno;
        cw_draft_abandon(draft);
    }
    return reason;
}

cw_status cw_draft_open(cw_draft *draft, const char *path, cw_error *error)
{
    *draft = (cw_draft){.path = path, .folder = -1, .descriptor = -1};
    struct stat existing;
    const bool exists = stat(path, &existing) == 0;
    if (!exists && errno != ENOENT)
        return cw_file_fail("write", path, errno, error);
    if (exists && S_ISDIR(existing.st_mode))
        return cw_file_fail("write", path, EISDIR, error);
    if (standing_for(path) >= 0 || (exists && !S_ISREG(existing.st_mode)))
        return open_direct(draft, error);

    /* The file behind a symbolic link is replaced, not the link. */
    char target[PATH_MAX];
    struct stat link;
    if (exists && realpath(path, target) == NULL)
        return cw_file_fail("write", path, errno, error);
    if (!exists && lstat(path, &link) == 0)
        return cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL,
                            "cannot write %s: it is a symbolic link to nothing",
                            cw_quote_path(path).text);
    if (!exists && strlen(path) >= sizeof target)
        return cw_file_fail("write", path, ENAMETOOLONG, error);
    if (!exists)
        memcpy(target, path, strlen(path) + 1);
    const int reason = open_temporary(draft, target, exists ? &existing : NULL);
    return reason == 0 ? CW_OK : cw_file_fail("write", path, reason, error);
}

cw_status cw_draft_write(cw_draft *draft, const void *bytes, size_t size, cw_error *error)
{
    return cw_file_write_all(draft->descriptor, draft->path, bytes, size, error);
}

/* The stream writes through here: stdio alone forgets why a write failed, and gives up when a
 * signal interrupts it. Nothing more is written after a failure. */
static ssize_t write_through(void *cookie, const char *bytes, size_t size)
{
    cw_draft *draft = cookie;
    if (draft->refusal.status != CW_OK)
        return 0;
    return cw_draft_write(draft, bytes, size, &draft->refusal) == CW_OK ? (ssize_t)size : 0;
}

cw_status cw_draft_stream(cw_draft *draft, FILE **stream, cw_error *error)
{
    if (draft->stream == NULL)
        draft->stream = fopencookie(draft, "w", (cookie_io_functions_t){.write = write_through});
    if (draft->stream == NULL)
        return cw_file_fail("write", draft->path, errno, error);
    *stream = draft->stream;
    return CW_OK;
}

/* Take room on disk and map it; returns the reason of a failure. */
static int map_room(cw_draft *draft, size_t size)
{
    if (size > INT64_MAX)
        return EFBIG;
    int reason;
    do
        reason = posix_fallocate(draft->descriptor, 0, (off_t)size);
    while (reason == EINTR);
    if (reason != 0)
        return reason;
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, draft->descriptor, 0);
    if (bytes == MAP_FAILED)
        return errno;
    draft->reserved = bytes;
    draft->is_mapped = true;
    return 0;
}

cw_status cw_draft_reserve(cw_draft *draft, size_t size, unsigned char **bytes, cw_error *error)
{
    if (draft->is_direct) {
        draft->reserved = cw_memory_zalloc(size, 1);
        if (draft->reserved == NULL)
            return cw_file_fail("write", draft->path, ENOMEM, error);
    } else {
        const int reason = map_room(draft, size);
        if (reason != 0)
            return cw_file_fail("write", draft->path, reason, error);
    }
    draft->reserved_bytes = size;
    *bytes = draft->reserved;
    return CW_OK;
}

/* Give the reserved memory back. */
static void release(cw_draft *draft)
{
    if (draft->is_mapped)
        (void)munmap(draft->reserved, draft->reserved_bytes);
    else
        cw_memory_free(draft->reserved);
    draft->reserved = NULL;
    draft->is_mapped = false;
}

static int sync_descriptor(int descriptor)
{
    int synced;
    do
        synced = fsync(descriptor);
    while (synced != 0 && errno == EINTR);
    return synced == 0 ? 0 : errno;
}

/* Hand all that is still in memory to the system. */
static cw_status flush(cw_draft *draft, cw_error *error)
{
    if (draft->reserved != NULL && !draft->is_mapped)
        return cw_draft_write(draft, draft->reserved, draft->reserved_bytes, error);
    if (draft->stream == NULL)
        return CW_OK;
    const bool closed = fclose(draft->stream) == 0;
    draft->stream = NULL;
    if (draft->refusal.status == CW_OK)
        return closed ? CW_OK : cw_file_fail("write", draft->path, EIO, error);
    if (error != NULL)
        *error = draft->refusal;
    return draft->refusal.status;
}

/* Some file systems tell of a full disk only here. The descriptor is gone whatever is returned. */
static int close_contents(cw_draft *draft)
{
    const int closed = close(draft->descriptor);
    draft->descriptor = -1;
    return closed == 0 || errno == EINTR ? 0 : errno;
}

/* Put the finished file in its place, and see that the place is on disk too. */
static int rename_to_target(cw_draft *draft)
{
    if (renameat(draft->folder, draft->temporary, draft->folder, draft->name) != 0)
        return errno;
    draft->temporary[0] = 0;
    /* Not every file system can sync a folder. */
    const int reason = sync_descriptor(draft->folder);
    return reason == EINVAL || reason == ENOTSUP ? 0 : reason;
}

/* Returns the reason of a failure. */
static int put_in_place(cw_draft *draft)
{
    const int sync_reason = draft->is_direct ? 0 : sync_descriptor(draft->descriptor);
    const int close_reason = close_contents(draft);
    if (sync_reason != 0 || close_reason != 0)
        return sync_reason != 0 ? sync_reason : close_reason;
    return draft->is_direct ? 0 : rename_to_target(draft);
}

cw_status cw_draft_commit(cw_draft *draft, cw_error *error)
{
    cw_status status = flush(draft, error);
    release(draft);
    const int reason = status == CW_OK ? put_in_place(draft) : 0;
    if (reason != 0)
        status = cw_file_fail("write", draft->path, reason, error);
    cw_draft_abandon(draft);
    return status;
}

void cw_draft_abandon(cw_draft *draft)
{
    if (draft == NULL || !draft->is_open)
        return;
    release(draft);
    if (draft->stream != NULL) {
        draft->refusal.status = CW_ERR_CANCELLED; /* what it still holds goes nowhere */
        (void)fclose(draft->stream);
        draft->stream = NULL;
    }
    if (draft->descriptor >= 0)
        (void)close_contents(draft);
    if (!draft->is_direct) {
        if (draft->temporary[0] != 0)
            (void)unlinkat(draft->folder, draft->temporary, 0);
        (void)close(draft->folder);
    }
    draft->is_open = false;
}

cw_status cw_file_save(const char *path, const void *bytes, size_t size, cw_error *error)
{
    cw_draft draft;
    cw_status status = cw_draft_open(&draft, path, error);
    if (status != CW_OK)
        return status;
    status = cw_draft_write(&draft, bytes, size, error);
    if (status == CW_OK)
        return cw_draft_commit(&draft, error);
    cw_draft_abandon(&draft);
    return status;
}
