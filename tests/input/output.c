/* Output as a stream: the bytes that arrive, closed pipes, full disks, and what is left behind. */
/* SPDX-License-Identifier: MIT */
#include "input/output.h"

#include "base/memory.h"
#include "folder.h"
#include "input/list.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

enum { BYTES = 1 << 20 };

/* Bytes that differ from their neighbours, near and far. */
static unsigned char *make_bytes(void)
{
    unsigned char *bytes = malloc(BYTES);
    assert_non_null(bytes);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    return bytes;
}

static void check_file(const char *path, const void *want, size_t size)
{
    cw_file file;
    cw_error error;
    if (cw_file_load(path, &file, &error) != CW_OK)
        fail_msg("%s", error.sentence);
    assert_int_equal(file.size, size);
    assert_memory_equal(file.bytes, want, size);
    cw_file_finish(&file);
}

static void test_pieces_of_every_size_arrive(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 7, 4096, 262143, 262144, 262145, BYTES};
    unsigned char *bytes = make_bytes();
    const char *path = path_of("pieces");
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        cw_output output;
        assert_int_equal(cw_output_open(&output, path, NULL), CW_OK);
        for (size_t at = 0; at < BYTES; at += pieces[p]) {
            const size_t size = pieces[p] < BYTES - at ? pieces[p] : BYTES - at;
            assert_int_equal(cw_output_write(&output, bytes + at, size, NULL), CW_OK);
        }
        assert_int_equal(cw_output_commit(&output, NULL), CW_OK);
        check_file(path, bytes, BYTES);
        assert_int_equal(count_files(), 1);
        (void)unlink(path);
    }
    free(bytes);
}

static void test_numbers_and_bytes_keep_their_order(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    uint64_t *values = malloc(COUNT * sizeof *values);
    char *want = malloc(COUNT * CW_LIST_LINE_MAX + 16);
    assert_non_null(values);
    assert_non_null(want);
    for (uint64_t i = 0; i < COUNT; i++)
        values[i] = i * i * i * i;
    char *to = want + sprintf(want, "# first\n");
    to += cw_list_format(CW_NUMBER_U64, values, COUNT, to);
    to += sprintf(to, "last");

    const char *path = path_of("numbers");
    for (size_t batch = 1; batch <= COUNT; batch = batch * 17 + 1) {
        cw_output output;
        assert_int_equal(cw_output_open(&output, path, NULL), CW_OK);
        assert_int_equal(cw_output_write(&output, "# first\n", 8, NULL), CW_OK);
        for (size_t at = 0; at < COUNT; at += batch) {
            const size_t count = batch < COUNT - at ? batch : COUNT - at;
            assert_int_equal(cw_output_numbers(&output, CW_NUMBER_U64, values + at, count, NULL),
                             CW_OK);
        }
        assert_int_equal(cw_output_write(&output, "last", 4, NULL), CW_OK);
        assert_int_equal(cw_output_commit(&output, NULL), CW_OK);
        check_file(path, want, (size_t)(to - want));
    }
    (void)unlink(path);
    free(values);
    free(want);
}

static void test_nothing_is_left_when_abandoned(void **state)
{
    (void)state;
    const char *path = path_of("abandoned");
    unsigned char *bytes = make_bytes();
    cw_output output;
    assert_int_equal(cw_output_open(&output, path, NULL), CW_OK);
    assert_int_equal(cw_output_write(&output, bytes, BYTES, NULL), CW_OK);
    cw_output_abandon(&output);
    cw_output_abandon(&output);
    assert_int_equal(count_files(), 0);
    free(bytes);
}

static void test_an_empty_output_is_an_empty_file(void **state)
{
    (void)state;
    const char *path = path_of("empty");
    cw_output output;
    assert_int_equal(cw_output_open(&output, path, NULL), CW_OK);
    assert_int_equal(cw_output_commit(&output, NULL), CW_OK);
    assert_int_equal(access(path, F_OK), 0);
    cw_file file;
    assert_int_equal(cw_file_load(path, &file, NULL), CW_ERR_FORMAT);
    (void)unlink(path);
}

/* Standard output into a pipe, from which another thread reads all there is. */

