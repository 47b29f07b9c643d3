/* Small factors and the parameter of the Lucas test, for every level of the primality kernel. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/primality_parts.h"

#include "base/checked.h"

/* Newton's iteration for p^-1 mod 2^64 once more, as a constant. */
#define NEWTON(p, x) ((x) * (2 - (p) * (x)))
#define INVERSE(p)   NEWTON(p, NEWTON(p, NEWTON(p, NEWTON(p, 3 * (p) ^ 2))))
#define SMALL(p)                                                                                   \
    {                                                                                              \
        INVERSE(UINT64_C(p)), UINT64_MAX / (p)                                                     \
    }

const cw_small_prime cw_small_primes[CW_SMALL_PRIMES] = {
    SMALL(3),   SMALL(5),   SMALL(7),   SMALL(11),  SMALL(13),  SMALL(17),  SMALL(19),  SMALL(23),
    SMALL(29),  SMALL(31),  SMALL(37),  SMALL(41),  SMALL(43),  SMALL(47),  SMALL(53),  SMALL(59),
    SMALL(61),  SMALL(67),  SMALL(71),  SMALL(73),  SMALL(79),  SMALL(83),  SMALL(89),  SMALL(97),
    SMALL(101), SMALL(103), SMALL(107), SMALL(109), SMALL(113), SMALL(127), SMALL(131), SMALL(137),
    SMALL(139), SMALL(149), SMALL(151), SMALL(157), SMALL(163), SMALL(167), SMALL(173), SMALL(179),
    SMALL(181), SMALL(191), SMALL(193), SMALL(197), SMALL(199), SMALL(211), SMALL(223), SMALL(227),
    SMALL(229), SMALL(233), SMALL(239), SMALL(241), SMALL(251), SMALL(257), SMALL(263), SMALL(269),
    SMALL(271), SMALL(277), SMALL(281), SMALL(283), SMALL(293), SMALL(307), SMALL(311),
};

bool cw_small_is_prime(uint64_t n)
{
    if (n % 2 == 0 || n < 3)
        return n == 2;
    for (int i = 0; i < CW_SMALL_PRIMES; i++)
        if (cw_small_divides(&cw_small_primes[i], n))
            return n * cw_small_primes[i].inverse == 1;
    return true;
}

/* The Jacobi symbol (a | n) for odd n. */
static int jacobi(uint64_t a, uint64_t n)
{
    int sign = 1;
    for (a %= n; a != 0; a %= n) {
        const int twos = __builtin_ctzll(a);
        a >>= twos;
        if (twos % 2 == 1 && (n % 8 == 3 || n % 8 == 5))
            sign = -sign;
        if (a % 4 == 3 && n % 4 == 3)
            sign = -sign;
        const uint64_t swap = a;
        a = n;
        n = swap;
    }
    return n == 1 ? sign : 0;
}

/*
 * The first four parameters that can differ from those before them serve 15 of 16 numbers; their
 * symbols depend on n mod 840 alone. P = 3: (5|n); 4: (12|n) = (3|n); 5: (21|n); 6: (32|n) = (2|n).
 */
uint32_t cw_lucas_parameter(uint64_t n)
{
    const uint32_t rest = (uint32_t)(n % 840);

    /* Bit r of a mask says that residue r has symbol -1. */
    if (UINT32_C(0x0000000c) >> rest % 5 & 1) /* 2, 3 mod 5 */
        return 3;
    if (UINT32_C(0x000000a0) >> rest % 12 & 1) /* 5, 7 mod 12 */
        return 4;
    if (UINT32_C(0x00082d04) >> rest % 21 & 1) /* 2, 8, 10, 11, 13, 19 mod 21 */
        return 5;
    if (UINT32_C(0x00000028) >> rest % 8 & 1) /* 3, 5 mod 8 */
        return 6;

    const uint64_t root = cw_isqrt_u64(n);
    if (root * root == n)
        return 0;
    for (uint32_t parameter = 7;; parameter++) {
        const int symbol = jacobi((uint64_t)parameter * parameter - 4, n);
        if (symbol < 0)
            return parameter;
        /* n shares a factor with P - 2 or P + 2, which are smaller than n. */
        if (symbol == 0)
            return 0;
    }
}
