/* A 64-bit digest of bytes, to tell whether two results are the same. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_DIGEST_H
#define CW_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/*
 * XXH64, fed in pieces of any size: the digest depends on the bytes in their order alone, and is
 * the same on every machine. Not for secrets: whoever wants two inputs of one digest finds them.
 * Time    about a tenth of a nanosecond a byte.
 */
typedef struct cw_digest_state {
    uint64_t lanes[4];
    uint64_t seed;
    uint64_t length;           /* bytes so far */
    unsigned char waiting[32]; /* the last length % 32 of them */
} cw_digest_state;

void cw_digest_init(cw_digest_state *state, uint64_t seed);
void cw_digest_update(cw_digest_state *state, const void *bytes, size_t size);

/* The digest of all bytes so far; more may follow. */
uint64_t cw_digest_value(const cw_digest_state *state);

/* The digest of a whole buffer, with seed 0. */
uint64_t cw_digest(const void *bytes, size_t size);

#endif
