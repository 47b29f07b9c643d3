/* Aligned memory with one place where it can be refused. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include "base/checked.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Large blocks are aligned to a huge page and marked for it: first touch of 4 KiB pages runs at
 * a few GB/s, of 2 MiB pages several times faster. */
#define HUGE_PAGE ((size_t)2 << 20)

/* Allocations left before refusal starts; negative: none is refused. */
static atomic_long allowance = -1;

void cw_memory_refuse_from(long nth)
{
    atomic_store(&allowance, nth - 1);
}

static bool refused(void)
{
    long left = atomic_load_explicit(&allowance, memory_order_relaxed);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&allowance, &left, left - 1))
            return false;
    }
    return left == 0;
}

void *cw_memory_alloc(size_t count, size_t bytes)
{
    size_t total;
    if (refused() || !cw_mul_size(count, bytes, &total))
        return NULL;
    const size_t alignment = total >= HUGE_PAGE ? HUGE_PAGE : CW_CACHE_LINE;
    if (!cw_add_size(total == 0 ? 1 : total, alignment - 1, &total))
        return NULL;
    total &= ~(alignment - 1);
    /* No object may be so large that pointers into it cannot be subtracted. */
    if (total > PTRDIFF_MAX)
        return NULL;
    void *memory = aligned_alloc(alignment, total);
    if (memory != NULL && alignment == HUGE_PAGE)
        (void)madvise(memory, total, MADV_HUGEPAGE);
    return memory;
}

void *cw_memory_zalloc(size_t count, size_t bytes)
{
    void *memory = cw_memory_alloc(count, bytes);
    if (memory != NULL)
        memset(memory, 0, count * bytes);
    return memory;
}

void *cw_memory_realloc(void *memory, size_t old_count, size_t count, size_t bytes)
{
    void *grown = cw_memory_alloc(count, bytes);
    if (grown == NULL)
        return NULL;
    if (memory != NULL)
        memcpy(grown, memory, (old_count < count ? old_count : count) * bytes);
    cw_memory_free(memory);
    return grown;
}

void cw_memory_free(void *memory)
{
    free(memory);
}
