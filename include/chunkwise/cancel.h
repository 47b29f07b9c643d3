/* A flag that stops a job early. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_CANCEL_H
#define CHUNKWISE_CANCEL_H

#include <chunkwise/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A flag that stops a job early. Zero-initialise it; it may be raised from a signal handler. */
typedef struct cw_cancel {
    int raised; /**< through the functions below only */
} cw_cancel;

CW_API void cw_cancel_raise(cw_cancel *cancel);
CW_API void cw_cancel_clear(cw_cancel *cancel);
CW_API int cw_cancel_raised(const cw_cancel *cancel);

#ifdef __cplusplus
}
#endif

#endif
