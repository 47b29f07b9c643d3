/* An array of numbers from a file or a pipe, .npy or text, as kernels take it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_INPUT_ARRAY_H
#define CW_INPUT_ARRAY_H

#include "base/file.h"
#include "base/number.h"

#include <chunkwise/status.h>

/* NumPy's own limit. */
enum { CW_DIMENSIONS_MAX = 64 };

/* What an array is, apart from its values. */
typedef struct cw_layout {
    cw_number type;
    int dimensions; /* 0: a single value */
    bool fortran;   /* the first index runs fastest */
    size_t shape[CW_DIMENSIONS_MAX];
    size_t count; /* product of shape; times cw_number_bytes(type) it fits size_t */
} cw_layout;

typedef struct cw_array {
    cw_layout layout;
    const void *data; /* count items one after another, aligned for their type, native order */
    cw_file file;     /* what data points into, or */
    void *owned;      /* memory of its own */
} cw_array;

/* Whether a path is named as .npy files are. */
bool cw_array_is_npy(const char *path);

/*
 * Read the array in a file; "-" is standard input. What begins as .npy does, or is named so, is
 * read as .npy: mapped where it can be used as it lies in the file, copied when its byte order is
 * foreign or its values are not aligned. Anything else is read as a text list of text_type, a type
 * in `types`; an empty one has no numbers.
 *
 * types  the set of types that can be used here; any other is refused.
 * Returns CW_OK; CW_ERR_IO; CW_ERR_FORMAT with the place and what is wrong there; CW_ERR_NO_MEMORY.
 */
cw_status cw_array_load(const char *path, unsigned types, cw_number text_type, cw_array *array,
                        cw_error *error);

/* Give back what a load took; NULL and a zeroed array are fine. */
void cw_array_finish(cw_array *array);

/*
 * Open a draft of a .npy file with room for the values of a layout; "-" is standard output. They
 * are filled in through *data, aligned to a cache line, by several threads if so wished; then
 * cw_draft_commit puts the file in place, or cw_draft_abandon leaves none. `path` must live as
 * long as the draft, which is not open when this fails.
 */
cw_status cw_array_draft(const char *path, const cw_layout *layout, cw_draft *draft, void **data,
                         cw_error *error);

#endif
