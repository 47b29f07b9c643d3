/* The segmented sieve: pre-sieve, small and medium primes by strides, large ones from buckets. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/siever.h"

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/wheel.h"
#include "machine/machine.h"

#include <assert.h>
#include <string.h>

/* Jobs shorter than this cross off 7 to 163 themselves: the patterns cost more than they save. */
#define PRESIEVE_ROWS 100000

/* ---- what all threads share ---- */

static uint32_t power_of_two_up_to(uint64_t value)
{
    uint32_t power = 1;
    while (power <= value / 2 && power < (uint32_t)1 << 30)
        power *= 2;
    return power;
}

cw_status cw_sieve_init(cw_sieve *sieve, const cw_sieving_primes *primes, uint64_t first_row,
                        uint64_t last_row, uint64_t longest_segment, const cw_plan *plan,
                        cw_error *error)
{
    const cw_machine *machine = cw_machine_get();
    const uint64_t rows = last_row - first_row + 1;
    *sieve = (cw_sieve){.primes = primes, .first_row = first_row, .last_row = last_row};
    cw_cross_ops_init(&sieve->ops, cw_plan_isa(plan));
    /* Half of the second level for the segment: offsets, patterns and buckets need the rest. No
     * more than the job, in whole pre-sieve steps. */
    const uint64_t l2 = machine->l2.bytes / (size_t)machine->l2.shared_cpus;
    uint64_t segment = cw_max_u64(l2 / 2, 128 << 10);
    segment = cw_max_u64(cw_min_u64(segment, 2 * rows), CW_PRESIEVE_STEP);
    sieve->segment_rows = power_of_two_up_to(cw_min_u64(segment, longest_segment));
    /* Offsets are 16 bits: an area and a prime must stay below 2^16 together. */
    const uint64_t block = cw_min_u64(cw_max_u64(machine->l1d.bytes, 16 << 10), 32 << 10);
    sieve->block_rows = power_of_two_up_to(cw_min_u64(block, sieve->segment_rows));
    if (rows >= PRESIEVE_ROWS && cw_presieve_init(&sieve->presieve) != CW_OK)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for the sieve's patterns");
    return CW_OK;
}

void cw_sieve_finish(cw_sieve *sieve)
{
    cw_presieve_finish(&sieve->presieve);
}

/* ---- buckets: large primes wait in the list of the segment that they hit next ---- */

/* A prime p = 30 q + r at its multiple p * m; `wheel` is 8 (class of r) + class of m. */
typedef struct large {
    uint32_t q;
    uint32_t place; /* row in its segment, times 64, plus the wheel position */
} large;

enum { BUCKET_ENTRIES = 1023, SLAB_BUCKETS = 64 };

typedef struct bucket {
    struct bucket *next;
    uint64_t count;
    large entries[BUCKET_ENTRIES];
} bucket;

typedef struct slab {
    struct slab *next;
    bucket buckets[SLAB_BUCKETS];
} slab;

/* What happens at each wheel position: the bit to clear, and how many rows on the next multiple
 * lies: q * gap + carry. */
typedef struct wheel_step {
    uint8_t keep; /* all bits but the one to clear */
    uint8_t gap;
    uint8_t carry;
    uint8_t next; /* wheel position of the next multiple */
} wheel_step;

struct cw_siever {
    const cw_sieve *sieve;
    uint64_t row; /* where the next segment begins */
    cw_prime_cursor cursor;
    uint64_t waiting; /* the prime that the cursor gave and no tier has yet; 0: none left */

    uint8_t *bits;

    uint32_t small_last, medium_last; /* largest prime of each tier */
    uint16_t *small;
    uint16_t (*small_offsets)[8];
    size_t small_count;
    uint32_t *medium;
    uint32_t (*medium_offsets)[8];
    size_t medium_count;

    wheel_step steps[64];
    bucket **ring; /* heads of the lists, one for each segment that a hit can lie ahead */
    uint32_t ring_size;
    uint32_t ring_now; /* the list of the segment at `row` */
    bucket *spare;
    slab *slabs;
};

