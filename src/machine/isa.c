/* The instruction-set level: what the processor has, lowered by $CW_ISA. */
/* SPDX-License-Identifier: MIT */
#include "machine/isa.h"

#include "base/quote.h"
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if HAVE_AVX2
#include <cpuid.h>
#endif

#if defined(__aarch64__)
#define SECOND_LEVEL "neon"
#else
#define SECOND_LEVEL "avx2"
#endif

static pthread_once_t looked_up = PTHREAD_ONCE_INIT;
static cw_isa detected;
static struct {
    char text[64];
    bool understood;
} environment;

#if HAVE_AVX2
/* Clang 14's __builtin_cpu_supports does not know LZCNT. */
static bool has_lzcnt(void)
{
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid(0x80000001u, &eax, &ebx, &ecx, &edx) && (ecx & bit_LZCNT) != 0;
}

/* __builtin_cpu_supports also asks whether the operating system keeps the wide registers. */
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("fma") && has_lzcnt();
}
#endif

#if HAVE_AVX512
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512ifma") &&
           __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vpopcntdq");
}
#endif

cw_isa cw_isa_hardware(void)
{
#if HAVE_NEON
    return CW_ISA_NEON; /* every AArch64 processor has it */
#elif HAVE_AVX2
    __builtin_cpu_init();
    if (!has_avx2())
        return CW_ISA_REFERENCE;
#if HAVE_AVX512
    if (has_avx512())
        return CW_ISA_AVX512;
#endif
    return CW_ISA_AVX2;
#else
    return CW_ISA_REFERENCE;
#endif
}

static void look_up(void)
{
    detected = cw_isa_hardware();
    const char *text = getenv("CW_ISA");
    if (text == NULL || text[0] == 0)
        return;
    (void)snprintf(environment.text, sizeof environment.text, "%s", text);
    cw_isa ceiling;
    environment.understood = cw_isa_parse(text, &ceiling, NULL) == CW_OK;
    if (environment.understood && ceiling != CW_ISA_ANY && ceiling < detected)
        detected = ceiling;
}

cw_isa cw_isa_detect(void)
{
    (void)pthread_once(&looked_up, look_up);
    return detected;
}

const char *cw_isa_environment(bool *understood)
{
    (void)cw_isa_detect();
    *understood = environment.understood;
    return environment.text[0] == 0 ? NULL : environment.text;
}

const char *cw_isa_name(cw_isa isa)
{
    switch (isa) {
    case CW_ISA_ANY:
        return "any";
    case CW_ISA_REFERENCE:
        return "reference";
    case CW_ISA_AVX2:
        return SECOND_LEVEL;
    case CW_ISA_AVX512:
        return "avx512";
    }
    return "unknown";
}

cw_status cw_isa_parse(const char *name, cw_isa *isa, cw_error *error)
{
    for (cw_isa level = CW_ISA_ANY; name != NULL && level <= CW_ISA_AVX512; level++) {
        if (strcmp(name, cw_isa_name(level)) == 0) {
            *isa = level;
            return CW_OK;
        }
    }
    const cw_quote quote = cw_quote_text(name == NULL ? "" : name);
    return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, quote.text,
                        "no instruction-set level is called '%s'; write any, reference, "
                        "%s or avx512",
                        quote.text, SECOND_LEVEL);
}
