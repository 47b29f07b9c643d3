/* Status codes, and what a failure says about itself. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_STATUS_H
#define CHUNKWISE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CW_API __attribute__((visibility("default")))
#else
#define CW_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a call says of how it went. The numbers are fixed: a new status takes a new number.
 * 1 to 127 are the library's own; callbacks may return those, or CW_ERR_USER to 255 for theirs.
 */
typedef enum cw_status {
    CW_OK = 0,
    CW_ERR_ARGUMENT = 1,    /**< an argument was outside what is allowed */
    CW_ERR_NO_MEMORY = 2,   /**< memory could not be had */
    CW_ERR_OVERFLOW = 3,    /**< a result does not fit its type */
    CW_ERR_CANCELLED = 4,   /**< the plan's cancel flag was raised before all was done */
    CW_ERR_THREADS = 5,     /**< the threads that were asked for cannot be started */
    CW_ERR_IO = 6,          /**< reading or writing failed */
    CW_ERR_FORMAT = 7,      /**< input is not in the form that it should have */
    CW_ERR_UNSUPPORTED = 8, /**< not available on this machine or in this build */
    CW_ERR_MISMATCH = 9,    /**< two results that must agree do not */
    CW_ERR_CLOSED = 10,     /**< whoever was to read the output has gone: end quietly */
    CW_ERR_USER = 128       /**< first number free for callbacks */
} cw_status;

/** No item to blame. */
#define CW_NO_INDEX UINT64_MAX

/**
 * The details of a failure. Of several items that fail, the lowest is reported, whatever the
 * number of threads. Filled only when a call fails; a NULL cw_error is always allowed.
 */
typedef struct cw_error {
    cw_status status;
    uint64_t index;     /**< the item, from 0; CW_NO_INDEX where none is to blame */
    char value[48];     /**< the offending value as text; empty where there is none */
    char sentence[208]; /**< what was wrong and what is allowed, without a full stop */
} cw_error;

/** A short phrase for a status; never NULL. */
CW_API const char *cw_status_text(cw_status status);

/**
 * Fill an error (NULL is fine) and return its status, so that a callback can end with
 * `return cw_error_set(error, CW_ERR_USER, i, "17", "item %d is negative", i);`
 *
 * @param value   the offending value as text, or NULL.
 * @param format  printf format of the sentence; cut off at the size of the field.
 */
CW_API cw_status cw_error_set(cw_error *error, cw_status status, uint64_t index, const char *value,
                              const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;

#ifdef __cplusplus
}
#endif

#endif
