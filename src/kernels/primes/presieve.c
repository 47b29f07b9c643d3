/* Building the patterns of the pre-sieve, and laying them over a segment. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/presieve.h"

#include "base/memory.h"

#include <string.h>

static const uint8_t factors_from_7[CW_PRESIEVE_PATTERNS][3] = {
    {7, 23, 37}, {11, 19, 31}, {13, 17, 29}, {41, 163}, {43, 157}, {47, 151}, {53, 149}, {59, 139},
    {61, 137},   {67, 131},    {71, 127},    {73, 113}, {79, 109}, {83, 107}, {89, 103}, {97, 101},
};
static const uint8_t factors_from_11[CW_PRESIEVE_PATTERNS][3] = {
    {11, 13, 61}, {17, 19, 23}, {29, 163}, {31, 157}, {37, 151}, {41, 149}, {43, 139}, {47, 137},
    {53, 131},    {59, 127},    {67, 113}, {71, 109}, {73, 107}, {79, 103}, {83, 101}, {89, 97},
};

static uint32_t length_of(const uint8_t primes[3])
{
    return (uint32_t)primes[0] * primes[1] * (primes[2] != 0 ? primes[2] : 1u);
}

/* Clear the multiples of p in a pattern that stands for rows from 0 on. */
static void clear_multiples(uint8_t *pattern, uint32_t length, uint32_t p, const cw_wheel *wheel,
                            uint32_t line)
{
    for (uint32_t b = 0; b < 8; b++) {
        uint32_t row = 0;
        while ((wheel->modulus * row + wheel->residue[8 * line + b]) % p != 0)
            row++;
        for (; row < length; row += p)
            pattern[row] &= (uint8_t) ~(1u << b);
    }
}

cw_status cw_presieve_init(cw_presieve *presieve, const cw_wheel *wheel)
{
    const uint8_t(*factors)[3] = wheel->modulus == 30 ? factors_from_7 : factors_from_11;
    size_t bytes = 0;
    for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++)
        bytes += length_of(factors[i]) + CW_PRESIEVE_STEP;
    presieve->memory = cw_memory_alloc(bytes, wheel->lines);
    if (presieve->memory == NULL)
        return CW_ERR_NO_MEMORY;
    uint8_t *next = presieve->memory;
    memset(next, 0xff, bytes * wheel->lines);
    for (uint32_t line = 0; line < wheel->lines; line++) {
        for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++) {
            const uint32_t length = length_of(factors[i]);
            for (int f = 0; f < 3 && factors[i][f] != 0; f++)
                clear_multiples(next, length, factors[i][f], wheel, line);
            memcpy(next + length, next, CW_PRESIEVE_STEP); /* no pattern is shorter */
            presieve->length[i] = length;
            presieve->pattern[line][i] = next;
            next += length + CW_PRESIEVE_STEP;
        }
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

void cw_presieve_fill(const cw_presieve *presieve, const cw_cross_ops *ops, uint32_t line,
                      uint64_t row, uint8_t *bits, size_t bytes)
{
    uint32_t phase[CW_PRESIEVE_PATTERNS];
    const uint8_t *pattern[CW_PRESIEVE_PATTERNS];
    for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++)
        phase[i] = (uint32_t)(row % presieve->length[i]);
    for (size_t done = 0; done < bytes; done += CW_PRESIEVE_STEP) {
        for (int i = 0; i < CW_PRESIEVE_PATTERNS; i++) {
            pattern[i] = presieve->pattern[line][i] + phase[i];
            phase[i] = (phase[i] + CW_PRESIEVE_STEP) % presieve->length[i];
        }
        ops->presieve(bits + done, pattern);
    }
}
