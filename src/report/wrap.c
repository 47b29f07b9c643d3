/* Breaking text into lines. */
/* SPDX-License-Identifier: MIT */
#include "report/wrap.h"

/* Whether a byte goes on with the character before it. */
static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

int cw_text_columns(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; text++)
        columns += !continues(*text);
    return columns;
}

/* Columns up to the next space or the end. */
static int word_columns(const char *text)
{
    int columns = 0;
    for (; *text != '\0' && *text != ' '; text++)
        columns += !continues(*text);
    return columns;
}

/* Print the character that starts at text; returns where the next one does. */
static const char *print_character(FILE *stream, const char *text, bool unicode)
{
    const unsigned char first = (unsigned char)*text;
    const bool control = first < 0x20 || first == 0x7F;
    const bool shown = !control && (first < 0x80 || unicode);
    do {
        if (shown)
            (void)fputc(*text, stream);
        text++;
    } while (continues(*text));
    if (!shown)
        (void)fputc('?', stream);
    return text;
}

void cw_text_wrap(FILE *stream, const char *text, int columns, bool unicode)
{
    int used = 0;
    while (*text != '\0') {
        if (*text == ' ') {
            text++;
            continue;
        }
        const int word = word_columns(text);
        if (used > 0 && used + 1 + word > columns) {
            (void)fputc('\n', stream);
            used = 0;
        }
        if (used > 0) {
            (void)fputc(' ', stream);
            used++;
        }
        while (*text != '\0' && *text != ' ') {
            if (used == columns) {
                (void)fputc('\n', stream);
                used = 0;
            }
            text = print_character(stream, text, unicode);
            used++;
        }
    }
    (void)fputc('\n', stream);
}
