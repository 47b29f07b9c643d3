/* How far apart two words are, and which of several is nearest. */
/* SPDX-License-Identifier: MIT */
#include "cli/spelling.h"

#include <stddef.h>
#include <string.h>

/* Longer words are no names of ours. */
enum { WORD_MAX = 32 };

static int min3(int a, int b, int c)
{
    const int least = a < b ? a : b;
    return least < c ? least : c;
}

int cw_spelling_distance(const char *a, const char *b)
{
    const size_t rows = strlen(a);
    const size_t columns = strlen(b);
    if (rows > WORD_MAX || columns > WORD_MAX)
        return WORD_MAX;
    /* Optimal string alignment: steps[i][j] takes i letters of a to j letters of b. */
    int steps[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= rows; i++)
        steps[i][0] = (int)i;
    for (size_t j = 0; j <= columns; j++)
        steps[0][j] = (int)j;
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            const int same = a[i - 1] == b[j - 1];
            steps[i][j] =
                min3(steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + !same);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                steps[i - 2][j - 2] + 1 < steps[i][j])
                steps[i][j] = steps[i - 2][j - 2] + 1;
        }
    }
    return steps[rows][columns];
}

cw_spelling cw_spelling_of(const char *typed)
{
    return (cw_spelling){.typed = typed, .distance = WORD_MAX};
}

void cw_spelling_offer(cw_spelling *spelling, const char *name)
{
    const int distance = cw_spelling_distance(spelling->typed, name);
    const int most = strlen(name) <= 3 ? 1 : strlen(name) <= 5 ? 2 : 3;
    if (distance <= most && distance < spelling->distance) {
        spelling->nearest = name;
        spelling->distance = distance;
    }
}
