/* Large primes: an entry clears one bit and moves to the list of its next one. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/large.h"

#include "base/checked.h"
#include "base/memory.h"

#include <string.h>

/*
 * An entry is a prime modulus * q + r about to clear its multiple by m, in 64 bits: the wheel
 * position, classes * (class of r) + (class of m), in the lowest 12, the row in its slice in 20
 * above them: together they are its place; and q in the uppermost 28.
 *
 * steps[position], in 64 bits: the bits to keep (8), 4 zeroes, the line's offset in bytes (a
 * multiple of 2^12: the rest of the lower half); and how the place changes: by q rows times the gap
 * (8), and by a signed number (24) that has the carry's rows and the next position in it.
 */
enum { POSITION_BITS = 12, POSITION_MASK = (1 << POSITION_BITS) - 1 };
enum { Q_SHIFT = 36, GAP_SHIFT = 32, CHANGE_SHIFT = 40 };

enum { BUCKET_BYTES = 8192, BUCKET_WORDS = BUCKET_BYTES / 8, FIRST_WORD = 2 };

struct cw_large_bucket {
    cw_large_bucket *next; /* in its list, the one filled before it */
    uint64_t unused;
    uint64_t entries[BUCKET_WORDS - FIRST_WORD];
};

/* Buckets come from slabs so large that they are huge pages; the first bucket's room is the link.
 */
enum { SLAB_BUCKETS = 512 };

/* ---- lists ---- */

static bool add_slab(cw_large_tier *tier)
{
    cw_large_bucket *slab = cw_memory_alloc(SLAB_BUCKETS, BUCKET_BYTES);
    if (slab == NULL)
        return false;
    slab[0].next = tier->slabs;
    tier->slabs = slab;
    for (int i = SLAB_BUCKETS - 1; i > 0; i--) {
        slab[i].next = tier->spare;
        tier->spare = &slab[i];
    }
    return true;
}

/* The bucket that the place before `tail` lies in. */
static cw_large_bucket *bucket_of(uint64_t *tail)
{
    return (cw_large_bucket *)(void *)((uintptr_t)(tail - 1) & ~(uintptr_t)(BUCKET_BYTES - 1));
}

/* A fresh bucket for a list whose tail is at the end of one, or nowhere. */
static uint64_t *add_bucket(cw_large_tier *tier, uint64_t *tail)
{
    if (tier->spare == NULL && !add_slab(tier))
        return NULL;
    cw_large_bucket *fresh = tier->spare;
    tier->spare = fresh->next;
    fresh->next = tail == NULL ? NULL : bucket_of(tail);
    return fresh->entries;
}

static inline bool push(cw_large_tier *tier, uint32_t list, uint64_t entry)
{
    uint64_t *tail = tier->tails[list];
    if (((uintptr_t)tail & (BUCKET_BYTES - 1)) == 0) {
        tail = add_bucket(tier, tail);
        if (tail == NULL)
            return false;
    }
    *tail = entry;
    tier->tails[list] = tail + 1;
    return true;
}

static void give_back(cw_large_tier *tier, cw_large_bucket *bucket)
{
    bucket->next = tier->spare;
    tier->spare = bucket;
}

/* ---- joining ---- */

static void fill_steps(uint64_t *steps, const cw_wheel *wheel, size_t line_bytes)
{
    for (uint32_t r = 0; r < wheel->classes; r++) {
        for (uint32_t m = 0; m < wheel->classes; m++) {
            const uint32_t product = (uint32_t)wheel->residue[r] * wheel->residue[m];
            const uint32_t residue = product % wheel->modulus;
            const uint32_t class = wheel->class_of[residue];
            const uint64_t gap = wheel->gap[m];
            const uint64_t carry = (residue + gap * wheel->residue[r]) / wheel->modulus;
            const int64_t on = (int64_t)((m + 1) % wheel->classes) - m;
            const uint64_t change = (carry << POSITION_BITS) + (uint64_t)on;
            steps[wheel->classes * r + m] = (uint8_t) ~(1u << class % 8) | class / 8 * line_bytes |
                                            gap << GAP_SHIFT | change << CHANGE_SHIFT;
        }
    }
}

bool cw_large_init(cw_large_tier *tier, const cw_wheel *wheel, size_t line_bytes,
                   unsigned slice_shift, uint64_t last_row, uint64_t largest)
{
    *tier = (cw_large_tier){
        .wheel = wheel,
        .line_bytes = line_bytes,
        .slice_shift = slice_shift,
        .last_row = last_row,
    };
    /* no gap is wider than 10 */
    const uint64_t furthest = largest / wheel->modulus * 10 + 12;
    for (tier->lists = 1; tier->lists < (furthest >> slice_shift) + 2;)
        tier->lists *= 2;
    tier->tails = cw_memory_zalloc(tier->lists, sizeof *tier->tails);
    tier->steps = cw_memory_alloc(CW_LARGE_POSITIONS, sizeof *tier->steps);
    if (tier->tails == NULL || tier->steps == NULL) {
        cw_large_finish(tier);
        return false;
    }
    fill_steps(tier->steps, wheel, line_bytes);
    return true;
}

