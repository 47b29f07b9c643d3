/* What every test program shares: cmocka, a seed that is printed and can be given, random numbers.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TEST_H
#define CW_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The state of all random choices of a test; splitmix64 (S. Vigna, public domain description). */
static uint64_t cw_test_state;

static inline uint64_t cw_test_random(void)
{
    uint64_t z = cw_test_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* In [0, n). */
static inline uint64_t cw_test_below(uint64_t n)
{
    return cw_test_random() % n;
}

/* First thing in main: the seed is argv[1], else $CW_TEST_SEED, else the given one. */
static inline void cw_test_seed(int argc, char **argv, uint64_t seed)
{
    const char *text = argc > 1 ? argv[1] : getenv("CW_TEST_SEED");
    cw_test_state = text != NULL ? strtoull(text, NULL, 10) : seed;
    print_message("seed %llu\n", (unsigned long long)cw_test_state);
}

/* Nonzero where a run under an emulator asks for smaller sizes. */
static inline int cw_test_quick(void)
{
    return getenv("CW_TEST_QUICK") != NULL;
}

#endif
