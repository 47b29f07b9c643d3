/* Primes: every tier and every call against plain sieves and values from outside, under every plan.
 */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/primes.h>

#include "base/checked.h"
#include "base/memory.h"
#include "kernels/primes/cross.h"
#include "kernels/primes/presieve.h"
#include "kernels/primes/primality.h"
#include "kernels/primes/siever.h"
#include "kernels/primes/wheel.h"
#include "kernels/primes/window.h"

#include <stdbool.h>
#include <string.h>

static const cw_plan plans[] = {
    {.serial = 1},
    {0},
    {.threads = 1},
    {.threads = 2, .policy = CW_POLICY_STATIC},
    {.threads = 3, .policy = CW_POLICY_DYNAMIC, .chunk = 1},
    {.threads = 7, .policy = CW_POLICY_GUIDED},
    {.threads = 2, .policy = CW_POLICY_DYNAMIC, .chunk = 100000000},
};
enum { PLANS = sizeof plans / sizeof *plans };

#define FOR_EACH_ISA(isa) for (int isa = CW_ISA_REFERENCE; isa <= (int)cw_isa_detect(); isa++)

/* ---- the tiers, against loops that nobody can misread ---- */

static void patterns_clear_their_multiples(void **state)
{
    enum { BYTES = 5 * CW_PRESIEVE_STEP };
    static uint8_t got[BYTES], want[BYTES];
    (void)state;
    FOR_EACH_ISA(isa)
    {
        cw_cross_ops ops;
        cw_cross_ops_init(&ops, (cw_isa)isa);
        for (int w = 0; w < 2; w++) {
            cw_wheel wheel;
            cw_presieve presieve;
            cw_wheel_init(&wheel, w == 0 ? 30 : 210);
            assert_int_equal(cw_presieve_init(&presieve, &wheel), CW_OK);
            for (int trial = 0; trial < 12; trial++) {
                const uint64_t row = trial == 0 ? 0 : cw_test_random() / 256;
                const uint32_t line = (uint32_t)trial % wheel.lines;
                memset(got, 0x55, sizeof got);
                cw_presieve_fill(&presieve, &ops, line, row, got, sizeof got);
                memset(want, 0xff, sizeof want);
                for (uint64_t p = w == 0 ? 7 : 11; p <= CW_PRESIEVE_LAST; p++) {
                    bool prime = true;
                    for (uint64_t d = 2; d < p; d++)
                        prime = prime && p % d != 0;
                    for (uint64_t k = 0; prime && k < BYTES; k++) {
                        for (int b = 0; b < 8; b++) {
                            if ((wheel.modulus * (row + k) + wheel.residue[8 * line + b]) % p == 0)
                                want[k] &= (uint8_t) ~(1u << b);
                        }
                    }
                }
                assert_memory_equal(got, want, sizeof got);
            }
            cw_presieve_finish(&presieve);
        }
    }
}

/* Primes of every kind of size for an area of `rows`: some that divide no wheel, in rising order.
 */
static size_t primes_for(uint32_t rows, uint32_t most, uint32_t *primes, size_t capacity)
{
    size_t count = 0;
    for (uint32_t p = 11; p <= most && count < capacity; p += 2) {
        bool prime = true;
        for (uint32_t d = 3; d * d <= p; d += 2)
            prime = prime && p % d != 0;
        /* all the smallest, then fewer and fewer, and those beside the size of the area */
        if (prime && (p < 200 || p % 64 == 5 || p + 60 > most || (p + 60 > rows && p < rows + 60)))
            primes[count++] = p;
    }
    return count;
}

