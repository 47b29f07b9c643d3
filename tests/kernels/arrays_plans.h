/* The plans under which a result over n items must be the same. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TEST_ARRAYS_PLANS_H
#define CW_TEST_ARRAYS_PLANS_H

#include "cw_test.h"

#include <chunkwise/plan.h>

static const int plan_threads[] = {1, 2, 3, 7};

enum { PLANS = 1 + 4 * 4 * 4 };

/* Plan number i < PLANS: the serial one, then all threads, policies and chunks; the levels of the
 * machine in turn. */
static inline cw_plan plan_at(int i, size_t n)
{
    const cw_isa isa = (cw_isa)(CW_ISA_REFERENCE + i % (int)cw_isa_detect());
    if (i == 0)
        return (cw_plan){.serial = 1, .isa = CW_ISA_REFERENCE};
    const uint64_t chunks[] = {1, 7, n, n + 1};
    const int k = i - 1;
    return (cw_plan){
        .threads = plan_threads[k % 4],
        .policy = (cw_policy)(k / 4 % 4),
        .chunk = chunks[k / 16],
        .isa = isa,
    };
}

static inline const char *plan_text(const cw_plan *plan)
{
    static char text[96];
    (void)snprintf(text, sizeof text, "%s, %d threads, %s,%llu", cw_isa_name(plan->isa),
                   plan->serial ? 0 : plan->threads, cw_policy_name(plan->policy),
                   (unsigned long long)plan->chunk);
    return text;
}

#endif
