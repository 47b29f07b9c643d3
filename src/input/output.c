/* Collecting small pieces of output into writes that are worth a system call. */
/* SPDX-License-Identifier: MIT */
#include "input/output.h"

#include "base/memory.h"
#include "input/list.h"

#include <errno.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 18 };

static const char standard_output[] = "/dev/stdout";

cw_status cw_output_open(cw_output *output, const char *path, cw_error *error)
{
    const bool is_standard = path == NULL || strcmp(path, "-") == 0;
    if (is_standard && fflush(stdout) != 0)
        return cw_file_fail("write", standard_output, errno, error);
    char *buffer = cw_memory_alloc(BUFFER_BYTES, 1);
    if (buffer == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for a buffer of %d bytes", BUFFER_BYTES);
    const cw_status status =
        cw_draft_open(&output->draft, is_standard ? standard_output : path, error);
    if (status != CW_OK) {
        cw_memory_free(buffer);
        return status;
    }
    output->buffer = buffer;
    output->used = 0;
    return CW_OK;
}

static cw_status flush(cw_output *output, cw_error *error)
{
    const size_t size = output->used;
    output->used = 0;
    return cw_draft_write(&output->draft, output->buffer, size, error);
}

cw_status cw_output_write(cw_output *output, const void *bytes, size_t size, cw_error *error)
{
    if (size > BUFFER_BYTES - output->used) {
        const cw_status status = flush(output, error);
        if (status != CW_OK)
            return status;
    }
    if (size > BUFFER_BYTES)
        return cw_draft_write(&output->draft, bytes, size, error);
    memcpy(output->buffer + output->used, bytes, size);
    output->used += size;
    return CW_OK;
}

cw_status cw_output_numbers(cw_output *output, cw_number type, const void *values, size_t count,
                            cw_error *error)
{
    const char *at = values;
    while (count > 0) {
        const size_t room = (BUFFER_BYTES - output->used) / CW_LIST_LINE_MAX;
        if (room == 0) {
            const cw_status status = flush(output, error);
            if (status != CW_OK)
                return status;
            continue;
        }
        const size_t batch = count < room ? count : room;
        output->used += cw_list_format(type, at, batch, output->buffer + output->used);
        at += batch * cw_number_bytes(type);
        count -= batch;
    }
    return CW_OK;
}

cw_status cw_output_commit(cw_output *output, cw_error *error)
{
    cw_status status = flush(output, error);
    if (status == CW_OK)
        status = cw_draft_commit(&output->draft, error);
    cw_output_abandon(output);
    return status;
}

void cw_output_abandon(cw_output *output)
{
    cw_draft_abandon(&output->draft);
    cw_memory_free(output->buffer);
    *output = (cw_output){0};
}
