/* Wheels: which numbers a sieve keeps a bit for, and in which order. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_PRIMES_WHEEL_H
#define CW_PRIMES_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

/* Most of anything that a wheel here has. */
enum { CW_WHEEL_MODULUS_MAX = 210, CW_WHEEL_LINES_MAX = 6, CW_WHEEL_CLASSES_MAX = 48 };

/*
 * Row k of a wheel is the numbers [modulus * k, modulus * (k + 1)). Those prime to the modulus are
 * its classes, in rising order; each has a bit. Eight classes make a line: bit b of byte k of line
 * l stands for modulus * k + residue[8 l + b]. The lines of the wheel mod 30 are one, in which
 * numbers lie in order; the wheel mod 210 has six, and 14 % fewer bits.
 */
typedef struct cw_wheel {
    uint32_t modulus;
    uint32_t lines;
    uint32_t classes; /* 8 * lines */
    uint8_t residue[CW_WHEEL_CLASSES_MAX];
    uint8_t gap[CW_WHEEL_CLASSES_MAX];        /* from a residue to the next, around the end too */
    uint8_t class_of[CW_WHEEL_MODULUS_MAX];   /* of a residue; 255: it has none */
    uint8_t to_inverse[CW_WHEEL_MODULUS_MAX]; /* t with t * r + 1 a multiple of the modulus */
    uint8_t next_class[CW_WHEEL_MODULUS_MAX]; /* class of the first residue >= r (or of 1) */
    uint8_t to_next[CW_WHEEL_MODULUS_MAX];    /* how far that lies ahead */
} cw_wheel;

/* modulus is 30 or 210. Some microseconds. */
void cw_wheel_init(cw_wheel *wheel, uint32_t modulus);

/* Keep, in the bytes of row k (one each line, `stride` bytes apart), only numbers from
 * first_residue to last_residue. */
void cw_wheel_trim(const cw_wheel *wheel, uint8_t *bytes, uint64_t stride, uint32_t first_residue,
                   uint32_t last_residue);

#endif
