/* From the raw runs of a result to its figures. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_SUMMARY_H
#define CW_MEASURE_SUMMARY_H

#include "measure/result.h"

/*
 * Fill the summaries, clean_share and busy from the runs so far; everything else stays. Of each
 * round and setting the last attempt counts, if it is clean; when the machine was busy, clean or
 * not, so that there is something to show, and nothing is claimed. CW_ERR_NO_MEMORY.
 */
cw_status cw_result_summarise(cw_result *result, cw_error *error);

/* Relative half-width of the widest interval of a speed-up; NAN when one is not known yet; 0 when
 * there is nothing to compare. */
double cw_result_widest(const cw_result *result);

#endif
