/* The names of policies where all of them are wanted at once. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_POLICY_H
#define CW_BASE_POLICY_H

#include <chunkwise/policy.h>

/* As cw_policy_name has them, in the order of cw_policy; then NULL. */
extern const char *const cw_policy_names[];

#endif
