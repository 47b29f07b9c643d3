/* A window [first, last] of numbers as a job on the engine: its grid, its sieve, its edges. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_WINDOW_H
#define CW_PRIMES_WINDOW_H

#include <chunkwise/work.h>

#include "kernels/primes/primality.h"
#include "kernels/primes/siever.h"

typedef struct cw_window {
    uint64_t first, last;
    uint64_t base;       /* first number of the first row: item 0 of the grid */
    uint64_t block_rows; /* rows of a block: a power of two, whole segments */
    bool partial;        /* sieved by fewer primes than it takes: survivors are tested */
    cw_sieving_primes primes;
    cw_sieve sieve;
    cw_primality_ops primality;
} cw_window;

/* One stretch of sieved rows that lies wholly inside one block, edges of the window cleared. */
typedef struct cw_stretch {
    uint64_t row; /* of the first byte of each line */
    size_t rows;
    const uint8_t *bits; /* line l at l * line_bytes; with one line, up to 7 zero bytes may be read
                            behind the last row */
    size_t line_bytes;
} cw_stretch;

/*
 * first <= last. Makes the sieving primes: all up to the root of last, or, where the window is
 * narrow, as many as cost less than testing what survives them. The wheel is mod 30 (numbers in
 * order) or mod 210 (fewer bits). A block has `most_block_rows` rows at most (a power of two; 0: no
 * bound).
 */
cw_status cw_window_init(cw_window *window, uint64_t first, uint64_t last, uint32_t modulus,
                         uint64_t most_block_rows, const cw_plan *plan, cw_error *error);

/* An empty one is fine. */
void cw_window_finish(cw_window *window);

/*
 * A work over the window's numbers, with grid, open and finish filled in. The work's context must
 * begin with a cw_window, its state with the siever that cw_window_state is.
 */
typedef struct cw_window_state {
    cw_siever *siever;
} cw_window_state;

cw_work cw_window_work(void *context);

/* Sieve one block, calling `take` for its stretches in rising order. CW_ERR_NO_MEMORY,
 * CW_ERR_CANCELLED. */
cw_status cw_window_sieve(const cw_window *window, cw_window_state *state, const cw_block *block,
                          void (*take)(void *receiver, const cw_stretch *stretch), void *receiver,
                          cw_error *error);

/* The primes that divide the modulus, which no row holds, and lie in the window. Returns how many.
 */
int cw_window_small_primes(uint64_t first, uint64_t last, uint32_t modulus, uint64_t primes[4]);

#endif
