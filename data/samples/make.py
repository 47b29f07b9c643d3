"""Make the sample inputs that lie beside this script; they were made with NumPy 1.24.2."""
# SPDX-License-Identifier: MIT

import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

# The least numbers that are strong pseudoprimes to the first k prime bases, k = 1 to 11 (OEIS
# A014233; 7 and 8 share one, as do 9, 10 and 11).
PSI = [2047, 1373653, 25326001, 3215031751, 2152302898747, 3474749660383, 341550071728321,
       3825123056546413051]

CARMICHAEL = [561, 1105, 1729, 2465, 2821, 6601, 8911, 825265, 321197185, 9746347772161]

OTHERS = [0, 1, 2, 3, 4, 5, 9, 25, 49, 97, 4294967291, 4294967295, 4294967296, 4294967297,
          4294967311, 4294967291**2, 4294967279 * 4294967291, 10**18, 10**18 + 9, 2**61 - 1,
          2**63 - 25, 2**63 + 29, 999999999989, 10**12 + 39, 3037000493**2, 3037000493 * 3037000507,
          2**64 - 59, 2**64 - 83, 2**64 - 58, 2**64 - 1]


def is_prime(n):
    """Miller-Rabin with the first 12 primes as bases: proved below 3.18 * 10^23."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    if n < 2 or any(n % p == 0 for p in bases):
        return n in bases
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    odd = (n - 1) >> twos
    for base in bases:
        power = pow(base, odd, n)
        if power in (1, n - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % n
            if power == n - 1:
                break
        else:
            return False
    return True


def primes_below(limit):
    sieve = np.ones(limit, dtype=bool)
    sieve[:2] = False
    for i in range(2, int(limit**0.5) + 1):
        if sieve[i]:
            sieve[i * i::i] = False
    return np.flatnonzero(sieve)


def write_primality(path):
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("# Numbers that a primality test may get wrong, each with the answer.\n")
        for title, numbers in (
                ("The edges of 32 and 64 bits, squares of primes, products of near primes", OTHERS),
                ("Strong pseudoprimes to the first 1, 2, ... prime bases (OEIS A014233)", PSI),
                ("Carmichael numbers (OEIS A002997)", CARMICHAEL)):
            out.write(f"\n# {title}\n")
            for n in numbers:
                out.write(f"{n} # {'prime' if is_prime(n) else 'not prime'}\n")


def save(name, array, version=None):
    with open(os.path.join(HERE, name), "wb") as out:
        np.lib.format.write_array(out, array, version=version)


def main():
    save("roots.npy", np.sqrt(np.arange(10000, dtype="<f8")))
    save("gaps.npy", np.diff(primes_below(39000)[:4097]).astype("<i4"))
    fibonacci = [0, 1]
    while fibonacci[-1] + fibonacci[-2] < 2**64:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    save("fibonacci.npy", np.array(fibonacci, dtype=">u8"), version=(2, 0))
    x, y = np.arange(64, dtype="f4")[:, None], np.arange(48, dtype="f4")[None, :]
    save("distance.npy", np.asfortranarray(np.sqrt(x * x + y * y), dtype="<f4"))
    write_primality(os.path.join(HERE, "primality.txt"))


main()
