/* The plain loop on one thread. */
/* SPDX-License-Identifier: MIT */
#define RUN run_serial
#define PARALLEL(...)
#include "plain.h"
