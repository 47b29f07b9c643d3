#!/bin/sh
# Each public header compiles alone, as C17 and as C++, without a warning.
# SPDX-License-Identifier: MIT
# usage: CC=COMPILER headers.sh ROOT c|c++
language=$2
# shellcheck source=planted.sh
. "$(cd "$(dirname "$0")" && pwd)/planted.sh"

case $language in
c) standard=c17 ;;
c++) standard=c++11 ;;
esac

# CC may hold words: a wrapper such as ccache, or flags.
compile()
{
    $CC -x "$language" -std="$standard" -fsyntax-only -Iinclude \
        -Wall -Wextra -Wpedantic -Wundef -Werror "$1"
}

check_tree()
{
    clean=0
    for header in include/chunkwise/*.h; do
        # Twice: its guard must hold.
        printf '#include <%s>\n#include <%s>\n' "${header#include/}" "${header#include/}" \
            >"$copy/alone.c"
        compile "$copy/alone.c" || {
            echo "$header does not compile alone as $standard"
            clean=1
        }
        if grep -q '^CW_API' "$header" && ! grep -q 'extern "C"' "$header"; then
            echo "$header has functions outside extern \"C\""
            clean=1
        fi
    done
    return $clean
}

echo 'int cw_probe(void);' >"$copy/probe.c"
if ! compile "$copy/probe.c" >"$found" 2>&1; then
    cat "$found"
    echo "skipped: '$CC' does not compile $language here"
    exit 77
fi

expect_clean
expect_found include/chunkwise/planted.h 'size_t cw_planted(void);'
expect_found include/chunkwise/planted.h 'typedef struct cw_planted { int x; } cw_planted;'
expect_found include/chunkwise/planted.h '#include "base/memory.h"'
expect_found include/chunkwise/status.h '#ifndef PLANTED
#define PLANTED
struct cw_planted { int x[0]; };
#endif'
expect_found include/chunkwise/planted.h '#ifndef PLANTED
#define PLANTED
#include <chunkwise/status.h>
CW_API void cw_planted(void);
#endif'
case $language in
c) expect_found include/chunkwise/plan.h 'bool cw_planted(void);' ;;
c++)
    expect_found include/chunkwise/plan.h '#ifndef PLANTED
#define PLANTED
void cw_planted(int class);
#endif'
    ;;
esac
expect_allowed include/chunkwise/planted.h '#ifndef PLANTED
#define PLANTED
#include <stddef.h>
size_t cw_planted(size_t x);
#endif'
[ "$failures" -eq 0 ]
