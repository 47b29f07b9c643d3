/* The flag that stops a job early, raised by anybody. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/cancel.h>

/* A signal handler and other threads may touch the flag: atomics that C++ need not see. */

void cw_cancel_raise(cw_cancel *cancel)
{
    __atomic_store_n(&cancel->raised, 1, __ATOMIC_RELAXED);
}

void cw_cancel_clear(cw_cancel *cancel)
{
    __atomic_store_n(&cancel->raised, 0, __ATOMIC_RELAXED);
}

int cw_cancel_raised(const cw_cancel *cancel)
{
    return __atomic_load_n(&cancel->raised, __ATOMIC_RELAXED);
}
