/* The CPU quota, found in made-up trees of cgroup v1, v2, both, and rubbish. */
/* SPDX-License-Identifier: MIT */
#include "machine/quota.h"

#include "machine/machine.h"
#include "scratch.h"

#define CGROUP    "proc/self/cgroup"
#define MOUNTINFO "proc/self/mountinfo"
#define V2_MOUNT  "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"
#define V1_MOUNT  "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
#define V2        "sys/fs/cgroup/"
#define V1        "sys/fs/cgroup/cpu,cpuacct/"

typedef struct fake_file {
    const char *path;
    const char *text;
} fake_file;

typedef struct fake_tree {
    const char *name;
    double quota;
    fake_file files[8];
} fake_tree;

static const fake_tree trees[] = {
    {"nothing is there", 0, {{"empty", ""}}},
    {"v2, two processors",
     2,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "200000 100000\n"}}},
    {"v2, half a processor",
     0.5,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "50000 100000\n"}}},
    {"v2, another period",
     3,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "30000 10000\n"}}},
    {"v2, no limit",
     0,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "max 100000\n"}}},
    {"v2, the group itself is the root of its namespace",
     2,
     {{CGROUP, "0::/\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "cpu.max", "200000 100000\n"}}},
    {"v2, nested, the middle is lowest",
     1.5,
     {{CGROUP, "0::/a/b/c\n"},
      {MOUNTINFO, V2_MOUNT},
      {V2 "a/cpu.max", "800000 100000\n"},
      {V2 "a/b/cpu.max", "150000 100000\n"},
      {V2 "a/b/c/cpu.max", "400000 100000\n"}}},
    {"v2, nested, the leaf has no file",
     4,
     {{CGROUP, "0::/a/b/c\n"},
      {MOUNTINFO, V2_MOUNT},
      {V2 "a/cpu.max", "400000 100000\n"},
      {V2 "a/b/cpu.max", "max 100000\n"}}},
    {"v2, a group beside ours does not count",
     0,
     {{CGROUP, "0::/a\n"},
      {MOUNTINFO, V2_MOUNT},
      {V2 "a/cpu.max", "max 100000\n"},
      {V2 "b/cpu.max", "100000 100000\n"},
      {V2 "a/below/cpu.max", "100000 100000\n"}}},
    {"v2, the period is left out",
     2,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "200000\n"}}},
    {"v2, no line end",
     2,
     {{CGROUP, "0::/job"},
      {MOUNTINFO, "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"},
      {V2 "job/cpu.max", "200000 100000"}}},
    {"v2, seen from outside and mounted as the top",
     2,
     {{CGROUP, "0::/docker/0123\n"},
      {MOUNTINFO, "31 23 0:28 /docker/0123 /sys/fs/cgroup ro master:9 - cgroup2 cgroup rw\n"},
      {V2 "cpu.max", "200000 100000\n"}}},
    {"v2, below what is mounted",
     2,
     {{CGROUP, "0::/docker/0123/mine\n"},
      {MOUNTINFO, "31 23 0:28 /docker/0123 /sys/fs/cgroup ro shared:1 master:9 - cgroup2 c rw\n"},
      {V2 "mine/cpu.max", "200000 100000\n"},
      {V2 "cpu.max", "300000 100000\n"}}},
    {"v2, a name that only begins like what is mounted",
     3,
     {{CGROUP, "0::/docker/01234\n"},
      {MOUNTINFO, "31 23 0:28 /docker/0123 /sys/fs/cgroup ro - cgroup2 c rw\n"},
      {V2 "4/cpu.max", "200000 100000\n"},
      {V2 "cpu.max", "300000 100000\n"}}},
    {"v2, outside the namespace",
     3,
     {{CGROUP, "0::/../other\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "cpu.max", "300000 100000\n"}}},
    {"v2, mounted elsewhere, under a name with a space",
     2,
     {{CGROUP, "0::/job\n"},
      {MOUNTINFO, "31 23 0:28 / /mnt/control\\040groups rw - cgroup2 none rw\n"},
      {"mnt/control groups/job/cpu.max", "200000 100000\n"}}},
    {"v2, rubbish for a quota",
     0,
     {{CGROUP, "0::/job\n"}, {MOUNTINFO, V2_MOUNT}, {V2 "job/cpu.max", "lots and lots\n"}}},
    {"v2, a quota of nothing, an empty file, a period of 0 or below",
     0,
     {{CGROUP, "0::/a/b/c/d\n"},
      {MOUNTINFO, V2_MOUNT},
      {V2 "a/cpu.max", "0 100000\n"},
      {V2 "a/b/cpu.max", ""},
      {V2 "a/b/c/cpu.max", "100000 0\n"},
      {V2 "a/b/c/d/cpu.max", "100000 -5\n"}}},
    {"v1, two processors",
     2,
     {{CGROUP, "4:memory:/x\n3:cpu,cpuacct:/job\n"},
      {MOUNTINFO, V1_MOUNT},
      {V1 "job/cpu.cfs_quota_us", "200000\n"},
      {V1 "job/cpu.cfs_period_us", "100000\n"}}},
    {"v1, no limit",
     0,
     {{CGROUP, "3:cpu,cpuacct:/job\n"},
      {MOUNTINFO, V1_MOUNT},
      {V1 "job/cpu.cfs_quota_us", "-1\n"},
      {V1 "job/cpu.cfs_period_us", "100000\n"}}},
    {"v1, limited by the group above",
     2.5,
     {{CGROUP, "3:cpuacct,cpu:/a/b\n"},
      {MOUNTINFO, V1_MOUNT},
      {V1 "a/cpu.cfs_quota_us", "250000\n"},
      {V1 "a/cpu.cfs_period_us", "100000\n"},
      {V1 "a/b/cpu.cfs_quota_us", "-1\n"},
      {V1 "a/b/cpu.cfs_period_us", "100000\n"}}},
    {"v1, the period is missing",
     0,
     {{CGROUP, "3:cpu,cpuacct:/job\n"},
      {MOUNTINFO, V1_MOUNT},
      {V1 "job/cpu.cfs_quota_us", "200000\n"}}},
    {"v1, only cpuset and cpuacct, which set no quota",
     0,
     {{CGROUP, "3:cpuset,cpuacct:/job\n"},
      {MOUNTINFO, "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpuset,cpuacct\n"},
      {V1 "job/cpu.cfs_quota_us", "200000\n"},
      {V1 "job/cpu.cfs_period_us", "100000\n"}}},
    {"both, the lower wins",
     1,
     {{CGROUP, "3:cpu,cpuacct:/job\n0::/job\n"},
      {MOUNTINFO, V2_MOUNT V1_MOUNT},
      {V1 "job/cpu.cfs_quota_us", "100000\n"},
      {V1 "job/cpu.cfs_period_us", "100000\n"},
      {V2 "job/cpu.max", "300000 100000\n"}}},
    {"both, only v1 limits",
     3,
     {{CGROUP, "3:cpu,cpuacct:/job\n1:name=systemd:/x\n0::/job\n"},
      {MOUNTINFO, V2_MOUNT V1_MOUNT},
      {V1 "job/cpu.cfs_quota_us", "300000\n"},
      {V1 "job/cpu.cfs_period_us", "100000\n"}}},
    {"rubbish in /proc/self",
     0,
     {{CGROUP, "\n:\n::\nno colon\n0:cpu\n0::\n"},
      {MOUNTINFO, "\n \n- \n1 2 3\n1 2 3 4 5 6 7 8\n1 2 3 4 5 6 -\n1 2 3 4 5 6 - cgroup2\n"
                  "1 2 3 / / 6 - cgroup\n\\1 \\ \\12 \\ \\04 \\9 - cgroup2 \\ \\\n"}}},
    {"the mounts cannot be read", 0, {{CGROUP, "0::/job\n"}}},
};

static void quotas_of_all_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        scratch folder;
        scratch_create(&folder);
        for (const fake_file *file = trees[i].files; file->path != NULL; file++)
            scratch_write(&folder, file->path, file->text);
        const double quota = cw_quota_read(folder.root);
        scratch_remove(&folder);
        if (quota != trees[i].quota)
            fail_msg("%s: quota %g, expected %g", trees[i].name, quota, trees[i].quota);
    }
}

/* Lines and paths longer than the kernel's limits are passed over, not cut and believed. */
static void long_lines_are_passed_over(void **state)
{
    (void)state;
    enum { LONG = 20000 };
    static char cgroup[LONG + 64];
    static char mountinfo[2 * LONG + 256];
    static char deep[LONG + 1];
    for (size_t i = 0; i < LONG; i++)
        deep[i] = i % 100 == 0 ? '/' : 'a';
    (void)snprintf(cgroup, sizeof cgroup, "0::%s\n0::/job\n", deep);
    (void)snprintf(mountinfo, sizeof mountinfo,
                   "31 23 0:28 / %s rw - cgroup2 cgroup2 rw\n" V2_MOUNT "1 2 3 %s / 6", deep, deep);
    scratch folder;
    scratch_create(&folder);
    scratch_write(&folder, CGROUP, cgroup);
    scratch_write(&folder, MOUNTINFO, mountinfo);
    scratch_write(&folder, V2 "job/cpu.max", "200000 100000\n");
    const double quota = cw_quota_read(folder.root);
    scratch_remove(&folder);
    assert_true(quota == 2);
}

static void a_root_that_is_not_there(void **state)
{
    (void)state;
    assert_true(cw_quota_read("/no such folder") == 0);
}

static void usable_processors(void **state)
{
    (void)state;
    static const struct {
        int allowed;
        double quota;
        int usable;
    } cases[] = {
        {64, 0, 64},    {64, 2, 2},   {64, 0.5, 1},  {64, 1.5, 2},    {64, 2.01, 3},
        {64, 63.5, 64}, {64, 64, 64}, {64, 200, 64}, {64, 1e300, 64}, {1, 0, 1},
        {1, 0.01, 1},   {0, 0, 1},    {0, 5, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int usable = cw_machine_usable(cases[i].allowed, cases[i].quota);
        if (usable != cases[i].usable)
            fail_msg("%d allowed, quota %g: %d, expected %d", cases[i].allowed, cases[i].quota,
                     usable, cases[i].usable);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotas_of_all_trees),
        cmocka_unit_test(long_lines_are_passed_over),
        cmocka_unit_test(a_root_that_is_not_there),
        cmocka_unit_test(usable_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
