/* The data caches that one processor sees. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MACHINE_CACHE_H
#define CW_MACHINE_CACHE_H

#include "machine/machine.h"

#include <stdbool.h>

/*
 * Fills l1d, l2, l3 and line_bytes of *machine as processor `cpu` sees them. is_allowed says
 * whether another processor counts as sharing. What sysfs does not say comes from sysconf, and
 * then from the defaults of cw_machine_get. `root` as in cw_quota_read.
 */
void cw_cache_read(const char *root, int cpu, bool (*is_allowed)(const void *context, int cpu),
                   const void *context, cw_machine *machine);

#endif
