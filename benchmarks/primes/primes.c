/* Counting primes: our command and primesieve's, whole processes, in turn. */
/* SPDX-License-Identifier: MIT */
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 99 };

/* The windows of the table: first and last number, as both commands take them. */
static const struct {
    const char *name, *first, *last;
} windows[] = {
    {"[0, 1e9]", "0", "1000000000"},
    {"[0, 1e10]", "0", "10000000000"},
    {"[0, 1e11]", "0", "100000000000"},
    {"[1e12, +1e10]", "1000000000000", "1010000000000"},
    {"[1e15, +1e10]", "1000000000000000", "1000010000000000"},
    {"[1e18, +1e10]", "1000000000000000000", "1000000010000000000"},
    {"[1e18, +1e9]", "1000000000000000000", "1000000001000000000"},
    {"[1e19, +1e9]", "10000000000000000000", "10000000001000000000"},
    {"[1e18, +1e6]", "1000000000000000000", "1000000000001000000"},
    {"[1.8e19, +1e6]", "18000000000000000000", "18000000000001000000"},
    {"[2^64-1e4, 2^64-1]", "18446744073709541616", "18446744073709551615"},
};
enum { WINDOWS = sizeof windows / sizeof *windows };

/* One run of a whole process. */
typedef struct outcome {
    double seconds;
    double megabytes; /* most memory resident */
    uint64_t count;   /* the last number on its standard output */
} outcome;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The last run of digits in what a descriptor has to say. */
static uint64_t read_count(int descriptor)
{
    char text[4096];
    uint64_t count = 0;
    bool inside = false;
    ssize_t length;
    while ((length = read(descriptor, text, sizeof text)) > 0) {
        for (ssize_t i = 0; i < length; i++) {
            const bool digit = text[i] >= '0' && text[i] <= '9';
            if (digit)
                count = (inside ? count * 10 : 0) + (uint64_t)(text[i] - '0');
            inside = digit;
        }
    }
    return count;
}

static bool run(const char *const command[], outcome *result)
{
    int ends[2];
    posix_spawn_file_actions_t actions;
    if (pipe(ends) != 0 || posix_spawn_file_actions_init(&actions) != 0)
        return false;
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    pid_t child;
    const double start = now();
    const int failed =
        posix_spawnp(&child, command[0], &actions, NULL, (char *const *)command, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        return false;
    }
    int status;
    struct rusage usage;
    result->count = read_count(ends[0]);
    close(ends[0]);
    if (wait4(child, &status, 0, &usage) != child)
        return false;
    result->seconds = now() - start;
    result->megabytes = (double)usage.ru_maxrss / 1024;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts. */
static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Rounds of both in turn, the order changing from round to round. */
static bool contest(int window, const char *threads, const char *chunkwise, const char *primesieve,
                    int rounds)
{
    const char *first = windows[window].first, *last = windows[window].last;
    char peer_threads[32];
    (void)snprintf(peer_threads, sizeof peer_threads, "-t%s", threads);
    const char *const ours[] = {chunkwise, "run",       "primes", first,
                                last,      "--threads", threads,  NULL};
    const char *const peer[] = {primesieve, first, last, "-q", peer_threads, NULL};
    double ratio[ROUNDS_MAX], mine[ROUNDS_MAX], memory = 0, peer_memory = 0;
    bool fine = true;
    for (int round = -1; fine && round < rounds; round++) {
        outcome a = {0}, b = {0};
        const bool ours_first = round % 2 == 0;
        fine = (!ours_first || run(ours, &a)) && run(peer, &b) && (ours_first || run(ours, &a));
        if (fine && a.count != b.count) {
            printf("%s: we count %llu, primesieve %llu\n", windows[window].name,
                   (unsigned long long)a.count, (unsigned long long)b.count);
            fine = false;
        }
        if (!fine || round < 0)
            continue; /* the first round warms up */
        ratio[round] = b.seconds / a.seconds;
        mine[round] = a.seconds;
        memory = a.megabytes > memory ? a.megabytes : memory;
        peer_memory = b.megabytes > peer_memory ? b.megabytes : peer_memory;
    }
    if (!fine)
        return false;
    const double middle = median(ratio, rounds);
    printf("%-20s %7s  %7.2f  %5.2f-%-7.2f %8.4f s  %5.0f %5.0f\n", windows[window].name, threads,
           middle, ratio[0], ratio[rounds - 1], median(mine, rounds), memory, peer_memory);
    (void)fflush(stdout);
    return true;
}

static int number(const char *text, int least, int most)
{
    char *end;
    const long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < least || value > most) {
        (void)fprintf(stderr, "primes: '%s' is not a whole number from %d to %d\n", text, least,
                      most);
        exit(2);
    }
    return (int)value;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 5) {
        (void)fprintf(stderr,
                      "usage: primes CHUNKWISE [ROUNDS [THREADS [WINDOW]]]\n"
                      "CHUNKWISE: the command to measure; ROUNDS: 7; THREADS: 1 and 2; WINDOW: a "
                      "row of the table from 1, 0 for all\n"
                      "$PRIMESIEVE: the peer, if it is not the one on the path\n");
        return 2;
    }
    const char *primesieve = getenv("PRIMESIEVE");
    const char *chunkwise = argv[1];
    if (primesieve == NULL)
        primesieve = "primesieve";
    const int rounds = argc > 2 ? number(argv[2], 1, ROUNDS_MAX) : 7;
    const int threads = argc > 3 ? number(argv[3], 1, 4096) : 0;
    const int only = argc > 4 ? number(argv[4], 0, WINDOWS) : 0;
    outcome version = {0};
    if (!run((const char *const[]){primesieve, "--version", NULL}, &version)) {
        printf("no peer: %s does not run (Debian has it in the package primesieve)\n", primesieve);
        return 77;
    }
    printf(
        "time of primesieve / ours: median and range of %d rounds; our median; most memory, MB,\n"
        "ours and primesieve's\n\n%-20s %7s  %7s  %-13s %10s  %5s %5s\n",
        rounds, "window", "threads", "ratio", "range", "ours", "mem", "peer");
    bool fine = true;
    for (int window = 0; window < WINDOWS; window++) {
        if (only != 0 && only != window + 1)
            continue;
        for (int t = 1; t <= 2; t++) {
            char text[16];
            (void)snprintf(text, sizeof text, "%d", threads != 0 ? threads : t);
            fine = contest(window, text, chunkwise, primesieve, rounds) && fine;
            if (threads != 0)
                break;
        }
    }
    return fine ? 0 : 1;
}
