/* The n-th prime: guess it by the inverse of Riemann's R, count up to the guess, walk the rest. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/primes.h>

#include "base/checked.h"

#include <math.h>

/* zeta(s) for whole s >= 2 by Euler and Maclaurin's formula from 20 terms on: 1e-9 at worst. */
static double zeta(int s)
{
    enum { N = 20 };
    double sum = 0;
    for (int n = 1; n < N; n++)
        sum += pow(n, -s);
    const double tail = pow(N, -s);
    return sum + tail * N / (s - 1) + tail / 2 + s * tail / (12 * N) -
           s * (s + 1.0) * (s + 2.0) * tail / (720.0 * N * N * N);
}

/* Riemann's R by Gram's series (J. P. Gram 1884): 1 + sum (ln x)^k / (k k! zeta(k + 1)). */
static double riemann_r(double x)
{
    const double log_x = log(x);
    double sum = 1, power = 1;
    for (int k = 1; k < 200; k++) {
        power *= log_x / k;
        const double term = power / (k * zeta(k + 1));
        sum += term;
        if (term < 1e-17 * sum)
            break;
    }
    return sum;
}

/* Newton's steps with R'(x) about 1 / ln x; off by some sqrt(x) at most. */
static uint64_t guess(uint64_t n)
{
    const double count = (double)n;
    double x = n < 6 ? 11 : count * (log(count) + log(log(count)));
    for (int i = 0; i < 20; i++) {
        const double step = (riemann_r(x) - count) * log(x);
        x -= step;
        if (fabs(step) < 0.5 || fabs(step) < 1e-15 * x)
            break;
    }
    return x < 2 ? 2 : x >= 18446744073709549568.0 ? UINT64_MAX : (uint64_t)x;
}

/* Numbers around x that hold `primes` primes with a good margin. */
static uint64_t width_for(uint64_t primes, uint64_t x)
{
    const double width = ((double)primes * 1.1 + 10) * log((double)x + 10);
    return (uint64_t)width + 100;
}

struct walk {
    uint64_t wanted; /* primes still to come; 1: the next one is it */
    uint64_t prime;
};

/* A sink may only end a listing by failing: this status, which no caller sees, says «found». */
#define FOUND ((cw_status)255)

static cw_status walk_on(void *context, const uint64_t *primes, size_t count, cw_error *error)
{
    struct walk *walk = context;
    (void)error;
    if (count < walk->wanted) {
        walk->wanted -= count;
        return CW_OK;
    }
    walk->prime = primes[walk->wanted - 1];
    return FOUND;
}

/* The wanted-th prime above `from`. */
static cw_status walk_up(uint64_t from, uint64_t wanted, const cw_plan *plan, uint64_t *prime,
                         cw_error *error)
{
    struct walk walk = {.wanted = wanted};
    cw_plan quiet = *plan;
    quiet.progress = NULL;
    quiet.account = NULL;
    for (;;) {
        uint64_t to;
        if (!cw_add_u64(from, width_for(walk.wanted, from), &to))
            to = UINT64_MAX;
        cw_error found = {.status = CW_OK};
        const cw_status status = cw_primes_list(from + 1, to, &quiet, walk_on, &walk, &found);
        if (status == FOUND) {
            *prime = walk.prime;
            return CW_OK;
        }
        if (status != CW_OK) {
            if (error != NULL)
                *error = found;
            return status;
        }
        from = to;
    }
}

cw_status cw_primes_nth(uint64_t n, const cw_plan *plan, uint64_t *prime, cw_error *error)
{
    static const cw_plan everything_free = {0};
    if (prime == NULL)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL, "prime is NULL");
    if (n == 0 || n > CW_PRIMES_NTH_MAX)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "there is no prime number %llu below 2^64: 1 to %llu are allowed",
                            (unsigned long long)n, (unsigned long long)CW_PRIMES_NTH_MAX);
    if (plan == NULL)
        plan = &everything_free;
    uint64_t at = guess(n), count;
    cw_status status = cw_primes_count(0, at, plan, &count, error);
    /* Too far: go back by what is too much, until the n-th lies ahead. */
    while (status == CW_OK && count >= n) {
        const uint64_t back = cw_min_u64(at, width_for(count - n + 1, at));
        uint64_t between;
        status = cw_primes_count(at - back + 1, at, plan, &between, error);
        at -= back;
        count -= between;
    }
    return status == CW_OK ? walk_up(at, n - count, plan, prime, error) : status;
}
