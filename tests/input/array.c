/* Arrays from files and pipes, .npy and text, and drafts of new ones: mapped, copied, refused. */
/* SPDX-License-Identifier: MIT */
#include "input/array.h"

#include "base/memory.h"
#include "folder.h"

#include <endian.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>

#define U64 CW_NUMBER_BIT(CW_NUMBER_U64)
#define F64 CW_NUMBER_BIT(CW_NUMBER_F64)

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static cw_array load(const char *path, unsigned types, cw_number text_type)
{
    cw_array array;
    cw_error error = {0};
    if (cw_array_load(path, types, text_type, &array, &error) != CW_OK)
        fail_msg("%s: %s", path, error.sentence);
    return array;
}

static void check_refused(const char *path, unsigned types, cw_status status, const char *sentence)
{
    cw_array array;
    memset(&array, 0x5a, sizeof array);
    const cw_array untouched = array;
    cw_error error = {0};
    assert_int_equal(cw_array_load(path, types, CW_NUMBER_U64, &array, &error), status);
    if (strstr(error.sentence, sentence) == NULL)
        fail_msg("\"%s\"", error.sentence);
    assert_memory_equal(&array, &untouched, sizeof array);
    assert_int_equal(cw_array_load(path, types, CW_NUMBER_U64, &array, NULL), status);
}

enum { COUNT = 5 };

/* A .npy file of COUNT u64 values 1, 256, 256^2, ... whose data begin `shift` bytes beyond a
 * multiple of 16; returns its size. */
static size_t make_npy(unsigned char bytes[256], bool swapped, size_t shift)
{
    const bool little = (BYTE_ORDER == LITTLE_ENDIAN) != swapped;
    const int length = snprintf((char *)bytes + 10, 200,
                                "{'descr': '%cu8', 'fortran_order': False, 'shape': (%d,), }",
                                little ? '<' : '>', COUNT);
    size_t data = 10 + (size_t)length;
    while (data % 16 != shift)
        bytes[data++] = ' ';
    memcpy(bytes, "\x93NUMPY\x01\x00", 8);
    bytes[8] = (unsigned char)(data - 10);
    bytes[9] = 0;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t b = 0; b < 8; b++)
            bytes[data + 8 * i + (little ? b : 7 - b)] = b == i;
    }
    return data + 8 * COUNT;
}

static void check_powers(const cw_array *array)
{
    assert_int_equal(array->layout.type, CW_NUMBER_U64);
    assert_int_equal(array->layout.dimensions, 1);
    assert_int_equal(array->layout.shape[0], COUNT);
    assert_int_equal(array->layout.count, COUNT);
    assert_int_equal((uintptr_t)array->data % 8, 0);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(((const uint64_t *)array->data)[i], (uint64_t)1 << (8 * i));
}

static void test_maps_what_can_be_used_in_place(void **state)
{
    (void)state;
    const char *path = path_of("powers.npy");
    for (int swapped = 0; swapped < 2; swapped++) {
        for (size_t shift = 0; shift < 16; shift++) {
            unsigned char bytes[256];
            write_file(path, bytes, make_npy(bytes, swapped, shift));
            cw_array array = load(path, U64, CW_NUMBER_U64);
            check_powers(&array);
            const bool in_place = !swapped && shift % 8 == 0;
            assert_int_equal(array.file.is_mapped, in_place);
            assert_int_equal(array.owned == NULL, in_place);
            cw_array_finish(&array);
            assert_null(array.data);
        }
    }
    (void)unlink(path);
}

/* Standard input is `descriptor` for one load. */
static cw_array load_standard(int descriptor)
{
    const int kept = dup(STDIN_FILENO);
    assert_true(dup2(descriptor, STDIN_FILENO) >= 0);
    cw_array array = load("-", U64, CW_NUMBER_U64);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    return array;
}

static int filled_pipe(const void *bytes, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, size), size);
    (void)close(ends[1]);
    return ends[0];
}

static void test_reads_pipes(void **state)
{
    (void)state;
    static const char text[] = "1\n2^8\n65536 # 2^16\n\n2^24\n4294967296";
    unsigned char bytes[256];
    for (int swapped = 0; swapped < 2; swapped++) {
        const size_t size = make_npy(bytes, swapped, 0);
        int end = filled_pipe(bytes, size);
        cw_array array = load_standard(end);
        check_powers(&array);
        cw_array_finish(&array);
        (void)close(end);

        end = filled_pipe(bytes, size);
        char path[32];
        (void)snprintf(path, sizeof path, "/dev/fd/%d", end);
        array = load(path, U64, CW_NUMBER_U64);
        check_powers(&array);
        cw_array_finish(&array);
        (void)close(end);
    }
    const int end = filled_pipe(text, sizeof text - 1);
    cw_array array = load_standard(end);
    check_powers(&array);
    cw_array_finish(&array);
    (void)close(end);
}

