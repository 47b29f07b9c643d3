/* Primality for programs: of one number, and of a list on several threads. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality.h"

#include "config.h"
#include "kernels/primes/primality_parts.h"

#include <chunkwise/primes.h>
#include <chunkwise/work.h>

typedef struct list {
    const uint64_t *numbers;
    uint8_t *results;
    cw_primality_ops ops;
} list;

void cw_primality_ops_init(cw_primality_ops *ops, cw_isa isa)
{
    ops->test = cw_primality_test_scalar;
#if HAVE_AVX2
    if (isa >= CW_ISA_AVX2)
        ops->test = cw_primality_test_avx2;
#endif
#if HAVE_AVX512
    if (isa >= CW_ISA_AVX512)
        ops->test = cw_primality_test_avx512;
#endif
    (void)isa;
}

int cw_is_prime(uint64_t n)
{
    return cw_primality_one(n);
}

/* Enough for full vectors, few enough that a short list of large primes still has blocks for all
 * threads: 64 numbers take 2 to 100 microseconds. */
static uint64_t block_size(size_t n)
{
    enum { LEAST = 64, MOST = 2 * CW_PRIMALITY_BATCH };
    const uint64_t size = n / 256 / LEAST * LEAST;
    return size < LEAST ? LEAST : size > MOST ? MOST : size;
}

static cw_status test_block(void *context, void *state, const cw_block *block, void *partial,
                            cw_error *error)
{
    const list *job = context;
    (void)state, (void)partial, (void)error;
    job->ops.test(job->numbers + block->begin, (size_t)(block->end - block->begin),
                  job->results + block->begin);
    return CW_OK;
}

cw_status cw_primes_test(const uint64_t *numbers, size_t n, const cw_plan *plan, uint8_t *results,
                         cw_error *error)
{
    if (n > 0 && numbers == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "numbers is NULL, it must hold %zu items", n);
    if (n > 0 && results == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "results is NULL, it must have room for %zu items", n);
    list job = {.numbers = numbers, .results = results};
    cw_primality_ops_init(&job.ops, cw_plan_isa(plan));
    const cw_work work = {
        .items = n,
        .block = block_size(n),
        .cost_ns = 50,
        .uniform = 0,
        .context = &job,
        .step = test_block,
    };
    return cw_work_run(&work, plan, NULL, NULL, error);
}
