/* The segmented sieve: pre-sieve, small and medium primes by strides, large ones from buckets. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/siever.h"

#include "base/checked.h"
#include "base/memory.h"
#include "machine/machine.h"

#include <assert.h>
#include <string.h>

/* Jobs of fewer numbers cross off the smallest primes too: patterns cost more than they save. */
#define PRESIEVE_NUMBERS 20000000

/* Primes up to this many segments cross off by strides: a visit costs the same for a hit and for
 * none, a bucket's entry three times as much, but only for a hit. */
#define MEDIUM_SEGMENTS 2

/* ---- what all threads share ---- */

static uint32_t power_of_two_up_to(uint64_t value)
{
    uint32_t power = 1;
    while (power <= value / 2 && power < (uint32_t)1 << 20)
        power *= 2;
    return power;
}

cw_status cw_sieve_init(cw_sieve *sieve, uint32_t modulus, const cw_sieving_primes *primes,
                        uint64_t first_row, uint64_t last_row, uint64_t longest_segment,
                        const cw_plan *plan, cw_error *error)
{
    const cw_machine *machine = cw_machine_get();
    const uint64_t rows = last_row - first_row + 1;
    *sieve = (cw_sieve){.primes = primes, .first_row = first_row, .last_row = last_row};
    cw_wheel_init(&sieve->wheel, modulus);
    cw_cross_ops_init(&sieve->ops, cw_plan_isa(plan));
    /* A line takes half of the second level: tiers, patterns and buckets need the rest. No more
     * than the job, in whole pre-sieve steps. */
    const uint64_t l2 = machine->l2.bytes / (size_t)machine->l2.shared_cpus;
    uint64_t segment = cw_max_u64(l2 / 2, 128 << 10);
    segment = cw_max_u64(cw_min_u64(segment, 2 * rows), CW_PRESIEVE_STEP);
    sieve->segment_rows = power_of_two_up_to(cw_min_u64(segment, longest_segment));
    /* Offsets are 16 bits: an area and a prime must stay below 2^16 together. */
    const uint64_t block = cw_min_u64(cw_max_u64(machine->l1d.bytes, 16 << 10), 32 << 10);
    sieve->block_rows = power_of_two_up_to(cw_min_u64(block, sieve->segment_rows));
    if (rows >= PRESIEVE_NUMBERS / modulus &&
        cw_presieve_init(&sieve->presieve, &sieve->wheel) != CW_OK)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for the sieve's patterns");
    return CW_OK;
}

void cw_sieve_finish(cw_sieve *sieve)
{
    cw_presieve_finish(&sieve->presieve);
}

/* ---- buckets: large primes wait in the list of the slice that they hit next ---- */

/* A segment is crossed off by large primes in slices of so many rows, all lines of which fit the
 * second-level cache; a step from multiple to multiple seldom stays in one. */
#define SLICES 8

/* A prime modulus * q + r, about to clear its multiple by m. */
typedef struct large {
    uint32_t q;
    uint32_t place; /* row in its slice (20 bits), then the wheel position (12 bits) */
} large;

enum { POSITION_BITS = 12, POSITIONS_MAX = CW_WHEEL_CLASSES_MAX * CW_WHEEL_CLASSES_MAX };

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

/* What happens at wheel position classes * (class of r) + (class of m): which bit to clear, and
 * where the next multiple lies: q * gap + carry rows on, at position `next`. Packed, so that all of
 * them stay in the first-level cache. */
enum {
    STEP_LINE = 3,   /* shift of 3 bits; below it, the bit in 3 bits */
    STEP_GAP = 6,    /* 4 bits */
    STEP_CARRY = 10, /* 4 bits */
    STEP_NEXT = 14   /* the rest */
};

struct cw_siever {
    const cw_sieve *sieve;
    uint64_t row; /* where the next segment begins */
    cw_prime_cursor cursor;
    uint64_t waiting; /* the prime that the cursor gave and no tier has yet; 0: none left */
    uint64_t small_last, medium_last; /* largest prime of each tier */

    uint8_t *bits;
    cw_small_tier small;
    cw_medium_tier medium;