/* A line over a few segments, so that moving on is tested too. */
static void strides_cross_off_what_they_should(void **state)
{
    enum { ROWS = 8192, SEGMENTS = 4, PRIMES = 1000 };
    static uint8_t got[4 * ROWS], want[ROWS];
    static uint32_t primes[PRIMES], inverses[PRIMES], bases[PRIMES];
    static uint16_t small_primes[PRIMES], small_inverses[PRIMES], small_bases[PRIMES];
    static uint16_t small_offsets[PRIMES][8];
    static float reciprocals[PRIMES];
    (void)state;
    for (int trial = 0; trial < 4; trial++) {
        cw_wheel wheel;
        cw_wheel_init(&wheel, trial % 2 == 0 ? 30 : 210);
        const bool is_small = trial < 2;
        const uint32_t line = (uint32_t)cw_test_below(wheel.lines);
        const uint8_t *residues = wheel.residue + 8 * line;
        const uint64_t row = cw_test_random() / 256;
        const size_t count = primes_for(ROWS, is_small ? ROWS - 1 : 2 * ROWS, primes, PRIMES);
        assert_true(count > 60 && count < PRIMES);
        FOR_EACH_ISA(isa)
        {
            cw_cross_ops ops;
            cw_cross_ops_init(&ops, (cw_isa)isa);
            cw_small_tier small = {.primes = small_primes,
                                   .inverses = small_inverses,
                                   .bases = small_bases,
                                   .reciprocals = reciprocals,
                                   .offsets = small_offsets};
            cw_medium_tier medium = {
                .primes = primes, .inverses = inverses, .bases = bases, .reciprocals = reciprocals};
            small.count = is_small ? count : 0;
            medium.count = is_small ? 0 : count;
            for (size_t i = 0; i < count; i++) {
                const uint32_t p = primes[i];
                for (inverses[i] = 1; (uint64_t)inverses[i] * wheel.modulus % p != 1;)
                    inverses[i]++;
                bases[i] = (uint32_t)((p - row % p) % p);
                reciprocals[i] = 1.0f / (float)p;
                small_primes[i] = (uint16_t)p;
                small_inverses[i] = (uint16_t)inverses[i];
                small_bases[i] = (uint16_t)bases[i];
            }
            for (uint64_t segment = 0; segment < SEGMENTS; segment++) {
                memset(got, 0xff, sizeof got);
                memset(want, 0xff, sizeof want);
                ops.aim_small(&small, residues);
                if (is_small)
                    ops.small(got, ROWS, &small);
                else
                    ops.medium(got, ROWS, &medium, residues);
                ops.advance(&small, &medium, ROWS);
                for (size_t i = 0; i < count; i++) {
                    const uint64_t first = row + segment * ROWS;
                    for (int b = 0; b < 8; b++) {
                        uint64_t k = 0;
                        while (k < primes[i] &&
                               (wheel.modulus * (first + k) + residues[b]) % primes[i] != 0)
                            k++;
                        for (; k < ROWS; k += primes[i])
                            want[k] &= (uint8_t) ~(1u << b);
                    }
                }
                assert_memory_equal(got, want, ROWS);
            }
        }
    }
}

/* Offsets move from block to block as aiming at the next block would give them. */
static void blocks_follow_each_other(void **state)
{
    enum { ROWS = 4096, BLOCKS = 5, PRIMES = 1000 };
    static uint8_t bits[3 * ROWS];
    static uint32_t primes[PRIMES];
    static uint16_t small_primes[PRIMES], offsets[PRIMES][8], start[PRIMES][8];
    const size_t count = primes_for(ROWS, ROWS - 1, primes, PRIMES);
    (void)state;
    FOR_EACH_ISA(isa)
    {
        cw_cross_ops ops;
        cw_cross_ops_init(&ops, (cw_isa)isa);
        cw_small_tier small = {.primes = small_primes, .offsets = offsets, .count = count};
        for (size_t i = 0; i < count; i++) {
            small_primes[i] = (uint16_t)primes[i];
            for (int b = 0; b < 8; b++)
                offsets[i][b] = start[i][b] = (uint16_t)cw_test_below(primes[i]);
        }
        for (uint32_t block = 1; block <= BLOCKS; block++) {
            ops.small(bits, ROWS, &small);
            for (size_t i = 0; i < count; i++) {
                for (int b = 0; b < 8; b++) {
                    uint32_t at = start[i][b];
                    while (at < block * ROWS)
                        at += primes[i];
                    assert_int_equal(offsets[i][b], at - block * ROWS);
                }
            }
        }
    }
}

