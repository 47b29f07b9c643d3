/* What is known of this machine: processors this process may use, caches, memory nodes. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MACHINE_MACHINE_H
#define CW_MACHINE_MACHINE_H

#include <chunkwise/machine.h>

#include <stddef.h>

/* One cache level as the first processor that we may use sees it. */
typedef struct cw_cache {
    size_t bytes;    /* 0: unknown */
    int shared_cpus; /* allowed processors that share one instance; at least 1 */
} cw_cache;

/* Found quickly (no topology library, a few files), once; the rest by cw_topology_load. */
typedef struct cw_machine {
    int allowed_cpus;  /* affinity mask */
    double quota_cpus; /* cgroup CPU quota in processors, v1 or v2, lowest on the path; 0: none */
    int usable_cpus;   /* allowed, cut to the quota (rounded up), at least 1: the default team */
    cw_cache l1d, l2, l3;
    size_t line_bytes;
    char model[64]; /* processor's name */
} cw_machine;

/*
 * Never fails: what cannot be found has a safe default (32 KiB, 512 KiB, 0; one processor).
 *
 * The affinity mask is that of the thread which asks first. With OMP_PROC_BIND or OMP_PLACES set,
 * libgomp has bound the main thread to one place by then, so allowed_cpus may be 1 where a parallel
 * region has more: omp_get_num_procs knows, and parallel/ asks it.
 */
const cw_machine *cw_machine_get(void);

/* The processors worth a thread each: the allowed ones, cut to the quota rounded up; at least 1. */
int cw_machine_usable(int allowed_cpus, double quota_cpus);

/* The slower look: cores and memory nodes, through hwloc. */
typedef struct cw_topology {
    int packages, cores, processors, memory_nodes, l3_groups;
    size_t memory_bytes;
} cw_topology;

/* The whole machine as this process is shown it, whatever its affinity mask.
 * CW_ERR_UNSUPPORTED when the build has no hwloc; CW_ERR_IO when it cannot tell. */
cw_status cw_topology_load(cw_topology *topology, cw_error *error);

#endif
