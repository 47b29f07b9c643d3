/* A result as a table for a person at a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_TEXT_H
#define CW_REPORT_TEXT_H

#include "measure/result.h"

#include <stdio.h>

/* What the reader's terminal can show. All zero is plain ASCII without colour. */
typedef struct cw_text_style {
    bool colour;
    bool unicode;
} cw_text_style;

/* Colour when the stream is a terminal that is not dumb and NO_COLOR is unset or empty; unicode
 * when LC_ALL, LC_CTYPE or LANG (the first that is set) names UTF-8. */
cw_text_style cw_text_style_of(FILE *stream);

/* Print the table and the conclusions, in lines of at most 80 columns.
 * CW_ERR_IO when the stream takes no more. */
cw_status cw_text_print(const cw_result *result, const cw_text_style *style, FILE *stream,
                        cw_error *error);

#endif