static void fill_steps(wheel_step steps[64])
{
    for (unsigned r = 0; r < 8; r++) {
        for (unsigned m = 0; m < 8; m++) {
            const unsigned residue = cw_wheel_residue[r] * cw_wheel_residue[m] % CW_WHEEL;
            steps[8 * r + m] = (wheel_step){
                .keep = (uint8_t) ~(1u << cw_wheel_class[residue]),
                .gap = cw_wheel_gap[m],
                .carry = (uint8_t)((residue + cw_wheel_gap[m] * cw_wheel_residue[r]) / CW_WHEEL),
                .next = (uint8_t)(8 * r + (m + 1) % 8),
            };
        }
    }
}

static bool add_slab(cw_siever *s)
{
    slab *fresh = cw_memory_alloc(1, sizeof *fresh);
    if (fresh == NULL)
        return false;
    fresh->next = s->slabs;
    s->slabs = fresh;
    for (int i = 0; i < SLAB_BUCKETS; i++) {
        fresh->buckets[i].next = s->spare;
        s->spare = &fresh->buckets[i];
    }
    return true;
}

/* Append to the list of a segment; false when there is no memory for another bucket. */
static inline bool push(cw_siever *s, uint32_t list, large entry)
{
    bucket *b = s->ring[list];
    if (b == NULL || b->count == BUCKET_ENTRIES) {
        if (s->spare == NULL && !add_slab(s))
            return false;
        bucket *fresh = s->spare;
        s->spare = fresh->next;
        fresh->next = b;
        fresh->count = 0;
        s->ring[list] = b = fresh;
    }
    b->entries[b->count++] = entry;
    return true;
}

static void empty_ring(cw_siever *s)
{
    for (uint32_t i = 0; i < s->ring_size; i++) {
        while (s->ring[i] != NULL) {
            bucket *b = s->ring[i];
            s->ring[i] = b->next;
            b->next = s->spare;
            s->spare = b;
        }
    }
}

/* ---- joining a tier ---- */

/* The first multiple of p in rows from `row` on: p * m, with its distance from 30 * row. */
typedef struct multiple {
    uint64_t distance;
    uint32_t m; /* mod 30 */
} multiple;

static multiple first_multiple(uint64_t row, uint64_t p)
{
    const uint64_t low = row * CW_WHEEL;
    const uint64_t quotient = low / p, rest = low % p;
    if (rest == 0)
        return (multiple){0, (uint32_t)(quotient % CW_WHEEL)};
    return (multiple){p - rest, (uint32_t)((quotient + 1) % CW_WHEEL)};
}

/* The first row, from `row` on and counted from it, in which p clears each bit. */
static void first_rows(uint64_t row, uint64_t p, uint32_t rows[8])
{
    const multiple first = first_multiple(row, p);
    for (int c = 0; c < CW_WHEEL_CLASSES; c++) {
        const uint32_t residue = cw_wheel_residue[c];
        const uint32_t ahead = residue >= first.m ? residue - first.m : residue + 30 - first.m;
        const uint64_t distance = first.distance + p * ahead;
        rows[cw_wheel_class[distance % CW_WHEEL]] = (uint32_t)(distance / CW_WHEEL);
    }
}

static void join_small(cw_siever *s, uint64_t p)
{
    uint32_t rows[8];
    first_rows(s->row, p, rows);
    for (int c = 0; c < 8; c++)
        s->small_offsets[s->small_count][c] = (uint16_t)rows[c];
    s->small[s->small_count++] = (uint16_t)p;
}

static void join_medium(cw_siever *s, uint64_t p)
{
    first_rows(s->row, p, s->medium_offsets[s->medium_count]);
    s->medium[s->medium_count++] = (uint32_t)p;
}

