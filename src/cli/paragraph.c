/* Breaking text between its words. */
/* SPDX-License-Identifier: MIT */
#include "cli/paragraph.h"

#include <string.h>

enum { COLUMNS = 79 };

void cw_paragraph_print(FILE *stream, const char *text, int margin)
{
    int at = margin;
    while (*text != '\0') {
        const int length = (int)strcspn(text, " \n");
        if (at > margin && at + 1 + length > COLUMNS) {
            (void)fprintf(stream, "\n%*s", margin, "");
            at = margin;
        } else if (at > margin) {
            (void)fputc(' ', stream);
            at++;
        }
        (void)fprintf(stream, "%.*s", length, text);
        at += length;
        text += length;
        if (*text == '\n') {
            (void)fprintf(stream, "\n%*s", margin, "");
            at = margin;
        }
        text += *text != '\0';
    }
    (void)fputc('\n', stream);
}
