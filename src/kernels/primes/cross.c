/* Which of the sieve's inner loops a level uses. */
/* SPDX-License-Identifier: MIT */
#include "kernels/primes/cross.h"

#include "config.h"

void cw_cross_ops_init(cw_cross_ops *ops, cw_isa isa)
{
    *ops = cw_cross_ops_baseline;
#if HAVE_AVX2
    if (isa >= CW_ISA_AVX2)
        *ops = cw_cross_ops_avx2;
#endif
#if HAVE_AVX512
    if (isa >= CW_ISA_AVX512)
        *ops = cw_cross_ops_avx512;
#endif
    (void)isa;
}
