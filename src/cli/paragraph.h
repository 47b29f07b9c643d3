/* Text of ours in lines that fit a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_PARAGRAPH_H
#define CW_CLI_PARAGRAPH_H

#include <stdio.h>

/* Print words at a left margin and end the line, the first one being begun at column `margin` by
 * the caller. Line breaks in the text are kept. */
void cw_paragraph_print(FILE *stream, const char *text, int margin);

#endif
