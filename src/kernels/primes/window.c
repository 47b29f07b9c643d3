/* Windows: which blocks, which rows, and what is cut off at the ends. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/window.h"

#include <chunkwise/primes.h>

#include "base/checked.h"

#include <math.h>
#include <string.h>

/* A block of four million numbers takes a quarter of a millisecond; where survivors are tested one
 * of a hundred thousand does. */
#define LEAST_BLOCK_NUMBERS   ((uint64_t)1 << 22)
#define LEAST_PARTIAL_NUMBERS ((uint64_t)1 << 17)

/* Blocks that a long window is cut into, as long as each is worth its opening; more where a block
 * would take seconds, because progress and checkpoints go by blocks, up to a million of them. */
#define BLOCKS          512
#define LONG_BLOCK_ROWS ((uint64_t)1 << 23)
#define MOST_BLOCKS     ((uint64_t)1 << 20)

/* Opening a block costs about as much for each sieving prime as this many rows to sieve; it should
 * stay a small part of the block, unless too few blocks would be left to share. */
#define ROWS_A_PRIME  16
#define FEWEST_BLOCKS 8

/* What a sieving prime costs (to make it, and to find its first multiple), a survivor to test, and
 * a number to sieve: 2-core Zen 4, AVX-512, rounded towards sieving, which other levels do well. */
#define PRIME_NS 8.0
#define TEST_NS  250.0

/* About the number of primes up to n. */
static double primes_below(double n)
{
    return n / (log(n) - 1);
}

/*
 * Sieving by primes up to `limit` leaves exp(-gamma) / ln(limit) of all numbers (Mertens 1874), and
 * every one of them has to be tested. Up to which prime is it worth sieving? The root of `last`
 * where that is all it takes.
 */
static uint64_t sieving_limit(uint64_t first, uint64_t last)
{
    const uint64_t root = cw_isqrt_u64(last);
    const double numbers = (double)(last - first) + 1;
    uint64_t best = root;
    double least_ns = PRIME_NS * primes_below((double)root + 10);
    for (uint64_t limit = 1024; limit < root / 2; limit *= 2) {
        const double ns = PRIME_NS * primes_below((double)limit) +
                          TEST_NS * numbers * 0.5615 / log((double)limit);
        if (ns < least_ns) {
            least_ns = ns;
            best = limit;
        }
    }
    return best;
}

/* The grid: a function of the window alone. */
static uint64_t block_rows_for(const cw_window *window, uint64_t limit, uint32_t modulus)
{
    const uint64_t rows = (window->last - window->first) / modulus + 1;
    const uint64_t openings = (uint64_t)primes_below((double)limit + 10);
    const uint64_t worth_opening = cw_min_u64(ROWS_A_PRIME * openings, rows / FEWEST_BLOCKS);
    const uint64_t short_enough =
        cw_max_u64(cw_min_u64(rows / BLOCKS, LONG_BLOCK_ROWS), rows / MOST_BLOCKS);
    const uint64_t wanted = cw_max_u64(short_enough, worth_opening);
    const uint64_t least = window->partial ? 0 : LEAST_BLOCK_NUMBERS / modulus;
    uint64_t block = CW_PRESIEVE_STEP;
    while (block < cw_max_u64(wanted, least))
        block *= 2;
    return block;
}

cw_status cw_window_init(cw_window *window, uint64_t first, uint64_t last, uint32_t modulus,
                         uint64_t most_block_rows, const cw_plan *plan, cw_error *error)
{
    const uint64_t first_row = first / modulus, last_row = last / modulus;
    const uint64_t limit = sieving_limit(first, last);
    *window = (cw_window){
        .first = first,
        .last = last,
        .base = first_row * modulus,
        .partial = limit < cw_isqrt_u64(last),
    };
    cw_primality_ops_init(&window->primality, cw_plan_isa(plan));
    window->block_rows = block_rows_for(window, limit, modulus);
    if (most_block_rows != 0)
        window->block_rows = cw_min_u64(window->block_rows, most_block_rows);
    cw_status status = cw_sieving_primes_init(&window->primes, limit, plan, error);
    if (status != CW_OK)
        return status;
    status = cw_sieve_init(&window->sieve, modulus, &window->primes, first_row, last_row,
                           window->block_rows, plan, error);
    if (status != CW_OK)
        cw_window_finish(window);
    return status;
}

void cw_window_finish(cw_window *window)
{
    cw_sieve_finish(&window->sieve);
    cw_sieving_primes_finish(&window->primes);
}

