/* The list of all kernels. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/kernels.h"

#include <string.h>

static const cw_kernel *const catalogue[] = {
    &cw_kernel_primes,
    &cw_kernel_is_prime,
    &cw_kernel_square,
    &cw_kernel_cube,
    &cw_kernel_sum,
    &cw_kernel_wait,
    NULL,
};

const cw_kernel *const *cw_catalogue(void)
{
    return catalogue;
}

const cw_kernel *cw_catalogue_find(const char *name)
{
    for (const cw_kernel *const *kernel = catalogue; *kernel != NULL; kernel++)
        if (strcmp((*kernel)->name, name) == 0)
            return *kernel;
    return NULL;
}
