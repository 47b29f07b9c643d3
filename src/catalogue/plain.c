/* The sieve of Eratosthenes. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/plain.h"

#include "base/memory.h"

#include <stdbool.h>

cw_status cw_plain_counts(uint32_t last, uint32_t **counts, cw_error *error)
{
    const size_t size = (size_t)last + 1;
    uint32_t *table = cw_memory_alloc(size, sizeof *table);
    bool *composite = cw_memory_zalloc(size, sizeof *composite);
    if (table == NULL || composite == NULL) {
        cw_memory_free(table);
        cw_memory_free(composite);
        return cw_error_set(error, CW_ERR_NO_MEMORY, CW_NO_INDEX, NULL,
                            "no memory for a plain sieve of %zu numbers", size);
    }
    uint32_t count = 0;
    for (uint64_t n = 0; n <= last; n++) {
        if (n >= 2 && !composite[n]) {
            count++;
            for (uint64_t multiple = n * n; multiple <= last; multiple += n)
                composite[multiple] = true;
        }
        table[n] = count;
    }
    cw_memory_free(composite);
    *counts = table;
    return CW_OK;
}
