/* Squares and cubes of arrays as a work: checks, the choice of loop, and the run. */
/* SPDX-License-Identifier: MIT */
#include "kernels/arrays/elementwise.h"

#include "base/checked.h"
#include "kernels/arrays/leaf.h"
#include "machine/machine.h"

#include <chunkwise/work.h>

#include <inttypes.h>
#include <stdio.h>

/* About 1 µs of work from the second cache level: two threads gain from two blocks on. */
#define BLOCK 8192

/* One thread, second cache level, bytes of x. */
#define COST_NS_A_BYTE 0.02

/* Below this no cache that matters is smaller, and the machine need not be looked at. */
#define STREAM_BYTES_LEAST ((size_t)1 << 20)

/* What one run needs to know. */
struct job {
    cw_power power;
    cw_number type;
    const unsigned char *x;
    unsigned char *y;
    bool stream;
    cw_leaf_power *loop;
    const cw_leaf_ops *ops;
};

static const char *const power_names[CW_POWERS] = {"square", "cube"};

/* The integers whose power fits. */
static const struct {
    int64_t least;
    uint64_t most;
} bounds[CW_POWERS][CW_NUMBERS] = {
    [CW_POWER_SQUARE] = {[CW_NUMBER_I32] = {CW_SQUARE_LEAST_i32, CW_SQUARE_MOST_i32},
                         [CW_NUMBER_I64] = {CW_SQUARE_LEAST_i64, CW_SQUARE_MOST_i64},
                         [CW_NUMBER_U32] = {CW_SQUARE_LEAST_u32, CW_SQUARE_MOST_u32},
                         [CW_NUMBER_U64] = {CW_SQUARE_LEAST_u64, CW_SQUARE_MOST_u64}},
    [CW_POWER_CUBE] = {[CW_NUMBER_I32] = {CW_CUBE_LEAST_i32, CW_CUBE_MOST_i32},
                       [CW_NUMBER_I64] = {CW_CUBE_LEAST_i64, CW_CUBE_MOST_i64},
                       [CW_NUMBER_U32] = {CW_CUBE_LEAST_u32, CW_CUBE_MOST_u32},
                       [CW_NUMBER_U64] = {CW_CUBE_LEAST_u64, CW_CUBE_MOST_u64}},
};

static void print_integer(char text[24], cw_number type, const void *item)
{
    switch (type) {
    case CW_NUMBER_I32:
        (void)snprintf(text, 24, "%" PRId32, *(const int32_t *)item);
        break;
    case CW_NUMBER_I64:
        (void)snprintf(text, 24, "%" PRId64, *(const int64_t *)item);
        break;
    case CW_NUMBER_U32:
        (void)snprintf(text, 24, "%" PRIu32, *(const uint32_t *)item);
        break;
    default:
        (void)snprintf(text, 24, "%" PRIu64, *(const uint64_t *)item);
        break;
    }
}

static cw_status overflowed(const struct job *job, uint64_t index, cw_error *error)
{
    char item[24];
    print_integer(item, job->type, job->x + index * cw_number_bytes(job->type));
    return cw_error_set(error, CW_ERR_OVERFLOW, index, item,
                        "the %s of %s at index %" PRIu64 " does not fit %s; items must lie in "
                        "[%" PRId64 ", %" PRIu64 "]",
                        power_names[job->power], item, index, cw_number_name(job->type),
                        bounds[job->power][job->type].least, bounds[job->power][job->type].most);
}

static cw_status step(void *context, void *state, const cw_block *block, void *partial,
                      cw_error *error)
{
    (void)state, (void)partial;
    const struct job *job = context;
    const size_t begin = (size_t)block->begin * cw_number_bytes(job->type);
    const size_t n = (size_t)(block->end - block->begin);
    const size_t done = job->loop(job->x + begin, job->y + begin, n, job->stream);
    return done == n ? CW_OK : overflowed(job, block->begin + done, error);
}

static void make_stores_seen(void *context, void *state)
{
    (void)state;
    const struct job *job = context;
    if (job->stream)
        job->ops->fence();
}

/*
 * An ordinary store first reads the line that it will write; one past the cache does not, but loses
 * what the cache could have kept. On a Zen 5 it wins once x and y together exceed the last cache on
 * one thread, twice that on more. In place the line is there anyway.
 */
static bool worth_streaming(const void *x, const void *y, size_t bytes, const cw_plan *plan)
{
    if (x == y || bytes < STREAM_BYTES_LEAST)
        return false;
    const cw_machine *machine = cw_machine_get();
    const cw_cache *last = machine->l3.bytes != 0 ? &machine->l3 : &machine->l2;
    const int threads = cw_plan_threads(plan);
    const uint64_t caches = cw_div_up((uint64_t)threads, (uint64_t)last->shared_cpus);
    const uint64_t kept = (threads > 1 ? 2 : 1) * caches * last->bytes;
    return bytes > kept / 2;
}

static cw_status check(cw_power power, cw_number type, const void *x, const void *y, size_t n,
                       cw_overflow overflow, cw_error *error)
{
    if ((int)overflow < CW_OVERFLOW_ERROR || (int)overflow > CW_OVERFLOW_SATURATE)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "overflow is %d; it must be 0 (error), 1 (wrap) or 2 (saturate)",
                            (int)overflow);
    cw_status status = cw_number_check(type, "x", x, n, error);
    if (status == CW_OK)
        status = cw_number_check(type, "y", y, n, error);
    if (status != CW_OK)
        return status;
    const uintptr_t from = (uintptr_t)x, to = (uintptr_t)y;
    const uintptr_t apart = from < to ? to - from : from - to;
    if (apart != 0 && apart < n * cw_number_bytes(type))
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "x and y overlap in part: to %s %zu items they must be the same array "
                            "or have none in common",
                            power_names[power], n);
    return CW_OK;
}

cw_status cw_elementwise_run(cw_power power, cw_number type, const void *x, void *y, size_t n,
                             cw_overflow overflow, const cw_plan *plan, cw_error *error)
{
    const cw_status status = check(power, type, x, y, n, overflow, error);
    if (status != CW_OK)
        return status;
    const size_t item_bytes = cw_number_bytes(type);
    const cw_leaf_ops *ops = cw_leaf_ops_for(cw_plan_isa(plan));
    struct job job = {
        .power = power,
        .type = type,
        .x = x,
        .y = y,
        .stream = worth_streaming(x, y, n * item_bytes, plan),
        .loop = ops->power[power][type][overflow],
        .ops = ops,
    };
    const cw_work work = {
        .items = n,
        .block = BLOCK,
        .cost_ns = COST_NS_A_BYTE * (double)item_bytes,
        .uniform = 1,
        .context = &job,
        .step = step,
        .close = make_stores_seen,
    };
    return cw_work_run(&work, plan, NULL, NULL, error);
}
