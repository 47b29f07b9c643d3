/* A folder for a test to put files in, removed with all that is in it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TESTS_SCRATCH_H
#define CW_TESTS_SCRATCH_H

#include "cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct scratch {
    char root[64];
} scratch;

static inline void scratch_create(scratch *folder)
{
    (void)snprintf(folder->root, sizeof folder->root, "/tmp/chunkwise-test-XXXXXX");
    assert_non_null(mkdtemp(folder->root));
}

/* The full path of something in the folder. */
static inline void scratch_path(const scratch *folder, const char *relative, char path[4096])
{
    const int length = snprintf(path, 4096, "%s/%s", folder->root, relative);
    assert_in_range(length, 1, 4095);
}

/* A file of that text, and the folders above it. */
static inline void scratch_write(const scratch *folder, const char *relative, const char *text)
{
    char path[4096];
    scratch_path(folder, relative, path);
    for (char *slash = strchr(path + strlen(folder->root) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail_msg("cannot write %s", path);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline int scratch_remove_one(const char *path, const struct stat *status, int kind,
                                     struct FTW *position)
{
    (void)status;
    (void)kind;
    (void)position;
    return remove(path);
}

static inline void scratch_remove(scratch *folder)
{
    (void)nftw(folder->root, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
