/* The six types of numbers that arrays hold, and what is fixed about each. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_INPUT_TYPE_H
#define CW_INPUT_TYPE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum cw_type {
    CW_TYPE_I32,
    CW_TYPE_I64,
    CW_TYPE_U32,
    CW_TYPE_U64,
    CW_TYPE_F32,
    CW_TYPE_F64
} cw_type;

enum { CW_TYPE_COUNT = 6 };

/* A set of types is the sum of the bits of its members. */
#define CW_TYPE_BIT(type) (1u << (type))
#define CW_TYPES_ALL      ((1u << CW_TYPE_COUNT) - 1)

/* Of one item; also its natural alignment. */
size_t cw_type_bytes(cw_type type);

/* As chunkwise prints it and options take it: i32, i64, u32, u64, f32, f64. */
const char *cw_type_name(cw_type type);

/* As NumPy writes it, without the byte order: i4, i8, u4, u8, f4, f8. */
const char *cw_type_descr(cw_type type);

/* By cw_type_name; false when there is none of that name, and *type is then untouched. */
bool cw_type_find(const char *name, cw_type *type);

/* The bytes that cw_types_list may write, the final NUL included. */
enum { CW_TYPES_TEXT = 64 };

/* The names in a set as a sentence lists them: "i64", "i64 or f64", "i32, i64 or f64". */
void cw_types_list(unsigned types, char *text);

#endif
