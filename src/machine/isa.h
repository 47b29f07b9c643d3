/* How the instruction-set level of this machine comes about. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MACHINE_ISA_H
#define CW_MACHINE_ISA_H

#include <chunkwise/machine.h>

#include <stdbool.h>

/* What processor, operating system and this build have, whatever $CW_ISA says. Not kept. */
cw_isa cw_isa_hardware(void);

/*
 * The text of $CW_ISA as it was when the level was first looked up; NULL when it is not set or
 * empty. *understood says whether it named a level: the library passes over one that does not, the
 * command complains.
 */
const char *cw_isa_environment(bool *understood);

#endif
