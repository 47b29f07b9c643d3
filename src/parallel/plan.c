/* The plan's small questions: threads and instruction set. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/plan.h>

#include "parallel/runtime.h"

#include <stdbool.h>

int cw_plan_threads(const cw_plan *plan)
{
    bool asked;
    if ((plan != NULL && plan->serial) || cw_runtime_inside())
        return 1;
    return plan != NULL && plan->threads > 0 ? plan->threads : cw_runtime_threads(&asked);
}

cw_isa cw_plan_isa(const cw_plan *plan)
{
    const cw_isa machine = cw_isa_detect();
    const bool lowered = plan != NULL && plan->isa != CW_ISA_ANY && plan->isa < machine;
    return lowered ? plan->isa : machine;
}
