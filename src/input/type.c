/* One table of what is fixed about each type, and looking things up in it. */
/* SPDX-License-Identifier: MIT */
#include "input/type.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *descr;
    size_t bytes;
} facts[CW_TYPE_COUNT] = {
    [CW_TYPE_I32] = {"i32", "i4", 4}, [CW_TYPE_I64] = {"i64", "i8", 8},
    [CW_TYPE_U32] = {"u32", "u4", 4}, [CW_TYPE_U64] = {"u64", "u8", 8},
    [CW_TYPE_F32] = {"f32", "f4", 4}, [CW_TYPE_F64] = {"f64", "f8", 8},
};

size_t cw_type_bytes(cw_type type)
{
    return facts[type].bytes;
}

const char *cw_type_name(cw_type type)
{
    return facts[type].name;
}

const char *cw_type_descr(cw_type type)
{
    return facts[type].descr;
}

bool cw_type_find(const char *name, cw_type *type)
{
    for (int i = 0; i < CW_TYPE_COUNT; i++) {
        if (strcmp(name, facts[i].name) == 0) {
            *type = (cw_type)i;
            return true;
        }
    }
    return false;
}

void cw_types_list(unsigned types, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < CW_TYPE_COUNT; i++) {
        if ((types & CW_TYPE_BIT(i)) == 0)
            continue;
        const char *before = length == 0 ? "" : types >> (i + 1) == 0 ? " or " : ", ";
        length +=
            (size_t)snprintf(text + length, CW_TYPES_TEXT - length, "%s%s", before, facts[i].name);
    }
}
