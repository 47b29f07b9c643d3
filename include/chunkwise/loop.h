/* Parallel loops: for, map over items, reduce; and memory laid out by the threads that use it. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_LOOP_H
#define CHUNKWISE_LOOP_H

#include <chunkwise/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a loop body is given: items [begin, end), never empty, and this thread's scratch. */
typedef struct cw_span {
    uint64_t begin;
    uint64_t end;
    void *scratch;   /**< plan->scratch_bytes of memory no other thread touches, zeroed at first */
    cw_error *error; /**< for cw_error_set; may be NULL. Without it a failure is put on `begin` */
} cw_span;

/** Body of cw_for. Works through the items in rising order; the first failure ends the span. */
typedef cw_status cw_for_body(void *context, const cw_span *span);

/**
 * Run a body over [0, n).
 *
 * Spans are blocks of a grid fixed by n alone: one item each up to 1024 items, at most 64 up to
 * 2^18, then n / 4096. A plan's chunk is rounded up to whole blocks.
 *
 * @return CW_OK; what the body returned for the lowest failing item (items above it may have been
 *         skipped, none below it was); CW_ERR_CANCELLED, CW_ERR_THREADS, CW_ERR_NO_MEMORY,
 *         CW_ERR_ARGUMENT as cw_work_run says.
 */
CW_API cw_status cw_for(uint64_t n, cw_for_body *body, void *context, const cw_plan *plan,
                        cw_error *error);

/** One item of cw_map: read *item, write *result. */
typedef cw_status cw_map_function(void *context, const void *item, void *result);

/**
 * result[i] = function(item[i]) for i in [0, n): what Pool.map does.
 *
 * @param items         n items of item_bytes each; NULL gives the function a NULL item.
 * @param results       n results of result_bytes each; may equal `items` where sizes are equal. On
 *                      failure the results below the failing item are complete, others undefined.
 *
 * @return as cw_for; error->index is the item whose function failed. CW_ERR_ARGUMENT also where n
 *         items or results exceed PTRDIFF_MAX bytes, which no array can have.
 */
CW_API cw_status cw_map(const void *items, size_t item_bytes, void *results, size_t result_bytes,
                        uint64_t n, cw_map_function *function, void *context, const cw_plan *plan,
                        cw_error *error);

/** How cw_reduce folds items into one value of `bytes` bytes. */
typedef struct cw_reduction {
    size_t bytes;
    const void *identity; /**< what folding starts from; the result of no items */
    /** Fold the items of the span into *value, which starts as the identity. */
    cw_status (*fold)(void *context, const cw_span *span, void *value);
    /** *left = *left joined with *right. Associative; need not commute. */
    void (*combine)(void *context, void *left, const void *right);
} cw_reduction;

/**
 * Fold [0, n) into one value. Spans and the shape of the combination depend on n alone, so even
 * floating-point results are the same bits for every plan and every run.
 *
 * @param[out] result  reduction->bytes; written only on CW_OK.
 * @return as cw_for.
 *
 * Memory  one value for each span, at most 4096 of them.
 */
CW_API cw_status cw_reduce(uint64_t n, const cw_reduction *reduction, void *context,
                           const cw_plan *plan, void *result, cw_error *error);

/**
 * Memory for `count` items of `bytes` each, aligned to 64 bytes, its pages first touched (and
 * zeroed) by the threads of the plan in the way that a static loop over it would use them, so that
 * on a machine with several memory nodes each thread finds its part near.
 *
 * Of the plan, `threads` and `serial` are heeded.
 *
 * @return CW_OK with *memory to be freed by cw_array_destroy; CW_ERR_NO_MEMORY, CW_ERR_OVERFLOW,
 *         CW_ERR_THREADS, CW_ERR_ARGUMENT (memory is NULL, or too many threads) with *memory
 *         untouched.
 */
CW_API cw_status cw_array_create(size_t count, size_t bytes, const cw_plan *plan, void **memory);

/** NULL is fine. */
CW_API void cw_array_destroy(void *memory);

#ifdef __cplusplus
}
#endif

#endif
