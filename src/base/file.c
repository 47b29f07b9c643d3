/* Reading whole files, mapped where that is possible, and writing to descriptors. */
/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/checked.h"
#include "base/memory.h"
#include "base/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* One call transfers less than 2^31 bytes on Linux anyway. */
#define WRITE_BYTES_MAX ((size_t)1 << 30)

#define READ_BYTES_FIRST ((size_t)64 << 10)

static cw_status status_of(int number)
{
    switch (number) {
    case ENOMEM:
        return CW_ERR_NO_MEMORY;
    case EPIPE:
        return CW_ERR_CLOSED;
    default:
        return CW_ERR_IO;
    }
}

cw_status cw_file_fail(const char *verb, const char *path, int number, cw_error *error)
{
    return cw_error_set(error, status_of(number), CW_NO_INDEX, NULL, "cannot %s %s: %s", verb,
                        cw_quote_path(path).text, strerror(number));
}

/* A stream's bytes as they come, in memory that grows. */
typedef struct intake {
    unsigned char *bytes;
    size_t size;
    size_t room;
} intake;

static bool grow(intake *in)
{
    size_t room = READ_BYTES_FIRST;
    if (in->room > 0 && !cw_mul_size(in->room, 2, &room))
        return false;
    unsigned char *grown = cw_memory_realloc(in->bytes, in->size, room, 1);
    if (grown == NULL)
        return false;
    in->bytes = grown;
    in->room = room;
    return true;
}

/* Read to the end; what came in so far is in *in even on failure. */
static cw_status read_all(int descriptor, const char *name, intake *in, cw_error *error)
{
    for (;;) {
        if (in->size == in->room && !grow(in))
            return cw_file_fail("read", name, ENOMEM, error);
        const ssize_t got = read(descriptor, in->bytes + in->size, in->room - in->size);
        if (got == 0)
            return CW_OK;
        if (got > 0)
            in->size += (size_t)got;
        else if (errno == EAGAIN)
            (void)poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, -1);
        else if (errno != EINTR)
            return cw_file_fail("read", name, errno, error);
    }
}

static bool map_whole(int descriptor, const struct stat *status, cw_file *file)
{
    if (!S_ISREG(status->st_mode) || status->st_size <= 0 ||
        (uintmax_t)status->st_size > SIZE_MAX || lseek(descriptor, 0, SEEK_CUR) != 0)
        return false;
    /* Files of /sys have a size, too, but cannot be mapped. */
    void *bytes = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return false;
    *file = (cw_file){.bytes = bytes, .size = (size_t)status->st_size, .is_mapped = true};
    return true;
}

cw_status cw_file_load_descriptor(int descriptor, const char *name, cw_file *file, cw_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return cw_file_fail("read", name, errno, error);
    if (map_whole(descriptor, &status, file))
        return CW_OK;
    intake in = {0};
    cw_status outcome = read_all(descriptor, name, &in, error);
    if (outcome == CW_OK && in.size == 0)
        outcome = cw_error_set(error, CW_ERR_FORMAT, CW_NO_INDEX, NULL, "%s is empty",
                               cw_quote_path(name).text);
    if (outcome == CW_OK)
        *file = (cw_file){.bytes = in.bytes, .size = in.size};
    else
        cw_memory_free(in.bytes);
    return outcome;
}

cw_status cw_file_load(const char *path, cw_file *file, cw_error *error)
{
    int descriptor;
    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0)
        return cw_file_fail("open", path, errno, error);
    const cw_status status = cw_file_load_descriptor(descriptor, path, file, error);
    (void)close(descriptor);
    return status;
}

void cw_file_finish(cw_file *file)
{
    if (file == NULL)
        return;
    if (file->is_mapped)
        (void)munmap((void *)file->bytes, file->size);
    else
        cw_memory_free((void *)file->bytes);
    *file = (cw_file){0};
}

cw_status cw_file_write_all(int descriptor, const char *name, const void *bytes, size_t size,
                            cw_error *error)
{
    const unsigned char *at = bytes;
    while (size > 0) {
        const ssize_t written =
            write(descriptor, at, size < WRITE_BYTES_MAX ? size : WRITE_BYTES_MAX);
        if (written >= 0) {
            at += written;
            size -= (size_t)written;
        } else if (errno == EAGAIN) {
            (void)poll(&(struct pollfd){.fd = descriptor, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            return cw_file_fail("write", name, errno, error);
        }
    }
    return CW_OK;
}
