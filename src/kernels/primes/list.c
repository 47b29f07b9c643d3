/* Listing primes in order, whatever the number of threads. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/primes.h>

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/window.h"

#include <string.h>

/* A block keeps its sieved rows, one byte for thirty numbers, until its turn comes. */
#define LONGEST_BLOCK ((uint64_t)1 << 24)

/* Primes given to the sink at a time: 256 KiB of them. */
#define BATCH 32768

struct listing {
    cw_window window; /* first: the window's functions look for it there */
    cw_primes_sink *sink;
    void *sink_context;
};

struct listing_state {
    cw_window_state window; /* first, for the same reason */
    uint8_t *rows;          /* of the block */
    size_t capacity, filled;
    uint64_t *batch;
};

static void keep_stretch(void *receiver, const cw_stretch *stretch)
{
    struct listing_state *mine = receiver;
    memcpy(mine->rows + mine->filled, stretch->bits, stretch->rows);
    mine->filled += stretch->rows;
}

static cw_status list_step(void *context, void *state, const cw_block *block, void *partial,
                           cw_error *error)
{
    const struct listing *listing = context;
    struct listing_state *mine = state;
    (void)partial;
    const size_t rows = (size_t)((block->end - block->begin) / 30 + 2);
    if (mine->batch == NULL)
        mine->batch = cw_memory_alloc(BATCH, sizeof *mine->batch);
    if (mine->capacity < rows + 8) {
        cw_memory_free(mine->rows);
        mine->rows = cw_memory_alloc(rows + 8, 1);
        mine->capacity = mine->rows == NULL ? 0 : rows + 8;
    }
    if (mine->rows == NULL || mine->batch == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for %zu sieved rows", rows);
    mine->filled = 0;
    const cw_status status =
        cw_window_sieve(&listing->window, &mine->window, block, keep_stretch, mine, error);
    if (status != CW_OK)
        return status;
    memset(mine->rows + mine->filled, 0, 8);
    return CW_OK;
}

static cw_status list_emit(void *context, void *state, const cw_block *block, cw_error *error)
{
    const struct listing *listing = context;
    struct listing_state *mine = state;
    cw_prime_cursor cursor;
    cw_prime_cursor_init(&cursor, mine->rows, (listing->window.base + block->begin) / 30,
                         mine->filled);
    size_t count = 0;
    if (block->index == 0)
        count = (size_t)cw_window_small_primes(listing->window.first, listing->window.last, 30,
                                               mine->batch);
    for (;; count = 0) {
        uint64_t prime;
        while (count < BATCH && (prime = cw_prime_cursor_next(&cursor)) != 0)
            mine->batch[count++] = prime;
        const cw_status status =
            count == 0 ? CW_OK : listing->sink(listing->sink_context, mine->batch, count, error);
        if (status != CW_OK || count < BATCH)
            return status;
    }
}

static void list_finish(void *context, void *state)
{
    struct listing_state *mine = state;
    (void)context;
    cw_siever_destroy(mine->window.siever);
    cw_memory_free(mine->rows);
    cw_memory_free(mine->batch);
}

cw_status cw_primes_list(uint64_t first, uint64_t last, const cw_plan *plan, cw_primes_sink *sink,
                         void *context, cw_error *error)
{
    if (sink == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "sink is NULL");
    if (last < first)
        return CW_OK;
    struct listing listing = {.sink = sink, .sink_context = context};
    cw_status status = cw_window_init(&listing.window, first, last, 30, LONGEST_BLOCK, plan, error);
    if (status != CW_OK)
        return status;
    cw_work work = cw_window_work(&listing);
    work.state_bytes = sizeof(struct listing_state);
    work.step = list_step;
    work.emit = list_emit;
    work.finish = list_finish;
    status = cw_work_run(&work, plan, NULL, NULL, error);
    cw_window_finish(&listing.window);
    return status;
}
