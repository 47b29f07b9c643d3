#!/bin/sh
# Every global symbol begins with cw_, and the shared library exports what CW_API marks, no more and
# no less.
# SPDX-License-Identifier: MIT
# usage: CC=COMPILER NM=NM symbols.sh ROOT CORE.a COMMAND.a SHARED.so (or "none")
core=$2
command=$3
shared=$4
# shellcheck source=planted.sh
. "$(cd "$(dirname "$0")" && pwd)/planted.sh"

# Names defined in a file. Those with a leading underscore are the toolchain's own.
defined()
{
    "$NM" -P -g --defined-only "$@" 2>"$copy/nm-errors" >"$copy/nm" || {
        cat "$copy/nm-errors" >&2
        return 1
    }
    awk 'NF >= 2 && $1 !~ /:$/ && $1 !~ /^_/ { sub(/@.*/, "", $1); print $1 }' "$copy/nm" | sort -u
}

check_names()
{
    for file; do
        defined "$file" >"$copy/names" || return 1
        if [ ! -s "$copy/names" ]; then
            echo "no symbols in $file"
            return 1
        fi
        if grep -v '^cw_' "$copy/names"; then
            echo "do not begin with cw_, in $file"
            return 1
        fi
    done
}

# Names that follow CW_API in the headers of a folder.
marked()
{
    cat "$1"/*.h | awk '
        /^[ \t]*#/ { next }
        /(^|[^A-Za-z0-9_])CW_API([^A-Za-z0-9_]|$)/ {
            waiting = 1
            sub(/.*CW_API/, "")
        }
        waiting && match($0, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/) {
            name = substr($0, RSTART, RLENGTH - 1)
            sub(/[ \t]*$/, "", name)
            print name
            waiting = 0
        }' | sort -u
}

# check_exports LIBRARY HEADERS
check_exports()
{
    defined -D "$1" >"$copy/exported" || return 1
    marked "$2" >"$copy/marked"
    [ -s "$copy/marked" ] || return 1
    if [ -n "$(comm -3 "$copy/exported" "$copy/marked")" ]; then
        comm -23 "$copy/exported" "$copy/marked" | sed 's/$/: exported, but no header marks it/'
        comm -13 "$copy/exported" "$copy/marked" | sed 's/$/: marked with CW_API, not exported/'
        return 1
    fi
}

# A library whose only source is the text, made in $copy/planted.so and $copy/planted.a.
plant()
{
    rm -f "$copy/planted".*
    printf '%s\n' "$1" >"$copy/planted.c"
    # CC may hold several words.
    $CC -fPIC -fvisibility=hidden -c "$copy/planted.c" -o "$copy/planted.o" &&
        $CC -shared "$copy/planted.o" -o "$copy/planted.so" &&
        ar rc "$copy/planted.a" "$copy/planted.o"
}

expect_name_found()
{
    plant "$1" >"$found" 2>&1 || fail "cannot compile: $1"
    if check_names "$copy/planted.a" >"$found" 2>&1; then
        fail "not found: $1"
    fi
}

# expect_export_found SOURCE HEADER: the source's exports are not what the header marks.
expect_export_found()
{
    plant "$1" >"$found" 2>&1 || fail "cannot compile: $1"
    mkdir -p "$copy/headers"
    printf '%s\n' "$2" >"$copy/headers/planted.h"
    if check_exports "$copy/planted.so" "$copy/headers" >"$found" 2>&1; then
        fail "not found: $1 with header $2"
    fi
}

check_names "$core" "$command" >"$found" 2>&1 || fail "names"
if [ "$shared" = none ]; then
    echo "no shared library in this build: its exports are not checked"
else
    check_exports "$shared" "$root/include/chunkwise" >"$found" 2>&1 || fail "exports"
fi

open='__attribute__((visibility("default")))'
expect_name_found 'int helper(void); int helper(void) { return 1; }'
expect_name_found 'int cwx; int cw_good;'
expect_name_found 'const char table[] = "x";'
expect_name_found '__attribute__((weak)) void shared_name(void) {}'
expect_export_found "int cw_a(void); $open int cw_a(void) { return 1; }
$open int cw_b; " 'CW_API int cw_a(void);'
expect_export_found 'int cw_a(void); int cw_a(void) { return 1; }' 'CW_API int cw_a(void);'
expect_export_found "$open int cw_a(void) { return 1; }" 'CW_API int cw_a(void);
CW_API const struct cw_x *
cw_b (int x);'
plant "$open int cw_a(void) { return 1; } $open int cw_b(void) { return 1; } int cw_hidden = 1;"
printf '%s\n' '#define CW_API visible (x)' 'CW_API int cw_a(void); int cw_hidden(void);' \
    'CW_API int' '  cw_b(int (*cw_hidden)(void));' >"$copy/headers/planted.h"
check_exports "$copy/planted.so" "$copy/headers" >"$found" 2>&1 || fail "what is right is refused"
check_names "$copy/planted.a" >"$found" 2>&1 || fail "what is right is refused"
[ "$failures" -eq 0 ]