static bool join_large(cw_siever *s, uint64_t p)
{
    /* from a residue to the next one prime to 30, that one included */
    static const uint8_t ahead[CW_WHEEL] = {1, 0, 5, 4, 3, 2, 1, 0, 3, 2, 1, 0, 1, 0, 3,
                                            2, 1, 0, 1, 0, 3, 2, 1, 0, 5, 4, 3, 2, 1, 0};
    const multiple first = first_multiple(s->row, p);
    const uint64_t distance = first.distance + p * ahead[first.m];
    const uint64_t row = distance / CW_WHEEL;
    if (row > s->sieve->last_row - s->row)
        return true; /* hits nothing of this job */
    const uint32_t m = (first.m + ahead[first.m]) % CW_WHEEL;
    const uint32_t wheel = 8u * cw_wheel_class[p % CW_WHEEL] + cw_wheel_class[m];
    const uint32_t list = (uint32_t)((s->ring_now + row / s->sieve->segment_rows) % s->ring_size);
    const uint32_t place = (uint32_t)(row % s->sieve->segment_rows);
    return push(s, list, (large){(uint32_t)(p / CW_WHEEL), place << 6 | wheel});
}

/* Let in the primes whose squares lie below the end of the coming segment. */
static bool join_tiers(cw_siever *s)
{
    uint64_t end;
    if (!cw_mul_u64(s->row + s->sieve->segment_rows, CW_WHEEL, &end))
        end = UINT64_MAX;
    while (s->waiting != 0 && s->waiting * s->waiting < end) {
        if (s->waiting <= s->small_last)
            join_small(s, s->waiting);
        else if (s->waiting <= s->medium_last)
            join_medium(s, s->waiting);
        else if (!join_large(s, s->waiting))
            return false;
        s->waiting = cw_prime_cursor_next(&s->cursor);
    }
    return true;
}

/* ---- crossing off ---- */

static void sieve_blocks(cw_siever *s)
{
    const cw_sieve *sieve = s->sieve;
    for (uint32_t done = 0; done < sieve->segment_rows; done += sieve->block_rows) {
        uint8_t *block = s->bits + done;
        if (sieve->presieve.memory != NULL)
            cw_presieve_fill(&sieve->presieve, &sieve->ops, s->row + done, block,
                             sieve->block_rows);
        else
            memset(block, 0xff, sieve->block_rows);
        sieve->ops.small(block, sieve->block_rows, s->small, s->small_offsets, s->small_count);
    }
}

/* Each entry of the present segment's list clears its bit and moves to the list of its next hit. */
static bool sieve_large(cw_siever *s)
{
    const uint32_t rows = s->sieve->segment_rows;
    const unsigned shift = (unsigned)__builtin_ctz(rows);
    const uint64_t rows_left = s->sieve->last_row - s->row;
    /* Large primes hit a segment more than once only by way of its own list. */
    while (s->ring[s->ring_now] != NULL) {
        bucket *b = s->ring[s->ring_now];
        s->ring[s->ring_now] = NULL;
        while (b != NULL) {
            for (uint64_t i = 0; i < b->count; i++) {
                const large entry = b->entries[i];
                const wheel_step step = s->steps[entry.place & 63];
                uint32_t row = entry.place >> 6;
                s->bits[row] &= step.keep;
                row += entry.q * step.gap + step.carry;
                if (row > rows_left)
                    continue;
                uint32_t list = s->ring_now + (row >> shift);
                if (list >= s->ring_size)
                    list -= s->ring_size;
                if (!push(s, list, (large){entry.q, (row & (rows - 1)) << 6 | step.next}))
                    return false;
            }
            bucket *used = b;
            b = b->next;
            used->next = s->spare;
            s->spare = used;
        }
    }
    s->ring_now = s->ring_now + 1 == s->ring_size ? 0 : s->ring_now + 1;
    return true;
}

/* Where the segment overlaps the bitmap of sieving primes, these have crossed themselves off, and
 * so have the primes of the patterns. */
static void put_back_primes(cw_siever *s)
{
    static const uint8_t pattern_primes[] = {0xfe, 0xdf, 0xef, 0x7e, 0xb6, 0xdb};
    const cw_sieving_primes *primes = s->sieve->primes;
    if (s->row == 0)
        s->bits[0] &= 0xfe; /* 1 is not prime */
    for (uint64_t row = s->row; row < primes->rows && row < s->row + s->sieve->segment_rows; row++)
        s->bits[row - s->row] |= primes->bits[row];
    for (uint64_t row = s->row; row < sizeof pattern_primes; row++)
        s->bits[row - s->row] |= pattern_primes[row];
}

