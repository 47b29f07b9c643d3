/* The chunkwise command. */
/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return cw_command_main(argc, argv);
}
