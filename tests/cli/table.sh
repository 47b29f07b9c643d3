#!/bin/sh
# Runs a table of command lines and holds what they print, and how they end, against it.
# SPDX-License-Identifier: MIT
#
# usage: table.sh FOLDER-OF-CHUNKWISE SAMPLES TABLE
#
# A table is made of cases:
#   $ COMMAND     a command for sh, in an empty folder, with chunkwise in reach; more lines of it
#                 may follow, each with its own "$ "
#   > LINE        standard output is exactly these lines
#   ~ REGEX       some line of standard output matches
#   ! REGEX       some line of standard error matches; without any, nothing may be said there
#   = STATUS      how it ends; 0 where it is not said
#   ? COMMAND     the case is skipped unless this succeeds
# Empty lines and lines that begin with # mean nothing. $SAMPLES is the folder of sample files.
set -u
PATH=$1:$PATH
export SAMPLES="$2"
table=$3
# Of memory that cannot be had the sanitizers make an end of their own, unless told otherwise.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}allocator_may_return_null=1"
export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}allocator_may_return_null=1"
unset OMP_NUM_THREADS OMP_SCHEDULE OMP_PROC_BIND OMP_PLACES OMP_WAIT_POLICY CW_ISA

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# Say what is wrong with the case at hand; the first time, also what it printed.
wrong() {
    if [ -z "$fault" ]; then
        sed 's/^/# stdout: /' "$work/out" | head -20
        sed 's/^/# stderr: /' "$work/err" | head -20
    fi
    fault=yes
    printf '# %s\n' "$1"
}

run_case() {
    [ -n "$command" ] || return 0
    number=$((number + 1))
    if ! (eval "$needs") >/dev/null 2>&1; then
        printf 'ok %d # SKIP line %d needs: %s\n' "$number" "$line" "$needs"
        return 0
    fi
    fault=
    rm -rf "$work/here" && mkdir "$work/here"
    (cd "$work/here" && exec sh -c "$command") >"$work/out" 2>"$work/err" </dev/null
    ended=$?
    [ "$ended" -eq "$status" ] || wrong "ended with $ended, not $status"
    if [ -s "$work/want" ] && ! cmp -s "$work/want" "$work/out"; then
        wrong "standard output is not as it should be:"
        sed 's/^/#   /' "$work/want"
    fi
    while read -r regex; do
        grep -Eq -e "$regex" "$work/out" || wrong "no line of standard output matches $regex"
    done <"$work/out_regex"
    while read -r regex; do
        grep -Eq -e "$regex" "$work/err" || wrong "no line of standard error matches $regex"
    done <"$work/err_regex"
    [ -s "$work/err_regex" ] || [ ! -s "$work/err" ] || wrong "something was said on standard error"
    if [ -n "$fault" ]; then
        failed=$((failed + 1))
        printf 'not ok %d - line %d: %s\n' "$number" "$line" "$title"
    else
        printf 'ok %d - line %d: %s\n' "$number" "$line" "$title"
    fi
}

begin_case() {
    command=
    needs=:
    status=0
    : >"$work/want"
    : >"$work/out_regex"
    : >"$work/err_regex"
}

# A case begins at a "$ " line that does not follow another one.
echo "1..$(awk '/^\$ / && !was { n++ } { was = /^\$ / } END { print n + 0 }' "$table")"
begin_case
at=0
previous=
while IFS= read -r text || [ -n "$text" ]; do
    at=$((at + 1))
    rest=${text#??}
    kind=${text%"$rest"}
    [ "$text" = '>' ] && kind='> '
    case $kind in
    '$ ')
        if [ "$previous" != '$ ' ]; then
            run_case
            begin_case
            line=$at
            title=$(printf '%s' "$rest" | tr '#' ' ')
        fi
        command="$command$rest
"
        ;;
    '> ') printf '%s\n' "$rest" >>"$work/want" ;;
    '~ ') printf '%s\n' "$rest" >>"$work/out_regex" ;;
    '! ') printf '%s\n' "$rest" >>"$work/err_regex" ;;
    '= ') status=$rest ;;
    '? ') needs=$rest ;;
    *) ;;
    esac
    previous=$kind
done <"$table"
run_case
[ "$failed" -eq 0 ]
