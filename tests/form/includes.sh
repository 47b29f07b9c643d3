#!/bin/sh
# Every module includes only what the table of modules.txt allows.
# SPDX-License-Identifier: MIT
# usage: includes.sh ROOT
form=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=planted.sh
. "$form/planted.sh"

check_tree()
{
    find src include -name '*.[ch]' | sort >"$copy/files"
    set -- "$form/modules.txt"
    while read -r file; do
        set -- "$@" "$file"
    done <"$copy/files"
    awk -f "$form/includes.awk" "$@"
}

expect_clean
expect_found src/base/planted.c '#include "machine/machine.h"'
expect_found src/base/status.c '#include <chunkwise/machine.h>'
expect_found src/base/status.c '  #  include   "parallel/engine.h"'
expect_found src/machine/planted.c '#include <parallel/engine.h>'
expect_found src/machine/clock.h '#include <chunkwise/plan.h>'
expect_found src/parallel/planted.c '#include <chunkwise/primes.h>'
expect_found src/parallel/planted.c '#include "kernels/primes/sieve.h"'
expect_found src/kernels/primes/planted.c '#include "input/npy.h"'
expect_found src/kernels/arrays/planted.h '#include "catalogue/kernel.h"'
expect_found src/profile/planted.c '#include "parallel/engine.h"'
expect_found src/input/planted.c '#include "machine/clock.h"'
expect_found src/input/planted.c '#include <chunkwise/arrays.h>'
expect_found src/catalogue/planted.c '#include "measure/subject.h"'
expect_found src/job/planted.c '#include "kernels/primes/sieve.h"'
expect_found src/measure/planted.c '#include <chunkwise/primes.h>'
expect_found src/tune/planted.c '#include "catalogue/kernel.h"'
expect_found src/report/planted.c '#include "measure/subject.h"'
expect_found src/report/planted.c '#include "machine/clock.h"'
expect_found src/kernels/primes/planted.c '#include "cli/options.h"'
expect_found src/cli/planted.c '#include <chunkwise/chunkwise.h>'
expect_found src/cli/planted.c '#include <chunkwise/unheard_of.h>'
expect_found src/base/planted.c '#include "memory.h"'
expect_found src/base/planted.c '#include "../machine/clock.h"'
expect_found src/base/planted.c '#include HEADER'
expect_found src/utils/planted.c 'int x;'
expect_found src/planted.c 'int x;'
expect_found include/chunkwise/status.h '#include <chunkwise/plan.h>'
expect_found include/chunkwise/plan.h '#include <chunkwise/arrays.h>'
expect_found include/chunkwise/unheard_of.h 'int x;'
expect_found include/chunkwise/status.h '#include "base/memory.h"
#include "machine/clock.h"'
expect_allowed src/report/planted.c '#include "measure/result.h"'
expect_allowed src/cli/planted.c '#include "measure/subject.h"'
expect_allowed src/kernels/primes/planted.c '#include "config.h"
#include "parallel/engine.h"
#include "kernels/arrays/x.h"
#include <chunkwise/loop.h>
#include <stdlib.h>
#include <sys/stat.h>'
[ "$failures" -eq 0 ]
