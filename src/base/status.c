/* The phrase for each status, and filling in the details of a failure. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/status.h>

#include <stdarg.h>
#include <stdio.h>

const char *cw_status_text(cw_status status)
{
    switch ((int)status) {
    case CW_OK:
        return "done";
    case CW_ERR_ARGUMENT:
        return "argument not allowed";
    case CW_ERR_NO_MEMORY:
        return "out of memory";
    case CW_ERR_OVERFLOW:
        return "result does not fit its type";
    case CW_ERR_CANCELLED:
        return "cancelled";
    case CW_ERR_THREADS:
        return "threads cannot be started";
    case CW_ERR_IO:
        return "reading or writing failed";
    case CW_ERR_FORMAT:
        return "input has the wrong form";
    case CW_ERR_UNSUPPORTED:
        return "not available here";
    case CW_ERR_MISMATCH:
        return "results disagree";
    case CW_ERR_CLOSED:
        return "output closed by its reader";
    default:
        return (int)status >= CW_ERR_USER ? "a callback failed" : "unknown status";
    }
}

cw_status cw_error_set(cw_error *error, cw_status status, uint64_t index, const char *value,
                       const char *format, ...)
{
    if (error == NULL)
        return status;
    error->status = status;
    error->index = index;
    (void)snprintf(error->value, sizeof error->value, "%s", value ? value : "");
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->sentence, sizeof error->sentence, format, arguments);
    va_end(arguments);
    return status;
}