/* First multiples on the wheel, against a walk from multiple to multiple. */
static void first_hits_are_found(void **state)
{
    (void)state;
    for (int trial = 0; trial < 200; trial++) {
        cw_wheel wheel;
        cw_wheel_init(&wheel, trial % 2 == 0 ? 30 : 210);
        uint32_t primes[CW_FIRST_HITS];
        cw_first_hit hits[CW_FIRST_HITS + 8];
        const size_t count = cw_test_below(CW_FIRST_HITS + 1);
        /* from near 0 to near 2^64, leaving room for the window */
        uint64_t low = (trial < 4 ? UINT64_MAX - 5000000000 : cw_test_random() / 2 >> trial % 50);
        low -= low % wheel.modulus;
        const uint64_t numbers = 1 + cw_test_below(4000000000);
        for (size_t i = 0; i < count; i++) {
            /* any number prime to the modulus will do for a prime */
            do
                primes[i] =
                    8192 + (uint32_t)(cw_test_below(UINT32_MAX - 8192) >> cw_test_below(19));
            while (wheel.class_of[primes[i] % wheel.modulus] == 255);
        }
        FOR_EACH_ISA(isa)
        {
            cw_cross_ops ops;
            cw_cross_ops_init(&ops, (cw_isa)isa);
            const size_t found = ops.first_hits(&wheel, primes, count, low, numbers, hits);
            size_t at = 0;
            for (size_t i = 0; i < count; i++) {
                const uint64_t p = primes[i];
                uint64_t m = low / p + (low % p != 0);
                while (wheel.class_of[m % wheel.modulus] == 255)
                    m++;
                /* p * m may lie above 2^64: only its distance is formed */
                const uint64_t first = (p - low % p) % p;
                const uint64_t distance = first + (m - low / p - (low % p != 0)) * p;
                if (distance >= numbers)
                    continue;
                assert_true(at < found);
                assert_int_equal(hits[at].prime, p);
                assert_int_equal(hits[at].distance, distance);
                assert_int_equal(hits[at].multiplier, m % wheel.modulus);
                at++;
            }
            assert_int_equal(at, found);
        }
    }
}

static void bits_are_counted(void **state)
{
    static uint8_t bits[3000];
    (void)state;
    for (size_t i = 0; i < sizeof bits; i++)
        bits[i] = (uint8_t)cw_test_random();
    FOR_EACH_ISA(isa)
    {
        cw_cross_ops ops;
        cw_cross_ops_init(&ops, (cw_isa)isa);
        for (int trial = 0; trial < 300; trial++) {
            const size_t from = cw_test_below(100),
                         length = trial < 100 ? (size_t)trial : cw_test_below(2900);
            uint64_t want = 0;
            for (size_t i = from; i < from + length; i++) {
                for (int c = 0; c < 8; c++)
                    want += bits[i] >> c & 1;
            }
            assert_int_equal(ops.count(bits + from, length), want);
        }
    }
}

/* ---- a plain segmented sieve over odd numbers, with nothing in common with the fast one ---- */

static uint8_t *plain_window(uint64_t first, uint64_t last)
{
    uint8_t *composite = calloc(last - first + 1, 1);
    for (uint64_t n = first; n <= last && n < 2; n++)
        composite[n - first] = 1;
    uint64_t root = cw_isqrt_u64(last);
    uint8_t *small = calloc(root + 1, 1);
    for (uint64_t p = 2; p <= root; p++) {
        if (small[p])
            continue;
        for (uint64_t m = p * p; m <= root; m += p)
            small[m] = 1;
        uint64_t n = first + (p - first % p) % p;
        if (n < p * p)
            n = p * p;
        for (; n >= first && n <= last; n += p)
            composite[n - first] = 1;
    }
    free(small);
    return composite;
}

