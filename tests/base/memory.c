/* Aligned memory: sizes that overflow, growing and shrinking, and refusal on demand. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include "cmocka_all.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static bool is_aligned(const void *memory, size_t alignment)
{
    return (uintptr_t)memory % alignment == 0;
}

static void memory_is_aligned_and_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,    1,       63,      64,      65,      4095,
                                   4096, 2097152, 4194303, 4194304, 4194305, 10000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *memory = cw_memory_alloc(sizes[i], 1);
        assert_non_null(memory);
        assert_true(is_aligned(memory, CW_CACHE_LINE));
        assert_true(sizes[i] < (size_t)4 << 20 || is_aligned(memory, (size_t)2 << 20));
        memset(memory, 0xff, sizes[i]); /* the sanitizers watch */
        cw_memory_free(memory);

        memory = cw_memory_zalloc(1, sizes[i]);
        assert_non_null(memory);
        for (size_t j = 0; j < sizes[i]; j++) {
            if (memory[j] != 0)
                fail_msg("byte %zu of %zu is not zero", j, sizes[i]);
        }
        cw_memory_free(memory);
    }
    cw_memory_free(NULL);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {
        {SIZE_MAX, 2},         {2, SIZE_MAX},     {SIZE_MAX / 8 + 1, 8},
        {SIZE_MAX, SIZE_MAX},  {SIZE_MAX, 1},     {SIZE_MAX - 62, 1},
        {SIZE_MAX / 2 + 1, 1}, {1, SIZE_MAX - 1}, {(size_t)1 << (sizeof(size_t) * 4), SIZE_MAX / 3},
    };
    int held = 7;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_null(cw_memory_alloc(sizes[i][0], sizes[i][1]));
        assert_null(cw_memory_zalloc(sizes[i][0], sizes[i][1]));
        assert_null(cw_memory_realloc(NULL, 0, sizes[i][0], sizes[i][1]));
    }
    /* The old block is still ours after a failure. */
    int *kept = cw_memory_alloc(1, sizeof *kept);
    *kept = held;
    assert_null(cw_memory_realloc(kept, 1, SIZE_MAX / 2, sizeof *kept));
    assert_int_equal(*kept, held);
    cw_memory_free(kept);
}

static void growing_and_shrinking_keep_contents(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 100, 99, 20000, 3000000, 5, 0, 7};
    uint32_t *items = NULL;
    size_t count = 0;
    size_t known = 0;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        items = cw_memory_realloc(items, count, counts[i], sizeof *items);
        assert_non_null(items);
        assert_true(is_aligned(items, CW_CACHE_LINE));
        count = counts[i];
        known = known < count ? known : count;
        for (size_t j = 0; j < known; j++) {
            if (items[j] != (uint32_t)j * 2654435761u)
                fail_msg("item %zu changed on the way to %zu items", j, count);
        }
        for (; known < count; known++)
            items[known] = (uint32_t)known * 2654435761u;
    }
    cw_memory_free(items);
}

/* The nth request and all after it are refused, whichever function asks. */
static void refusal_starts_where_it_is_told(void **state)
{
    (void)state;
    for (long nth = 1; nth <= 6; nth++) {
        void *blocks[9] = {NULL};
        cw_memory_refuse_from(nth);
        for (long i = 0; i < 9; i++) {
            blocks[i] = i % 3 == 0   ? cw_memory_alloc(1, 1)
                        : i % 3 == 1 ? cw_memory_zalloc(1, 1)
                                     : cw_memory_realloc(NULL, 0, 1, 1);
        }
        cw_memory_refuse_from(0);
        for (long i = 0; i < 9; i++) {
            assert_int_equal(blocks[i] != NULL, i + 1 < nth);
            cw_memory_free(blocks[i]);
        }
        void *after = cw_memory_alloc(1, 1);
        assert_non_null(after);
        cw_memory_free(after);
    }
}

#define THREADS 4
#define EACH    1000

static void *allocate_many(void *argument)
{
    size_t *granted = argument;
    for (int i = 0; i < EACH; i++) {
        void *memory = cw_memory_alloc(1, 1);
        *granted += memory != NULL;
        cw_memory_free(memory);
    }
    return NULL;
}

static void refusal_counts_over_all_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    size_t granted[THREADS] = {0};
    size_t total = 0;
    cw_memory_refuse_from(1501);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, allocate_many, &granted[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        total += granted[i];
    }
    cw_memory_refuse_from(0);
    assert_int_equal(total, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_whole),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(growing_and_shrinking_keep_contents),
        cmocka_unit_test(refusal_starts_where_it_is_told),
        cmocka_unit_test(refusal_counts_over_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
