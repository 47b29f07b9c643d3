/* A race planted through our own interface: the thread sanitizer must report it. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/loop.h>

/* Wrong on purpose: all threads count in one variable. cw_reduce is how it is done. */
static cw_status count_in_common(void *context, const cw_span *span)
{
    uint64_t *common = context;
    for (uint64_t i = span->begin; i < span->end; i++)
        (*common)++;
    return CW_OK;
}

int main(void)
{
    /* Handed out evenly: all threads take part, however late they come. */
    const cw_plan plan = {.threads = 4, .policy = CW_POLICY_STATIC};
    uint64_t common = 0;
    return cw_for(100000, count_in_common, &common, &plan, NULL) != CW_OK;
}
