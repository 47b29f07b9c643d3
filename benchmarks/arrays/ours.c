/* The library, as a program calls it. */
/* SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>

void run_ours(const workload *work)
{
    const cw_plan plan = {.threads = work->threads, .serial = work->threads == 1};
    cw_error error;
    cw_status status;
    if (work->task == SUM) {
        cw_sum_result sum;
        status = cw_sum_run(work->type, work->x, work->n, &plan, &sum, &error);
        if (status == CW_OK)
            sink += (double)sum.u64;
    } else {
        status =
            cw_elementwise_run(work->task == CUBE ? CW_POWER_CUBE : CW_POWER_SQUARE, work->type,
                               work->x, work->y, work->n, CW_OVERFLOW_ERROR, &plan, &error);
    }
    if (status != CW_OK) {
        (void)fprintf(stderr, "arrays: %s\n", error.sentence);
        exit(1);
    }
}
