/* The mod-30 wheel: one byte holds thirty numbers, one bit for each residue prime to 30. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_WHEEL_H
#define CW_PRIMES_WHEEL_H

#include <stdint.h>

/* A row is the thirty numbers [30 k, 30 k + 30); its byte's bit i stands for 30 k + residue i. */
enum { CW_WHEEL = 30, CW_WHEEL_CLASSES = 8 };

static const uint8_t cw_wheel_residue[CW_WHEEL_CLASSES] = {1, 7, 11, 13, 17, 19, 23, 29};

/* From residue i to the next one, and the last to the first of the next row. */
static const uint8_t cw_wheel_gap[CW_WHEEL_CLASSES] = {6, 4, 2, 4, 2, 4, 6, 2};

/* The bit of a residue prime to 30; 255 for the others. */
static const uint8_t cw_wheel_class[CW_WHEEL] = {
    255, 0,   255, 255, 255, 255, 255, 1,   255, 255, 255, 2,   255, 3,   255,
    255, 255, 4,   255, 5,   255, 255, 255, 6,   255, 255, 255, 255, 255, 7,
};

/* Bits of the residues at least r (r from 0 to 30): what is left of a row that begins at r. */
static inline uint8_t cw_wheel_mask_from(unsigned r)
{
    unsigned mask = 0;
    for (int i = 0; i < CW_WHEEL_CLASSES; i++)
        mask |= (unsigned)(cw_wheel_residue[i] >= r) << i;
    return (uint8_t)mask;
}

#endif