static void test_reads_standard_input_from_a_file(void **state)
{
    (void)state;
    unsigned char bytes[256];
    const char *path = path_of("powers");
    write_file(path, bytes, make_npy(bytes, false, 0));
    const int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    cw_array array = load_standard(file);
    check_powers(&array);
    assert_true(array.file.is_mapped);
    cw_array_finish(&array);
    (void)close(file);
    (void)unlink(path);
}

static void test_reads_empty_lists(void **state)
{
    (void)state;
    const char *path = path_of("empty");
    for (size_t size = 0; size < 2; size++) {
        write_file(path, "\n", size);
        cw_array array = load(path, U64, CW_NUMBER_U64);
        assert_int_equal(array.layout.count, 0);
        assert_int_equal(array.layout.dimensions, 1);
        assert_int_equal(array.layout.type, CW_NUMBER_U64);
        cw_array_finish(&array);
    }
    (void)unlink(path);
}

static void test_refuses_with_the_name(void **state)
{
    (void)state;
    unsigned char bytes[256];
    const size_t size = make_npy(bytes, false, 0);
    const char *npy = path_of("in.npy");
    const char *text = path_of("in.txt");

    write_file(npy, bytes, size);
    check_refused(npy, F64, CW_ERR_FORMAT, "/in.npy holds u64; what is read here must be f64");
    check_refused(npy, F64 | CW_NUMBER_BIT(CW_NUMBER_I32), CW_ERR_FORMAT, "must be i32 or f64");
    write_file(npy, bytes, size - 1);
    check_refused(npy, U64, CW_ERR_FORMAT, "/in.npy, byte 119: the file ends here");
    write_file(npy, bytes, 0);
    check_refused(npy, U64, CW_ERR_FORMAT, "/in.npy is empty");
    write_file(npy, "1\n2\n", 4);
    check_refused(npy, U64, CW_ERR_FORMAT, "/in.npy, byte 0: not a .npy file");
    write_file(npy, bytes, 3);
    check_refused(npy, U64, CW_ERR_FORMAT, "/in.npy, byte 3: the file ends inside the magic");
    /* Known by its first byte, whatever it is called */
    write_file(text, bytes, size - 8);
    check_refused(text, U64, CW_ERR_FORMAT, "/in.txt, byte 112: the file ends here");
    write_file(text, "1\n2\nx\n", 6);
    check_refused(text, U64, CW_ERR_FORMAT, "/in.txt, line 3: \"x\" is not a whole number");
    (void)unlink(npy);
    (void)unlink(text);
    check_refused(npy, U64, CW_ERR_IO, "cannot open");
    check_refused(npy, U64, CW_ERR_IO, "No such file or directory");
    check_refused(folder.root, U64, CW_ERR_IO, "Is a directory");
}

static void test_says_when_memory_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[256];
    const size_t size = make_npy(bytes, true, 0);
    for (int text = 0; text < 2; text++) {
        bool done = false;
        for (long nth = 1; !done; nth++) {
            const int end = text ? filled_pipe("1\n2\n", 4) : filled_pipe(bytes, size);
            char path[32];
            (void)snprintf(path, sizeof path, "/dev/fd/%d", end);
            cw_array array;
            cw_error error = {0};
            cw_memory_refuse_from(nth);
            const cw_status status = cw_array_load(path, U64, CW_NUMBER_U64, &array, &error);
            cw_memory_refuse_from(0);
            (void)close(end);
            done = status == CW_OK;
            if (done)
                cw_array_finish(&array);
            else
                assert_int_equal(status, CW_ERR_NO_MEMORY);
            assert_true(nth > 1 || !done);
        }
    }
}

/* Drafts of new arrays */

static const cw_layout matrix = {
    .type = CW_NUMBER_F32, .dimensions = 2, .shape = {3, 4}, .count = 12, .fortran = true};

static void fill(float *values)
{
    for (int i = 0; i < 12; i++)
        values[i] = (float)i / 4;
}

static void check_matrix(const cw_array *array)
{
    assert_int_equal(array->layout.type, matrix.type);
    assert_int_equal(array->layout.dimensions, matrix.dimensions);
    assert_memory_equal(array->layout.shape, matrix.shape, sizeof matrix.shape);
    assert_int_equal(array->layout.fortran, true);
    float want[12];
    fill(want);
    assert_memory_equal(array->data, want, sizeof want);
}

static void test_drafts_appear_when_committed(void **state)
{
    (void)state;
    const char *path = path_of("out.npy");
    for (int round = 0; round < 2; round++) {
        cw_draft draft;
        void *data;
        assert_int_equal(cw_array_draft(path, &matrix, &draft, &data, NULL), CW_OK);
        assert_int_equal((uintptr_t)data % CW_CACHE_LINE, 0);
        if (round == 0)
            assert_int_not_equal(access(path, F_OK), 0);
        fill(data);
        assert_int_equal(cw_draft_commit(&draft, NULL), CW_OK);
        cw_array array = load(path, CW_NUMBERS_ALL, CW_NUMBER_U64);
        check_matrix(&array);
        cw_array_finish(&array);
    }
    assert_int_equal(count_files(), 1);
    (void)unlink(path);
}

