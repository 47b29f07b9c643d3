#!/bin/sh
# The thread sanitizer at work: Archer is loaded, and a planted race is reported.
# SPDX-License-Identifier: MIT
#
# planted.sh PROGRAM CLEAN-PROGRAM
set -u
fail() {
    echo "$1"
    echo "$said"
    exit 1
}

said=$(ARCHER_OPTIONS=verbose=1 "$2" 2>&1) || fail "the clean program failed with $?"
case $said in
*'Archer detected OpenMP application with TSan'*) ;;
*) fail 'Archer was not loaded' ;;
esac

said=$("$1" 2>&1)
status=$?
[ "$status" -eq 66 ] || fail "exit status $status where 66 was expected of a race"
case $said in
*'WARNING: ThreadSanitizer: data race'*races_planted*) ;;
*) fail 'no report of the planted race' ;;
esac
