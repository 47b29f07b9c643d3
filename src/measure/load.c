/* Run times of all other threads, read from /proc/<pid>/schedstat before and after. */
/* SPDX-License-Identifier: MIT */
#include "measure/load.h"

#include "base/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One thread of a process; the first of each has the process's pid. */
typedef struct thread {
    uint64_t tid;
    uint64_t run_ns;
} thread;

/* What one look at all threads saw, by rising tid. */
typedef struct look {
    thread *threads;
    size_t count, capacity;
    bool known;
} look;

struct cw_load {
    DIR *root; /* NULL: could not be opened */
    uint64_t self;
    look before, now;
};

/* The number that a text starts with; false when it starts with none. */
static bool leading_number(const char *text, uint64_t *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0' || *end == ' ';
}

/* Run time is the first of three numbers. */
static bool read_run_time(int folder, const char *path, uint64_t *run_ns)
{
    char text[64];
    const int file = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const ssize_t length = read(file, text, sizeof text - 1);
    (void)close(file);
    if (length <= 0)
        return false;
    text[length] = '\0';
    return leading_number(text, run_ns);
}

static bool look_append(look *l, thread seen)
{
    if (l->count == l->capacity) {
        const size_t capacity = l->capacity == 0 ? 256 : 2 * l->capacity;
        thread *grown = cw_memory_realloc(l->threads, l->count, capacity, sizeof *l->threads);
        if (grown == NULL)
            return false;
        l->threads = grown;
        l->capacity = capacity;
    }
    l->threads[l->count++] = seen;
    return true;
}

/* Add the thread whose folder is `name`, a number, in `folder`. True unless memory runs out: a
 * thread that ended since the folder was listed, or that we may not see, is left out. */
static bool add_thread(look *l, int folder, const char *name)
{
    thread seen;
    char path[64];
    (void)snprintf(path, sizeof path, "%.20s/schedstat", name);
    if (!leading_number(name, &seen.tid) || !read_run_time(folder, path, &seen.run_ns))
        return true;
    return look_append(l, seen);
}

static bool add_listed(look *l, DIR *list)
{
    bool added = true;
    for (const struct dirent *entry; added && (entry = readdir(list)) != NULL;)
        added = add_thread(l, dirfd(list), entry->d_name);
    return added;
}

/* A process's own file tells of its first thread only; all of them are below task/. Most have but
 * one: task/ then has three links, which is cheaper to ask than to list. File systems that count
 * links otherwise only cost the listing. */
static bool add_process(look *l, int folder, const char *pid)
{
    char path[64];
    struct stat status;
    (void)snprintf(path, sizeof path, "%.20s/task", pid);
    if (fstatat(folder, path, &status, 0) != 0 || status.st_nlink == 3)
        return add_thread(l, folder, pid);
    const int tasks = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tasks < 0)
        return true;
    DIR *list = fdopendir(tasks);
    if (list == NULL) {
        (void)close(tasks);
        return false;
    }
    const bool added = add_listed(l, list);
    (void)closedir(list);
    return added;
}

static int by_tid(const void *left, const void *right)
{
    const uint64_t a = ((const thread *)left)->tid, b = ((const thread *)right)->tid;
    return (a > b) - (a < b);
}

/* A kernel that does not keep run times says 0 for every thread. */
static bool any_ran(const look *l)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->threads[i].run_ns > 0)
            return true;
    }
    return false;
}

static void look_around(cw_load *load, look *l)
{
    l->count = 0;
    l->known = false;
    if (load->root == NULL)
        return;
    rewinddir(load->root);
    for (const struct dirent *entry; (entry = readdir(load->root)) != NULL;) {
        uint64_t pid;
        if (!leading_number(entry->d_name, &pid) || pid == load->self)
            continue;
        if (!add_process(l, dirfd(load->root), entry->d_name))
            return;
    }
    l->known = any_ran(l);
    if (l->count > 0)
        qsort(l->threads, l->count, sizeof *l->threads, by_tid);
}

cw_status cw_load_create(const char *root, pid_t self, cw_load **load, cw_error *error)
{
    cw_load *made = cw_memory_zalloc(1, sizeof *made);
    if (made == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory to watch other processes");
    made->root = opendir(root);
    made->self = (uint64_t)self;
    *load = made;
    return CW_OK;
}

void cw_load_destroy(cw_load *load)
{
    if (load == NULL)
        return;
    if (load->root != NULL)
        (void)closedir(load->root);
    cw_memory_free(load->before.threads);
    cw_memory_free(load->now.threads);
    cw_memory_free(load);
}

void cw_load_begin(cw_load *load)
{
    look_around(load, &load->before);
}

/* What was used between two looks. Less time than before means that the number is another
 * thread's by now, all of whose time is new. */
static uint64_t used_between(const look *before, const look *now)
{
    uint64_t used = 0;
    for (size_t i = 0, j = 0; i < now->count; i++) {
        const thread *seen = &now->threads[i];
        while (j < before->count && before->threads[j].tid < seen->tid)
            j++;
        uint64_t had = 0;
        if (j < before->count && before->threads[j].tid == seen->tid &&
            before->threads[j].run_ns <= seen->run_ns)
            had = before->threads[j].run_ns;
        used += seen->run_ns - had;
    }
    return used;
}

uint64_t cw_load_end(cw_load *load)
{
    look_around(load, &load->now);
    if (!load->before.known || !load->now.known)
        return CW_LOAD_UNKNOWN;
    return used_between(&load->before, &load->now);
}
