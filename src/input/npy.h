/* The header of a .npy file: what it says, checked against the file it stands in, and writing one.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CW_INPUT_NPY_H
#define CW_INPUT_NPY_H

#include "input/array.h"

/* The first byte of every .npy file; no text begins with it. */
enum { CW_NPY_FIRST_BYTE = 0x93 };

/* Longer headers are refused, whatever their version: the most that version 1.0 can say, and far
 * more than 64 dimensions take. */
enum { CW_NPY_LENGTH_MAX = 65535 };

/* The most bytes that cw_npy_format writes. */
enum { CW_NPY_HEADER_MAX = 2048 };

typedef struct cw_npy_header {
    cw_layout layout;
    bool swapped;       /* values are in the other byte order */
    size_t data_offset; /* from the start of the file; not aligned in files of other writers */
} cw_npy_header;

/*
 * Read the header of the .npy file bytes[size], and check that its data fill the rest exactly.
 * Versions 1.0, 2.0 and 3.0. Sentences count bytes from 0 at the start of the file.
 *
 * name  what sentences call the file.
 * Returns CW_OK or CW_ERR_FORMAT.
 *
 * Source  NumPy enhancement proposal 1; numpy.lib.format.
 */
cw_status cw_npy_parse(const void *bytes, size_t size, const char *name, cw_npy_header *header,
                       cw_error *error);

/*
 * Write the header of a .npy file, version 1.0, for native byte order to text[CW_NPY_HEADER_MAX],
 * and return its length: a multiple of 64, so that data behind it are aligned as the file is.
 */
size_t cw_npy_format(const cw_layout *layout, char *text);

#endif
