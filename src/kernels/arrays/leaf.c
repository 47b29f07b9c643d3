/* Which table of array loops a level uses. */
/* SPDX-License-Identifier: MIT */
#include "kernels/arrays/leaf.h"

#include "config.h"

const cw_leaf_ops *cw_leaf_ops_for(cw_isa isa)
{
#if HAVE_AVX512
    if (isa >= CW_ISA_AVX512)
        return &cw_leaf_ops_avx512;
#endif
#if HAVE_AVX2
    if (isa >= CW_ISA_AVX2)
        return &cw_leaf_ops_avx2;
#endif
    (void)isa;
    return &cw_leaf_ops_ref;
}
