/* Building the patterns of the pre-sieve, and laying them over a segment. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/presieve.h"

#include "base/memory.h"
#include "kernels/primes/wheel.h"

#include <string.h>

static const uint8_t factors[CW_PRESIEVE_PATTERNS][3] = {
    {7, 23, 37}, {11, 19, 31}, {13, 17, 29}, {41, 163}, {43, 157}, {47, 151}, {53, 149}, {59, 139},
    {61, 137},   {67, 131},    {71, 127},    {73, 113}, {79, 109}, {83, 107}, {89, 103}, {97, 101},
};

static uint32_t length_of(const uint8_t primes[3])
{
    return (uint32_t)primes[0] * primes[1] * (primes[2] != 0 ? primes[2] : 1u);
}

/* Clear the multiples of p in a pattern that stands for rows from 0 on. */
static void clear_multiples(uint8_t *pattern, uint32_t length, uint32_t p)
{
    for (uint32_t multiple = p; multiple < length * CW_WHEEL; multiple += 2 * p) {
        const uint8_t class = cw_wheel_class[multiple % CW_WHEEL];
        if (class < CW_WHEEL_CLASSES)
            pattern[multiple / CW_WHEEL] &= (uint8_t) ~(1u << class);
    }
}

cw_status cw_presieve_init(cw_presieve *presieve)
{
    size_t bytes = 0;
    for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++)
        bytes += length_of(factors[i]) + CW_PRESIEVE_STEP;
    presieve->memory = cw_memory_alloc(bytes, 1);
    if (presieve->memory == NULL)
        return CW_ERR_NO_MEMORY;
    uint8_t *next = presieve->memory;
    memset(next, 0xff, bytes);
    for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++) {
        const uint32_t length = length_of(factors[i]);
        for (int f = 0; f < 3 && factors[i][f] != 0; f++)
            clear_multiples(next, length, factors[i][f]);
        for (uint32_t done = 0; done < CW_PRESIEVE_STEP; done++)
            next[length + done] = next[done % length];
        presieve->length[i] = length;
        presieve->pattern[i] = next;
        next += length + CW_PRESIEVE_STEP;
    }
    return CW_OK;
}

void cw_presieve_finish(cw_presieve *presieve)
{
    if (presieve == NULL)
        return;
    cw_memory_free(presieve->memory);
    presieve->memory = NULL;
}

void cw_presieve_fill(const cw_presieve *presieve, const cw_cross_ops *ops, uint64_t row,
                      uint8_t *bits, size_t bytes)
{
    uint32_t phase[CW_PRESIEVE_PATTERNS];
    const uint8_t *pattern[CW_PRESIEVE_PATTERNS];
    for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++)
        phase[i] = (uint32_t)(row % presieve->length[i]);
    for (size_t done = 0; done < bytes; done += CW_PRESIEVE_STEP) {
        for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++) {
            pattern[i] = presieve->pattern[i] + phase[i];
            phase[i] = (phase[i] + CW_PRESIEVE_STEP) % presieve->length[i];
        }
        ops->presieve(bits + done, pattern);
    }
}
