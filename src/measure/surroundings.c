/* The machine we run on, as a measurement sees it: its clock, our processor time, others' load. */
/* SPDX-License-Identifier: MIT */
#include "measure/surroundings.h"

#include "machine/clock.h"
#include "measure/load.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const uint64_t second_ns = 1000000000;

static uint64_t real_now(void *context)
{
    (void)context;
    return cw_clock_ns();
}

/* Not resumed after a signal: that may be the wish to end. */
static void real_sleep(void *context, uint64_t ns)
{
    (void)context;
    const struct timespec duration = {.tv_sec = (time_t)(ns / second_ns),
                                      .tv_nsec = (long)(ns % second_ns)};
    (void)nanosleep(&duration, NULL);
}

static uint64_t duration_ns(struct timeval time)
{
    return (uint64_t)time.tv_sec * second_ns + (uint64_t)time.tv_usec * 1000;
}

static void real_usage(void *context, uint64_t *user_ns, uint64_t *system_ns)
{
    (void)context;
    struct rusage ours = {0}, children = {0};
    (void)getrusage(RUSAGE_SELF, &ours);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    *user_ns = duration_ns(ours.ru_utime) + duration_ns(children.ru_utime);
    *system_ns = duration_ns(ours.ru_stime) + duration_ns(children.ru_stime);
}

static void real_watch(void *context)
{
    cw_load_begin(context);
}

static uint64_t real_foreign(void *context)
{
    return cw_load_end(context);
}

cw_status cw_surroundings_init(cw_surroundings *surroundings, cw_error *error)
{
    cw_load *load;
    const cw_status status = cw_load_create("/proc", getpid(), &load, error);
    if (status != CW_OK)
        return status;
    *surroundings = (cw_surroundings){.context = load,
                                      .now = real_now,
                                      .sleep = real_sleep,
                                      .usage = real_usage,
                                      .watch = real_watch,
                                      .foreign = real_foreign};
    return CW_OK;
}

void cw_surroundings_finish(cw_surroundings *surroundings)
{
    cw_load_destroy(surroundings->context);
    *surroundings = (cw_surroundings){0};
}
