/* Monotonic time from the system's clock; about 25 ns a reading. */
/* SPDX-License-Identifier: MIT */
#include "machine/clock.h"

#include <time.h>

uint64_t cw_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
