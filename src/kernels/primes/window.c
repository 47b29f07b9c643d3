/* Windows: which blocks, which rows, and what is cut off at the ends. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/window.h"

#include <chunkwise/primes.h>

#include "base/checked.h"

#include <string.h>

/* A block of four million numbers takes a quarter of a millisecond. */
#define LEAST_BLOCK_NUMBERS ((uint64_t)1 << 22)

/* Blocks that a long window is cut into, as long as each is worth its opening. */
#define BLOCKS 512

/* Opening a block costs about as much for each sieving prime as this many rows to sieve; it should
 * stay a small part of the block, unless too few blocks would be left to share. */
#define ROWS_A_PRIME  16
#define FEWEST_BLOCKS 8

/* Sieving primes up to the root of n, roughly: opening costs a division for each. */
static uint64_t openings(uint64_t n)
{
    const uint64_t root = cw_isqrt_u64(n);
    const unsigned log2_floor = 63u - (unsigned)__builtin_clzll(root | 1);
    return root / (1 + log2_floor * 7 / 10);
}

/* The grid: a function of the window alone. */
static uint64_t block_rows_for(uint64_t first, uint64_t last, uint32_t modulus)
{
    const uint64_t rows = (last - first) / modulus + 1;
    const uint64_t worth_opening = cw_min_u64(ROWS_A_PRIME * openings(last), rows / FEWEST_BLOCKS);
    const uint64_t wanted = cw_max_u64(rows / BLOCKS, worth_opening);
    uint64_t block = 1;
    while (block < cw_max_u64(wanted, LEAST_BLOCK_NUMBERS / modulus))
        block *= 2;
    return block;
}

cw_status cw_window_init(cw_window *window, uint64_t first, uint64_t last, uint32_t modulus,
                         uint64_t most_block_rows, const cw_plan *plan, cw_error *error)
{
    const uint64_t first_row = first / modulus, last_row = last / modulus;
    *window = (cw_window){
        .first = first,
        .last = last,
        .base = first_row * modulus,
        .block_rows = block_rows_for(first, last, modulus),
    };
    if (most_block_rows != 0)
        window->block_rows = cw_min_u64(window->block_rows, most_block_rows);
    cw_status status = cw_sieving_primes_init(&window->primes, cw_isqrt_u64(last), plan, error);
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
        .uniform = openings(window->last) > window->block_rows / 16,
        .context = context,
        .open = window_open,
        .finish = window_finish,
    };
}

/* Clear what lies outside the window in its first and last row, and what is read past the end. */
static void trim(const cw_window *window, uint8_t *bits, uint64_t row, size_t rows)
{
    const cw_wheel *wheel = &window->sieve.wheel;
    const size_t stride = window->sieve.segment_rows;
    if (row == window->sieve.first_row)
        cw_wheel_trim(wheel, bits, stride, (uint32_t)(window->first % wheel->modulus),
                      wheel->modulus);
    if (row + rows - 1 == window->sieve.last_row)
        cw_wheel_trim(wheel, bits + rows - 1, stride, 0, (uint32_t)(window->last % wheel->modulus));
    if (wheel->lines == 1)
        memset(bits + rows, 0, 8);
}

cw_status cw_window_sieve(const cw_window *window, cw_window_state *state, const cw_block *block,
                          void (*take)(void *receiver, const cw_stretch *stretch), void *receiver)
{
    const uint32_t modulus = window->sieve.wheel.modulus, segment = window->sieve.segment_rows;
    const uint64_t end = (window->base + block->end - 1) / modulus + 1;
    for (uint64_t row = (window->base + block->begin) / modulus; row < end; row += segment) {
        uint8_t *bits;
        const cw_status status = cw_siever_next(state->siever, &bits);
        if (status != CW_OK)
            return status;
        const size_t rows = (size_t)cw_min_u64(segment, end - row);
        trim(window, bits, row, rows);
        take(receiver, &(cw_stretch){row, rows, bits, segment});
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

/* Thirty numbers take 0.7 ns at the bottom and three times that at 10^18 (2-core Zen 4,
 * AVX-512); opening takes 10 ns for each sieving prime. */
double cw_primes_count_estimate(uint64_t first, uint64_t last)
{
    if (last < first)
        return 0;
    const double rows = ((double)last - (double)first) / 30 + 1;
    const double bits = 64 - __builtin_clzll(last | 1);
    const double row_ns = 0.9 + bits * bits * bits * bits / 4e6;
    return 1e-9 * (rows * row_ns + 12.0 * (double)openings(last)) + 2e-6;
}
