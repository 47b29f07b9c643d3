# For the checks of form: a check proves itself on a temporary copy in which a fault is planted.
# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by a check whose first argument is the root of the tree. The check defines check_tree, which
# runs in the tree's folder, prints what is wrong and fails when something is.

root=${1:?the root of the tree}
copy=$(mktemp -d "${TMPDIR:-/tmp}/chunkwise-form-XXXXXX") || exit 99
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' INT TERM
found=$copy/found
failures=0
mkdir "$copy/tree"
cp -R "$root/src" "$root/include" "$copy/tree"

fail()
{
    echo "$1"
    cat "$found"
    failures=$((failures + 1))
}

# The tree itself must be clean.
expect_clean()
{
    (cd "$root" && check_tree) >"$found" 2>&1 || fail "in the tree:"
}

# check_with FILE TEXT: the check's answer for the copy with TEXT added to FILE.
check_with()
{
    mkdir -p "$copy/tree/$(dirname "$1")"
    printf '%s\n' "$2" >>"$copy/tree/$1"
    (cd "$copy/tree" && check_tree) >"$found" 2>&1
    answer=$?
    if [ -f "$root/$1" ]; then
        cp "$root/$1" "$copy/tree/$1"
    else
        rm "$copy/tree/$1"
    fi
    return $answer
}

# expect_found FILE TEXT: with TEXT added to FILE, the check must fail and name the file.
expect_found()
{
    if check_with "$1" "$2"; then
        fail "not found: '$2' in $1"
    elif ! grep -q -F "$1" "$found"; then
        fail "found, but not said where: '$2' in $1"
    fi
}

# expect_allowed FILE TEXT: what is allowed must not be found.
expect_allowed()
{
    check_with "$1" "$2" || fail "complained of what is allowed: '$2' in $1"
}
