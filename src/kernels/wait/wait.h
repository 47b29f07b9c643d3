/* One wait that a flag can end early. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_WAIT_WAIT_H
#define CW_KERNELS_WAIT_WAIT_H

#include <chunkwise/plan.h>

/* Sleep for that long, signals or not; CW_ERR_CANCELLED soon after the flag (NULL: none) is up. */
cw_status cw_wait_one(uint64_t ns, const cw_cancel *cancel, cw_error *error);

#endif
