/* Lines of limited width, for text that may hold anything. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_REPORT_WRAP_H
#define CW_REPORT_WRAP_H

#include <stdbool.h>
#include <stdio.h>

/* Columns that a text takes: characters of UTF-8, each counted as one. */
int cw_text_columns(const char *text);

/*
 * Print a text in lines of at most `columns`, broken between words, or inside a word that is longer
 * than a line; ends with a newline. Control characters are printed as `?`, so that a file's name
 * cannot steer the terminal, and so is all but ASCII unless `unicode`.
 */
void cw_text_wrap(FILE *stream, const char *text, int columns, bool unicode);

#endif
