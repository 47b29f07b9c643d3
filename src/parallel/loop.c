/* for, map and reduce: thin works on the engine, over a grid that depends on n alone. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/loop.h>

#include <chunkwise/work.h>

#include "base/checked.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

/* Spans of 64 items make the call of a body free even where an item takes a nanosecond; 4096 of
 * them leave 64 for each of 64 threads. Few items may be long ones: they are handed out singly. */
static uint64_t block_for(uint64_t n)
{
    const uint64_t short_enough = cw_min_u64(64, cw_div_up(n, 1024));
    return cw_max_u64(1, cw_max_u64(short_enough, cw_div_up(n, 4096)));
}

/* Not repeatable: what a body has done to the items of a span is its own affair. */
static cw_work loop_work(uint64_t n, size_t scratch_bytes, void *context)
{
    return (cw_work){
        .items = n,
        .block = block_for(n),
        .state_bytes = scratch_bytes,
        .context = context,
    };
}

static size_t scratch_of(const cw_plan *plan)
{
    return plan != NULL ? plan->scratch_bytes : 0;
}

/* Bodies that name no item are taken to mean the first of their span. */
static cw_status blame(cw_status status, const cw_block *block, cw_error *error)
{
    if (status != CW_OK && error->index == CW_NO_INDEX)
        error->index = block->begin;
    return status;
}

static cw_span span_of(const cw_block *block, void *state, cw_error *error)
{
    return (cw_span){.begin = block->begin, .end = block->end, .scratch = state, .error = error};
}

static cw_status check_function(bool present, const char *name, cw_error *error)
{
    if (present)
        return CW_OK;
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "%s is NULL", name);
}

/* ---- for ---- */

struct for_loop {
    cw_for_body *body;
    void *context;
};

static cw_status for_step(void *context, void *state, const cw_block *block, void *partial,
                          cw_error *error)
{
    const struct for_loop *loop = context;
    const cw_span span = span_of(block, state, error);
    (void)partial;
    return blame(loop->body(loop->context, &span), block, error);
}

cw_status cw_for(uint64_t n, cw_for_body *body, void *context, const cw_plan *plan, cw_error *error)
{
    const cw_status status = check_function(body != NULL, "body", error);
    if (status != CW_OK)
        return status;
    struct for_loop loop = {.body = body, .context = context};
    cw_work work = loop_work(n, scratch_of(plan), &loop);
    work.step = for_step;
    return cw_work_run(&work, plan, NULL, NULL, error);
}

/* ---- map ---- */

struct map_loop {
    const unsigned char *items;
    unsigned char *results;
    size_t item_bytes, result_bytes;
    cw_map_function *function;
    void *context;
};

static cw_status map_step(void *context, void *state, const cw_block *block, void *partial,
                          cw_error *error)
{
    const struct map_loop *map = context;
    (void)state;
    (void)partial;
    for (uint64_t i = block->begin; i < block->end; i++) {
        const void *item = map->items == NULL ? NULL : map->items + i * map->item_bytes;
        const cw_status status =
            map->function(map->context, item, map->results + i * map->result_bytes);
        if (status != CW_OK)
            return cw_error_set(error, status, i, NULL, "%s", cw_status_text(status));
    }
    return CW_OK;
}

/* `n` of them are no object that memory can hold, and their offsets would wrap around. */
static cw_status check_size(uint64_t n, size_t bytes, const char *name, cw_error *error)
{
    if (bytes == 0 || n <= (size_t)PTRDIFF_MAX / bytes)
        return CW_OK;
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                        "%s are %" PRIu64 " of %zu bytes each; at most %zu fit memory", name, n,
                        bytes, (size_t)PTRDIFF_MAX / bytes);
}

