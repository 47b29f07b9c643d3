/* Template: the loops that anyone would write. Wants RUN, and PARALLEL(clauses) before a loop. */
/* SPDX-License-Identifier: MIT */
#include "workload.h"

#define LOOPS(suffix, type, total)                                                                 \
    static void square_##suffix(const workload *work)                                              \
    {                                                                                              \
        const type *x = work->x;                                                                   \
        const size_t n = work->n;                                                                  \
        type *y = work->y;                                                                         \
        PARALLEL(default(none) shared(x, y, n))                                                    \
        for (size_t i = 0; i < n; i++)                                                             \
            y[i] = x[i] * x[i];                                                                    \
    }                                                                                              \
                                                                                                   \
    static void cube_##suffix(const workload *work)                                                \
    {                                                                                              \
        const type *x = work->x;                                                                   \
        const size_t n = work->n;                                                                  \
        type *y = work->y;                                                                         \
        PARALLEL(default(none) shared(x, y, n))                                                    \
        for (size_t i = 0; i < n; i++)                                                             \
            y[i] = x[i] * x[i] * x[i];                                                             \
    }                                                                                              \
                                                                                                   \
    static void sum_##suffix(const workload *work)                                                 \
    {                                                                                              \
        const type *x = work->x;                                                                   \
        const size_t n = work->n;                                                                  \
        total sum = 0;                                                                             \
        PARALLEL(default(none) shared(x, n) reduction(+ : sum))                                    \
        for (size_t i = 0; i < n; i++)                                                             \
            sum += x[i];                                                                           \
        sink += (double)sum;                                                                       \
    }

LOOPS(i32, int32_t, int64_t)
LOOPS(i64, int64_t, int64_t)
LOOPS(u32, uint32_t, uint64_t)
LOOPS(u64, uint64_t, uint64_t)
LOOPS(f32, float, double)
LOOPS(f64, double, double)

void RUN(const workload *work)
{
    static contender *const loops[CW_NUMBERS][3] = {
        {square_i32, cube_i32, sum_i32}, {square_i64, cube_i64, sum_i64},
        {square_u32, cube_u32, sum_u32}, {square_u64, cube_u64, sum_u64},
        {square_f32, cube_f32, sum_f32}, {square_f64, cube_f64, sum_f64},
    };
    loops[work->type][work->task](work);
}
