/* Telling .npy from text, and handing out its values as kernels need them: aligned, native order.
 */
/* SPDX-License-Identifier: MIT */
#include "input/array.h"

#include "base/memory.h"
#include "base/quote.h"
#include "input/list.h"
#include "input/npy.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

bool cw_array_is_npy(const char *path)
{
    const size_t length = strlen(path);
    return length >= 4 && strcmp(path + length - 4, ".npy") == 0;
}

static bool looks_like_npy(const char *path, const cw_file *file)
{
    return (file->size > 0 && file->bytes[0] == CW_NPY_FIRST_BYTE) || cw_array_is_npy(path);
}

/* Unaligned values of either width, to native order. */
static void copy_swapped(void *to, const unsigned char *from, size_t count, size_t bytes)
{
    for (size_t i = 0; bytes == 4 && i < count; i++) {
        uint32_t value;
        memcpy(&value, from + 4 * i, 4);
        ((uint32_t *)to)[i] = __builtin_bswap32(value);
    }
    for (size_t i = 0; bytes == 8 && i < count; i++) {
        uint64_t value;
        memcpy(&value, from + 8 * i, 8);
        ((uint64_t *)to)[i] = __builtin_bswap64(value);
    }
}

static cw_status check_type(cw_number type, unsigned types, const char *name, cw_error *error)
{
    if ((types & CW_NUMBER_BIT(type)) != 0)
        return CW_OK;
    char allowed[CW_NUMBER_LIST_TEXT];
    cw_number_list(types, allowed);
    return cw_error_set(error, CW_ERR_FORMAT, CW_NO_INDEX, cw_number_name(type),
                        "%s holds %s; what is read here must be %s", name, cw_number_name(type),
                        allowed);
}

/* The values of array->file into memory of the array's own; the file is done with. */
static cw_status copy_values(cw_array *array, const cw_npy_header *header, const char *name,
                             cw_error *error)
{
    const size_t bytes = cw_number_bytes(header->layout.type);
    const size_t count = header->layout.count;
    const unsigned char *from = array->file.bytes + header->data_offset;
    array->owned = cw_memory_alloc(count, bytes);
    if (array->owned == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "%s: no memory for its %zu values of %s", name, count,
                            cw_number_name(header->layout.type));
    if (header->swapped)
        copy_swapped(array->owned, from, count, bytes);
    else
        memcpy(array->owned, from, count * bytes);
    array->data = array->owned;
    cw_file_finish(&array->file);
    return CW_OK;
}

static cw_status read_npy(cw_array *array, unsigned types, const char *name, cw_error *error)
{
    cw_npy_header header;
    cw_status status = cw_npy_parse(array->file.bytes, array->file.size, name, &header, error);
    if (status == CW_OK)
        status = check_type(header.layout.type, types, name, error);
    if (status != CW_OK)
        return status;
    array->layout = header.layout;
    array->data = array->file.bytes + header.data_offset;
    const bool aligned = (uintptr_t)array->data % cw_number_bytes(header.layout.type) == 0;
    return header.swapped || !aligned ? copy_values(array, &header, name, error) : CW_OK;
}

static cw_status read_text(cw_array *array, cw_number type, const char *name, cw_error *error)
{
    cw_layout *layout = &array->layout;
    const cw_file *file = &array->file;
    const char *text = file->size > 0 ? (const char *)file->bytes : "";
    const cw_status status =
        cw_list_parse(text, file->size, type, name, &array->owned, &layout->count, error);
    if (status != CW_OK)
        return status;
    layout->type = type;
    layout->dimensions = 1;
    layout->shape[0] = layout->count;
    array->data = array->owned;
    cw_file_finish(&array->file);
    return CW_OK;
}

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* A file that is empty is a list of no numbers, but no .npy file. */
static cw_status load_file(const char *path, cw_file *file, cw_error *error)
{
    cw_error reason;
    const cw_status status =
        is_standard(path) ? cw_file_load_descriptor(STDIN_FILENO, "standard input", file, &reason)
                          : cw_file_load(path, file, &reason);
    if (status == CW_OK || (status == CW_ERR_FORMAT && !cw_array_is_npy(path)))
        return CW_OK;
    if (error != NULL)
        *error = reason;
    return status;
}

cw_status cw_array_load(const char *path, unsigned types, cw_number text_type, cw_array *array,
                        cw_error *error)
{
    const cw_quote quoted = cw_quote_path(is_standard(path) ? "standard input" : path);
    cw_array read = {0};
    cw_status status = load_file(path, &read.file, error);
    if (status != CW_OK)
        return status;
    if (looks_like_npy(path, &read.file))
        status = read_npy(&read, types, quoted.text, error);
    else
        status = read_text(&read, text_type, quoted.text, error);
    if (status == CW_OK)
        *array = read;
    else
        cw_array_finish(&read);
    return status;
}

void cw_array_finish(cw_array *array)
{
    if (array == NULL)
        return;
    cw_file_finish(&array->file);
    cw_memory_free(array->owned);
    *array = (cw_array){0};
}

cw_status cw_array_draft(const char *path, const cw_layout *layout, cw_draft *draft, void **data,
                         cw_error *error)
{
    char header[CW_NPY_HEADER_MAX];
    const size_t length = cw_npy_format(layout, header);
    /* A layout's values fit half the address space, and a header is small. */
    const size_t size = length + layout->count * cw_number_bytes(layout->type);
    cw_status status = cw_draft_open(draft, is_standard(path) ? "/dev/stdout" : path, error);
    if (status != CW_OK)
        return status;
    unsigned char *bytes;
    status = cw_draft_reserve(draft, size, &bytes, error);
    if (status != CW_OK) {
        cw_draft_abandon(draft);
        return status;
    }
    memcpy(bytes, header, length);
    *data = bytes + length;
    return CW_OK;
}
