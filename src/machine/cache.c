/* Caches from /sys/devices/system/cpu, which also says who shares them. */
/* SPDX-License-Identifier: MIT */
#include "machine/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No machine has more processors; a list that claims so is rubbish. */
#define CPUS_MAX 65536

/* One cache as its folder in sysfs describes it. */
typedef struct description {
    const char *folder;
    char text[4096];
} description;

/* The first line of a file in the cache's folder, in its text; false when there is none. */
static bool read_line(description *cache, const char *name)
{
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/%s", cache->folder, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "re") : NULL;
    if (file == NULL)
        return false;
    const bool found = fgets(cache->text, sizeof cache->text, file) != NULL;
    (void)fclose(file);
    cache->text[strcspn(cache->text, "\n")] = 0;
    return found;
}

/* "32K", "1024K", "32M"; 0 for anything else. */
static size_t read_size(description *cache)
{
    if (!read_line(cache, "size"))
        return 0;
    char *end;
    const unsigned long number = strtoul(cache->text, &end, 10);
    const int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if ((shift == 0 && *end != 0) || number > SIZE_MAX >> shift)
        return 0;
    return (size_t)number << shift;
}

/* How many allowed processors a list such as "0-3,8" names; at least 1. */
static int count_sharers(description *cache, bool (*is_allowed)(const void *context, int cpu),
                         const void *context)
{
    int sharers = 0;
    const char *at = read_line(cache, "shared_cpu_list") ? cache->text : "";
    while (*at != 0) {
        char *end;
        const long first = strtol(at, &end, 10);
        const long last = *end == '-' ? strtol(end + 1, &end, 10) : first;
        if (end == at || first < 0 || last >= CPUS_MAX)
            break;
        for (long cpu = first; cpu <= last; cpu++)
            sharers += is_allowed(context, (int)cpu);
        at = *end == ',' ? end + 1 : end;
    }
    return sharers > 0 ? sharers : 1;
}

/* Where a cache of that level is kept; NULL when it holds no data or the level is unknown. */
static cw_cache *place_of(description *cache, cw_machine *machine)
{
    if (!read_line(cache, "type") ||
        (strcmp(cache->text, "Data") != 0 && strcmp(cache->text, "Unified") != 0))
        return NULL;
    const long level = read_line(cache, "level") ? strtol(cache->text, NULL, 10) : 0;
    if (level == 1)
        return &machine->l1d;
    if (level == 2)
        return &machine->l2;
    return level == 3 ? &machine->l3 : NULL;
}

static void fall_back(cw_cache *cache, int name, size_t otherwise)
{
    if (cache->bytes > 0)
        return;
    const long bytes = sysconf(name);
    *cache = (cw_cache){.bytes = bytes > 0 ? (size_t)bytes : otherwise, .shared_cpus = 1};
}

void cw_cache_read(const char *root, int cpu, bool (*is_allowed)(const void *context, int cpu),
                   const void *context, cw_machine *machine)
{
    machine->l1d = machine->l2 = machine->l3 = (cw_cache){.bytes = 0, .shared_cpus = 1};
    machine->line_bytes = 0;
    for (int index = 0;; index++) {
        char folder[2048];
        (void)snprintf(folder, sizeof folder, "%s/sys/devices/system/cpu/cpu%d/cache/index%d", root,
                       cpu, index);
        description cache = {.folder = folder};
        if (!read_line(&cache, "level"))
            break;
        cw_cache *place = place_of(&cache, machine);
        if (place == NULL)
            continue;
        place->bytes = read_size(&cache);
        place->shared_cpus = count_sharers(&cache, is_allowed, context);
        if (place == &machine->l1d && read_line(&cache, "coherency_line_size"))
            machine->line_bytes = strtoul(cache.text, NULL, 10);
    }
    fall_back(&machine->l1d, _SC_LEVEL1_DCACHE_SIZE, (size_t)32 << 10);
    fall_back(&machine->l2, _SC_LEVEL2_CACHE_SIZE, (size_t)512 << 10);
    fall_back(&machine->l3, _SC_LEVEL3_CACHE_SIZE, 0);
    if (machine->line_bytes == 0) {
        const long bytes = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
        machine->line_bytes = bytes > 0 ? (size_t)bytes : 64;
    }
}
