/* Results: made, described, grown by one run after another, and freed. */
/* SPDX-License-Identifier: MIT */
#include "measure/result.h"

#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static cw_status no_memory(cw_error *error, const char *what)
{
    return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL, "no memory for %s", what);
}

cw_status cw_result_create(const cw_setting *settings, size_t count, cw_result **result,
                           cw_error *error)
{
    cw_result *made = cw_memory_zalloc(1, sizeof *made);
    if (made == NULL)
        return no_memory(error, "a result");
    made->settings = cw_memory_alloc(count, sizeof *settings);
    made->summaries = cw_memory_zalloc(count, sizeof *made->summaries);
    if (made->settings == NULL || made->summaries == NULL) {
        cw_result_destroy(made);
        return no_memory(error, "the settings of a result");
    }
    memcpy(made->settings, settings, count * sizeof *settings);
    made->setting_count = count;
    for (size_t i = 0; i < count; i++)
        made->summaries[i] = cw_summary_unknown();
    *result = made;
    return CW_OK;
}

void cw_result_destroy(cw_result *result)
{
    if (result == NULL)
        return;
    for (int i = 0; i < CW_TEXT_COUNT; i++)
        cw_memory_free(result->texts[i]);
    cw_memory_free(result->settings);
    cw_memory_free(result->summaries);
    cw_memory_free(result->runs);
    cw_memory_free(result);
}

cw_summary cw_summary_unknown(void)
{
    return (cw_summary){.median_ns = NAN,
                        .lower_ns = NAN,
                        .upper_ns = NAN,
                        .deviation_ns = NAN,
                        .spread = NAN,
                        .items_per_second = NAN,
                        .bytes_per_second = NAN,
                        .speedup = NAN,
                        .speedup_low = NAN,
                        .speedup_high = NAN,
                        .efficiency = NAN,
                        .serial_fraction = NAN,
                        .imbalance = NAN,
                        .processors = NAN};
}

cw_status cw_result_describe(cw_result *result, cw_result_text which, const char *text,
                             cw_error *error)
{
    char *copy = NULL;
    if (text != NULL) {
        const size_t size = strlen(text) + 1;
        copy = cw_memory_alloc(size, 1);
        if (copy == NULL)
            return no_memory(error, "the description of a result");
        memcpy(copy, text, size);
    }
    cw_memory_free(result->texts[which]);
    result->texts[which] = copy;
    return CW_OK;
}

const char *cw_result_said(const cw_result *result, cw_result_text which)
{
    return result->texts[which] == NULL ? "" : result->texts[which];
}

/* Room for runs doubles whenever their number reaches a power of two. */
cw_status cw_result_add_run(cw_result *result, const cw_run *run, cw_error *error)
{
    const size_t count = result->run_count;
    if ((count & (count - 1)) == 0) {
        const size_t capacity = count == 0 ? 1 : 2 * count;
        cw_run *grown = cw_memory_realloc(result->runs, count, capacity, sizeof *grown);
        if (grown == NULL)
            return no_memory(error, "another run");
        result->runs = grown;
    }
    result->runs[result->run_count++] = *run;
    return CW_OK;
}

void cw_setting_print(const cw_setting *setting, char *text, size_t size)
{
    if (setting->serial) {
        (void)snprintf(text, size, "serial");
        return;
    }
    char threads[24] = "default threads", schedule[40] = "";
    if (setting->threads > 0)
        (void)snprintf(threads, sizeof threads, "%d thread%s", setting->threads,
                       setting->threads == 1 ? "" : "s");
    if (setting->chunk > 0)
        (void)snprintf(schedule, sizeof schedule, ", %s,%" PRIu64, cw_policy_name(setting->policy),
                       setting->chunk);
    else if (setting->policy != CW_POLICY_AUTO)
        (void)snprintf(schedule, sizeof schedule, ", %s", cw_policy_name(setting->policy));
    (void)snprintf(text, size, "%s%s", threads, schedule);
}
