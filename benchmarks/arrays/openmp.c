/* The plain loop with the pragma that most programs would put above it. */
/* SPDX-License-Identifier: MIT */
#define RUN         run_openmp
#define TEXT(...)   #__VA_ARGS__
#define PRAGMA(...) _Pragma(TEXT(__VA_ARGS__))
#define PARALLEL(...) PRAGMA(omp parallel for simd num_threads(work->threads) __VA_ARGS__)
#include "plain.h"
