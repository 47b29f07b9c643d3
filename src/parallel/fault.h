/* Which block failed: the lowest one, whatever the order in which they are found out. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PARALLEL_FAULT_H
#define CW_PARALLEL_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct cw_fault {
    _Atomic uint64_t lowest; /* UINT64_MAX: nothing has failed */
} cw_fault;

static inline void cw_fault_init(cw_fault *fault)
{
    atomic_init(&fault->lowest, UINT64_MAX);
}

static inline void cw_fault_raise(cw_fault *fault, uint64_t block)
{
    uint64_t seen = atomic_load_explicit(&fault->lowest, memory_order_relaxed);
    while (block < seen && !atomic_compare_exchange_weak(&fault->lowest, &seen, block)) {
    }
}

/* Blocks above a known failure need not run; one below it must, as it may fail too. */
static inline bool cw_fault_below(cw_fault *fault, uint64_t block)
{
    return atomic_load_explicit(&fault->lowest, memory_order_relaxed) < block;
}

#endif
