/* Statistics against values of NumPy, and the coverage of the interval in simulated experiments. */
/* SPDX-License-Identifier: MIT */
#include "measure/statistics.h"

#include "base/memory.h"
#include "cw_test.h"
#include "measure/random.h"

#include <math.h>
#include <string.h>

/* The first five numbers from seed 1234567, as on rosettacode.org/wiki/Pseudo-random_numbers/
 * Splitmix64. */
static void random_numbers_are_splitmix64(void **state)
{
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u,
                                        9817491932198370423u, 4593380528125082431u,
                                        16408922859458223821u};
    (void)state;
    cw_random random = {1234567};
    for (size_t i = 0; i < 5; i++)
        assert_true(cw_random_next(&random) == expected[i]);
    for (int i = 0; i < 1000; i++)
        assert_true(cw_random_below(&random, 7) < 7);
}

/* numpy.percentile(x, [25, 50, 75]) and numpy.median(abs(x - numpy.median(x))), NumPy 1.24.2; the
 * fourth and fifth lists are the examples of Wikipedia's "Quartile". */
static void quartiles_are_those_of_numpy(void **state)
{
    static const struct {
        size_t n;
        double values[11];
        double lower, median, upper, deviation;
    } cases[] = {
        {1, {3}, 3, 3, 3, 0},
        {2, {4, 1}, 1.75, 2.5, 3.25, 1.5},
        {4, {2.5, 2.5, 2.5, 9}, 2.5, 2.5, 4.125, 0},
        {6, {7, 15, 36, 39, 40, 41}, 20.25, 37.5, 39.75, 3},
        {11, {49, 7, 15, 43, 36, 39, 40, 41, 42, 6, 47}, 25.5, 40, 42.5, 4},
        {9, {1e-9, 1e9, 5, 5, -3.25, 0.125, 17, 88.5, 2}, 0.125, 5, 17, 4.999999999},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double values[11];
        memcpy(values, cases[i].values, sizeof values);
        const cw_quartiles found = cw_quartiles_find(values, cases[i].n);
        assert_true(found.lower == cases[i].lower);
        assert_true(found.median == cases[i].median);
        assert_true(found.upper == cases[i].upper);
        memcpy(values, cases[i].values, sizeof values);
        assert_true(cw_deviation_find(values, cases[i].n) == cases[i].deviation);
    }
    const double ends[] = {1, 2, 10};
    assert_true(cw_quantile(ends, 3, 0) == 1 && cw_quantile(ends, 3, 1) == 10);
}

/* The worked figures: p = 1, no speed-up at all, perfect, and table values by hand. */
static void scaling_figures_are_right(void **state)
{
    (void)state;
    assert_true(cw_efficiency(1.5, 2) == 0.75);
    assert_true(fabs(cw_serial_fraction(1, 2) - 1) < 1e-15);
    assert_true(fabs(cw_serial_fraction(8, 8)) < 1e-15);
    assert_true(cw_serial_fraction(8.5, 8) < 0);
    /* Amdahl's law with a serial share of 5 % gives it back: 1 / (0.05 + 0.95 / 16). */
    assert_true(fabs(cw_serial_fraction(1 / (0.05 + 0.95 / 16), 16) - 0.05) < 1e-15);
}

static void ratios_without_noise_are_exact(void **state)
{
    (void)state;
    const double above[] = {3, 3, 3, 3, 3}, below[] = {2, 2, 2, 2, 2};
    cw_ratio ratio;
    assert_int_equal(cw_ratio_find(above, below, 5, 1, &ratio, NULL), CW_OK);
    assert_true(ratio.value == 1.5 && ratio.low == 1.5 && ratio.high == 1.5);
}

/* What hits both sides of a round alike leaves the ratio as it is. */
static void pairs_stay_together(void **state)
{
    (void)state;
    double above[9], below[9];
    for (int i = 0; i < 9; i++) {
        below[i] = 1 << i;
        above[i] = 3 * below[i];
    }
    cw_ratio ratio;
    assert_int_equal(cw_ratio_find(above, below, 9, 1, &ratio, NULL), CW_OK);
    assert_true(ratio.low == 3 && ratio.high == 3);
}

static void intervals_repeat_with_their_seed(void **state)
{
    (void)state;
    const double above[] = {3, 3.5, 2.5, 4, 3.1, 2.9, 3.3}, below[] = {1, 2, 1.5, 1.2, 1.3, 1, 1.1};
    cw_ratio first, second, other;
    assert_int_equal(cw_ratio_find(above, below, 7, 1, &first, NULL), CW_OK);
    assert_int_equal(cw_ratio_find(above, below, 7, 1, &second, NULL), CW_OK);
    assert_int_equal(cw_ratio_find(above, below, 7, 2, &other, NULL), CW_OK);
    assert_memory_equal(&first, &second, sizeof first);
    assert_true(first.value == other.value);
    assert_true(first.low < first.value && first.value < first.high);
}