    uint32_t steps[POSITIONS_MAX];
    unsigned slice_shift; /* rows of a slice are 2 to this */
    bucket **ring;        /* heads of the lists, one for each slice that a hit can lie ahead */
    uint32_t ring_size;
    uint32_t ring_now; /* the list of the slice at `row` */
    bucket *spare;
    slab *slabs;
};

static void fill_steps(uint32_t steps[POSITIONS_MAX], const cw_wheel *wheel)
{
    for (uint32_t r = 0; r < wheel->classes; r++) {
        for (uint32_t m = 0; m < wheel->classes; m++) {
            const uint32_t product = (uint32_t)wheel->residue[r] * wheel->residue[m];
            const uint32_t residue = product % wheel->modulus;
            const uint32_t gap = wheel->gap[m];
            const uint32_t carry = (residue + gap * wheel->residue[r]) / wheel->modulus;
            const uint32_t next = wheel->classes * r + (m + 1) % wheel->classes;
            steps[wheel->classes * r + m] = wheel->class_of[residue] | gap << STEP_GAP |
                                            carry << STEP_CARRY | next << STEP_NEXT;
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

/* The first row, from `row` on and counted from it, whose number 0 is a multiple of p. */
static uint32_t base_of(uint64_t row, uint64_t p)
{
    const uint64_t past = row % p;
    return (uint32_t)(past == 0 ? 0 : p - past);
}

/* modulus * inverse is 1 more than a multiple of p. */
static uint32_t inverse_of(const cw_wheel *wheel, uint64_t p)
{
    const uint64_t times = wheel->to_inverse[p % wheel->modulus];
    return (uint32_t)((times * p + 1) / wheel->modulus);
}

static void join_small(cw_siever *s, uint64_t p)
{
    cw_small_tier *tier = &s->small;
    const size_t i = tier->count++;
    tier->primes[i] = (uint16_t)p;
    tier->inverses[i] = (uint16_t)inverse_of(&s->sieve->wheel, p);
    tier->bases[i] = (uint16_t)base_of(s->row, p);
    tier->reciprocals[i] = 1.0f / (float)p;
}

static void join_medium(cw_siever *s, uint64_t p)
{
    cw_medium_tier *tier = &s->medium;
    const size_t i = tier->count++;
    tier->primes[i] = (uint32_t)p;
    tier->inverses[i] = inverse_of(&s->sieve->wheel, p);
    tier->bases[i] = base_of(s->row, p);
    tier->reciprocals[i] = 1.0f / (float)p;
}

static bool join_large(cw_siever *s, uint64_t p)
{
    const cw_sieve *sieve = s->sieve;
    const cw_wheel *wheel = &sieve->wheel;
    /* the first multiple p * m in the rows to come, then the first with m on the wheel */
    const uint64_t low = s->row * wheel->modulus;
    const uint64_t rest = low % p;
    const uint64_t m = low / p + (rest != 0);
    const uint32_t m_residue = (uint32_t)(m % wheel->modulus);
    const uint64_t distance = (rest == 0 ? 0 : p - rest) + p * wheel->to_next[m_residue];
    const uint64_t row = distance / wheel->modulus;
    if (row > sieve->last_row - s->row)
        return true; /* hits nothing of this job */
    const uint32_t position =
        wheel->classes * wheel->class_of[p % wheel->modulus] + wheel->next_class[m_residue];
    const uint32_t list = (uint32_t)((s->ring_now + (row >> s->slice_shift)) % s->ring_size);
    const uint32_t place = (uint32_t)row & ((1u << s->slice_shift) - 1);
    return push(s, list,
                (large){(uint32_t)(p / wheel->modulus), place << POSITION_BITS | position});
}

/* Let in the primes whose squares lie below the end of the coming segment. */
static bool join_tiers(cw_siever *s)
{
    uint64_t end;
    if (!cw_mul_u64(s->row + s->sieve->segment_rows, s->sieve->wheel.modulus, &end))
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

static void sieve_line(cw_siever *s, uint32_t line)
{
    const cw_sieve *sieve = s->sieve;
    const uint8_t *residues = sieve->wheel.residue + 8 * line;
    uint8_t *bits = s->bits + (size_t)line * sieve->segment_rows;
    sieve->ops.aim_small(&s->small, residues);
    for (uint32_t done = 0; done < sieve->segment_rows; done += sieve->block_rows) {
        uint8_t *block = bits + done;
        if (sieve->presieve.memory != NULL)
            cw_presieve_fill(&sieve->presieve, &sieve->ops, line, s->row + done, block,
                             sieve->block_rows);
        else
            memset(block, 0xff, sieve->block_rows);
        sieve->ops.small(block, sieve->block_rows, &s->small);
    }
    sieve->ops.medium(bits, sieve->segment_rows, &s->medium, residues);
}

/* An entry clears its bit in the slice that begins at `bits` and moves to the list of its next. */
static inline bool cross_large(cw_siever *s, uint8_t *bits, large entry, uint64_t rows_left)
{
    const uint32_t step = s->steps[entry.place & ((1u << POSITION_BITS) - 1)];
    uint32_t row = entry.place >> POSITION_BITS;
    bits[(size_t)(step >> STEP_LINE & 7) * s->sieve->segment_rows + row] &=
        (uint8_t) ~(1u << (step & 7));
    row += entry.q * (step >> STEP_GAP & 15) + (step >> STEP_CARRY & 15);
    if (row > rows_left)
        return true;
    uint32_t list = s->ring_now + (row >> s->slice_shift);
    if (list >= s->ring_size)
        list -= s->ring_size;
    row &= (1u << s->slice_shift) - 1;
    return push(s, list, (large){entry.q, row << POSITION_BITS | step >> STEP_NEXT});
}

static bool sieve_slice(cw_siever *s, uint8_t *bits, uint64_t rows_left)
{
    /* a step that stays in the slice begins its list anew */
    while (s->ring[s->ring_now] != NULL) {
        bucket *b = s->ring[s->ring_now];
        s->ring[s->ring_now] = NULL;
        while (b != NULL) {
            for (uint64_t i = 0; i < b->count; i++) {
                if (!cross_large(s, bits, b->entries[i], rows_left))
                    return false;
            }
            bucket *used = b;
            b = b->next;
            used->next = s->spare;
            s->spare = used;
        }
    }
    return true;
}

static bool sieve_large(cw_siever *s)
{
    for (uint32_t row = 0; row < s->sieve->segment_rows; row += 1u << s->slice_shift) {
        if (s->row + row > s->sieve->last_row)
            break;
        if (!sieve_slice(s, s->bits + row, s->sieve->last_row - s->row - row))
            return false;
        s->ring_now = s->ring_now + 1 == s->ring_size ? 0 : s->ring_now + 1;
    }
    return true;
}

/* Sieving primes that lie in the segment have crossed themselves off; and 1 is not prime. */
static void put_back_primes(cw_siever *s)
{
    const cw_sieving_primes *primes = s->sieve->primes;
    const cw_wheel *wheel = &s->sieve->wheel;
    const uint64_t first = s->row * wheel->modulus;
    if (s->row == 0)
        s->bits[0] &= 0xfe;
    if (first > primes->limit)
        return;
    cw_prime_cursor cursor;
    const uint64_t from = first / 240 * 8; /* whole words of the bitmap */
    cw_prime_cursor_init(&cursor, primes->bits + from, from, (size_t)(primes->rows - from));
    uint64_t p;
    while ((p = cw_prime_cursor_next(&cursor)) != 0) {
        const uint32_t class = wheel->class_of[p % wheel->modulus];
        const uint64_t row = p / wheel->modulus - s->row;
        if (p < first || class == 255)
            continue;
        if (row >= s->sieve->segment_rows)
            break;
        s->bits[(size_t)(class / 8) * s->sieve->segment_rows + row] |= (uint8_t)(1u << class % 8);
    }
}

cw_status cw_siever_next(cw_siever *s, uint8_t **bits)
{
    const cw_sieve *sieve = s->sieve;
    if (!join_tiers(s))
        return CW_ERR_NO_MEMORY;
    for (uint32_t line = 0; line < sieve->wheel.lines; line++)
        sieve_line(s, line);
    if (s->ring_size > 0 && !sieve_large(s))
        return CW_ERR_NO_MEMORY;
    put_back_primes(s);
    sieve->ops.advance(&s->small, &s->medium, sieve->segment_rows);
    s->row += sieve->segment_rows;
    *bits = s->bits;
    return CW_OK;
}

void cw_siever_start(cw_siever *s, uint64_t row)
{
    assert(row <= s->sieve->last_row);
    s->row = row;
    s->small.count = s->medium.count = 0;
    s->ring_now = 0;
    empty_ring(s);
    cw_prime_cursor_init(&s->cursor, s->sieve->primes->bits, 0, (size_t)s->sieve->primes->rows);
    /* divisors of the modulus are on no row */
    const uint64_t done = s->sieve->presieve.memory != NULL ? CW_PRESIEVE_LAST
                          : s->sieve->wheel.modulus == 210  ? 7
                                                            : 5;
    do
        s->waiting = cw_prime_cursor_next(&s->cursor);
    while (s->waiting != 0 && s->waiting <= done);
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

static bool create_small(cw_small_tier *tier, size_t most)
{
    tier->primes = cw_memory_alloc(most, sizeof *tier->primes);
    tier->inverses = cw_memory_alloc(most, sizeof *tier->inverses);
    tier->bases = cw_memory_alloc(most, sizeof *tier->bases);
    tier->reciprocals = cw_memory_alloc(most, sizeof *tier->reciprocals);
    tier->offsets = cw_memory_alloc(most, sizeof *tier->offsets);
    return tier->primes != NULL && tier->inverses != NULL && tier->bases != NULL &&
           tier->reciprocals != NULL && tier->offsets != NULL;
}

static bool create_medium(cw_medium_tier *tier, size_t most)
{
    tier->primes = cw_memory_alloc(most, sizeof *tier->primes);
    tier->inverses = cw_memory_alloc(most, sizeof *tier->inverses);
    tier->bases = cw_memory_alloc(most, sizeof *tier->bases);
    tier->reciprocals = cw_memory_alloc(most, sizeof *tier->reciprocals);
    return tier->primes != NULL && tier->inverses != NULL && tier->bases != NULL &&
           tier->reciprocals != NULL;
}

static bool create_ring(cw_siever *s, uint64_t largest)
{
    const cw_wheel *wheel = &s->sieve->wheel;
    s->slice_shift = (unsigned)__builtin_ctz(s->sieve->segment_rows / SLICES);
    /* a step goes furthest from somewhere in the first of a segment's slices; a first hit, from
     * the beginning of the segment */
    s->ring_size = (uint32_t)((largest / wheel->modulus * 10 + 12) >> s->slice_shift) + 2;
    s->ring = cw_memory_zalloc(s->ring_size, sizeof(bucket *));
    fill_steps(s->steps, wheel);
    return s->ring != NULL;
}

cw_siever *cw_siever_create(const cw_sieve *sieve)
{
    cw_siever *s = cw_memory_zalloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->sieve = sieve;
    s->small_last = sieve->block_rows - 1;
    s->medium_last = MEDIUM_SEGMENTS * (uint64_t)sieve->segment_rows;
    const uint64_t largest = sieve->primes->limit;
    const size_t small_most = primes_up_to(cw_min_u64(largest, s->small_last));
    const size_t medium_most =
        largest > s->small_last ? primes_up_to(cw_min_u64(largest, s->medium_last)) : 0;
    /* strides run past the end of the last line, by less than a segment */
    s->bits = cw_memory_alloc((size_t)sieve->segment_rows, sieve->wheel.lines + 1);
    if (s->bits == NULL || !create_small(&s->small, small_most) ||
        !create_medium(&s->medium, medium_most) ||
        (largest > s->medium_last && !create_ring(s, largest))) {
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
    cw_memory_free(s->medium.reciprocals);
    cw_memory_free(s->medium.bases);
    cw_memory_free(s->medium.inverses);
    cw_memory_free(s->medium.primes);
    cw_memory_free(s->small.offsets);
    cw_memory_free(s->small.reciprocals);
    cw_memory_free(s->small.bases);
    cw_memory_free(s->small.inverses);
    cw_memory_free(s->small.primes);
    cw_memory_free(s->bits);
    cw_memory_free(s);
}
