/* The CPU quota of a control group, found as the kernel lays it out: /proc/self/cgroup names the
 * group, /proc/self/mountinfo says where its folder is mounted, and the folder and those above it
 * hold the limits (cgroups(7), proc_pid_mountinfo(5)). */
/* SPDX-License-Identifier: MIT */
#include "machine/quota.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line holds at most two paths; longer lines are passed over. */
#define LINE_BYTES 8704
#define PATH_BYTES 4096

/* The two generations keep their limits in different files; a hybrid system has both. */
typedef enum generation { V1, V2 } generation;

/* Where this process stands in the hierarchy of one generation. */
typedef struct membership {
    bool known;
    char group[PATH_BYTES];
} membership;

static FILE *open_below(const char *root, const char *path)
{
    char full[2 * PATH_BYTES];
    const int length = snprintf(full, sizeof full, "%s%s", root, path);
    return length > 0 && (size_t)length < sizeof full ? fopen(full, "re") : NULL;
}

/* The next whole line without its end; false at the end of the file. */
static bool next_line(FILE *file, char *line, size_t room)
{
    while (fgets(line, (int)room, file) != NULL) {
        const size_t length = strlen(line);
        if (length > 0 && line[length - 1] == '\n') {
            line[length - 1] = 0;
            return true;
        }
        if (feof(file))
            return true;
        int c;
        do
            c = getc(file);
        while (c != '\n' && c != EOF);
    }
    return false;
}

/* Whether a comma-separated list has the word "cpu". */
static bool lists_cpu(const char *list)
{
    for (const char *at = list; *at != 0; at += strcspn(at, ","), at += *at == ',') {
        if (strcspn(at, ",") == 3 && strncmp(at, "cpu", 3) == 0)
            return true;
    }
    return false;
}

/* From "4:cpu,cpuacct:/path" (v1) or "0::/path" (v2). */
static void read_memberships(const char *root, membership groups[2])
{
    FILE *file = open_below(root, "/proc/self/cgroup");
    if (file == NULL)
        return;
    char line[LINE_BYTES];
    while (next_line(file, line, sizeof line)) {
        char *controllers = strchr(line, ':');
        char *path = controllers == NULL ? NULL : strchr(controllers + 1, ':');
        if (path == NULL || strlen(path + 1) >= PATH_BYTES)
            continue;
        *controllers++ = 0;
        *path++ = 0;
        const bool is_v2 = strcmp(line, "0") == 0 && controllers[0] == 0;
        if (!is_v2 && !lists_cpu(controllers))
            continue;
        membership *group = &groups[is_v2 ? V2 : V1];
        group->known = true;
        (void)snprintf(group->group, sizeof group->group, "%s", path);
    }
    (void)fclose(file);
}

/* mountinfo writes space, tab, line end and backslash as \040 and the like. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from != 0; to++) {
        unsigned code;
        if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3 &&
            sscanf(from + 1, "%3o", &code) == 1) {
            *to = (char)code;
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = 0;
}

/* The first line of a small file; false when it cannot be read. */
static bool read_setting(const char *root, const char *folder, const char *name, char *line,
                         size_t room)
{
    char path[PATH_BYTES + 64];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? open_below(root, path) : NULL;
    if (file == NULL)
        return false;
    const bool found = next_line(file, line, room);
    (void)fclose(file);
    return found;
}

/* The quota set in one folder, in processors; 0 when none is set there. */
static double read_folder(const char *root, const char *folder, generation from)
{
    char quota[64];
    char period[64];
    if (from == V2) {
        /* "max 100000" or "50000 100000" */
        if (!read_setting(root, folder, "cpu.max", quota, sizeof quota))
            return 0;
        char *space = strchr(quota, ' ');
        (void)snprintf(period, sizeof period, "%s", space == NULL ? "100000" : space + 1);
    } else if (!read_setting(root, folder, "cpu.cfs_quota_us", quota, sizeof quota) ||
               !read_setting(root, folder, "cpu.cfs_period_us", period, sizeof period)) {
        return 0;
    }
    /* "max" reads as 0, and v1 writes -1 where there is none. */
    const long long quota_us = strtoll(quota, NULL, 10);
    const long long period_us = strtoll(period, NULL, 10);
    return quota_us > 0 && period_us > 0 ? (double)quota_us / (double)period_us : 0;
}

static double lower(double a, double b)
{
    if (a > 0 && b > 0)
        return a < b ? a : b;
    return a > 0 ? a : b;
}

/* The part of the group's path below what is mounted. A container may see its group from outside
 * and have it mounted as the top: then the mount itself is the folder. */
static const char *below_mount(const char *group, const char *mounted)
{
    const size_t length = strcmp(mounted, "/") == 0 ? 0 : strlen(mounted);
    const bool inside = strncmp(group, mounted, length) == 0 &&
                        (group[length] == '/' || group[length] == 0) &&
                        strstr(group, "/..") == NULL;
    return inside ? group + length : "";
}

/* The lowest quota from the group's folder up to the mount point. */
static double read_upwards(const char *root, const char *mount_point, const char *below,
                           generation from)
{
    char folder[2 * PATH_BYTES];
    const int length = snprintf(folder, sizeof folder, "%s%s", mount_point, below);
    if (length < 0 || length >= PATH_BYTES)
        return 0;
    const size_t top = strlen(mount_point);
    double quota = 0;
    for (;;) {
        quota = lower(quota, read_folder(root, folder, from));
        char *slash = strrchr(folder + top, '/');
        if (slash == NULL)
            return quota;
        *slash = 0;
    }
}

/* The quota under one line of mountinfo, "36 35 0:31 /mounted /mount/point rw,… - cgroup2 … rw",
 * with any number of optional fields before the dash; 0 when it is no mount of ours. */
static double read_mount(const char *root, char *line, const membership groups[2])
{
    char *fields[6];
    char *rest = line;
    for (int i = 0; i < 6; i++) {
        fields[i] = strsep(&rest, " ");
        if (rest == NULL)
            return 0;
    }
    char *dash = strncmp(rest, "- ", 2) == 0 ? rest - 1 : strstr(rest, " - ");
    if (dash == NULL)
        return 0;
    char *after = dash + 3;
    const char *type = strsep(&after, " ");
    (void)strsep(&after, " ");
    const bool is_v2 = strcmp(type, "cgroup2") == 0;
    const bool is_v1 = strcmp(type, "cgroup") == 0 && after != NULL && lists_cpu(after);
    const generation from = is_v2 ? V2 : V1;
    if ((!is_v1 && !is_v2) || !groups[from].known)
        return 0;
    unescape(fields[3]);
    unescape(fields[4]);
    return read_upwards(root, fields[4], below_mount(groups[from].group, fields[3]), from);
}

double cw_quota_read(const char *root)
{
    membership groups[2] = {{.known = false}, {.known = false}};
    read_memberships(root, groups);
    FILE *file =
        groups[V1].known || groups[V2].known ? open_below(root, "/proc/self/mountinfo") : NULL;
    if (file == NULL)
        return 0;
    double quota = 0;
    char line[LINE_BYTES];
    while (next_line(file, line, sizeof line))
        quota = lower(quota, read_mount(root, line, groups));
    (void)fclose(file);
    return quota;
}