static uint64_t plain_count(uint64_t first, uint64_t last)
{
    uint8_t *composite = plain_window(first, last);
    uint64_t count = 0;
    for (uint64_t n = 0; n <= last - first; n++)
        count += !composite[n];
    free(composite);
    return count;
}

static void check_count(uint64_t first, uint64_t last, uint64_t want, const cw_plan *plan)
{
    uint64_t got = UINT64_MAX;
    cw_error error = {0};
    const cw_status status = cw_primes_count(first, last, plan, &got, &error);
    if (status != CW_OK || got != want)
        print_message("[%llu, %llu] threads %d policy %d isa %d: %s\n", (unsigned long long)first,
                      (unsigned long long)last, plan->threads, plan->policy, plan->isa,
                      error.sentence);
    assert_int_equal(status, CW_OK);
    assert_int_equal(got, want);
}

static void every_small_window(void **state)
{
    (void)state;
    for (uint64_t first = 0; first < 70; first++) {
        for (uint64_t last = first; last < 200; last++)
            check_count(first, last, plain_count(first, last), &plans[0]);
    }
    const cw_plan plan = {0};
    uint64_t got = 9;
    assert_int_equal(cw_primes_count(7, 6, &plan, &got, NULL), CW_OK);
    assert_int_equal(got, 0);
}

static void random_windows(void **state)
{
    (void)state;
    for (int trial = 0; trial < (cw_test_quick() ? 20 : 120); trial++) {
        /* up to 10^13, so that the plain sieve is quick; every size of window */
        const uint64_t first = cw_test_random() >> (21 + cw_test_below(43));
        const uint64_t last = first + (cw_test_random() >> (44 + cw_test_below(20)));
        const uint64_t want = plain_count(first, last);
        FOR_EACH_ISA(isa)
        {
            cw_plan plan = plans[cw_test_below(PLANS)];
            plan.isa = (cw_isa)isa;
            check_count(first, last, want, &plan);
        }
    }
}

/* Around squares of primes, and where the tiers change, with edges on and beside multiples of 30.
 */
static void windows_at_squares(void **state)
{
    static const uint64_t roots[] = {7,     11,    13,    163,   167,    173,     4093,   4099,
                                     32749, 32771, 65521, 65537, 524287, 1048583, 2000003};
    (void)state;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        const uint64_t square = roots[i] * roots[i];
        for (uint64_t side = 0; side < 3; side++) {
            const uint64_t first = square - square % 30 - (square > 60 ? 30 + side : 0);
            const uint64_t last = square + 30 - side;
            check_count(first, last, plain_count(first, last), &plans[i % PLANS]);
            check_count(square, square, 0, &plans[0]);
            check_count(square - 1, square, 0, &plans[0]);
        }
    }
}

/* From outside; the sources stand beside the values in data/known/primes.csv. */
static void known_counts(void **state)
{
    static const struct {
        uint64_t first, last, count;
    } known[] = {
        {0, 1000000, 78498},
        {0, 100000000, 5761455},                                    /* OEIS A006880 */
        {0, UINT64_C(1) << 26, 3957809},                            /* OEIS A007053 */
        {UINT64_C(1000000000000), UINT64_C(1000010000000), 361726}, /* primesieve 12.16 and 11.0 */
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        FOR_EACH_ISA(isa)
        {
            for (int p = 0; p < (cw_test_quick() ? 2 : PLANS); p++) {
                cw_plan plan = plans[p];
                plan.isa = (cw_isa)isa;
                check_count(known[i].first, known[i].last, known[i].count, &plan);
            }
        }
    }
}

static void known_high_windows(void **state)
{
    static const struct {
        uint64_t first, last, count;
    } known[] = {
        /* primesieve 12.16, 11.0 and ysieve agree on these; the last by the first two */
        {UINT64_C(88736176627), UINT64_C(88738784472), 103125},
        {UINT64_C(433926973901485), UINT64_C(433926979139765), 155225},
        {UINT64_C(18446744073709451615), UINT64_MAX, 2139},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        check_count(known[i].first, known[i].last, known[i].count, &plans[1]);
    }
}

