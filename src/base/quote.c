/* Cutting and cleaning text that a sentence repeats. */
/* SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include <stdbool.h>
#include <string.h>

#define TEXT_BYTES 39
#define DOTS       "..."
#define DOTS_BYTES 3

/* Inside a character of UTF-8 that takes several bytes. */
static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static void copy_clean(char *to, const char *from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)from[i];
        to[i] = (char)(c < ' ' || c == 0x7f ? '?' : c);
    }
    to[size] = 0;
}

cw_quote cw_quote_text(const char *text)
{
    cw_quote quote = {.text = ""};
    size_t size = strnlen(text, TEXT_BYTES + 1);
    if (size <= TEXT_BYTES) {
        copy_clean(quote.text, text, size);
        return quote;
    }
    size = TEXT_BYTES - DOTS_BYTES;
    while (size > 0 && is_continuation(text[size]))
        size--;
    copy_clean(quote.text, text, size);
    memcpy(quote.text + size, DOTS, DOTS_BYTES + 1);
    return quote;
}

cw_quote cw_quote_path(const char *path)
{
    cw_quote quote = {.text = ""};
    const size_t room = sizeof quote.text - 1;
    const size_t size = strlen(path);
    if (size <= room) {
        copy_clean(quote.text, path, size);
        return quote;
    }
    const char *from = path + size - (room - DOTS_BYTES);
    while (is_continuation(*from))
        from++;
    memcpy(quote.text, DOTS, DOTS_BYTES);
    copy_clean(quote.text + DOTS_BYTES, from, strlen(from));
    return quote;
}
