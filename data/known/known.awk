# Turns primes.csv into rows of a C table; see src/catalogue/known.c.
# SPDX-License-Identifier: MIT
BEGIN { FS = "," }
NR == 1 { next }
{
    source = $0
    sub(/^[^,]*,[^,]*,[^,]*,[^,]*,/, "", source)
    gsub(/"/, "", source)
    gsub(/\\/, "", source)
    kind = $1 == "nth_prime" ? "CW_KNOWN_NTH" : "CW_KNOWN_COUNT"
    first = $1 == "pi" ? 0 : $2
    last = $1 == "pi" ? $2 : $1 == "nth_prime" ? 0 : $3
    printf "{%s, UINT64_C(%s), UINT64_C(%s), UINT64_C(%s), \"%s\"},\n", kind, first, last, $4, source
}