/* Several segments in one run, each with a larger root: large primes join after the first one too,
 * and all that they clear at first is their squares. */
static void primes_join_on_the_way(void **state)
{
    (void)state;
    if (cw_test_quick())
        skip();
    /* primesieve 12.16 and 11.0 */
    check_count(UINT64_C(1200000000000), UINT64_C(1200500000000), 17977132, &plans[0]);
    check_count(UINT64_C(1200000000000), UINT64_C(1200500000000), 17977132, &plans[3]);
}

/* Narrow windows anywhere: sieved in part, survivors tested. Each number by itself for comparison.
 */
static void narrow_windows_anywhere(void **state)
{
    (void)state;
    for (int trial = 0; trial < (cw_test_quick() ? 10 : 60); trial++) {
        const uint64_t width = 1 + cw_test_below(3000);
        uint64_t first = cw_test_random() >> cw_test_below(40);
        if (trial < 4 || first > UINT64_MAX - width)
            first = UINT64_MAX - width + 1 - (trial % 2 == 0 ? 0 : cw_test_below(1000));
        const uint64_t last = first + (width - 1);
        uint64_t want = 0;
        for (uint64_t i = 0; i < width; i++)
            want += (uint64_t)cw_primality_reference(first + i);
        FOR_EACH_ISA(isa)
        {
            cw_plan plan = plans[(unsigned)trial % PLANS];
            plan.isa = (cw_isa)isa;
            check_count(first, last, want, &plan);
        }
    }
}

/* Two windows that meet hold what the whole holds: at high numbers, where large primes are. */
static void parts_add_up(void **state)
{
    (void)state;
    for (int trial = 0; trial < 6; trial++) {
        const uint64_t first = (UINT64_C(1) << 40) + cw_test_below(UINT64_C(1) << 44);
        const uint64_t last = first + 1000000 + cw_test_below(20000000);
        const uint64_t middle = first + cw_test_below(last - first);
        uint64_t left, right;
        assert_int_equal(cw_primes_count(first, middle, &plans[3], &left, NULL), CW_OK);
        assert_int_equal(cw_primes_count(middle + 1, last, &plans[4], &right, NULL), CW_OK);
        check_count(first, last, left + right, &plans[trial]);
    }
}

/* ---- listing ---- */

struct list {
    uint64_t *primes;
    size_t count, capacity, stop_at;
};

static cw_status collect(void *context, const uint64_t *primes, size_t count, cw_error *error)
{
    struct list *list = context;
    assert_true(count > 0);
    if (list->stop_at != 0 && list->count + count >= list->stop_at)
        return cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL, "full");
    if (list->count + count > list->capacity) {
        list->capacity = 2 * (list->count + count);
        list->primes = realloc(list->primes, list->capacity * sizeof *primes);
    }
    memcpy(list->primes + list->count, primes, count * sizeof *primes);
    list->count += count;
    return CW_OK;
}

static void lists_are_complete_and_in_order(void **state)
{
    static const uint64_t windows[][2] = {
        {0, 1},
        {0, 2},
        {2, 5},
        {3, 30},
        {0, 20000000},
        {31, 12345678},
        {999999000000, 1000006000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const uint64_t first = windows[i][0], last = windows[i][1];
        uint8_t *composite = plain_window(first, last);
        for (int p = 0; p < PLANS; p++) {
            struct list list = {0};
            assert_int_equal(cw_primes_list(first, last, &plans[p], collect, &list, NULL), CW_OK);
            size_t at = 0;
            for (uint64_t n = first; n <= last; n++) {
                if (!composite[n - first])
                    assert_true(at < list.count && list.primes[at++] == n);
            }
            assert_int_equal(at, list.count);
            free(list.primes);
        }
        free(composite);
    }
}

/* The smallest primes, which no sieve holds, are no exception. */
static void a_refused_list_gives_nothing(void **state)
{
    cw_cancel cancel = {0};
    cw_cancel_raise(&cancel);
    const cw_plan refused[] = {{.threads = -1}, {.cancel = &cancel}};
    const cw_status want[] = {CW_ERR_ARGUMENT, CW_ERR_CANCELLED};
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        struct list list = {0};
        assert_int_equal(cw_primes_list(0, 100, &refused[p], collect, &list, NULL), want[p]);
        assert_int_equal(list.count, 0);
        free(list.primes);
    }
}