cw_status cw_siever_next(cw_siever *s, uint8_t **bits)
{
    const cw_sieve *sieve = s->sieve;
    if (!join_tiers(s))
        return CW_ERR_NO_MEMORY;
    sieve_blocks(s);
    sieve->ops.medium(s->bits, sieve->segment_rows, s->medium, s->medium_offsets, s->medium_count);
    if (s->ring_size > 0 && !sieve_large(s))
        return CW_ERR_NO_MEMORY;
    put_back_primes(s);
    s->row += sieve->segment_rows;
    *bits = s->bits;
    return CW_OK;
}

cw_status cw_siever_start(cw_siever *s, uint64_t row)
{
    assert(row <= s->sieve->last_row);
    s->row = row;
    s->small_count = s->medium_count = 0;
    s->ring_now = 0;
    empty_ring(s);
    cw_prime_cursor_init(&s->cursor, s->sieve->primes->bits, 0, (size_t)s->sieve->primes->rows);
    const uint64_t patterns_last = s->sieve->presieve.memory != NULL ? CW_PRESIEVE_LAST : 5;
    do
        s->waiting = cw_prime_cursor_next(&s->cursor);
    while (s->waiting != 0 && s->waiting <= patterns_last);
    return CW_OK;
}

/* ---- life ---- */

/* At most this many primes up to n (Rosser and Schoenfeld 1962: pi(n) < 1.25506 n / ln n); a
 * logarithm to base two from the exponent is close enough from below. */
static size_t primes_up_to(uint64_t n)
{
    if (n < 32)
        return 11;
    const unsigned log2_floor = 63u - (unsigned)__builtin_clzll(n);
    return (size_t)(1.25506 * (double)n / (0.693 * log2_floor)) + 1;
}

static bool create_ring(cw_siever *s, uint64_t largest)
{
    s->ring_size = (uint32_t)((largest / CW_WHEEL * 6 + 8) / s->sieve->segment_rows + 2);
    s->ring = cw_memory_zalloc(s->ring_size, sizeof(bucket *));
    fill_steps(s->steps);
    return s->ring != NULL;
}

cw_siever *cw_siever_create(const cw_sieve *sieve)
{
    cw_siever *s = cw_memory_zalloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->sieve = sieve;
    s->small_last = sieve->block_rows - 1;
    s->medium_last = sieve->segment_rows - 1;
    const uint64_t largest = sieve->primes->limit;
    const size_t small_most = primes_up_to(cw_min_u64(largest, s->small_last));
    const size_t medium_most =
        largest > s->small_last ? primes_up_to(cw_min_u64(largest, s->medium_last)) : 0;
    s->bits = cw_memory_alloc(2 * (size_t)sieve->segment_rows + sieve->block_rows, 1);
    s->small = cw_memory_alloc(small_most, sizeof *s->small);
    s->small_offsets = cw_memory_alloc(small_most, sizeof *s->small_offsets);
    s->medium = cw_memory_alloc(medium_most, sizeof *s->medium);
    s->medium_offsets = cw_memory_alloc(medium_most, sizeof *s->medium_offsets);
    if (s->bits == NULL || s->small == NULL || s->small_offsets == NULL || s->medium == NULL ||
        s->medium_offsets == NULL || (largest > s->medium_last && !create_ring(s, largest))) {
        cw_siever_destroy(s);
        return NULL;
    }
    return s;
}

void cw_siever_destroy(cw_siever *s)
{
    if (s == NULL)
        return;
    while (s->slabs != NULL) {
        slab *used = s->slabs;
        s->slabs = used->next;
        cw_memory_free(used);
    }
    cw_memory_free(s->ring);
    cw_memory_free(s->medium_offsets);
    cw_memory_free(s->medium);
    cw_memory_free(s->small_offsets);
    cw_memory_free(s->small);
    cw_memory_free(s->bits);
    cw_memory_free(s);
}
