/* Caches read from made-up trees of sysfs. */
/* SPDX-License-Identifier: MIT */
#include "machine/cache.h"

#include "scratch.h"

/* Processors 0 to 5 are allowed. */
static bool is_low(const void *context, int cpu)
{
    (void)context;
    return cpu < 6;
}

static void describe(const scratch *folder, int cpu, int index, const char *level, const char *type,
                     const char *size, const char *sharers)
{
    const struct {
        const char *name;
        const char *text;
    } files[] = {{"level", level}, {"type", type}, {"size", size}, {"shared_cpu_list", sharers}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[256];
        char line[256];
        (void)snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cache/index%d/%s", cpu,
                       index, files[i].name);
        (void)snprintf(line, sizeof line, "%s\n", files[i].text);
        if (files[i].text != NULL)
            scratch_write(folder, path, line);
    }
}

static void caches_as_sysfs_tells(void **state)
{
    (void)state;
    scratch folder;
    scratch_create(&folder);
    describe(&folder, 2, 0, "1", "Data", "48K", "2-3");
    describe(&folder, 2, 1, "1", "Instruction", "99K", "2-3");
    describe(&folder, 2, 2, "2", "Unified", "2M", "2");
    describe(&folder, 2, 3, "3", "Unified", "1G", "0-3,5,8-11");
    describe(&folder, 2, 4, "4", "Unified", "128M", "0-11");
    scratch_write(&folder, "sys/devices/system/cpu/cpu2/cache/index0/coherency_line_size", "128\n");
    cw_machine machine = {0};
    cw_cache_read(folder.root, 2, is_low, NULL, &machine);
    scratch_remove(&folder);

    assert_int_equal(machine.l1d.bytes, 48 << 10);
    assert_int_equal(machine.l1d.shared_cpus, 2);
    assert_int_equal(machine.l2.bytes, 2 << 20);
    assert_int_equal(machine.l2.shared_cpus, 1);
    assert_int_equal(machine.l3.bytes, 1 << 30);
    assert_int_equal(machine.l3.shared_cpus, 5);
    assert_int_equal(machine.line_bytes, 128);
}

/* Where sysfs is silent or talks rubbish, sizes are still usable. */
static void rubbish_gives_defaults(void **state)
{
    (void)state;
    static const char *const sizes[] = {"", "K", "-1K", "lots", "32Q", "99999999999999999999K"};
    static const char *const lists[] = {"", "-", "x", "5-", "9-4", "-1", "0-99999999999", "1;2"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizeof lists / sizeof *lists; j++) {
            scratch folder;
            scratch_create(&folder);
            describe(&folder, 0, 0, "1", "Data", sizes[i], lists[j]);
            describe(&folder, 0, 1, "x", "Unified", sizes[i], lists[j]);
            describe(&folder, 0, 2, "2", NULL, NULL, NULL);
            cw_machine machine = {0};
            cw_cache_read(folder.root, 0, is_low, NULL, &machine);
            scratch_remove(&folder);
            const bool sane = machine.l1d.bytes >= 1 << 10 && machine.l1d.bytes <= 1 << 30 &&
                              machine.l1d.shared_cpus == 1 && machine.l2.bytes > 0 &&
                              machine.l2.shared_cpus == 1 && machine.l3.shared_cpus == 1 &&
                              machine.line_bytes > 0;
            if (!sane)
                fail_msg("size \"%s\", list \"%s\": %zu bytes shared by %d", sizes[i], lists[j],
                         machine.l1d.bytes, machine.l1d.shared_cpus);
        }
    }
}

static void no_sysfs_gives_defaults(void **state)
{
    (void)state;
    cw_machine machine = {0};
    cw_cache_read("/no such folder", 0, is_low, NULL, &machine);
    assert_true(machine.l1d.bytes > 0);
    assert_true(machine.l2.bytes > 0);
    assert_int_equal(machine.l1d.shared_cpus, 1);
    assert_int_equal(machine.l3.shared_cpus, 1);
    assert_true(machine.line_bytes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caches_as_sysfs_tells),
        cmocka_unit_test(rubbish_gives_defaults),
        cmocka_unit_test(no_sysfs_gives_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
