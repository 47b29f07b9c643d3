/* A made-up result with something of everything in it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TESTS_SAMPLE_H
#define CW_TESTS_SAMPLE_H

#include "measure/result.h"

/* `dirty_of_ten`: how many of each ten rounds were disturbed on all attempts. */
cw_result *sample_result(size_t setting_count, unsigned rounds, unsigned dirty_of_ten);

#endif