cw_status cw_map(const void *items, size_t item_bytes, void *results, size_t result_bytes,
                 uint64_t n, cw_map_function *function, void *context, const cw_plan *plan,
                 cw_error *error)
{
    cw_status status = check_function(function != NULL, "function", error);
    if (status == CW_OK && n > 0 && result_bytes > 0)
        status = check_function(results != NULL, "results", error);
    if (status == CW_OK && items != NULL)
        status = check_size(n, item_bytes, "items", error);
    if (status == CW_OK)
        status = check_size(n, result_bytes, "results", error);
    if (status != CW_OK)
        return status;
    struct map_loop map = {
        .items = items,
        .results = results,
        .item_bytes = item_bytes,
        .result_bytes = result_bytes,
        .function = function,
        .context = context,
    };
    cw_work work = loop_work(n, 0, &map);
    work.step = map_step;
    return cw_work_run(&work, plan, NULL, NULL, error);
}

/* ---- reduce ---- */

struct reduce_loop {
    const cw_reduction *reduction;
    void *context;
};

static cw_status reduce_step(void *context, void *state, const cw_block *block, void *partial,
                             cw_error *error)
{
    const struct reduce_loop *loop = context;
    const cw_span span = span_of(block, state, error);
    memcpy(partial, loop->reduction->identity, loop->reduction->bytes);
    return blame(loop->reduction->fold(loop->context, &span, partial), block, error);
}

static cw_status reduce_combine(void *context, void *left, const void *right, cw_error *error)
{
    const struct reduce_loop *loop = context;
    (void)error;
    loop->reduction->combine(loop->context, left, right);
    return CW_OK;
}

static cw_status check_reduction(const cw_reduction *reduction, const void *result, cw_error *error)
{
    cw_status status = check_function(reduction != NULL, "reduction", error);
    if (status == CW_OK)
        status = check_function(reduction->fold != NULL, "reduction->fold", error);
    if (status == CW_OK)
        status = check_function(reduction->combine != NULL, "reduction->combine", error);
    if (status == CW_OK)
        status = check_function(reduction->identity != NULL, "reduction->identity", error);
    if (status == CW_OK)
        status = check_function(result != NULL, "result", error);
    if (status == CW_OK && reduction->bytes == 0)
        status = cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                              "reduction->bytes is 0: a value has at least 1 byte");
    return status;
}

cw_status cw_reduce(uint64_t n, const cw_reduction *reduction, void *context, const cw_plan *plan,
                    void *result, cw_error *error)
{
    cw_status status = check_reduction(reduction, result, error);
    if (status != CW_OK)
        return status;
    struct reduce_loop loop = {.reduction = reduction, .context = context};
    cw_work work = loop_work(n, scratch_of(plan), &loop);
    work.partial_bytes = reduction->bytes;
    work.step = reduce_step;
    work.combine = reduce_combine;
    status = cw_work_run(&work, plan, NULL, result, error);
    if (status == CW_OK && n == 0)
        memcpy(result, reduction->identity, reduction->bytes);
    return status;
}

/* ---- memory near the threads that use it ---- */

/* Small arrays are near everyone. */
#define TOUCH_BLOCK ((uint64_t)2 << 20)

static cw_status touch_step(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    (void)state;
    (void)partial;
    (void)error;
    memset((unsigned char *)context + block->begin, 0, block->end - block->begin);
    return CW_OK;
}

cw_status cw_array_create(size_t count, size_t bytes, const cw_plan *plan, void **memory)
{
    size_t total;
    if (memory == NULL)
        return CW_ERR_ARGUMENT;
    if (!cw_mul_size(count, bytes, &total))
        return CW_ERR_OVERFLOW;
    void *array = cw_memory_alloc(count, bytes);
    if (array == NULL)
        return CW_ERR_NO_MEMORY;
    const cw_work work = {
        .items = total,
        .block = TOUCH_BLOCK,
        .cost_ns = 0.1,
        .uniform = 1,
        .context = array,
        .step = touch_step,
    };
    const cw_plan touch = {.threads = plan != NULL ? plan->threads : 0,
                           .serial = plan != NULL ? plan->serial : 0,
                           .policy = CW_POLICY_STATIC};
    const cw_status status = cw_work_run(&work, &touch, NULL, NULL, NULL);
    if (status != CW_OK) {
        cw_memory_free(array);
        return status;
    }
    *memory = array;
    return CW_OK;
}

void cw_array_destroy(void *memory)
{
    cw_memory_free(memory);
}
