/* Monotonic time. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MACHINE_CLOCK_H
#define CW_MACHINE_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some fixed moment; never goes back. */
uint64_t cw_clock_ns(void);

#endif
