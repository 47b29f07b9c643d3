/* Squares, cubes and sums against what memory allows, in turn, from the first cache to memory. */
/* SPDX-License-Identifier: MIT */
/*
 *     arrays [OPERATION [TYPE [THREADS [ROUNDS]]]]      arrays square f64 2 21
 *
 * Each round runs all contenders one after the other, so that a change in the machine's mood meets
 * all of them; a figure is the median over the rounds of ceiling time / own time in that
 * round. 1.00 is the limit: the faster of the two copies for powers, a read for sums.
 */
#include "workload.h"

#include "base/memory.h"
#include "machine/clock.h"
#include "machine/machine.h"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile double sink;

enum { ROUNDS_MOST = 1001, CONTENDERS_MOST = 5 };

/* A sample is as many runs as fill this. */
#define SAMPLE_NS 2000000u

static const char *const task_names[] = {"square", "cube", "sum"};
static const char *const type_names[] = {"i32", "i64", "u32", "u64", "f32", "f64"};

typedef struct lane {
    const char *name;
    contender *run;
    bool ceiling;
    uint64_t repeats;
    double ns[ROUNDS_MOST]; /* of one run */
} lane;

/* Contenders for a task; returns how many. */
static int line_up(task what, lane *lanes)
{
    int count = 0;
    if (what == SUM) {
        lanes[count++] = (lane){.name = "read", .run = run_read, .ceiling = true};
    } else {
        lanes[count++] = (lane){.name = "copy", .run = run_copy, .ceiling = true};
        lanes[count++] = (lane){.name = "streamed", .run = run_streamed_copy, .ceiling = true};
    }
    lanes[count++] = (lane){.name = "ours", .run = run_ours};
    lanes[count++] = (lane){.name = "openmp", .run = run_openmp};
    lanes[count++] = (lane){.name = "serial", .run = run_serial};
    return count;
}

static double sample_ns(const lane *l, const workload *work, uint64_t repeats)
{
    const uint64_t start = cw_clock_ns();
    for (uint64_t i = 0; i < repeats; i++)
        l->run(work);
    return (double)(cw_clock_ns() - start) / (double)repeats;
}

/* Also the warm-up. */
static void calibrate(lane *l, const workload *work)
{
    (void)sample_ns(l, work, 1);
    l->repeats = 1;
    while (l->repeats < 1u << 24 &&
           sample_ns(l, work, l->repeats) * (double)l->repeats < SAMPLE_NS / 2.0)
        l->repeats *= 2;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    static double sorted[ROUNDS_MOST];
    memcpy(sorted, values, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, rising);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static double ceiling_ns(const lane *lanes, int count, int round)
{
    double least = lanes[0].ns[round];
    for (int c = 1; c < count && lanes[c].ceiling; c++)
        least = lanes[c].ns[round] < least ? lanes[c].ns[round] : least;
    return least;
}

static void print_row(const char *where, const workload *work, const lane *lanes, int count,
                      int rounds)
{
    double values[ROUNDS_MOST];
    for (int r = 0; r < rounds; r++)
        values[r] = ceiling_ns(lanes, count, r);
    const double least = median(values, rounds);
    const size_t moved = work->n * cw_number_bytes(work->type) * (work->task == SUM ? 1 : 2);
    printf("  %-4s %10zu  %8.4f %7.1f", where, work->n, least / (double)work->n,
           (double)moved / least);
    for (int c = 0; c < count; c++) {
        for (int r = 0; r < rounds; r++)
            values[r] = ceiling_ns(lanes, count, r) / lanes[c].ns[r];
        printf(" %8.2f", median(values, rounds));
    }
    printf("\n");
    (void)fflush(stdout);
}

static void measure(const char *where, const workload *work, int rounds)
{
    static lane lanes[CONTENDERS_MOST];
    const int count = line_up(work->task, lanes);
    for (int c = 0; c < count; c++)
        calibrate(&lanes[c], work);
    for (int r = 0; r < rounds; r++) {
        for (int k = 0; k < count; k++) {
            /* Every other round backwards, so that nobody always follows the same one. */
            lane *l = &lanes[r % 2 ? count - 1 - k : k];
            l->ns[r] = sample_ns(l, work, l->repeats);
        }
    }
    print_row(where, work, lanes, count, rounds);
}

/* Items whose squares and cubes fit every type. */
static void fill(cw_number type, void *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (type) {
        case CW_NUMBER_F32:
            ((float *)x)[i] = (float)(i % 1000) / 8;
            break;
        case CW_NUMBER_F64:
            ((double *)x)[i] = (double)(i % 1000) / 8;
            break;
        case CW_NUMBER_I32:
        case CW_NUMBER_U32:
            ((uint32_t *)x)[i] = (uint32_t)(i % 1000);
            break;
        default:
            ((uint64_t *)x)[i] = i % 1000;
            break;
        }
    }
}

