/* The quick look at the machine: a few system calls and small files, once. */
/* SPDX-License-Identifier: MIT */
#include "machine/machine.h"

#include "machine/cache.h"
#include "machine/quota.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* The kernel fills as much of a mask as it has processors and wants no less; Linux is built for
 * 8192 at most. */
#define MASK_CPUS 65536

typedef union mask {
    cpu_set_t set;
    unsigned char bytes[CPU_ALLOC_SIZE(MASK_CPUS)];
} mask;

static pthread_once_t looked = PTHREAD_ONCE_INIT;
static cw_machine machine;

static bool is_in_mask(const void *context, int cpu)
{
    const mask *allowed = context;
    return CPU_ISSET_S((size_t)cpu, sizeof *allowed, &allowed->set) != 0;
}

/* The processors that the calling thread may run on; all that are online where the system does not
 * say. */
static void read_allowed(mask *allowed)
{
    memset(allowed, 0, sizeof *allowed);
    if (sched_getaffinity(0, sizeof *allowed, &allowed->set) == 0)
        return;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    CPU_SET_S(0, sizeof *allowed, &allowed->set);
    for (int cpu = 1; cpu < online && cpu < MASK_CPUS; cpu++)
        CPU_SET_S((size_t)cpu, sizeof *allowed, &allowed->set);
}

static int first_in_mask(const mask *allowed)
{
    for (int cpu = 0; cpu < MASK_CPUS; cpu++) {
        if (is_in_mask(allowed, cpu))
            return cpu;
    }
    return 0;
}

int cw_machine_usable(int allowed_cpus, double quota_cpus)
{
    if (quota_cpus > 0 && quota_cpus < allowed_cpus)
        return (int)ceil(quota_cpus);
    return allowed_cpus > 1 ? allowed_cpus : 1;
}

/* One space between words, none at the ends: processors pad their names. */
static void trim(char *text)
{
    char *to = text;
    for (const char *from = text; *from != 0; from++) {
        if (*from != ' ' || (to > text && to[-1] != ' '))
            *to++ = *from;
    }
    if (to > text && to[-1] == ' ')
        to--;
    *to = 0;
}

#if defined(__x86_64__) || defined(__i386__)
/* The processor itself knows; /proc/cpuinfo takes milliseconds on a large machine. */
static bool read_brand(char *model, size_t room)
{
    unsigned words[13] = {0};
    for (unsigned i = 0; i < 3; i++) {
        unsigned *part = words + 4 * i;
        if (!__get_cpuid(0x80000002u + i, &part[0], &part[1], &part[2], &part[3]))
            return false;
    }
    (void)snprintf(model, room, "%s", (const char *)words);
    return model[0] != 0;
}
#else
static bool read_brand(char *model, size_t room)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL)
        return false;
    char line[256];
    const char *name = NULL;
    while (name == NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "model name", strlen("model name")) == 0)
            name = strchr(line, ':');
    }
    (void)fclose(file);
    if (name == NULL)
        return false;
    line[strcspn(line, "\n")] = 0;
    (void)snprintf(model, room, "%s", name + 1);
    return true;
}
#endif

static void read_model(char *model, size_t room)
{
    struct utsname system;
    if (!read_brand(model, room))
        (void)snprintf(model, room, "%.*s", (int)room - 1,
                       uname(&system) == 0 ? system.machine : "unknown");
    trim(model);
}

static void look(void)
{
    mask allowed;
    read_allowed(&allowed);
    machine.allowed_cpus = CPU_COUNT_S(sizeof allowed, &allowed.set);
    machine.quota_cpus = cw_quota_read("");
    machine.usable_cpus = cw_machine_usable(machine.allowed_cpus, machine.quota_cpus);
    cw_cache_read("", first_in_mask(&allowed), is_in_mask, &allowed, &machine);
    read_model(machine.model, sizeof machine.model);
}

const cw_machine *cw_machine_get(void)
{
    (void)pthread_once(&looked, look);
    return &machine;
}
