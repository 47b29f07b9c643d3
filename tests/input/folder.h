/* One folder for all tests of a program to put files in, and what lies there. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TESTS_INPUT_FOLDER_H
#define CW_TESTS_INPUT_FOLDER_H

#include "scratch.h"

#include <dirent.h>

static scratch folder;

/* cmocka's group set-up and tear-down */

static inline int make_folder(void **state)
{
    (void)state;
    scratch_create(&folder);
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    scratch_remove(&folder);
    return 0;
}

/* The path of something in the folder; good until the fourth call after it. */
static inline const char *path_of(const char *name)
{
    static char paths[4][4096];
    static int next;
    char *path = paths[next++ % 4];
    scratch_path(&folder, name, path);
    return path;
}

static inline int count_files(void)
{
    DIR *directory = opendir(folder.root);
    assert_non_null(directory);
    int count = 0;
    while (readdir(directory) != NULL)
        count++;
    (void)closedir(directory);
    return count - 2; /* . and .. */
}

#endif
