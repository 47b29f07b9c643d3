/* What is found on the machine that runs the test. */
/* SPDX-License-Identifier: MIT */
#include "machine/machine.h"

#include "cmocka_all.h"
#include "config.h"
#include "machine/clock.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void the_machine_makes_sense(void **state)
{
    (void)state;
    const cw_machine *machine = cw_machine_get();
    assert_ptr_equal(machine, cw_machine_get());
    assert_in_range(machine->allowed_cpus, 1, 65536);
    assert_in_range(machine->usable_cpus, 1, machine->allowed_cpus);
    assert_true(machine->quota_cpus >= 0);
    assert_in_range(machine->l1d.bytes, 1 << 10, 1 << 30);
    assert_in_range(machine->l2.bytes, 1 << 10, 1 << 30);
    assert_in_range(machine->l1d.shared_cpus, 1, machine->allowed_cpus);
    assert_in_range(machine->l3.shared_cpus, 1, machine->allowed_cpus);
    assert_in_range(machine->line_bytes, 16, 1024);
    assert_true(strlen(machine->model) > 0);
    assert_null(strstr(machine->model, "  "));
    assert_true(machine->model[0] != ' ');
}

/* A process that may use one processor sees one, and shares its caches with nobody. */
static void the_affinity_mask_is_heeded(void **state)
{
    (void)state;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        skip(); /* more processors than a plain mask holds */
    int last = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        last = CPU_ISSET(cpu, &allowed) ? cpu : last;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        CPU_ZERO(&allowed);
        CPU_SET(last, &allowed);
        if (sched_setaffinity(0, sizeof allowed, &allowed) != 0)
            _exit(2);
        const cw_machine *machine = cw_machine_get();
        _exit(machine->allowed_cpus == 1 && machine->usable_cpus == 1 &&
                      machine->l3.shared_cpus == 1
                  ? 0
                  : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void the_topology_makes_sense(void **state)
{
    (void)state;
    cw_topology topology = {.packages = -7};
    cw_error error = {0};
    const cw_status status = cw_topology_load(&topology, &error);
#if HAVE_HWLOC
    if (status != CW_OK)
        fail_msg("status %d: %s", (int)status, error.sentence);
    assert_in_range(topology.processors, 1, 65536);
    assert_in_range(topology.cores, 0, topology.processors);
    assert_in_range(topology.packages, 0, topology.processors);
    assert_in_range(topology.memory_nodes, 1, 65536);
    assert_true(topology.memory_bytes > 1 << 20);
#else
    assert_int_equal(status, CW_ERR_UNSUPPORTED);
    assert_int_equal(topology.packages, -7);
    assert_non_null(strstr(error.sentence, "hwloc"));
#endif
}

static void the_clock_goes_on(void **state)
{
    (void)state;
    const uint64_t begin = cw_clock_ns();
    uint64_t before = begin;
    for (int i = 0; i < 1000; i++) {
        const uint64_t now = cw_clock_ns();
        assert_true(now >= before);
        before = now;
    }
    while (cw_clock_ns() == begin)
        ;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First, so that its child has not looked at the machine yet. */
        cmocka_unit_test(the_affinity_mask_is_heeded),
        cmocka_unit_test(the_machine_makes_sense),
        cmocka_unit_test(the_topology_makes_sense),
        cmocka_unit_test(the_clock_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