void cw_large_finish(cw_large_tier *tier)
{
    while (tier->slabs != NULL) {
        cw_large_bucket *slab = tier->slabs;
        tier->slabs = slab[0].next;
        cw_memory_free(slab);
    }
    cw_memory_free(tier->steps);
    cw_memory_free(tier->tails);
    *tier = (cw_large_tier){0};
}

void cw_large_start(cw_large_tier *tier, uint64_t row)
{
    for (uint32_t list = 0; list < tier->lists; list++) {
        if (tier->tails[list] == NULL)
            continue;
        for (cw_large_bucket *b = bucket_of(tier->tails[list]), *next; b != NULL; b = next) {
            next = b->next;
            give_back(tier, b);
        }
        tier->tails[list] = NULL;
    }
    tier->row = row;
    tier->now = 0;
}

bool cw_large_join(cw_large_tier *tier, const cw_cross_ops *ops, const uint32_t *primes,
                   size_t count)
{
    const cw_wheel *wheel = tier->wheel;
    cw_first_hit hits[CW_FIRST_HITS + 8];
    uint64_t numbers;
    if (!cw_mul_u64(tier->last_row - tier->row + 1, wheel->modulus, &numbers))
        numbers = UINT64_MAX;
    const size_t found =
        ops->first_hits(wheel, primes, count, tier->row * wheel->modulus, numbers, hits);
    const uint64_t in_slice = ((uint64_t)1 << tier->slice_shift) - 1;
    for (size_t i = 0; i < found; i++) {
        const uint32_t p = hits[i].prime;
        const uint64_t row = hits[i].distance / wheel->modulus;
        const uint64_t position = wheel->classes * wheel->class_of[p % wheel->modulus] +
                                  wheel->class_of[hits[i].multiplier];
        const uint32_t list =
            (tier->now + (uint32_t)(row >> tier->slice_shift)) & (tier->lists - 1);
        if (!push(tier, list,
                  (uint64_t)(p / wheel->modulus) << Q_SHIFT | (row & in_slice) << POSITION_BITS |
                      position))
            return false;
    }
    return true;
}

/* ---- crossing off ---- */

/* `limited`: a hit may lie beyond the last row. Told apart by the slice, not by the entry. */
static inline bool cross_entries(cw_large_tier *tier, uint8_t *bits, const uint64_t *entries,
                                 size_t count, bool limited)
{
    const uint64_t *const steps = tier->steps;
    const unsigned shift = tier->slice_shift + POSITION_BITS;
    const uint64_t in_slice = ((uint64_t)1 << shift) - 1;
    const uint32_t mask = tier->lists - 1, now = tier->now;
    const uint64_t rows_left = tier->last_row - tier->row;
    for (size_t i = 0; i < count; i++) {
        const uint64_t entry = entries[i];
        const uint64_t step = steps[entry & POSITION_MASK];
        bits[((uint32_t)step & ~(uint32_t)POSITION_MASK) + ((uint32_t)entry >> POSITION_BITS)] &=
            (uint8_t)step;
        const uint64_t q_rows = entry >> (Q_SHIFT - POSITION_BITS) & ~(uint64_t)POSITION_MASK;
        const uint64_t place = (uint32_t)entry + (uint64_t)((int64_t)step >> CHANGE_SHIFT) +
                               q_rows * (uint8_t)(step >> GAP_SHIFT);
        if (limited && place >> POSITION_BITS > rows_left)
            continue;
        const uint64_t next = (entry >> Q_SHIFT << Q_SHIFT) | (place & in_slice);
        if (!push(tier, (now + (uint32_t)(place >> shift)) & mask, next))
            return false;
    }
    return true;
}

bool cw_large_cross(cw_large_tier *tier, uint8_t *bits)
{
    const uint64_t furthest = (uint64_t)tier->lists << tier->slice_shift;
    const bool limited = tier->last_row - tier->row < furthest;
    /* a step that stays in the slice begins its list anew */
    for (uint64_t *tail; (tail = tier->tails[tier->now]) != NULL;) {
        tier->tails[tier->now] = NULL;
        cw_large_bucket *bucket = bucket_of(tail);
        size_t count = (size_t)(tail - bucket->entries);
        while (bucket != NULL) {
            const bool done = limited ? cross_entries(tier, bits, bucket->entries, count, true)
                                      : cross_entries(tier, bits, bucket->entries, count, false);
            if (!done)
                return false;
            cw_large_bucket *used = bucket;
            bucket = bucket->next;
            give_back(tier, used);
            count = BUCKET_WORDS - FIRST_WORD;
        }
    }
    tier->row += (uint64_t)1 << tier->slice_shift;
    tier->now = (tier->now + 1) & (tier->lists - 1);
    return true;
}
