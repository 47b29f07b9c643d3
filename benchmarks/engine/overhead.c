/* What the engine adds to a loop: cw_for beside a bare OpenMP loop with the same chunks. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/loop.h>

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* 64 items make a block of cw_for at this size, and a chunk of both contenders. */
enum { ITEMS = 4096 * 64, CHUNK = 64, ROUNDS_MAX = 999 };

/* An item: `spins` dependent multiplications, each some 4 cycles. */
typedef struct load {
    int spins;
    uint64_t *results;
} load;

/* Not inlined: the two loops around it must not be compiled differently. */
__attribute__((noinline)) static uint64_t item(uint64_t i, int spins)
{
    uint64_t x = i;
    for (int s = 0; s < spins; s++)
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return x;
}

static cw_status body(void *context, const cw_span *span)
{
    const load *l = context;
    for (uint64_t i = span->begin; i < span->end; i++)
        l->results[i] = item(i, l->spins);
    return CW_OK;
}

static void bare(const load *l, int threads)
{
    uint64_t *results = l->results;
    const int spins = l->spins;
#pragma omp parallel for num_threads(threads) schedule(dynamic, CHUNK) default(none)               \
    firstprivate(results, spins)
    for (uint64_t i = 0; i < ITEMS; i++)
        results[i] = item(i, spins);
}

static void ours(load *l, int threads)
{
    const cw_plan plan = {.threads = threads, .policy = CW_POLICY_DYNAMIC, .chunk = CHUNK};
    if (cw_for(ITEMS, body, l, &plan, NULL) != CW_OK)
        exit(1);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static double timed(load *l, int threads, int contender)
{
    const double start = now_ns();
    if (contender == 0)
        bare(l, threads);
    else
        ours(l, threads);
    return now_ns() - start;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Rounds in turn, the order changing; the ratio of each round's pair, so that drift cancels. */
static void contest(int spins, int threads, int rounds)
{
    load l = {.spins = spins, .results = malloc(ITEMS * sizeof *l.results)};
    double ratio[ROUNDS_MAX], bare_ns[ROUNDS_MAX];
    if (l.results == NULL)
        exit(1);
    for (int round = -2; round < rounds; round++) {
        double ns[2];
        for (int turn = 0; turn < 2; turn++) {
            const int contender = (turn + round) & 1;
            ns[contender] = timed(&l, threads, contender);
        }
        if (round >= 0) {
            ratio[round] = ns[1] / ns[0];
            bare_ns[round] = ns[0];
        }
    }
    free(l.results);
    qsort(ratio, (size_t)rounds, sizeof *ratio, compare_doubles);
    qsort(bare_ns, (size_t)rounds, sizeof *bare_ns, compare_doubles);
    printf("%7d  %9.2f us  %8.4f  %.4f to %.4f\n", threads,
           bare_ns[rounds / 2] * threads * CHUNK / ITEMS / 1000, ratio[rounds / 2],
           ratio[rounds / 4], ratio[rounds * 3 / 4]);
}

int main(int argc, char **argv)
{
    static const int spins[] = {8, 14, 40, 280};
    const int rounds = argc > 1 ? atoi(argv[1]) : 101;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: overhead [ROUNDS]: 1 to %d rounds\n", ROUNDS_MAX);
        return 2;
    }
    printf("time of cw_for / a bare OpenMP loop, dynamic, same chunks: median and quartiles of %d "
           "rounds\n\nthreads      a chunk     ratio  quartiles\n",
           rounds);
    for (size_t s = 0; s < sizeof spins / sizeof *spins; s++) {
        for (int threads = 1; threads <= 2; threads++)
            contest(spins[s], threads, rounds);
    }
    return 0;
}