struct drain {
    int end;
    unsigned char *bytes;
    size_t size;
};

static void *drain_pipe(void *argument)
{
    struct drain *drain = argument;
    ssize_t got;
    while ((got = read(drain->end, drain->bytes + drain->size, BYTES + 64 - drain->size)) > 0)
        drain->size += (size_t)got;
    return NULL;
}

static void test_standard_output_follows_stdio(void **state)
{
    (void)state;
    unsigned char *bytes = make_bytes();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct drain drain = {.end = ends[0], .bytes = malloc(BYTES + 64)};
    pthread_t reader;
    assert_int_equal(pthread_create(&reader, NULL, drain_pipe, &drain), 0);
    (void)fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    assert_true(dup2(ends[1], STDOUT_FILENO) >= 0);
    (void)close(ends[1]);

    printf("title\n");
    cw_output output;
    cw_status status = cw_output_open(&output, "-", NULL);
    if (status == CW_OK)
        status = cw_output_write(&output, bytes, BYTES, NULL);
    if (status == CW_OK)
        status = cw_output_commit(&output, NULL);
    printf("end");
    (void)fflush(stdout);

    (void)dup2(kept, STDOUT_FILENO);
    (void)close(kept);
    assert_int_equal(pthread_join(reader, NULL), 0);
    (void)close(ends[0]);
    assert_int_equal(status, CW_OK);
    assert_int_equal(drain.size, 6 + BYTES + 3);
    assert_memory_equal(drain.bytes, "title\n", 6);
    assert_memory_equal(drain.bytes + 6, bytes, BYTES);
    assert_memory_equal(drain.bytes + 6 + BYTES, "end", 3);
    free(drain.bytes);
    free(bytes);
}

/* Write until it fails, at the latest at the commit. */
static cw_status write_to(const char *path, size_t size, cw_error *error)
{
    unsigned char *bytes = make_bytes();
    cw_output output;
    cw_status status = cw_output_open(&output, path, error);
    assert_int_equal(status, CW_OK);
    status = cw_output_write(&output, bytes, size, error);
    if (status == CW_OK)
        status = cw_output_commit(&output, error);
    else
        cw_output_abandon(&output);
    free(bytes);
    return status;
}

static void test_a_closed_pipe_has_its_own_status(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    char path[32];
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    cw_error error = {0};
    assert_int_equal(write_to(path, 5, &error), CW_ERR_CLOSED);
    assert_int_equal(error.status, CW_ERR_CLOSED);
    assert_non_null(strstr(error.sentence, "Broken pipe"));
    assert_int_equal(write_to(path, BYTES, NULL), CW_ERR_CLOSED);
    (void)close(ends[1]);
}

static void test_a_full_disk_is_said(void **state)
{
    (void)state;
    cw_error error = {0};
    assert_int_equal(write_to("/dev/full", 5, &error), CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "/dev/full: No space left on device"));
    assert_int_equal(write_to("/dev/full", BYTES, &error), CW_ERR_IO);
}

static void test_says_what_cannot_be_opened(void **state)
{
    (void)state;
    cw_output output;
    cw_error error = {0};
    assert_int_equal(cw_output_open(&output, path_of("no/where"), &error), CW_ERR_IO);
    assert_non_null(strstr(error.sentence, "no/where: No such file or directory"));
    cw_memory_refuse_from(1);
    const cw_status status = cw_output_open(&output, path_of("out"), &error);
    cw_memory_refuse_from(0);
    assert_int_equal(status, CW_ERR_NO_MEMORY);
    assert_int_equal(count_files(), 0);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_of_every_size_arrive),
        cmocka_unit_test(test_numbers_and_bytes_keep_their_order),
        cmocka_unit_test(test_nothing_is_left_when_abandoned),
        cmocka_unit_test(test_an_empty_output_is_an_empty_file),
        cmocka_unit_test(test_standard_output_follows_stdio),
        cmocka_unit_test(test_a_closed_pipe_has_its_own_status),
        cmocka_unit_test(test_a_full_disk_is_said),
        cmocka_unit_test(test_says_what_cannot_be_opened),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
