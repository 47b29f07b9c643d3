/* A made-up result: times that wobble by a fixed pattern, summed up as real ones are. */
/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include "cw_test.h"
#include "measure/summary.h"

#include <math.h>

static const cw_setting all_settings[] = {
    {.serial = true, .threads = 1},
    {.threads = 1},
    {.threads = 2},
    {.threads = 4, .policy = CW_POLICY_DYNAMIC, .chunk = 65536},
    {.threads = 16, .policy = CW_POLICY_GUIDED, .chunk = UINT64_MAX},
};

static const double work_ns[] = {1.012e9, 1.009e9, 514.3e6, 268.1e6, 70.4e6};

static void describe(cw_result *result)
{
    static const char *const texts[CW_TEXT_COUNT] = {
        [CW_TEXT_SUBJECT] = "primes",
        [CW_TEXT_PARAMETERS] = "1e10",
        [CW_TEXT_ITEMS] = "numbers",
        [CW_TEXT_DATE] = "2024-05-17T12:34:56Z",
        [CW_TEXT_PROCESSOR] = "Example CPU 9000 @ 3.20 GHz",
        [CW_TEXT_SYSTEM] = "Linux 6.1.0 x86_64",
        [CW_TEXT_ISA] = "avx512",
        [CW_TEXT_VERSION] = "0.1.0",
        [CW_TEXT_COMPILER] = "gcc 12.2.0",
        [CW_TEXT_OPENMP] = "libgomp (OpenMP 4.5)",
        [CW_TEXT_ENVIRONMENT] = "OMP_PROC_BIND=close OMP_PLACES=cores",
    };
    for (int i = 0; i < CW_TEXT_COUNT; i++)
        assert_int_equal(cw_result_describe(result, (cw_result_text)i, texts[i], NULL), CW_OK);
    result->usable_cpus = 16;
}

static void add_runs(cw_result *result, size_t setting, unsigned round, unsigned dirty_of_ten)
{
    const bool disturbed = round % 10 < dirty_of_ten;
    for (unsigned attempt = 0; attempt < (disturbed ? 3 : 1); attempt++) {
        /* Up to 2.4 % slower, in a pattern that differs from setting to setting. */
        const double wobble = 1 + 0.004 * (double)(round * (3 + setting) % 7);
        const double wall_ns = work_ns[setting] * wobble * (disturbed ? 1.3 : 1);
        const double threads = all_settings[setting].threads;
        cw_run run = {.setting = setting,
                      .round = round,
                      .attempt = attempt,
                      .dirty = disturbed,
                      .foreign_share = disturbed ? 0.5 : 0.003,
                      .begin_ns = result->elapsed_ns};
        run.sample = (cw_sample){.wall_ns = (uint64_t)wall_ns,
                                 .user_ns = (uint64_t)(0.97 * threads * wall_ns),
                                 .system_ns = (uint64_t)(0.01 * threads * wall_ns),
                                 .foreign_ns = (uint64_t)(run.foreign_share * wall_ns),
                                 .digest = result->digest,
                                 .busiest_ns = (uint64_t)wall_ns,
                                 .idlest_ns = (uint64_t)(0.96 * wall_ns)};
        result->elapsed_ns += run.sample.wall_ns;
        assert_int_equal(cw_result_add_run(result, &run, NULL), CW_OK);
    }
}

cw_result *sample_result(size_t setting_count, unsigned rounds, unsigned dirty_of_ten)
{
    cw_result *result = NULL;
    assert_int_equal(cw_result_create(all_settings, setting_count, &result, NULL), CW_OK);
    describe(result);
    result->items = 10000000001;
    result->bytes = setting_count == 5 ? 16000000000 : 0;
    result->digest = 0xfedcba9876543210;
    result->seed = UINT64_MAX;
    result->precision = 0.01;
    result->rounds = rounds;
    result->foreign_known = true;
    result->complete = true;
    result->ending = CW_ENDING_PRECISE;
    for (unsigned round = 0; round <= rounds; round++) {
        for (size_t i = 0; i < setting_count; i++)
            add_runs(result, i, round, dirty_of_ten);
    }
    assert_int_equal(cw_result_summarise(result, NULL), CW_OK);
    return result;
}