static void too_few_pairs_are_refused(void **state)
{
    (void)state;
    const double values[4] = {1, 1, 1, 1};
    cw_ratio ratio = {7, 7, 7};
    cw_error error;
    assert_int_equal(cw_ratio_find(values, values, 4, 1, &ratio, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "4 pairs given for an interval, at least 5 are needed");
    assert_true(ratio.value == 7);
}

static void missing_memory_is_reported(void **state)
{
    (void)state;
    const double values[5] = {1, 1, 1, 1, 1};
    cw_ratio ratio;
    for (long nth = 1; nth <= 7; nth++) {
        cw_memory_refuse_from(nth);
        assert_int_equal(cw_ratio_find(values, values, 5, 1, &ratio, NULL), CW_ERR_NO_MEMORY);
    }
    cw_memory_refuse_from(8);
    assert_int_equal(cw_ratio_find(values, values, 5, 1, &ratio, NULL), CW_OK);
    cw_memory_refuse_from(0);
}

/* Noise of timings, as relative slow-downs. */

static double uniform(cw_random *random)
{
    return ((double)(cw_random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double exponential(cw_random *random)
{
    return -log(uniform(random));
}

static double normal(cw_random *random)
{
    return sqrt(2 * exponential(random)) * cos(6.283185307179586 * uniform(random));
}

typedef enum noise {
    NORMAL,  /* quiet on both sides, one side twice as wide */
    HEAVY,   /* Student's t with 2 degrees of freedom, slow-downs only: no finite variance */
    BURSTS,  /* another program for a few rounds in a row, which hurts one side more */
    DRIFT,   /* the machine's speed wanders for both sides of a round */
    TWO_WAYS /* three runs in ten take a slower path, as with badly placed threads */
} noise;

enum { NOISES = TWO_WAYS + 1 };

typedef struct world {
    noise kind;
    bool bursting;
    cw_random random;
} world;

static void draw_round(world *w, double *above, double *below)
{
    cw_random *random = &w->random;
    double a = 0, b = 0;
    switch (w->kind) {
    case NORMAL:
        a = 0.01 * normal(random);
        b = 0.02 * normal(random);
        break;
    case HEAVY:
        a = 0.02 * fabs(normal(random)) / sqrt(exponential(random));
        b = 0.02 * fabs(normal(random)) / sqrt(exponential(random));
        break;
    case BURSTS:
        if (uniform(random) < (w->bursting ? 0.3 : 0.05))
            w->bursting = !w->bursting;
        a = 0.01 * normal(random) + (w->bursting ? 0.2 * exponential(random) : 0);
        b = 0.01 * normal(random) + (w->bursting ? 0.4 * exponential(random) : 0);
        break;
    case DRIFT:
        a = 0.01 * exponential(random);
        b = 0.03 * exponential(random);
        break;
    case TWO_WAYS:
        a = 0.005 * normal(random) + (uniform(random) < 0.3 ? 0.1 : 0);
        b = 0.005 * normal(random) + (uniform(random) < 0.3 ? 0.1 : 0);
        break;
    }
    const double both = w->kind == DRIFT ? exp(0.02 * normal(random)) : 1;
    *above = 2 * (1 + a) * both;
    *below = (1 + b) * both;
}

/* What the interval should cover: the ratio of the medians of very many rounds. */
static double true_ratio(noise kind)
{
    enum { MANY = 200001 };
    double *above = cw_memory_alloc(MANY, sizeof *above);
    double *below = cw_memory_alloc(MANY, sizeof *below);
    assert_true(above != NULL && below != NULL);
    world w = {.kind = kind, .random = {99}};
    for (size_t i = 0; i < MANY; i++)
        draw_round(&w, &above[i], &below[i]);
    const double ratio =
        cw_quartiles_find(above, MANY).median / cw_quartiles_find(below, MANY).median;
    cw_memory_free(above);
    cw_memory_free(below);
    return ratio;
}

enum { EXPERIMENTS = 500, ROUNDS_MOST = 40 };

static int count_covered(noise kind, size_t rounds, double truth)
{
    world w = {.kind = kind, .random = {1000 * (uint64_t)kind + rounds}};
    double above[ROUNDS_MOST], below[ROUNDS_MOST];
    int covered = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
        w.bursting = uniform(&w.random) < 0.14; /* its share in the long run */
        for (size_t round = 0; round < rounds; round++)
            draw_round(&w, &above[round], &below[round]);
        cw_ratio ratio;
        assert_int_equal(
            cw_ratio_find(above, below, rounds, cw_random_next(&w.random), &ratio, NULL), CW_OK);
        covered += ratio.low <= truth && truth <= ratio.high;
    }
    return covered;
}

/*
 * A 95 % interval should hold the truth 95 times in 100. Each cell is 500 experiments (standard
 * error 1 %), each row 2500 (0.4 %). The bootstrap of a median is a little generous where the
 * rounds are many and the noise is shared: up to 98 % in a cell.
 */
static void intervals_cover_the_truth(void **state)
{
    static const size_t rounds[] = {8, 12, 20, 40};
    double truth[NOISES];
    (void)state;
    if (cw_test_quick())
        skip();
    for (int kind = 0; kind < NOISES; kind++)
        truth[kind] = true_ratio((noise)kind);
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        int covered = 0;
        for (int kind = 0; kind < NOISES; kind++) {
            const int cell = count_covered((noise)kind, rounds[i], truth[kind]);
            const double share = (double)cell / EXPERIMENTS;
            print_message("%zu rounds, noise %d: %.3f covered\n", rounds[i], kind, share);
            assert_true(share > 0.92 && share < 0.985);
            covered += cell;
        }
        const double share = (double)covered / (NOISES * EXPERIMENTS);
        assert_true(share > 0.93 && share < 0.975);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_numbers_are_splitmix64),
        cmocka_unit_test(quartiles_are_those_of_numpy),
        cmocka_unit_test(scaling_figures_are_right),
        cmocka_unit_test(ratios_without_noise_are_exact),
        cmocka_unit_test(pairs_stay_together),
        cmocka_unit_test(intervals_repeat_with_their_seed),
        cmocka_unit_test(too_few_pairs_are_refused),
        cmocka_unit_test(missing_memory_is_reported),
        cmocka_unit_test(intervals_cover_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
