/* The nearest of some names to what was typed, for "did you mean". */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CLI_SPELLING_H
#define CW_CLI_SPELLING_H

/* Steps from one word to the other: a letter more, less, another, or two neighbours swapped. */
int cw_spelling_distance(const char *a, const char *b);

/* Keeps the nearest of the names it is shown. */
typedef struct cw_spelling {
    const char *typed;
    const char *nearest; /* NULL while none is near enough to be what was meant */
    int distance;
} cw_spelling;

cw_spelling cw_spelling_of(const char *typed);
void cw_spelling_offer(cw_spelling *spelling, const char *name);

#endif
