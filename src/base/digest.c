/* XXH64, written from its specification (Yann Collet, xxHash fast digest algorithm, version 0.2.0,
 * section "XXH64 algorithm description"): four lanes of 8 bytes each, folded at the end. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <string.h>

#define STRIPE_BYTES 32

/* The specification's five primes, under its names. */
#define PRIME_1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME_2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME_3 UINT64_C(0x165667B19E3779F9)
#define PRIME_4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME_5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t read_u64(const unsigned char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static uint64_t read_u32(const unsigned char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

static uint64_t round_lane(uint64_t lane, uint64_t word)
{
    return rotate_left(lane + word * PRIME_2, 31) * PRIME_1;
}

static uint64_t merge_lane(uint64_t value, uint64_t lane)
{
    return (value ^ round_lane(0, lane)) * PRIME_1 + PRIME_4;
}

static void take_stripes(uint64_t lanes[4], const unsigned char *bytes, size_t stripes)
{
    uint64_t a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
    for (; stripes > 0; stripes--, bytes += STRIPE_BYTES) {
        a = round_lane(a, read_u64(bytes));
        b = round_lane(b, read_u64(bytes + 8));
        c = round_lane(c, read_u64(bytes + 16));
        d = round_lane(d, read_u64(bytes + 24));
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
}

void cw_digest_init(cw_digest_state *state, uint64_t seed)
{
    *state = (cw_digest_state){
        .lanes = {seed + PRIME_1 + PRIME_2, seed + PRIME_2, seed, seed - PRIME_1},
        .seed = seed,
    };
}

void cw_digest_update(cw_digest_state *state, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    const unsigned char *at = bytes;
    const size_t waiting = state->length % STRIPE_BYTES;
    state->length += size;
    if (waiting + size < STRIPE_BYTES) {
        memcpy(state->waiting + waiting, at, size);
        return;
    }
    if (waiting > 0) {
        const size_t missing = STRIPE_BYTES - waiting;
        memcpy(state->waiting + waiting, at, missing);
        take_stripes(state->lanes, state->waiting, 1);
        at += missing;
        size -= missing;
    }
    take_stripes(state->lanes, at, size / STRIPE_BYTES);
    memcpy(state->waiting, at + size / STRIPE_BYTES * STRIPE_BYTES, size % STRIPE_BYTES);
}

/* All lanes in one value; the seed alone where no lane has been used. */
static uint64_t fold_lanes(const cw_digest_state *state)
{
    const uint64_t *lanes = state->lanes;
    if (state->length < STRIPE_BYTES)
        return state->seed + PRIME_5;
    uint64_t value = rotate_left(lanes[0], 1) + rotate_left(lanes[1], 7) +
                     rotate_left(lanes[2], 12) + rotate_left(lanes[3], 18);
    for (int i = 0; i < 4; i++)
        value = merge_lane(value, lanes[i]);
    return value;
}

static uint64_t take_rest(uint64_t value, const unsigned char *at, size_t size)
{
    for (; size >= 8; size -= 8, at += 8)
        value = rotate_left(value ^ round_lane(0, read_u64(at)), 27) * PRIME_1 + PRIME_4;
    if (size >= 4) {
        value = rotate_left(value ^ read_u32(at) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        size -= 4;
        at += 4;
    }
    for (; size > 0; size--, at++)
        value = rotate_left(value ^ *at * PRIME_5, 11) * PRIME_1;
    return value;
}

static uint64_t avalanche(uint64_t value)
{
    value = (value ^ value >> 33) * PRIME_2;
    value = (value ^ value >> 29) * PRIME_3;
    return value ^ value >> 32;
}

uint64_t cw_digest_value(const cw_digest_state *state)
{
    const uint64_t value = fold_lanes(state) + state->length;
    return avalanche(take_rest(value, state->waiting, state->length % STRIPE_BYTES));
}

uint64_t cw_digest(const void *bytes, size_t size)
{
    cw_digest_state state;
    cw_digest_init(&state, 0);
    cw_digest_update(&state, bytes, size);
    return cw_digest_value(&state);
}
