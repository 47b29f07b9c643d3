/* The types of number that arrays hold: names, sizes, and what every call checks of an array. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_NUMBER_H
#define CW_KERNELS_ARRAYS_NUMBER_H

#include <chunkwise/status.h>

#include <stdbool.h>

typedef enum cw_number {
    CW_NUMBER_I32,
    CW_NUMBER_I64,
    CW_NUMBER_U32,
    CW_NUMBER_U64,
    CW_NUMBER_F32,
    CW_NUMBER_F64
} cw_number;

enum { CW_NUMBERS = 6 };

/* "i32" ... "f64". */
const char *cw_number_name(cw_number type);

/* Bytes of an item. */
size_t cw_number_bytes(cw_number type);

/* True for f32 and f64. */
bool cw_number_is_float(cw_number type);

/*
 * CW_ERR_ARGUMENT, naming the array, unless `items` can be n items: not NULL, aligned to the type,
 * of a size that fits memory. Any pointer will do for n = 0.
 */
cw_status cw_number_check(cw_number type, const char *name, const void *items, size_t n,
                          cw_error *error);

#endif
