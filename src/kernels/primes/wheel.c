/* The tables of a wheel, from its modulus. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/wheel.h"

#include <assert.h>
#include <string.h>

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

static uint8_t find_to_inverse(uint32_t modulus, uint32_t residue)
{
    uint32_t t = 1;
    while ((t * residue + 1) % modulus != 0)
        t++;
    return (uint8_t)t;
}

void cw_wheel_init(cw_wheel *wheel, uint32_t modulus)
{
    assert(modulus == 30 || modulus == 210);
    memset(wheel, 0, sizeof *wheel);
    wheel->modulus = modulus;
    memset(wheel->class_of, 255, sizeof wheel->class_of);
    for (uint32_t r = 1; r < modulus && wheel->classes < CW_WHEEL_CLASSES_MAX; r++) {
        if (common_divisor(modulus, r) != 1)
            continue;
        wheel->class_of[r] = (uint8_t)wheel->classes;
        wheel->residue[wheel->classes++] = (uint8_t)r;
        wheel->to_inverse[r] = find_to_inverse(modulus, r);
    }
    wheel->lines = wheel->classes / 8;
    for (uint32_t i = 0; i + 1 < wheel->classes; i++)
        wheel->gap[i] = (uint8_t)(wheel->residue[i + 1] - wheel->residue[i]);
    wheel->gap[(wheel->classes - 1) % CW_WHEEL_CLASSES_MAX] =
        2; /* from modulus - 1 to modulus + 1 */
    for (uint32_t r = 0; r < modulus; r++) {
        uint32_t ahead = 0;
        while (wheel->class_of[(r + ahead) % modulus] == 255)
            ahead++;
        wheel->to_next[r] = (uint8_t)ahead;
        wheel->next_class[r] = wheel->class_of[(r + ahead) % modulus];
    }
}

void cw_wheel_trim(const cw_wheel *wheel, uint8_t *bytes, uint64_t stride, uint32_t first_residue,
                   uint32_t last_residue)
{
    for (uint32_t c = 0; c < wheel->classes; c++) {
        if (wheel->residue[c] < first_residue || wheel->residue[c] > last_residue)
            bytes[c / 8 * stride] &= (uint8_t) ~(1u << c % 8);
    }
}