static void a_failing_sink_ends_the_list(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        struct list list = {.stop_at = 500000};
        cw_error error = {0};
        assert_int_equal(cw_primes_list(0, 30000000, &plans[p], collect, &list, &error), CW_ERR_IO);
        assert_string_equal(error.sentence, "full");
        assert_true(list.count < 500000);
        free(list.primes);
    }
}

/* ---- the n-th ---- */

static void known_nth(void **state)
{
    static const struct {
        uint64_t n, prime;
    } known[] = {
        /* Math::Prime::Util 0.76, xt/nthprime.t */
        {1, 2},
        {2, 3},
        {4, 7},
        {8, 19},
        {64, 311},
        {1024, 8161},
        {65536, 821641},
        {524288, 7754077},
        {4194304, 71378569},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint64_t prime = 0;
        assert_int_equal(cw_primes_nth(known[i].n, &plans[i % PLANS], &prime, NULL), CW_OK);
        assert_int_equal(prime, known[i].prime);
    }
    uint8_t *composite = plain_window(0, 100000);
    uint64_t n = 0;
    for (uint64_t want = 0; want <= 100000; want++) {
        if (composite[want] || (++n > 200 && n % 97 != 0))
            continue;
        uint64_t prime = 0;
        assert_int_equal(cw_primes_nth(n, &plans[0], &prime, NULL), CW_OK);
        assert_int_equal(prime, want);
    }
    free(composite);
}

static void nth_out_of_range(void **state)
{
    uint64_t prime = 17;
    cw_error error = {0};
    (void)state;
    assert_int_equal(cw_primes_nth(0, NULL, &prime, &error), CW_ERR_ARGUMENT);
    assert_int_equal(cw_primes_nth(CW_PRIMES_NTH_MAX + 1, NULL, &prime, &error), CW_ERR_ARGUMENT);
    assert_non_null(strstr(error.sentence, "425656284035217743"));
    assert_int_equal(prime, 17);
}

/* ---- many counts in one pass ---- */

static void many_counts(void **state)
{
    enum { LAST = 30000000, QUERIES = 500 };
    static uint64_t numbers[QUERIES], results[QUERIES];
    uint8_t *composite = plain_window(0, LAST);
    uint32_t *pi = malloc((LAST + 1) * sizeof *pi);
    (void)state;
    for (uint32_t n = 0, count = 0; n <= LAST; n++)
        pi[n] = count += !composite[n];
    free(composite);
    for (int p = 0; p < PLANS; p++) {
        for (int i = 0; i < QUERIES; i++)
            numbers[i] = cw_test_below(2) ? cw_test_below(LAST + 1) : cw_test_below(40);
        numbers[7] = numbers[8] = 0;
        numbers[9] = numbers[10] = LAST;
        numbers[11] = UINT64_C(30) << 17; /* the beginning of a block, and just before it */
        numbers[12] = numbers[11] - 1;
        assert_int_equal(cw_primes_count_many(numbers, QUERIES, &plans[p], results, NULL), CW_OK);
        for (int i = 0; i < QUERIES; i++)
            assert_int_equal(results[i], pi[numbers[i]]);
        assert_int_equal(cw_primes_count_many(numbers, QUERIES, &plans[p], numbers, NULL), CW_OK);
        assert_memory_equal(numbers, results, sizeof numbers);
    }
    free(pi);
    assert_int_equal(cw_primes_count_many(NULL, 0, NULL, NULL, NULL), CW_OK);
    uint64_t none = 0, one = 1, out = 9;
    assert_int_equal(cw_primes_count_many(&none, 1, NULL, &out, NULL), CW_OK);
    assert_int_equal(out, 0);
    assert_int_equal(cw_primes_count_many(&one, 1, NULL, &out, NULL), CW_OK);
    assert_int_equal(out, 0);
    assert_int_equal(cw_primes_count_many(NULL, 1, NULL, &out, NULL), CW_ERR_ARGUMENT);
}

