/* Making and walking the bitmap of sieving primes. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/sieving.h"

#include <chunkwise/work.h>

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/siever.h"

#include <string.h>

/* Up to here the plain sieve takes some ten microseconds. */
#define PLAIN_LIMIT 65535

/* Rows that a step of the parallel making sieves: a few milliseconds' worth. */
#define MAKE_BLOCK ((uint64_t)1 << 20)

void cw_prime_cursor_init(cw_prime_cursor *cursor, const uint8_t *bits, uint64_t row, size_t rows)
{
    *cursor = (cw_prime_cursor){
        .bits = bits,
        .words = (rows + 7) / 8,
        .left = rows > 0 ? cw_sieving_word(bits, 0) : 0,
        .base = row * CW_SIEVING_WHEEL,
    };
}

/* The bit of a number in its row's byte; 0 for numbers that have none. */
static uint8_t bit_of(uint64_t number)
{
    for (unsigned c = 0; c < 8; c++) {
        if (cw_sieving_residues[c] == number % CW_SIEVING_WHEEL)
            return (uint8_t)(1u << c);
    }
    return 0;
}

/* Clear what is above the limit in the last row, and the number 1. */
static void trim(cw_sieving_primes *primes)
{
    primes->bits[0] &= 0xfe;
    for (uint64_t n = primes->limit + 1; n % CW_SIEVING_WHEEL != 0; n++)
        primes->bits[primes->rows - 1] &= (uint8_t)~bit_of(n);
}

/* The sieve of Eratosthenes as a textbook has it, over the wheel's numbers. */
static void make_plainly(cw_sieving_primes *primes)
{
    memset(primes->bits, 0xff, (size_t)primes->rows);
    trim(primes);
    cw_prime_cursor cursor;
    cw_prime_cursor_init(&cursor, primes->bits, 0, (size_t)primes->rows);
    uint64_t p;
    while ((p = cw_prime_cursor_next(&cursor)) != 0 && p * p <= primes->limit) {
        for (uint64_t multiple = p * p; multiple <= primes->limit; multiple += 2 * p)
            primes->bits[multiple / CW_SIEVING_WHEEL] &= (uint8_t)~bit_of(multiple);
        /* the cursor may hold bits of its word that have just been cleared */
        cursor.left &= cw_sieving_word(cursor.bits, cursor.word);
    }
}

/* ---- larger ones: a segmented sieve by the primes up to the root of the limit ---- */

struct making {
    cw_sieve sieve;
    uint8_t *bits;
};

static cw_status make_open(void *context, void *state, const cw_block *block, cw_error *error)
{
    struct making *making = context;
    cw_siever **siever = state;
    (void)error;
    if (*siever == NULL)
        *siever = cw_siever_create(&making->sieve);
    if (*siever == NULL)
        return CW_ERR_NO_MEMORY;
    cw_siever_start(*siever, block->begin);
    return CW_OK;
}

static cw_status make_step(void *context, void *state, const cw_block *block, void *partial,
                           cw_error *error)
{
    struct making *making = context;
    cw_siever **siever = state;
    (void)partial;
    (void)error;
    for (uint64_t row = block->begin; row < block->end; row += making->sieve.segment_rows) {
        uint8_t *bits;
        const cw_status status = cw_siever_next(*siever, &bits);
        if (status != CW_OK)
            return status;
        memcpy(making->bits + row, bits,
               (size_t)cw_min_u64(making->sieve.segment_rows, block->end - row));
    }
    return CW_OK;
}

static void make_finish(void *context, void *state)
{
    cw_siever **siever = state;
    (void)context;
    cw_siever_destroy(*siever);
}

static cw_status make_by_segments(cw_sieving_primes *primes, const cw_plan *plan, cw_error *error)
{
    cw_sieving_primes roots;
    struct making making = {.bits = primes->bits};
    cw_status status = cw_sieving_primes_init(&roots, cw_isqrt_u64(primes->limit), plan, error);
    if (status != CW_OK)
        return status;
    const cw_plan quiet = {
        .threads = plan->threads, .serial = plan->serial, .isa = plan->isa, .cancel = plan->cancel};
    status = cw_sieve_init(&making.sieve, CW_SIEVING_WHEEL, &roots, 0, primes->rows - 1, MAKE_BLOCK,
                           plan, error);
    if (status == CW_OK) {
        const cw_work work = {
            .items = primes->rows,
            .block = MAKE_BLOCK,
            .state_bytes = sizeof(cw_siever *),
            .cost_ns = 2,
            .repeatable = 1,
            .context = &making,
            .open = make_open,
            .step = make_step,
            .finish = make_finish,
        };
        status = cw_work_run(&work, &quiet, NULL, NULL, error);
    }
    if (status == CW_OK)
        trim(primes);
    cw_sieve_finish(&making.sieve);
    cw_sieving_primes_finish(&roots);
    return status;
}

cw_status cw_sieving_primes_init(cw_sieving_primes *primes, uint64_t limit, const cw_plan *plan,
                                 cw_error *error)
{
    static const cw_plan everything_free = {0};
    *primes = (cw_sieving_primes){.limit = limit, .rows = limit / CW_SIEVING_WHEEL + 1};
    const size_t bytes = ((size_t)primes->rows + 7) / 8 * 8;
    primes->bits = cw_memory_alloc(bytes, 1);
    if (primes->bits == NULL)
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for the primes up to %llu (%zu bytes)",
                            (unsigned long long)limit, bytes);
    memset(primes->bits + primes->rows, 0, bytes - (size_t)primes->rows);
    cw_status status = CW_OK;
    if (limit <= PLAIN_LIMIT)
        make_plainly(primes);
    else
        status = make_by_segments(primes, plan == NULL ? &everything_free : plan, error);
    if (status != CW_OK)
        cw_sieving_primes_finish(primes);
    return status;
}

void cw_sieving_primes_finish(cw_sieving_primes *primes)
{
    if (primes == NULL)
        return;
    cw_memory_free(primes->bits);
    primes->bits = NULL;
}
