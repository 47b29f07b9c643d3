/* What the OpenMP runtime and its environment say, and whether threads can be had. */
/* SPDX-License-Identifier: MIT */
#include "parallel/runtime.h"

#include "base/memory.h"
#include "machine/machine.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* The environment is looked at once, as the runtime itself does. */
static struct {
    bool schedule_set;
    cw_policy policy;
    uint64_t chunk;
    bool threads_set;
    size_t stack_bytes; /* OMP_STACKSIZE; 0: the system's default */
} environment;
static pthread_once_t environment_once = PTHREAD_ONCE_INIT;

/* `size | sizeB | sizeK | sizeM | sizeG`, K being the default; 0 for anything else. */
static size_t parse_stack_size(const char *text)
{
    char *end;
    while (isspace((unsigned char)*text))
        text++;
    if (!isdigit((unsigned char)*text))
        return 0;
    const unsigned long long size = strtoull(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    int shift = 10;
    switch (toupper((unsigned char)*end)) {
    case 'B':
        shift = 0;
        break;
    case 'M':
        shift = 20;
        break;
    case 'G':
        shift = 30;
        break;
    default:
        break;
    }
    return size > SIZE_MAX >> shift ? 0 : (size_t)size << shift;
}

static void read_environment(void)
{
    const char *schedule = getenv("OMP_SCHEDULE");
    if (schedule != NULL)
        environment.schedule_set =
            cw_schedule_parse(schedule, &environment.policy, &environment.chunk, NULL) == CW_OK;
    const char *threads = getenv("OMP_NUM_THREADS");
    environment.threads_set = threads != NULL && strtol(threads, NULL, 10) > 0;
    const char *stack = getenv("OMP_STACKSIZE");
    if (stack != NULL)
        environment.stack_bytes = parse_stack_size(stack);
}

bool cw_runtime_schedule(cw_policy *policy, uint64_t *chunk)
{
    pthread_once(&environment_once, read_environment);
    *policy = environment.policy;
    *chunk = environment.chunk;
    return environment.schedule_set;
}

#ifdef _OPENMP

const char *cw_runtime_name(void)
{
#if defined(__clang__)
    return "libomp";
#else
    return "libgomp";
#endif
}

int cw_runtime_version(void)
{
    return _OPENMP;
}

int cw_runtime_processors(void)
{
    return omp_get_num_procs();
}

bool cw_runtime_inside(void)
{
    return omp_in_parallel();
}

int cw_runtime_threads(bool *asked)
{
    pthread_once(&environment_once, read_environment);
    const int most = omp_get_max_threads();
    const int processors = omp_get_num_procs();
    *asked = environment.threads_set || most != processors;
    if (*asked)
        return most;
    return cw_machine_usable(processors, cw_machine_get()->quota_cpus);
}

/* The pool of a thread that calls us is its own, so several callers may need more than was tried;
 * that cannot be known here. */
static atomic_int startable_threads = 1;

static void *wait_for_gate(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* Start up to `wanted` - 1 threads that all live at once; returns how many there were, plus us. */
static int try_threads(int wanted)
{
    pthread_t *threads = cw_memory_alloc((size_t)wanted, sizeof *threads);
    pthread_attr_t attributes;
    if (threads == NULL || pthread_attr_init(&attributes) != 0) {
        cw_memory_free(threads);
        return 1;
    }
    if (environment.stack_bytes != 0)
        (void)pthread_attr_setstacksize(&attributes, environment.stack_bytes);
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&gate);
    int started = 0;
    while (started < wanted - 1 &&
           pthread_create(&threads[started], &attributes, wait_for_gate, &gate) == 0)
        started++;
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&gate);
    pthread_attr_destroy(&attributes);
    cw_memory_free(threads);
    return started + 1;
}

int cw_runtime_startable(int wanted)
{
    const int limit = omp_get_thread_limit();
    if (wanted > limit)
        wanted = limit;
    const int known = atomic_load(&startable_threads);
    if (wanted <= known)
        return wanted;
    pthread_once(&environment_once, read_environment);
    const int got = try_threads(wanted);
    if (got == wanted)
        atomic_store(&startable_threads, wanted);
    return got;
}

#else /* no OpenMP: one thread, and nothing to ask */

const char *cw_runtime_name(void)
{
    return "none";
}

int cw_runtime_version(void)
{
    return 0;
}

int cw_runtime_processors(void)
{
    return 1;
}

/* The caller is all the team that can be had, whatever the plan asks for. */
bool cw_runtime_inside(void)
{
    return true;
}

int cw_runtime_threads(bool *asked)
{
    *asked = false;
    return 1;
}

int cw_runtime_startable(int wanted)
{
    (void)wanted;
    return 1;
}

#endif
