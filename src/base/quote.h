/* Text from outside, made fit to stand in a sentence. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_QUOTE_H
#define CW_BASE_QUOTE_H

/* Bytes that would disturb a terminal are replaced by '?', and what is too long is cut, marked by
 * three dots, between characters. Use it as cw_quote_path(path).text. */
typedef struct cw_quote {
    char text[100];
} cw_quote;

/* The beginning of the text, 39 bytes at most: it fits cw_error's value. */
cw_quote cw_quote_text(const char *text);

/* The end of a path, 99 bytes at most. */
cw_quote cw_quote_path(const char *path);

#endif
