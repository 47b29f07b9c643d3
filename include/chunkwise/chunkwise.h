/* Everything that chunkwise offers to a program. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_CHUNKWISE_H
#define CHUNKWISE_CHUNKWISE_H

#include <chunkwise/arrays.h>
#include <chunkwise/cancel.h>
#include <chunkwise/loop.h>
#include <chunkwise/machine.h>
#include <chunkwise/plan.h>
#include <chunkwise/policy.h>
#include <chunkwise/primes.h>
#include <chunkwise/status.h>
#include <chunkwise/wait.h>
#include <chunkwise/work.h>

#endif
