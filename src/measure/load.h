/* How much processor time everybody else on the machine uses. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_LOAD_H
#define CW_MEASURE_LOAD_H

#include <chunkwise/status.h>

#include <sys/types.h>

/* Load that cannot be seen. */
#define CW_LOAD_UNKNOWN UINT64_MAX

/* Watches the run times in /proc, in nanoseconds; the ticks of /proc/stat are too coarse for runs
 * of less than a second. */
typedef struct cw_load cw_load;

/*
 * @param root  "/proc"; another folder of that form for tests. Kept open, not copied.
 * @param self  the process that does not count, with all its threads.
 *
 * Where the folder or the run times in it cannot be read, this still succeeds and the load is
 * unknown. CW_ERR_NO_MEMORY.
 */
cw_status cw_load_create(const char *root, pid_t self, cw_load **load, cw_error *error);

/* NULL is fine. */
void cw_load_destroy(cw_load *load);

/* Remember how long each process has run. Some 5 us a process. */
void cw_load_begin(cw_load *load);

/*
 * Processor time that other processes used since the last cw_load_begin: what the threads of then
 * have used since, and all that new ones have used. CW_LOAD_UNKNOWN when it cannot be told, as on
 * a machine where we alone can be seen. Not seen: what ended meanwhile, and what is hidden from us
 * while something else is not (another container, hidepid).
 */
uint64_t cw_load_end(cw_load *load);

#endif
