/* One table of what is fixed about each type, and what every call checks of an array. */
/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <stdint.h>
#include <stdio.h>

const char *const cw_number_names[] = {"i32", "i64", "u32", "u64", "f32", "f64", NULL};

static const struct {
    size_t bytes;
    size_t alignment;
} numbers[CW_NUMBERS] = {
    [CW_NUMBER_I32] = {sizeof(int32_t), _Alignof(int32_t)},
    [CW_NUMBER_I64] = {sizeof(int64_t), _Alignof(int64_t)},
    [CW_NUMBER_U32] = {sizeof(uint32_t), _Alignof(uint32_t)},
    [CW_NUMBER_U64] = {sizeof(uint64_t), _Alignof(uint64_t)},
    [CW_NUMBER_F32] = {sizeof(float), _Alignof(float)},
    [CW_NUMBER_F64] = {sizeof(double), _Alignof(double)},
};

const char *cw_number_name(cw_number type)
{
    return cw_number_names[type];
}

size_t cw_number_bytes(cw_number type)
{
    return numbers[type].bytes;
}

bool cw_number_is_float(cw_number type)
{
    return type == CW_NUMBER_F32 || type == CW_NUMBER_F64;
}

void cw_number_list(unsigned types, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < CW_NUMBERS; i++) {
        if ((types & CW_NUMBER_BIT(i)) == 0)
            continue;
        const char *before = length == 0 ? "" : types >> (i + 1) == 0 ? " or " : ", ";
        length += (size_t)snprintf(text + length, CW_NUMBER_LIST_TEXT - length, "%s%s", before,
                                   cw_number_names[i]);
    }
}

cw_status cw_number_check(cw_number type, const char *name, const void *items, size_t n,
                          cw_error *error)
{
    if (n == 0)
        return CW_OK;
    if (items == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%s is NULL; it must hold %zu items", name, n);
    const size_t astray = (uintptr_t)items % numbers[type].alignment;
    if (astray != 0)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%s is %zu bytes past a multiple of %zu, the alignment of %s", name,
                            astray, numbers[type].alignment, cw_number_name(type));
    const size_t most = (UINTPTR_MAX - (uintptr_t)items) / numbers[type].bytes;
    if (n > most)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%s cannot hold %zu items of %zu bytes; at most %zu fit memory", name,
                            n, numbers[type].bytes, most);
    return CW_OK;
}
