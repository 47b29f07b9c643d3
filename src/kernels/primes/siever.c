/* The segmented sieve: pre-sieve, small and medium primes by strides, large ones from buckets. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/siever.h"

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/large.h"
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
    assert(longest_segment >= CW_PRESIEVE_STEP);
    *sieve = (cw_sieve){
        .cancel = plan == NULL ? NULL : plan->cancel,
        .primes = primes,
        .first_row = first_row,
        .last_row = last_row,
    };
    cw_wheel_init(&sieve->wheel, modulus);
    cw_cross_ops_init(&sieve->ops, cw_plan_isa(plan));
    /* A line takes half of the second level: tiers, patterns and buckets need the rest. No more
     * than the job, in whole pre-sieve steps. */
    const uint64_t l2 = machine->l2.bytes / (size_t)machine->l2.shared_cpus;
    uint64_t segment = cw_max_u64(l2 / 2, 128 << 10);
    segment = cw_max_u64(cw_min_u64(segment, 2 * rows), CW_PRESIEVE_STEP);
    sieve->segment_rows = power_of_two_up_to(cw_min_u64(segment, longest_segment));
    /* Lines a power of two apart would share the sets of the caches, and the slices of all lines
     * have to stay there together. */
    sieve->line_bytes = sieve->segment_rows + cw_max_u64(sieve->segment_rows / 25 / 4096, 1) * 4096;
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

/* A segment is crossed off by large primes in so many slices, all lines of which fit the
 * second-level cache together; a step from multiple to multiple seldom stays in one. */
#define SLICES 16

struct cw_siever {
    const cw_sieve *sieve;
    uint64_t row; /* where the next segment begins */
    cw_prime_cursor cursor;
    uint64_t waiting; /* the prime that the cursor gave and no tier has yet; 0: none left */
    uint64_t small_last, medium_last; /* largest prime of each tier */

    uint8_t *bits;
    cw_small_tier small;
    cw_medium_tier medium;

    cw_large_tier large; /* empty where there are no large primes */
};

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

static bool is_cancelled(const cw_siever *s)
{
    return s->sieve->cancel != NULL && cw_cancel_raised(s->sieve->cancel);
}

/* The large primes up to `last`, some hundreds at a time. There may be 200 million of them. */
static cw_status join_large(cw_siever *s, uint64_t last)
{
    uint32_t primes[CW_FIRST_HITS];
    while (s->waiting != 0 && s->waiting <= last) {
        size_t count = 0;
        while (count < CW_FIRST_HITS && s->waiting != 0 && s->waiting <= last) {
            primes[count++] = (uint32_t)s->waiting;
            s->waiting = cw_prime_cursor_next(&s->cursor);
        }
        if (is_cancelled(s))
            return CW_ERR_CANCELLED;
        if (!cw_large_join(&s->large, &s->sieve->ops, primes, count))
            return CW_ERR_NO_MEMORY;
    }
    return CW_OK;
}

/* Let in the primes whose squares lie below the end of the coming segment. */
static cw_status join_tiers(cw_siever *s)
{
    uint64_t end;
    if (!cw_mul_u64(s->row + s->sieve->segment_rows, s->sieve->wheel.modulus, &end))
        end = UINT64_MAX;
    const uint64_t last = cw_isqrt_u64(end - 1);
    while (s->waiting != 0 && s->waiting <= cw_min_u64(last, s->medium_last)) {
        if (s->waiting <= s->small_last)
            join_small(s, s->waiting);
        else
            join_medium(s, s->waiting);
        s->waiting = cw_prime_cursor_next(&s->cursor);
    }
    return s->waiting <= s->medium_last ? CW_OK : join_large(s, last);
}

/* ---- crossing off ---- */

static void sieve_line(cw_siever *s, uint32_t line)
{
    const cw_sieve *sieve = s->sieve;
    const uint8_t *residues = sieve->wheel.residue + 8 * line;
    uint8_t *bits = s->bits + (size_t)line * sieve->line_bytes;
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

static bool sieve_large(cw_siever *s)
{
    const uint32_t slice_rows = s->sieve->segment_rows / SLICES;
    for (uint32_t row = 0; row < s->sieve->segment_rows; row += slice_rows) {
        if (s->row + row > s->sieve->last_row)
            break;
        if (!cw_large_cross(&s->large, s->bits + row))
            return false;
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
        s->bits[(size_t)(class / 8) * s->sieve->line_bytes + row] |= (uint8_t)(1u << class % 8);
    }
}

cw_status cw_siever_next(cw_siever *s, uint8_t **bits)
{
    const cw_sieve *sieve = s->sieve;
    const cw_status status = is_cancelled(s) ? CW_ERR_CANCELLED : join_tiers(s);
    if (status != CW_OK)
        return status;
    for (uint32_t line = 0; line < sieve->wheel.lines; line++)
        sieve_line(s, line);
    if (s->large.lists > 0 && !sieve_large(s))
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
    cw_large_start(&s->large, row);
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
    s->bits = cw_memory_alloc(sieve->line_bytes, sieve->wheel.lines + 1);
    if (s->bits == NULL || !create_small(&s->small, small_most) ||
        !create_medium(&s->medium, medium_most) ||
        (largest > s->medium_last &&
         !cw_large_init(&s->large, &sieve->wheel, sieve->line_bytes,
                        (unsigned)__builtin_ctz(sieve->segment_rows / SLICES), sieve->last_row,
                        largest))) {
        cw_siever_destroy(s);
        return NULL;
    }
    return s;
}

void cw_siever_destroy(cw_siever *s)
{
    if (s == NULL)
        return;
    cw_large_finish(&s->large);
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
