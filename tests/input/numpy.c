/* Files that NumPy wrote, read by us and compared; files that we wrote, read by NumPy and compared.
 * Arguments: a Python interpreter and numpy_files.py. Says SKIP where there is no NumPy. */
/* SPDX-License-Identifier: MIT */
#include "input/array.h"

#include "folder.h"

#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>

enum { SKIPPED = 77 };

static char *python, *script;

static int run_python(const char *verb)
{
    char action[8];
    (void)snprintf(action, sizeof action, "%s", verb);
    char *const arguments[] = {python, script, action, folder.root, NULL};
    pid_t child;
    int status;
    if (posix_spawnp(&child, python, NULL, NULL, arguments, environ) != 0 ||
        waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

/* One line of the index. */
struct expected {
    char name[64];
    char type[16];
    int fortran, dimensions;
    size_t shape[CW_DIMENSIONS_MAX];
};

static bool read_expected(FILE *index, struct expected *expected)
{
    if (fscanf(index, "%63s %15s", expected->name, expected->type) != 2)
        return false;
    if (strcmp(expected->type, "refused") == 0)
        return true;
    assert_int_equal(fscanf(index, "%d %d", &expected->fortran, &expected->dimensions), 2);
    assert_in_range(expected->dimensions, 0, CW_DIMENSIONS_MAX);
    for (int i = 0; i < expected->dimensions; i++)
        assert_int_equal(fscanf(index, "%zu", &expected->shape[i]), 1);
    return true;
}

static const char *file_of(const struct expected *expected, const char *extension)
{
    char name[80];
    (void)snprintf(name, sizeof name, "%s.%s", expected->name, extension);
    return path_of(name);
}

static void check_read(const struct expected *expected, const cw_array *array)
{
    const cw_layout *layout = &array->layout;
    assert_string_equal(cw_number_name(layout->type), expected->type);
    assert_int_equal(layout->fortran, expected->fortran);
    assert_int_equal(layout->dimensions, expected->dimensions);
    size_t count = 1;
    for (int i = 0; i < expected->dimensions; i++) {
        assert_int_equal(layout->shape[i], expected->shape[i]);
        count *= expected->shape[i];
    }
    assert_int_equal(layout->count, count);
    const size_t item = cw_number_bytes(layout->type);
    assert_int_equal((uintptr_t)array->data % item, 0);
    if (count == 0)
        return;
    cw_file raw;
    assert_int_equal(cw_file_load(file_of(expected, "raw"), &raw, NULL), CW_OK);
    assert_int_equal(raw.size, count * item);
    if (memcmp(array->data, raw.bytes, raw.size) != 0)
        fail_msg("%s: other values", expected->name);
    cw_file_finish(&raw);
}

/* What was read, written again. */
static void write_again(const struct expected *expected, const cw_array *array)
{
    cw_draft draft;
    void *data;
    const char *path = file_of(expected, "out");
    assert_int_equal(cw_array_draft(path, &array->layout, &draft, &data, NULL), CW_OK);
    assert_int_equal((uintptr_t)data % 64, 0);
    memcpy(data, array->data, array->layout.count * cw_number_bytes(array->layout.type));
    assert_int_equal(cw_draft_commit(&draft, NULL), CW_OK);
}

static void test_reads_what_numpy_wrote_and_back(void **state)
{
    (void)state;
    FILE *index = fopen(path_of("index"), "r");
    assert_non_null(index);
    struct expected expected = {0};
    int read = 0, refused = 0;
    while (read_expected(index, &expected)) {
        cw_array array;
        cw_error error = {0};
        const cw_status status =
            cw_array_load(file_of(&expected, "npy"), CW_NUMBERS_ALL, CW_NUMBER_U64, &array, &error);
        if (strcmp(expected.type, "refused") == 0) {
            assert_int_equal(status, CW_ERR_FORMAT);
            assert_non_null(strstr(error.sentence, ", byte "));
            refused++;
            continue;
        }
        if (status != CW_OK)
            fail_msg("%s: %s", expected.name, error.sentence);
        check_read(&expected, &array);
        /* Version and byte order of the input leave no trace, and each file waits for the disk. */
        if (strstr(expected.name, "little-1-") != NULL)
            write_again(&expected, &array);
        cw_array_finish(&array);
        read++;
    }
    (void)fclose(index);
    printf("# %d files read, %d refused\n", read, refused);
    assert_true(read > 900 && refused == 10);
    assert_int_equal(run_python("check"), 0);
}

/* "check" must see a difference: one bit of one value. */
static void test_numpy_sees_a_changed_bit(void **state)
{
    (void)state;
    FILE *file = fopen(path_of("f8-little-1-4-c.out"), "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, -1, SEEK_END), 0);
    const int last = fgetc(file);
    assert_int_equal(fseek(file, -1, SEEK_END), 0);
    assert_int_equal(fputc(last ^ 1, file), last ^ 1);
    assert_int_equal(fclose(file), 0);
    printf("# the script complains of that file:\n");
    (void)fflush(stdout);
    assert_int_equal(run_python("check"), 1);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        printf("SKIP: no Python\n");
        return SKIPPED;
    }
    python = argv[1];
    script = argv[2];
    if (make_folder(NULL) != 0)
        return 1;
    const int made = run_python("make");
    if (made != 0) {
        (void)remove_folder(NULL);
        return made == SKIPPED ? SKIPPED : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_numpy_wrote_and_back),
        cmocka_unit_test(test_numpy_sees_a_changed_bit),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