/* From the first cache level to memory: half of each cache (a thread's own times the threads). */
static int run_table(task what, cw_number type, int threads, int rounds)
{
    const cw_machine *machine = cw_machine_get();
    const size_t l3 = machine->l3.bytes != 0 ? machine->l3.bytes : 8 * machine->l2.bytes;
    const struct {
        const char *where;
        size_t bytes;
    } places[] = {
        {"L1", machine->l1d.bytes / 2 * (size_t)threads},
        {"L2", machine->l2.bytes / 2 * (size_t)threads},
        {"L3", l3 / 2},
        {"DRAM", 8 * l3},
    };
    const size_t arrays = what == SUM ? 1 : 2;
    const size_t most = places[3].bytes / arrays / cw_number_bytes(type);
    void *x = cw_memory_alloc(most, cw_number_bytes(type));
    void *y = cw_memory_zalloc(arrays == 2 ? most : 0, cw_number_bytes(type));
    if (x == NULL || y == NULL) {
        (void)fprintf(stderr, "arrays: no memory for %zu items\n", most);
        return 1;
    }
    fill(type, x, most);
    printf("%s %s, %d thread%s: ceiling in ns/item and GB/s, then its time / own time\n",
           task_names[what], type_names[type], threads, threads == 1 ? "" : "s");
    printf("  %-4s %10s  %8s %7s %s\n", "", "n", "ns/item", "GB/s",
           what == SUM ? "    read     ours   openmp   serial"
                       : "    copy streamed     ours   openmp   serial");
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        const workload work = {.task = what,
                               .type = type,
                               .n = places[p].bytes / arrays / cw_number_bytes(type),
                               .x = x,
                               .y = y,
                               .threads = threads};
        measure(places[p].where, &work, rounds);
    }
    cw_memory_free(x);
    cw_memory_free(y);
    return 0;
}

/* The index of a name, or -1 for "all"; leaves the program when it is neither. */
static int choose(const char *text, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return i;
    }
    if (strcmp(text, "all") != 0) {
        (void)fprintf(stderr, "arrays: '%s' is none of all", text);
        for (int i = 0; i < count; i++)
            (void)fprintf(stderr, ", %s", names[i]);
        (void)fprintf(stderr, "\n");
        exit(2);
    }
    return -1;
}

/* The whole number given, or the preset; leaves the program when it is out of [1, most]. */
static int number(int argc, char **argv, int at, int preset, int most)
{
    if (argc <= at)
        return preset;
    char *end;
    const long value = strtol(argv[at], &end, 10);
    if (*end != '\0' || value < 1 || value > most) {
        (void)fprintf(stderr, "arrays: '%s' is not a number from 1 to %d\n", argv[at], most);
        exit(2);
    }
    return (int)value;
}

int main(int argc, char **argv)
{
    const int only_task = choose(argc > 1 ? argv[1] : "all", task_names, 3);
    const int only_type = choose(argc > 2 ? argv[2] : "f64", type_names, CW_NUMBERS);
    const int only_threads = number(argc, argv, 3, 0, CW_THREADS_MAX);
    const int rounds = number(argc, argv, 4, 11, ROUNDS_MOST);
    const int most_threads = only_threads > 0 ? only_threads : cw_machine_get()->usable_cpus;
    printf("%s, %s, %s, %d rounds\n", cw_machine_get()->model, CW_COMPILER,
           cw_isa_name(cw_isa_detect()), rounds);
    for (int what = 0; what < 3; what++) {
        for (int type = 0; type < CW_NUMBERS; type++) {
            if ((only_task >= 0 && what != only_task) || (only_type >= 0 && type != only_type))
                continue;
            for (int threads = only_threads > 0 ? only_threads : 1; threads <= most_threads;
                 threads *= 2) {
                if (run_table((task)what, (cw_number)type, threads, rounds) != 0)
                    return 1;
            }
        }
    }
    return 0;
}
