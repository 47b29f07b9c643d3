/* The numbers that an array kernel works on: from a file, or made up. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_NUMBERS_H
#define CW_CATALOGUE_NUMBERS_H

#include "catalogue/kernel.h"
#include "input/array.h"
#include "input/output.h"

/* Largest count of made-up numbers. */
#define CW_NUMBERS_MADE_MAX (UINT64_C(1) << 40)

typedef struct cw_numbers {
    cw_layout layout;
    const void *data; /* layout.count items */
    cw_array file;    /* where they come from, or */
    void *made;       /* memory of cw_array_create */
} cw_numbers;

/* Where numbers come from: IN or --items, and --type, as kernels declare them. */
typedef struct cw_numbers_source {
    const cw_value *input; /* a file, or - */
    const cw_value *items;
    const cw_value *type; /* number is a cw_number */
} cw_numbers_source;

/* Their declarations, in the table of a kernel that puts them at these places. */
#define CW_NUMBERS_PARAMETERS(input, items, type_)                                                 \
    [input] = {.name = "IN",                                                                       \
               .positional = true,                                                                 \
               .kind = CW_PARAMETER_TEXT,                                                          \
               .help = "a .npy file, or a text list, one number a line (- for standard input)"},   \
    [items] = {.name = "items",                                                                    \
               .kind = CW_PARAMETER_NUMBER,                                                        \
               .most = CW_NUMBERS_MADE_MAX,                                                        \
               .help = "instead of IN: that many made-up numbers, the same ones every time"},      \
    [type_] = {.name = "type",                                                                     \
               .kind = CW_PARAMETER_CHOICE,                                                        \
               .choices = cw_number_names,                                                         \
               .preset = "i64",                                                                    \
               .help = "of a text list or of made-up numbers; .npy files know theirs"}

/* Trials of every type: sizes around vectors and pages, and one beyond the caches. */
#define CW_NUMBERS_TRIALS_OF(type)                                                                 \
    "--items 0 --type " type, "--items 1 --type " type, "--items 7 --type " type,                  \
        "--items 65 --type " type, "--items 4097 --type " type, "--items 30011 --type " type,      \
        "--items 6000017 --type " type
#define CW_NUMBERS_TRIALS                                                                          \
    CW_NUMBERS_TRIALS_OF("i32"), CW_NUMBERS_TRIALS_OF("i64"), CW_NUMBERS_TRIALS_OF("u32"),         \
        CW_NUMBERS_TRIALS_OF("u64"), CW_NUMBERS_TRIALS_OF("f32"), CW_NUMBERS_TRIALS_OF("f64")

/* What IN, --items and --type ask for. `kernel` is its name, for sentences. */
cw_status cw_numbers_take(cw_numbers *numbers, const char *kernel, const cw_numbers_source *source,
                          const cw_plan *plan, cw_error *error);

/* Read a file (- for standard input): .npy of one of `types`, or a text list of `text_type`. */
cw_status cw_numbers_load(cw_numbers *numbers, const char *path, unsigned types,
                          cw_number text_type, cw_error *error);

/*
 * Make up `count` numbers, the same ones every time. Item i is 7919 i mod 1291, less 645 where the
 * type has a sign, and divided by 1000 where it is a float: small enough that no cube overflows,
 * and neighbours far apart.
 */
cw_status cw_numbers_make(cw_numbers *numbers, uint64_t count, cw_number type, const cw_plan *plan,
                          cw_error *error);

/* `count` numbers from all over u64, the same ones every time: a hash of 0, 1, 2... */
cw_status cw_numbers_make_scattered(cw_numbers *numbers, uint64_t count, const cw_plan *plan,
                                    cw_error *error);

/* Write values as a text list, until the flag (NULL: none) is raised: CW_ERR_CANCELLED. */
cw_status cw_numbers_write(cw_output *output, cw_number type, const void *values, size_t count,
                           const cw_cancel *cancel, cw_error *error);

/* Numbers of zero bytes are fine. */
void cw_numbers_finish(cw_numbers *numbers);

#endif