/* ---- refusals ---- */

static void a_raised_cancel_stops_at_once(void **state)
{
    cw_cancel cancel = {0};
    uint64_t count = 4711;
    (void)state;
    cw_cancel_raise(&cancel);
    const cw_plan plan = {.cancel = &cancel};
    assert_int_equal(cw_primes_count(0, UINT64_MAX, &plan, &count, NULL), CW_ERR_CANCELLED);
    assert_int_equal(count, 4711);
}

/* Raises the flag from the sink, while other threads sieve: the listing ends soon. */
static cw_status raise_and_go_on(void *context, const uint64_t *primes, size_t count,
                                 cw_error *error)
{
    (void)primes, (void)count, (void)error;
    cw_cancel_raise(context);
    return CW_OK;
}

static void a_cancel_is_heeded_inside_a_block(void **state)
{
    (void)state;
    for (int serial = 0; serial < 2; serial++) {
        cw_cancel cancel = {0};
        const cw_plan plan = {.cancel = &cancel, .serial = serial};
        /* a list of everything would take centuries, a block of it hours */
        assert_int_equal(
            cw_primes_list(1000, UINT64_MAX / 4, &plan, raise_and_go_on, &cancel, NULL),
            CW_ERR_CANCELLED);
    }
}

static void memory_refused_at_every_point(void **state)
{
    int failures = 0;
    (void)state;
    for (long nth = 1; nth < 200; nth++) {
        /* large primes too, so that buckets are asked for */
        const uint64_t first = UINT64_C(10000000000000), last = first + 3000000;
        uint64_t count = 4711;
        cw_error error = {0};
        const cw_plan plan = {.threads = 2, .isa = CW_ISA_AVX2};
        cw_memory_refuse_from(nth);
        const cw_status status = cw_primes_count(first, last, &plan, &count, &error);
        cw_memory_refuse_from(0);
        if (status == CW_OK)
            break;
        assert_int_equal(status, CW_ERR_NO_MEMORY);
        assert_int_equal(count, 4711);
        assert_true(strlen(error.sentence) > 0);
        failures++;
    }
    assert_true(failures >= 10 && failures < 150);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 30);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_clear_their_multiples),
        cmocka_unit_test(strides_cross_off_what_they_should),
        cmocka_unit_test(blocks_follow_each_other),
        cmocka_unit_test(first_hits_are_found),
        cmocka_unit_test(bits_are_counted),
        cmocka_unit_test(every_small_window),
        cmocka_unit_test(random_windows),
        cmocka_unit_test(windows_at_squares),
        cmocka_unit_test(known_counts),
        cmocka_unit_test(known_high_windows),
        cmocka_unit_test(primes_join_on_the_way),
        cmocka_unit_test(narrow_windows_anywhere),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(lists_are_complete_and_in_order),
        cmocka_unit_test(a_refused_list_gives_nothing),
        cmocka_unit_test(a_failing_sink_ends_the_list),
        cmocka_unit_test(known_nth),
        cmocka_unit_test(nth_out_of_range),
        cmocka_unit_test(many_counts),
        cmocka_unit_test(a_raised_cancel_stops_at_once),
        cmocka_unit_test(a_cancel_is_heeded_inside_a_block),
        cmocka_unit_test(memory_refused_at_every_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
