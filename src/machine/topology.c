/* The slow look at the machine, through hwloc: milliseconds, so only when somebody asks. */
/* SPDX-License-Identifier: MIT */
#include "machine/machine.h"

#include "config.h"

#if HAVE_HWLOC

#include <hwloc.h>

/* hwloc answers -1 where objects of a kind lie on several levels. */
static int count(hwloc_topology_t loaded, hwloc_obj_type_t type)
{
    const int objects = hwloc_get_nbobjs_by_type(loaded, type);
    return objects > 0 ? objects : 0;
}

cw_status cw_topology_load(cw_topology *topology, cw_error *error)
{
    hwloc_topology_t loaded;
    if (hwloc_topology_init(&loaded) != 0)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "there is no memory to look at the machine's topology");
    if (hwloc_topology_load(loaded) != 0) {
        hwloc_topology_destroy(loaded);
        return cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL,
                            "hwloc cannot read this machine's topology");
    }
    *topology = (cw_topology){
        .packages = count(loaded, HWLOC_OBJ_PACKAGE),
        .cores = count(loaded, HWLOC_OBJ_CORE),
        .processors = count(loaded, HWLOC_OBJ_PU),
        .memory_nodes = count(loaded, HWLOC_OBJ_NUMANODE),
        .l3_groups = count(loaded, HWLOC_OBJ_L3CACHE),
        .memory_bytes = (size_t)hwloc_get_root_obj(loaded)->total_memory,
    };
    hwloc_topology_destroy(loaded);
    return CW_OK;
}

#else

cw_status cw_topology_load(cw_topology *topology, cw_error *error)
{
    (void)topology;
    return cw_error_set(error, CW_ERR_UNSUPPORTED, CW_NO_INDEX, NULL,
                        "cores and memory nodes are unknown: this build has no hwloc");
}

#endif
