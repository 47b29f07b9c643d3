/* for, map, reduce and first-touched arrays: every plan, the lowest failure, the same bits. */
/* SPDX-License-Identifier: MIT */
#include "cw_test.h"

#include <chunkwise/loop.h>

#include <stdatomic.h>
#include <string.h>

static const uint64_t sizes[] = {0, 1, 2, 63, 1023, 1024, 1025, 65536, 100003, 300000};

static const cw_plan plans[] = {
    {.serial = 1},
    {0},
    {.threads = 1},
    {.threads = 2},
    {.threads = 3, .policy = CW_POLICY_STATIC},
    {.threads = 7, .policy = CW_POLICY_STATIC, .chunk = 1},
    {.threads = 2, .policy = CW_POLICY_DYNAMIC},
    {.threads = 64, .policy = CW_POLICY_DYNAMIC, .chunk = 7},
    {.threads = 3, .policy = CW_POLICY_GUIDED},
    {.threads = 2, .policy = CW_POLICY_GUIDED, .chunk = 100},
    {.threads = 2, .chunk = 300001},
};
enum { PLANS = sizeof plans / sizeof *plans, SIZES = sizeof sizes / sizeof *sizes };

static cw_status count_visits(void *context, const cw_span *span)
{
    unsigned char *visits = context;
    assert_true(span->begin < span->end);
    for (uint64_t i = span->begin; i < span->end; i++)
        visits[i]++;
    return CW_OK;
}

static void for_visits_every_item_once(void **state)
{
    (void)state;
    for (int s = 0; s < SIZES; s++) {
        for (int p = 0; p < PLANS; p++) {
            unsigned char *visits = calloc(sizes[s] + 1, 1);
            assert_int_equal(cw_for(sizes[s], count_visits, visits, &plans[p], NULL), CW_OK);
            for (uint64_t i = 0; i < sizes[s]; i++)
                assert_int_equal(visits[i], 1);
            assert_int_equal(visits[sizes[s]], 0);
            free(visits);
        }
    }
}

static cw_status use_scratch(void *context, const cw_span *span)
{
    unsigned char *scratch = span->scratch;
    (void)context;
    /* All bytes of it move together, or another thread writes to it too. */
    for (int i = 1; i < 100; i++) {
        if (scratch[i] != scratch[0])
            return cw_error_set(span->error, CW_ERR_MISMATCH, span->begin, NULL, "shared scratch");
    }
    memset(scratch, scratch[0] + 1, 100);
    return CW_OK;
}

static void scratch_is_private(void **state)
{
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        cw_plan plan = plans[p];
        plan.scratch_bytes = 100;
        assert_int_equal(cw_for(50000, use_scratch, NULL, &plan, NULL), CW_OK);
    }
}

static cw_status fail_without_details(void *context, const cw_span *span)
{
    const uint64_t *bad = context;
    return *bad >= span->begin && *bad < span->end ? (cw_status)(CW_ERR_USER + 7) : CW_OK;
}

static void a_bare_status_is_completed(void **state)
{
    uint64_t bad = 700;
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        cw_error error = {0};
        assert_int_equal(cw_for(1000, fail_without_details, &bad, &plans[p], &error),
                         CW_ERR_USER + 7);
        assert_int_equal(error.index, 700);
        assert_string_equal(error.sentence, cw_status_text(CW_ERR_USER));
    }
}

static cw_status square_item(void *context, const void *item, void *result)
{
    const int64_t x = *(const int64_t *)item;
    (void)context;
    if (x < 0)
        return CW_ERR_USER;
    *(int64_t *)result = x * x;
    return CW_OK;
}

static void map_is_pool_map(void **state)
{
    enum { N = 5000 };
    static int64_t in[N], out[N];
    (void)state;
    for (int i = 0; i < N; i++)
        in[i] = (int64_t)cw_test_below(1000000);
    for (int p = 0; p < PLANS; p++) {
        memset(out, 0, sizeof out);
        assert_int_equal(
            cw_map(in, sizeof *in, out, sizeof *out, N, square_item, NULL, &plans[p], NULL), CW_OK);
        for (int i = 0; i < N; i++)
            assert_int_equal(out[i], in[i] * in[i]);
        int64_t same[N];
        memcpy(same, in, sizeof in);
        assert_int_equal(
            cw_map(same, sizeof *same, same, sizeof *same, N, square_item, NULL, &plans[p], NULL),
            CW_OK);
        assert_memory_equal(same, out, sizeof out);
    }
}

/* Were they let through, offsets would wrap around and the function write over what it reads. */
static void map_refuses_what_no_memory_holds(void **state)
{
    static const struct {
        uint64_t n;
        size_t item_bytes, result_bytes;
        const char *what;
    } cases[] = {
        {PTRDIFF_MAX / 8 + UINT64_C(1), 8, 4, "items"},
        {PTRDIFF_MAX / 8 + UINT64_C(1), 4, 8, "results"},
        {UINT64_C(1) << 62, 8, 8, "items"},
        {UINT64_MAX, 1, 0, "items"},
        {3, 8, SIZE_MAX, "results"},
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int64_t x = -1;
        cw_error error = {0};
        assert_int_equal(cw_map(&x, cases[c].item_bytes, &x, cases[c].result_bytes, cases[c].n,
                                square_item, NULL, NULL, &error),
                         CW_ERR_ARGUMENT);
        assert_ptr_equal(strstr(error.sentence, cases[c].what), error.sentence);
        assert_non_null(strstr(error.sentence, "fit memory"));
    }
}

