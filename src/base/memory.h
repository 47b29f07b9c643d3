/* All memory that chunkwise asks for passes through here, so that tests can refuse it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_MEMORY_H
#define CW_BASE_MEMORY_H

#include <stddef.h>

/* The line size that false sharing is kept apart by, and the alignment of all allocations. */
#define CW_CACHE_LINE 64

/* `count` items of `bytes` each, aligned to a cache line; NULL when it cannot be had or the
 * product overflows. Not touched: the thread that uses it first decides where it lives.
 * A request for nothing gives a valid pointer. */
void *cw_memory_alloc(size_t count, size_t bytes);

/* The same, filled with zero bytes. */
void *cw_memory_zalloc(size_t count, size_t bytes);

/* Grow or shrink; contents up to the smaller size are kept. On NULL the old block is untouched. */
void *cw_memory_realloc(void *memory, size_t old_count, size_t count, size_t bytes);

/* NULL is fine. */
void cw_memory_free(void *memory);

/* For tests: refuse the nth allocation from now on (1 is the next) and all after it; 0 stops
 * refusing. Counts over all threads. */
void cw_memory_refuse_from(long nth);

#endif
