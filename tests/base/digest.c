/* The digest against the published values of XXH64, and in pieces against the whole. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include "cmocka_all.h"

#include <inttypes.h>
#include <string.h>

#define SANITY_SEED UINT64_C(2654435761)

/* The bytes that xxHash's own sanity check is made on. */
static void fill_sanity_bytes(unsigned char *bytes, size_t size)
{
    uint64_t generator = SANITY_SEED;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(generator >> 56);
        generator *= UINT64_C(11400714785074694797);
    }
}

static uint64_t digest_seeded(const void *bytes, size_t size, uint64_t seed)
{
    cw_digest_state state;
    cw_digest_init(&state, seed);
    cw_digest_update(&state, bytes, size);
    return cw_digest_value(&state);
}

/* Source: xxHash, tests of XXH64 in its sanity check (github.com/Cyan4973/xxHash). */
static void published_values(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint64_t seed;
        uint64_t digest;
    } cases[] = {
        {0, 0, UINT64_C(0xEF46DB3751D8E999)},
        {0, SANITY_SEED, UINT64_C(0xAC75FDA2929B17EF)},
        {1, 0, UINT64_C(0xE934A84ADB052768)},
        {1, SANITY_SEED, UINT64_C(0x5014607643A9B4C3)},
        {4, 0, UINT64_C(0x9136A0DCA57457EE)},
        {14, 0, UINT64_C(0x8282DCC4994E35C8)},
        {14, SANITY_SEED, UINT64_C(0xC3BD6BF63DEB6DF0)},
        {222, 0, UINT64_C(0xB641AE8CB691C174)},
        {222, SANITY_SEED, UINT64_C(0x20CB8AB7AE10C14A)},
    };
    unsigned char bytes[222];
    fill_sanity_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t digest = digest_seeded(bytes, cases[i].size, cases[i].seed);
        if (digest != cases[i].digest)
            fail_msg("%zu bytes, seed %" PRIu64 ": %016" PRIx64 ", expected %016" PRIx64,
                     cases[i].size, cases[i].seed, digest, cases[i].digest);
    }
}

static void texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t digest;
    } cases[] = {
        {"a", UINT64_C(0xD24EC4F1A98C6E5B)},
        {"abc", UINT64_C(0x44BC2CF5AD770999)},
        {"Nobody inspects the spammish repetition", UINT64_C(0xFBCEA83C8A378BF1)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t digest = cw_digest(cases[i].text, strlen(cases[i].text));
        if (digest != cases[i].digest)
            fail_msg("\"%s\": %016" PRIx64 ", expected %016" PRIx64, cases[i].text, digest,
                     cases[i].digest);
    }
    assert_true(cw_digest(NULL, 0) == cw_digest("", 0));
}

/* Every way of cutting up to 100 bytes in three, from every alignment, gives the digest of all. */
static void pieces_give_the_whole(void **state)
{
    (void)state;
    unsigned char bytes[108];
    fill_sanity_bytes(bytes, sizeof bytes);
    for (size_t size = 0; size <= 100; size++) {
        const unsigned char *from = bytes + size % 8;
        const uint64_t whole = cw_digest(from, size);
        for (size_t first = 0; first <= size; first++) {
            for (size_t second = first; second <= size; second += 7) {
                cw_digest_state pieces;
                cw_digest_init(&pieces, 0);
                cw_digest_update(&pieces, from, first);
                (void)cw_digest_value(&pieces); /* asking changes nothing */
                cw_digest_update(&pieces, from + first, second - first);
                cw_digest_update(&pieces, from + second, size - second);
                if (cw_digest_value(&pieces) != whole)
                    fail_msg("%zu bytes cut at %zu and %zu differ", size, first, second);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_values),
        cmocka_unit_test(texts),
        cmocka_unit_test(pieces_give_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