static cw_status window_open(void *context, void *state, const cw_block *block, cw_error *error)
{
    const cw_window *window = context;
    cw_window_state *mine = state;
    if (mine->siever == NULL)
        mine->siever = cw_siever_create(&window->sieve);
    if (mine->siever == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for a segment of the sieve");
    cw_siever_start(mine->siever, (window->base + block->begin) / window->sieve.wheel.modulus);
    return CW_OK;
}

static void window_finish(void *context, void *state)
{
    cw_window_state *mine = state;
    (void)context;
    cw_siever_destroy(mine->siever);
}

cw_work cw_window_work(void *context)
{
    const cw_window *window = context;
    const uint64_t span = window->last - window->base;
    const double seconds = cw_primes_count_estimate(window->first, window->last);
    return (cw_work){
        /* 2^64 - 1 is no prime: leaving it out keeps the number of items in 64 bits */
        .items = span == UINT64_MAX ? span : span + 1,
        .block = window->sieve.wheel.modulus * window->block_rows,
        .state_bytes = sizeof(cw_window_state),
        .cost_ns = seconds * 1e9 / ((double)span + 1),
        /* opening again and again costs more than an uneven end */
        .uniform =
            primes_below((double)window->primes.limit + 10) > (double)window->block_rows / 16,
        .context = context,
        .open = window_open,
        .finish = window_finish,
    };
}

/* Clear what lies outside the window in its first and last row, and what is read past the end. */
static void trim(const cw_window *window, uint8_t *bits, uint64_t row, size_t rows)
{
    const cw_wheel *wheel = &window->sieve.wheel;
    const size_t stride = window->sieve.line_bytes;
    if (row == window->sieve.first_row)
        cw_wheel_trim(wheel, bits, stride, (uint32_t)(window->first % wheel->modulus),
                      wheel->modulus);
    if (row + rows - 1 == window->sieve.last_row)
        cw_wheel_trim(wheel, bits + rows - 1, stride, 0, (uint32_t)(window->last % wheel->modulus));
    if (wheel->lines == 1)
        memset(bits + rows, 0, 8);
}

/* ---- testing what survives a partial sieve ---- */

struct survivors {
    uint64_t numbers[1024];
    uint8_t *bytes[1024]; /* where each one's bit is */
    uint8_t bits[1024];
    uint8_t results[1024];
    size_t count;
};

static void strike_composites(const cw_window *window, struct survivors *s)
{
    window->primality.test(s->numbers, s->count, s->results);
    for (size_t i = 0; i < s->count; i++) {
        if (!s->results[i])
            *s->bytes[i] &= (uint8_t)~s->bits[i];
    }
    s->count = 0;
}

static void test_survivors(const cw_window *window, uint8_t *bits, uint64_t row, size_t rows)
{
    const cw_wheel *wheel = &window->sieve.wheel;
    struct survivors survivors;
    survivors.count = 0;
    for (uint32_t line = 0; line < wheel->lines; line++) {
        uint8_t *bytes = bits + (size_t)line * window->sieve.line_bytes;
        for (size_t k = 0; k < rows; k++) {
            for (unsigned left = bytes[k]; left != 0; left &= left - 1) {
                const unsigned b = (unsigned)__builtin_ctz(left);
                survivors.numbers[survivors.count] =
                    wheel->modulus * (row + k) + wheel->residue[8 * line + b];
                survivors.bytes[survivors.count] = &bytes[k];
                survivors.bits[survivors.count] = (uint8_t)(1u << b);
                if (++survivors.count == sizeof survivors.results)
                    strike_composites(window, &survivors);
            }
        }
    }
    strike_composites(window, &survivors);
}

cw_status cw_window_sieve(const cw_window *window, cw_window_state *state, const cw_block *block,
                          void (*take)(void *receiver, const cw_stretch *stretch), void *receiver,
                          cw_error *error)
{
    const uint32_t modulus = window->sieve.wheel.modulus, segment = window->sieve.segment_rows;
    const uint64_t end = (window->base + block->end - 1) / modulus + 1;
    for (uint64_t row = (window->base + block->begin) / modulus; row < end; row += segment) {
        uint8_t *bits;
        const cw_status status = cw_siever_next(state->siever, &bits);
        if (status != CW_OK)
            return cw_error_set(error, status, CW_NO_INDEX, NULL, "%s",
                                status == CW_ERR_CANCELLED ? "cancelled before all was done"
                                                           : "no memory for the sieve's buckets");
        const size_t rows = (size_t)cw_min_u64(segment, end - row);
        trim(window, bits, row, rows);
        if (window->partial)
            test_survivors(window, bits, row, rows);
        take(receiver, &(cw_stretch){row, rows, bits, window->sieve.line_bytes});
    }
    return CW_OK;
}

int cw_window_small_primes(uint64_t first, uint64_t last, uint32_t modulus, uint64_t primes[4])
{
    static const uint8_t candidates[] = {2, 3, 5, 7};
    int count = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        if (modulus % candidates[i] == 0 && first <= candidates[i] && candidates[i] <= last)
            primes[count++] = candidates[i];
    }
    return count;
}

/* Thirty numbers take 0.7 ns at the bottom and three times that at 10^18 (2-core Zen 4, AVX-512).
 */
double cw_primes_count_estimate(uint64_t first, uint64_t last)
{
    if (last < first)
        return 0;
    const double numbers = (double)last - (double)first + 1;
    const uint64_t limit = sieving_limit(first, last);
    const double bits = log((double)last + 2) / log(2);
    const double sieving_ns = numbers / 30 * (0.9 + bits * bits * bits * bits / 4e6);
    const double opening_ns = PRIME_NS * primes_below((double)limit + 10);
    const double testing_ns =
        limit < cw_isqrt_u64(last) ? TEST_NS * numbers * 0.5615 / log((double)limit) : 0;
    return 1e-9 * (sieving_ns + opening_ns + testing_ns + 2000);
}
