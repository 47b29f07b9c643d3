#!/bin/sh
# OpenMP, its pragmas, its header and its calls, stands in src/parallel alone.
# SPDX-License-Identifier: MIT
# usage: openmp.sh ROOT
# shellcheck source=planted.sh
. "$(cd "$(dirname "$0")" && pwd)/planted.sh"

pragma='#[[:space:]]*pragma[[:space:]]+omp([^[:alnum:]_]|$)'
operator='_Pragma[[:space:]]*\([[:space:]]*"[[:space:]]*omp([^[:alnum:]_]|$)'
header='#[[:space:]]*include[[:space:]]*[<"]omp\.h'
call='(^|[^[:alnum:]_])omp_[[:alnum:]_]+[[:space:]]*\('

check_tree()
{
    ! find src include -name '*.[ch]' ! -path 'src/parallel/*' -exec \
        grep -n -E -e "$pragma" -e "$operator" -e "$header" -e "$call" /dev/null {} +
}

expect_clean
expect_found src/kernels/primes/planted.c '#pragma omp parallel for'
expect_found src/kernels/primes/planted.c '  #  pragma   omp simd'
expect_found src/base/planted.h '#define LOOP _Pragma("omp parallel")'
expect_found src/cli/planted.c '#include <omp.h>'
expect_found src/machine/planted.c 'int n = omp_get_max_threads ();'
expect_found include/chunkwise/plan.h '#pragma omp declare simd'
expect_allowed src/parallel/planted.c '#include <omp.h>
#pragma omp parallel'
expect_allowed src/machine/planted.c '#pragma once
/* omp_get_num_procs knows, and so does OMP_NUM_THREADS */
int from_omp(int x);
int y = from_omp(1);'
[ "$failures" -eq 0 ]
