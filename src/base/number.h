/* The six types of number that arrays hold, and what is fixed about each. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_NUMBER_H
#define CW_BASE_NUMBER_H

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

/* "i32" ... "f64" in the order of cw_number, then NULL: the choices of an option. */
extern const char *const cw_number_names[CW_NUMBERS + 1];

const char *cw_number_name(cw_number type);

/* Bytes of an item. */
size_t cw_number_bytes(cw_number type);

/* True for f32 and f64. */
bool cw_number_is_float(cw_number type);

/* A set of types is the sum of the bits of its members. */
#define CW_NUMBER_BIT(type) (1u << (type))
#define CW_NUMBERS_ALL      ((1u << CW_NUMBERS) - 1)

/* The bytes that cw_number_list may write, the final NUL included. */
enum { CW_NUMBER_LIST_TEXT = 64 };

/* The names in a set as a sentence lists them: "i64", "i64 or f64", "i32, i64 or f64". */
void cw_number_list(unsigned types, char *text);

/*
 * CW_ERR_ARGUMENT, naming the array, unless `items` can be n items: not NULL, aligned to the type,
 * of a size that fits memory. Any pointer will do for n = 0.
 */
cw_status cw_number_check(cw_number type, const char *name, const void *items, size_t n,
                          cw_error *error);

#endif
