/* Work: what a job computes, as a grid of blocks. Every kernel and skeleton is one of these. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_WORK_H
#define CHUNKWISE_WORK_H

#include <chunkwise/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One block of a work's grid: the items [begin, end), never empty. */
typedef struct cw_block {
    uint64_t index; /**< from 0 */
    uint64_t begin;
    uint64_t end;
} cw_block;

/**
 * A job: `items` items in blocks of `block`, the last one perhaps shorter. The grid depends on the
 * job alone, never on the plan or the machine: that is why results do not depend on them either.
 *
 * `step` turns one block into one partial result; `combine` joins the partials of neighbours, in a
 * tree whose shape depends on the number of blocks alone. A thread calls open, then step for
 * consecutive blocks, then close; it may do so many times over. All functions but combine, emit
 * and finish run on several threads at once. Functions that a work does not need are NULL. One
 * that fails may say why in `error`, which is never NULL and has no index and no text so far.
 */
typedef struct cw_work {
    uint64_t items;
    uint64_t block;       /**< items in a block, at least 1 */
    size_t partial_bytes; /**< size of a partial result; 0: none */
    size_t state_bytes;   /**< private memory of each thread, zeroed before its first open */
    double cost_ns;       /**< rough time of an item on one thread; 0: unknown */
    int uniform; /**< nonzero: all items cost about the same (auto then hands out evenly) */
    /**
     * Nonzero: blocks may be computed again after others. Then CW_ERR_NO_MEMORY makes the run begin
     * anew with fewer threads, unless that many were asked for or the work emits.
     */
    int repeatable;
    void *context; /**< passed to every function */

    /** Prepare `state` for blocks from `block` on. */
    cw_status (*open)(void *context, void *state, const cw_block *block, cw_error *error);
    /**
     * Compute a block into `partial` (partial_bytes of it, not initialised). Items in rising order,
     * stopping at the first that fails, so that the lowest failing item is the one reported.
     */
    cw_status (*step)(void *context, void *state, const cw_block *block, void *partial,
                      cw_error *error);
    /** End a run of blocks. Called after open has succeeded, whatever step returned. */
    void (*close)(void *context, void *state);
    /**
     * Let go of what open or step keep in `state` from run to run. Called at the very end by the
     * caller's thread, once for each state that open or step was given, even if open failed.
     */
    void (*finish)(void *context, void *state);
    /** left = left combined with right, its neighbour. Associative; need not commute. */
    cw_status (*combine)(void *context, void *left, const void *right, cw_error *error);
    /**
     * Called for every block in rising order, one at a time, after its step, on the same thread:
     * for ordered output. Blocks are then handed out in order, whatever the plan's policy.
     */
    cw_status (*emit)(void *context, void *state, const cw_block *block, cw_error *error);

    size_t encoded_bytes; /**< size of an encoded partial; the three are for journals on disk */
    void (*encode)(const void *partial, unsigned char *bytes); /**< portable byte order */
    cw_status (*decode)(const unsigned char *bytes, void *partial, cw_error *error);
} cw_work;

/**
 * Where a run may find partials already known and leave those it makes. It is all that
 * checkpoints, parts of a job, several machines and rechecking need. Both are called by several
 * threads at once.
 */
typedef struct cw_journal {
    void *context;
    /** Nonzero and *partial filled when the block needs no work. NULL for a work that emits. */
    int (*have)(void *context, const cw_block *block, void *partial);
    /** Keep a block's partial; failing fails the block. */
    cw_status (*put)(void *context, const cw_block *block, const void *partial, cw_error *error);
} cw_journal;

/** Number of blocks in a work's grid. */
CW_API uint64_t cw_work_blocks(const cw_work *work);

/** The block with that index, index < cw_work_blocks(work). */
CW_API cw_block cw_work_block(const cw_work *work, uint64_t index);

/**
 * Run a work.
 *
 * @param plan         how; NULL for defaults.
 * @param journal      or NULL.
 * @param[out] result  all partials combined, partial_bytes of it; written only on CW_OK, and left
 *                     as it is by a work of no items. NULL where partial_bytes is 0.
 * @param[out] error   details of the lowest failing item; NULL is fine.
 *
 * @return CW_OK; what the lowest failing block returned; CW_ERR_CANCELLED when blocks were left
 *         out because of the cancel flag; CW_ERR_THREADS when the threads asked for cannot be had;
 *         CW_ERR_NO_MEMORY; CW_ERR_ARGUMENT for a plan that is out of bounds, or a work that
 *         lacks what it needs.
 *
 * Memory  partial_bytes a block, state_bytes a thread.
 * Threads may be called from several threads; inside an OpenMP region it runs on the caller alone.
 * Result  the same for every plan.
 */
CW_API cw_status cw_work_run(const cw_work *work, const cw_plan *plan, const cw_journal *journal,
                             void *result, cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
