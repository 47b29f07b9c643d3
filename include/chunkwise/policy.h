/* Policies: how chunks of work are given to threads, and how that is written. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_POLICY_H
#define CHUNKWISE_POLICY_H

#include <chunkwise/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How chunks are given to threads. */
typedef enum cw_policy {
    CW_POLICY_AUTO = 0, /**< decide: OMP_SCHEDULE if it is set, else from the measured cost */
    CW_POLICY_STATIC = 1,
    CW_POLICY_DYNAMIC = 2,
    CW_POLICY_GUIDED = 3
} cw_policy;

/** "auto", "static", "dynamic", "guided"; never NULL. */
CW_API const char *cw_policy_name(cw_policy policy);

/**
 * Read `[modifier:]policy[,chunk]` as OMP_SCHEDULE has it; the modifiers monotonic and
 * nonmonotonic are accepted and have no effect. *chunk is 0 when none is given.
 *
 * @return CW_OK; CW_ERR_ARGUMENT with a sentence, *policy and *chunk untouched.
 */
CW_API cw_status cw_schedule_parse(const char *text, cw_policy *policy, uint64_t *chunk,
                                   cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
