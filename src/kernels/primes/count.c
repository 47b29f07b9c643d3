/* Counting primes: in a window, and up to each of many numbers in one pass. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/primes.h>

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/count.h"
#include "kernels/primes/window.h"

#include <stdlib.h>
#include <string.h>

/* For a bare count the order of the bits does not matter; for counts in between it does. */
enum { COUNT_WHEEL = 210, MANY_WHEEL = 30 };

/* ---- one window ---- */

struct counter {
    const cw_sieve *sieve;
    uint64_t count;
};

static void count_stretch(void *receiver, const cw_stretch *stretch)
{
    struct counter *counter = receiver;
    for (uint32_t line = 0; line < counter->sieve->wheel.lines; line++)
        counter->count +=
            counter->sieve->ops.count(stretch->bits + line * stretch->line_bytes, stretch->rows);
}

static cw_status count_step(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    const cw_window *window = context;
    struct counter counter = {.sieve = &window->sieve};
    const cw_status status = cw_window_sieve(window, state, block, count_stretch, &counter, error);
    if (status != CW_OK)
        return status;
    memcpy(partial, &counter.count, sizeof counter.count);
    return CW_OK;
}

static cw_status count_combine(void *context, void *left, const void *right, cw_error *error)
{
    uint64_t a, b;
    (void)context;
    (void)error;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    a += b;
    memcpy(left, &a, sizeof a);
    return CW_OK;
}

static void count_encode(const void *partial, unsigned char *bytes)
{
    uint64_t count;
    memcpy(&count, partial, sizeof count);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(count >> (8 * i));
}

static cw_status count_decode(const unsigned char *bytes, void *partial, cw_error *error)
{
    uint64_t count = 0;
    (void)error;
    for (int i = 0; i < 8; i++)
        count |= (uint64_t)bytes[i] << (8 * i);
    memcpy(partial, &count, sizeof count);
    return CW_OK;
}

cw_work cw_primes_count_work(cw_window *window)
{
    cw_work work = cw_window_work(window);
    work.partial_bytes = sizeof(uint64_t);
    work.repeatable = 1;
    work.step = count_step;
    work.combine = count_combine;
    work.encoded_bytes = 8;
    work.encode = count_encode;
    work.decode = count_decode;
    return work;
}

cw_status cw_primes_count(uint64_t first, uint64_t last, const cw_plan *plan, uint64_t *count,
                          cw_error *error)
{
    if (count == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "count is NULL");
    if (last < first) {
        *count = 0;
        return CW_OK;
    }
    cw_window window;
    cw_status status = cw_window_init(&window, first, last, COUNT_WHEEL, 0, plan, error);
    if (status != CW_OK)
        return status;
    uint64_t found = 0, small[4];
    const cw_work work = cw_primes_count_work(&window);
    status = cw_work_run(&work, plan, NULL, &found, error);
    if (status == CW_OK)
        *count = found + (uint64_t)cw_window_small_primes(first, last, COUNT_WHEEL, small);
    cw_window_finish(&window);
    return status;
}

/* ---- many numbers ---- */

typedef struct query {
    uint64_t number;
    size_t index; /* in the caller's order */
} query;

struct many {
    cw_window window;     /* first: the window's functions look for it there */
    const query *queries; /* by rising number */
    size_t queries_count;
    uint64_t *results;
    uint64_t *totals; /* primes in each block */
};

static int compare_queries(const void *a, const void *b)
{
    const uint64_t x = ((const query *)a)->number, y = ((const query *)b)->number;
    return (x > y) - (x < y);
}

/* The first query of a number that is at least `number`. */
static size_t first_query(const struct many *many, uint64_t number)
{
    size_t low = 0, high = many->queries_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (many->queries[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct answering {
    const struct many *many;
    size_t next;    /* the query to answer next */
    uint64_t count; /* primes of the block below the stretch */
};

/* Answers are counted from the beginning of the block here; what lies before is added later. */
static void answer_stretch(void *receiver, const cw_stretch *stretch)
{
    struct answering *a = receiver;
    const struct many *many = a->many;
    const cw_cross_ops *ops = &many->window.sieve.ops;
    size_t counted = 0;
    for (; a->next < many->queries_count; a->next++) {
        const uint64_t number = many->queries[a->next].number;
        if (number / MANY_WHEEL >= stretch->row + stretch->rows)
            break;
        const size_t row = (size_t)(number / MANY_WHEEL - stretch->row);
        a->count += ops->count(stretch->bits + counted, row - counted);
        counted = row;
        uint8_t upto = stretch->bits[row];
        cw_wheel_trim(&many->window.sieve.wheel, &upto, 0, 0, (uint32_t)(number % MANY_WHEEL));
        many->results[many->queries[a->next].index] = a->count + (uint64_t)__builtin_popcount(upto);
    }
    a->count += ops->count(stretch->bits + counted, stretch->rows - counted);
}

static cw_status many_step(void *context, void *state, const cw_block *block, void *partial,
                           cw_error *error)
{
    const struct many *many = context;
    struct answering answering = {.many = many, .next = first_query(many, block->begin)};
    (void)partial;
    const cw_status status =
        cw_window_sieve(&many->window, state, block, answer_stretch, &answering, error);
    if (status != CW_OK)
        return status;
    many->totals[block->index] = answering.count;
    return CW_OK;
}

/* Add to each answer what lies below its block, and the primes that no row holds. */
static void add_what_lies_below(struct many *many, const cw_work *work)
{
    uint64_t below = 0, block = 0, small[4];
    for (size_t i = 0; i < many->queries_count; i++) {
        const query *q = &many->queries[i];
        for (; block < q->number / work->block; block++)
            below += many->totals[block];
        many->results[q->index] +=
            below + (uint64_t)cw_window_small_primes(0, q->number, MANY_WHEEL, small);
    }
}

static cw_status answer_queries(struct many *many, const cw_plan *plan, cw_error *error)
{
    const uint64_t last = many->queries[many->queries_count - 1].number;
    cw_status status = cw_window_init(&many->window, 0, last, MANY_WHEEL, 0, plan, error);
    if (status != CW_OK)
        return status;
    cw_work work = cw_window_work(many);
    work.repeatable = 1;
    work.step = many_step;
    const size_t blocks = (size_t)cw_work_blocks(&work);
    many->totals = cw_memory_alloc(blocks, sizeof *many->totals);
    if (many->totals == NULL)
        status = cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                              "no memory for the counts of %zu blocks", blocks);
    else
        status = cw_work_run(&work, plan, NULL, NULL, error);
    if (status == CW_OK)
        add_what_lies_below(many, &work);
    cw_memory_free(many->totals);
    cw_window_finish(&many->window);
    return status;
}

cw_status cw_primes_count_many(const uint64_t *numbers, size_t count, const cw_plan *plan,
                               uint64_t *results, cw_error *error)
{
    if (count == 0)
        return CW_OK;
    if (numbers == NULL || results == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "%s is NULL",
                            numbers == NULL ? "numbers" : "results");
    query *queries = cw_memory_alloc(count, sizeof *queries);
    if (queries == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory to sort %zu numbers", count);
    for (size_t i = 0; i < count; i++)
        queries[i] = (query){numbers[i], i};
    qsort(queries, count, sizeof *queries, compare_queries);
    struct many many = {.queries = queries, .queries_count = count, .results = results};
    const cw_status status = answer_queries(&many, plan, error);
    cw_memory_free(queries);
    return status;
}
