/* A simulated machine: time, bursts of foreign load, teams that spin, runs that can go wrong. */
/* SPDX-License-Identifier: MIT */
#include "simulated.h"

#include <math.h>
#include <string.h>

static double uniform(cw_random *random)
{
    return ((double)(cw_random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double exponential(cw_random *random)
{
    return -log(uniform(random));
}

/* Let time pass up to the next change of the load at most; returns how much did. */
static double pass(simulated *m, double ns)
{
    while (m->quiet_ns > 0 && m->now_ns >= m->switch_ns) {
        const double mean = m->bursting ? m->quiet_ns : m->burst_ns;
        m->bursting = !m->bursting;
        m->switch_ns += mean * exponential(&m->random);
    }
    if (m->quiet_ns > 0)
        ns = fmin(ns, m->switch_ns - m->now_ns);
    if (m->bursting)
        m->foreign_ns += m->burst_share * ns;
    if (m->spin_until_ns > m->now_ns)
        m->own_ns += fmin(ns, m->spin_until_ns - m->now_ns);
    m->now_ns += ns;
    return ns;
}

static void idle(simulated *m, double ns)
{
    while (ns > 0)
        ns -= pass(m, ns);
}

static void work(simulated *m, double ns)
{
    while (ns > 1e-3) {
        const double slowdown = m->bursting ? m->burst_slowdown : 1;
        ns -= pass(m, ns * slowdown) / slowdown;
    }
}

static uint64_t now(void *context)
{
    return (uint64_t)((simulated *)context)->now_ns;
}

static void sleep_for(void *context, uint64_t ns)
{
    simulated *m = context;
    m->sleeps++;
    m->slept_ns += (double)ns;
    idle(m, (double)ns);
}

static void usage(void *context, uint64_t *user_ns, uint64_t *system_ns)
{
    const simulated *m = context;
    *user_ns = (uint64_t)(0.75 * m->own_ns);
    *system_ns = (uint64_t)(0.25 * m->own_ns);
}

static void watch(void *context)
{
    simulated *m = context;
    m->watched_ns = m->foreign_ns;
    idle(m, m->look_ns);
}

static uint64_t foreign(void *context)
{
    simulated *m = context;
    const double used = m->foreign_ns - m->watched_ns;
    idle(m, m->look_ns);
    return m->foreign_hidden ? UINT64_MAX : (uint64_t)used;
}

cw_surroundings simulated_surroundings(simulated *machine)
{
    return (cw_surroundings){.context = machine,
                             .now = now,
                             .sleep = sleep_for,
                             .usage = usage,
                             .watch = watch,
                             .foreign = foreign};
}

static size_t index_of(const simulated *m, const cw_setting *setting)
{
    size_t i = 0;
    while (memcmp(&m->settings[i], setting, sizeof *setting) != 0)
        i++;
    return i;
}

static cw_status run(void *context, const cw_setting *setting, cw_sample *sample, cw_error *error)
{
    simulated *m = context;
    if (m->threads_most > 0 && setting->threads > m->threads_most)
        return cw_error_set(error, CW_ERR_THREADS, CW_NO_INDEX, "64",
                            "%d threads were asked for, at most %d can be started",
                            setting->threads, m->threads_most);
    m->runs++;
    if (m->cancel != NULL && m->runs == m->cancel_at) {
        cw_cancel_raise(m->cancel);
        if (m->cancelled_inside)
            return CW_ERR_CANCELLED;
    }
    if (setting->serial && m->spin_until_ns > m->now_ns)
        m->spun_before_serial_ns += m->spin_until_ns - m->now_ns;

    const size_t index = index_of(m, setting);
    /* A heavy tail: the ratio of two exponentials has no mean. Cut off where a person would. */
    const double tail = fmin(20, exponential(&m->random) / exponential(&m->random));
    const double begin_ns = m->now_ns;
    work(m, m->work_ns[index] * (1 + m->noise * tail));
    const double wall_ns = m->now_ns - begin_ns;
    m->own_ns += wall_ns * (setting->serial ? 1 : setting->threads);
    if (!setting->serial)
        m->spin_until_ns = m->now_ns + m->spin_ns;
    sample->wall_ns = (uint64_t)wall_ns;
    sample->busiest_ns = (uint64_t)wall_ns;
    sample->idlest_ns = (uint64_t)(0.75 * wall_ns);
    sample->digest = 0x1234;
    if (index > 0 && index == m->wrong_setting && m->runs >= m->wrong_from)
        sample->digest = 0x1235;
    return CW_OK;
}

cw_subject simulated_subject(simulated *machine, const cw_setting *settings)
{
    machine->settings = settings;
    return (cw_subject){.context = machine, .run = run};
}