static void map_names_the_lowest_item(void **state)
{
    enum { N = 5000 };
    static int64_t in[N], out[N];
    (void)state;
    for (int p = 0; p < PLANS; p++) {
        for (int i = 0; i < N; i++)
            in[i] = i;
        uint64_t lowest = N;
        for (int k = 0; k < 5; k++) {
            const uint64_t bad = cw_test_below(N);
            in[bad] = -1;
            lowest = bad < lowest ? bad : lowest;
        }
        memset(out, 0xff, sizeof out);
        cw_error error = {0};
        assert_int_equal(
            cw_map(in, sizeof *in, out, sizeof *out, N, square_item, NULL, &plans[p], &error),
            CW_ERR_USER);
        assert_int_equal(error.index, lowest);
        for (uint64_t i = 0; i < lowest; i++)
            assert_int_equal(out[i], in[i] * in[i]);
    }
}

/* Adding doubles rounds, so another shape of combination gives other bits. */
static cw_status fold_sum(void *context, const cw_span *span, void *value)
{
    const double *x = context;
    for (uint64_t i = span->begin; i < span->end; i++)
        *(double *)value += x[i];
    return CW_OK;
}

static void combine_sum(void *context, void *left, const void *right)
{
    (void)context;
    *(double *)left += *(const double *)right;
}

static const double zero;
static const cw_reduction sum = {sizeof(double), &zero, fold_sum, combine_sum};

static void reduce_gives_the_same_bits(void **state)
{
    (void)state;
    for (int s = 0; s < SIZES; s++) {
        const uint64_t n = sizes[s];
        double *x = malloc((n + 1) * sizeof *x);
        long double exact = 0;
        for (uint64_t i = 0; i < n; i++) {
            x[i] = (double)cw_test_random() / (double)(1 + cw_test_below(1000000));
            exact += x[i];
        }
        double want = -1;
        assert_int_equal(cw_reduce(n, &sum, x, &plans[0], &want, NULL), CW_OK);
        assert_true(want >= (double)exact * (1 - 1e-10) && want <= (double)exact * (1 + 1e-10));
        for (int p = 1; p < PLANS; p++) {
            double got = -1;
            assert_int_equal(cw_reduce(n, &sum, x, &plans[p], &got, NULL), CW_OK);
            assert_memory_equal(&want, &got, sizeof got);
        }
        free(x);
    }
}

static void wrong_arguments_have_a_sentence(void **state)
{
    const cw_reduction no_fold = {sizeof(double), &zero, NULL, combine_sum};
    const cw_reduction no_bytes = {0, &zero, fold_sum, combine_sum};
    double result = 3, x = 1;
    cw_error error = {0};
    (void)state;
    assert_int_equal(cw_for(3, NULL, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "body is NULL");
    assert_int_equal(cw_map(&x, 8, &x, 8, 1, NULL, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "function is NULL");
    assert_int_equal(cw_map(&x, 8, NULL, 8, 1, square_item, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "results is NULL");
    assert_int_equal(cw_reduce(1, NULL, &x, NULL, &result, &error), CW_ERR_ARGUMENT);
    assert_int_equal(cw_reduce(1, &no_fold, &x, NULL, &result, &error), CW_ERR_ARGUMENT);
    assert_string_equal(error.sentence, "reduction->fold is NULL");
    assert_int_equal(cw_reduce(1, &no_bytes, &x, NULL, &result, &error), CW_ERR_ARGUMENT);
    assert_int_equal(cw_reduce(1, &sum, &x, NULL, NULL, &error), CW_ERR_ARGUMENT);
    assert_true(result == 3);
}

static void arrays_are_zeroed_and_aligned(void **state)
{
    static const size_t counts[] = {0, 1, 1000, 3000000};
    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (int p = 0; p < PLANS; p++) {
            void *memory = NULL;
            assert_int_equal(cw_array_create(counts[c], 8, &plans[p], &memory), CW_OK);
            assert_int_equal((uintptr_t)memory % 64, 0);
            const uint64_t *x = memory;
            for (size_t i = 0; i < counts[c]; i++)
                assert_true(x[i] == 0);
            cw_array_destroy(memory);
        }
    }
    void *untouched = &untouched;
    assert_int_equal(cw_array_create(SIZE_MAX / 4, 8, NULL, &untouched), CW_ERR_OVERFLOW);
    assert_int_equal(cw_array_create(SIZE_MAX / 16, 8, NULL, &untouched), CW_ERR_NO_MEMORY);
    assert_ptr_equal(untouched, &untouched);
    assert_int_equal(cw_array_create(1, 8, NULL, NULL), CW_ERR_ARGUMENT);
    cw_array_destroy(NULL);
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 21);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_visits_every_item_once),
        cmocka_unit_test(scratch_is_private),
        cmocka_unit_test(a_bare_status_is_completed),
        cmocka_unit_test(map_is_pool_map),
        cmocka_unit_test(map_refuses_what_no_memory_holds),
        cmocka_unit_test(map_names_the_lowest_item),
        cmocka_unit_test(reduce_gives_the_same_bits),
        cmocka_unit_test(wrong_arguments_have_a_sentence),
        cmocka_unit_test(arrays_are_zeroed_and_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
