/* The table of known values, and looking things up in it. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/known.h"

const cw_known cw_known_primes[] = {
#include "catalogue/known_primes.inc"
};

const size_t cw_known_primes_count = sizeof cw_known_primes / sizeof *cw_known_primes;

static bool find(cw_known_kind kind, uint64_t first, uint64_t last, uint64_t *value)
{
    for (size_t i = 0; i < cw_known_primes_count; i++) {
        const cw_known *known = &cw_known_primes[i];
        if (known->kind == kind && known->first == first && known->last == last) {
            *value = known->value;
            return true;
        }
    }
    return false;
}

bool cw_known_count(uint64_t first, uint64_t last, uint64_t *value)
{
    /* 0 and 1 are no primes. */
    if (first <= 2)
        first = 0;
    if (find(CW_KNOWN_COUNT, first, last, value))
        return true;
    uint64_t below = 0;
    uint64_t up_to = 0;
    if (first == 0 || last < first || !find(CW_KNOWN_COUNT, 0, first - 1, &below) ||
        !find(CW_KNOWN_COUNT, 0, last, &up_to))
        return false;
    *value = up_to - below;
    return true;
}

bool cw_known_nth(uint64_t n, uint64_t *value)
{
    return find(CW_KNOWN_NTH, n, 0, value);
}