static void test_drafts_vanish_when_abandoned(void **state)
{
    (void)state;
    const char *path = path_of("out.npy");
    cw_draft draft;
    void *data;
    assert_int_equal(cw_array_draft(path, &matrix, &draft, &data, NULL), CW_OK);
    fill(data);
    cw_draft_abandon(&draft);
    assert_int_equal(count_files(), 0);

    write_file(path, "before", 6);
    assert_int_equal(cw_array_draft(path, &matrix, &draft, &data, NULL), CW_OK);
    cw_draft_abandon(&draft);
    cw_file file;
    assert_int_equal(cw_file_load(path, &file, NULL), CW_OK);
    assert_int_equal(file.size, 6);
    assert_memory_equal(file.bytes, "before", 6);
    cw_file_finish(&file);
    assert_int_equal(count_files(), 1);
    (void)unlink(path);
}

/* The input stays as it was read while its own file is replaced. */
static void test_drafts_may_replace_their_input(void **state)
{
    (void)state;
    unsigned char bytes[256];
    const char *path = path_of("both.npy");
    write_file(path, bytes, make_npy(bytes, false, 0));
    cw_array array = load(path, U64, CW_NUMBER_U64);
    assert_true(array.file.is_mapped);
    cw_draft draft;
    void *data;
    assert_int_equal(cw_array_draft(path, &array.layout, &draft, &data, NULL), CW_OK);
    for (size_t i = 0; i < COUNT; i++)
        ((uint64_t *)data)[i] = ((const uint64_t *)array.data)[i] + 1;
    assert_int_equal(cw_draft_commit(&draft, NULL), CW_OK);
    check_powers(&array);
    cw_array_finish(&array);
    array = load(path, U64, CW_NUMBER_U64);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(((const uint64_t *)array.data)[i], ((uint64_t)1 << (8 * i)) + 1);
    cw_array_finish(&array);
    (void)unlink(path);
}

static void test_drafts_go_through_pipes(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const int kept = dup(STDOUT_FILENO);
    (void)fflush(stdout);
    assert_true(dup2(ends[1], STDOUT_FILENO) >= 0);
    cw_draft draft;
    void *data = NULL;
    cw_status status = cw_array_draft("-", &matrix, &draft, &data, NULL);
    const bool aligned = (uintptr_t)data % CW_CACHE_LINE == 0;
    if (status == CW_OK) {
        fill(data);
        status = cw_draft_commit(&draft, NULL);
    }
    (void)dup2(kept, STDOUT_FILENO);
    (void)close(kept);
    (void)close(ends[1]);
    assert_int_equal(status, CW_OK);
    assert_true(aligned);
    cw_array array = {0};
    char path[32];
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    array = load(path, CW_NUMBERS_ALL, CW_NUMBER_U64);
    check_matrix(&array);
    cw_array_finish(&array);
    (void)close(ends[0]);
}

static void test_drafts_say_when_the_disk_is_full(void **state)
{
    (void)state;
    cw_draft draft;
    void *data;
    cw_error error = {0};
    assert_int_equal(cw_array_draft("/dev/full", &matrix, &draft, &data, &error), CW_OK);
    fill(data);
    assert_int_equal(cw_draft_commit(&draft, &error), CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "/dev/full: No space left on device"));

    /* A file that may not grow is as good as a full disk, and needs no privilege to make. */
    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit tight = {64, before.rlim_max};
    const char *path = path_of("out.npy");
    write_file(path, "before", 6);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const cw_status status = cw_array_draft(path, &matrix, &draft, &data, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "out.npy: File too large"));
    assert_false(draft.is_open);
    assert_int_equal(count_files(), 1);
    (void)unlink(path);

    assert_int_equal(cw_array_draft(path_of("no/out.npy"), &matrix, &draft, &data, &error),
                     CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maps_what_can_be_used_in_place),
        cmocka_unit_test(test_reads_pipes),
        cmocka_unit_test(test_reads_standard_input_from_a_file),
        cmocka_unit_test(test_reads_empty_lists),
        cmocka_unit_test(test_refuses_with_the_name),
        cmocka_unit_test(test_says_when_memory_is_refused),
        cmocka_unit_test(test_drafts_appear_when_committed),
        cmocka_unit_test(test_drafts_vanish_when_abandoned),
        cmocka_unit_test(test_drafts_may_replace_their_input),
        cmocka_unit_test(test_drafts_go_through_pipes),
        cmocka_unit_test(test_drafts_say_when_the_disk_is_full),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
