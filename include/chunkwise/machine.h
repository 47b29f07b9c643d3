/* Instruction-set levels: which one this machine has, and how to name it. */
/* SPDX-License-Identifier: MIT */
#ifndef CHUNKWISE_MACHINE_H
#define CHUNKWISE_MACHINE_H

#include <chunkwise/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How far up the ladder of instruction sets a kernel may climb. Zero means no ceiling.
 * CW_ISA_NEON and CW_ISA_AVX2 share a rung: no machine has both.
 */
typedef enum cw_isa {
    CW_ISA_ANY = 0,       /**< as a ceiling: whatever the machine has */
    CW_ISA_REFERENCE = 1, /**< plain C for the oldest machine that the build is for */
    CW_ISA_NEON = 2,      /**< AArch64 */
    CW_ISA_AVX2 = 2,      /**< AVX2, BMI1, BMI2, LZCNT, POPCNT, FMA (x86-64-v3) */
    CW_ISA_AVX512 = 3     /**< AVX-512 F, BW, CD, DQ, VL, VBMI, VBMI2, IFMA, BITALG, VPOPCNTDQ */
} cw_isa;

/**
 * The highest level that this machine, this build and $CW_ISA allow.
 * Looked up once; the answer does not change while the program runs.
 */
CW_API cw_isa cw_isa_detect(void);

/** "reference", "avx2" (or "neon"), "avx512", "any"; never NULL. */
CW_API const char *cw_isa_name(cw_isa isa);

/** The level of a name; CW_ERR_ARGUMENT, and *isa untouched, for any other text. */
CW_API cw_status cw_isa_parse(const char *name, cw_isa *isa, cw_error *error);

#ifdef __cplusplus
}
#endif

#endif
