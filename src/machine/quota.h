/* How much processor time the control group of this process may use. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MACHINE_QUOTA_H
#define CW_MACHINE_QUOTA_H

/*
 * The cgroup CPU quota, v1 or v2, in processors: the lowest on the way from the group of this
 * process up to the root; 0 when there is none or it cannot be told. `root` is put before every
 * path that is read: "" for this machine, a folder for a test.
 */
double cw_quota_read(const char *root);

#endif
