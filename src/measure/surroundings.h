/* The clock and the load that a measurement sees: the machine's, or a test's. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_SURROUNDINGS_H
#define CW_MEASURE_SURROUNDINGS_H

#include <chunkwise/status.h>

/* All of it is called by the measuring thread. */
typedef struct cw_surroundings {
    void *context;
    /* Monotonic, ns. */
    uint64_t (*now)(void *context);
    /* May return early, when a signal comes. */
    void (*sleep)(void *context, uint64_t ns);
    /* Processor time of this process, all threads, and of the children it has waited for. */
    void (*usage)(void *context, uint64_t *user_ns, uint64_t *system_ns);
    /* Begin to watch other processes; then, what processor time they have used since: UINT64_MAX
     * when it cannot be told. Calls come in pairs. */
    void (*watch)(void *context);
    uint64_t (*foreign)(void *context);
} cw_surroundings;

/* The machine that we run on. For cw_surroundings_finish; CW_ERR_NO_MEMORY. */
cw_status cw_surroundings_init(cw_surroundings *surroundings, cw_error *error);

/* Only after cw_surroundings_init, or on one that is all zero. */
void cw_surroundings_finish(cw_surroundings *surroundings);

#endif
