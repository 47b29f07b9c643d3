/* The types of number that arrays hold. */
/* SPDX-License-Identifier: MIT */
#include "kernels/arrays/number.h"

static const struct {
    const char *name;
    size_t bytes;
    size_t alignment;
} numbers[CW_NUMBERS] = {
    [CW_NUMBER_I32] = {"i32", sizeof(int32_t), _Alignof(int32_t)},
    [CW_NUMBER_I64] = {"i64", sizeof(int64_t), _Alignof(int64_t)},
    [CW_NUMBER_U32] = {"u32", sizeof(uint32_t), _Alignof(uint32_t)},
    [CW_NUMBER_U64] = {"u64", sizeof(uint64_t), _Alignof(uint64_t)},
    [CW_NUMBER_F32] = {"f32", sizeof(float), _Alignof(float)},
    [CW_NUMBER_F64] = {"f64", sizeof(double), _Alignof(double)},
};

const char *cw_number_name(cw_number type)
{
    return numbers[type].name;
}

size_t cw_number_bytes(cw_number type)
{
    return numbers[type].bytes;
}

bool cw_number_is_float(cw_number type)
{
    return type == CW_NUMBER_F32 || type == CW_NUMBER_F64;
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
                            astray, numbers[type].alignment, numbers[type].name);
    const size_t most = (UINTPTR_MAX - (uintptr_t)items) / numbers[type].bytes;
    if (n > most)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%s cannot hold %zu items of %zu bytes; at most %zu fit memory", name,
                            n, numbers[type].bytes, most);
    return CW_OK;
}
