/* Draws the progress bar, in one line that is erased at the end. */
/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "machine/clock.h"
#include "report/units.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_WIDTH_MAX = 40, LINE_MAX_BYTES = 256, DEFAULT_COLUMNS = 80 };

/* A bar that flashes up for less than this says nothing. */
static const uint64_t quiet_ns = 500000000;
static const uint64_t redraw_ns = 200000000;

void cw_progress_bar_init(cw_progress_bar *bar, cw_progress_mode mode)
{
    *bar = (cw_progress_bar){.wanted = mode == CW_PROGRESS_ON ||
                                       (mode == CW_PROGRESS_AUTO && isatty(STDERR_FILENO)),
                             .begin_ns = cw_clock_ns()};
}

void cw_progress_bar_at_once(cw_progress_bar *bar)
{
    bar->begin_ns -= quiet_ns;
}

static int columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return DEFAULT_COLUMNS;
}

static void draw(cw_progress_bar *bar, double share, const char *note)
{
    /* "[...] 100 %  " and the note; the last column stays free, or some terminals wrap. */
    int width = columns() - 1 - 11 - (int)strlen(note);
    if (width > BAR_WIDTH_MAX)
        width = BAR_WIDTH_MAX;
    char cells[BAR_WIDTH_MAX + 3] = "";
    if (width >= 10) {
        cells[0] = '[';
        for (int i = 0; i < width; i++)
            cells[i + 1] = i < (int)(share * width) ? '#' : '.';
        cells[width + 1] = ']';
        cells[width + 2] = '\0';
    }
    char line[LINE_MAX_BYTES];
    (void)snprintf(line, sizeof line, "%s %3d %%  %s", cells, (int)(share * 100), note);
    (void)fprintf(stderr, "\r%.*s\033[K", columns() - 1, line);
    (void)fflush(stderr);
    bar->drawn = true;
}

void cw_progress_bar_show(cw_progress_bar *bar, double share, const char *note)
{
    const uint64_t now = cw_clock_ns();
    if (!bar->wanted || now - bar->begin_ns < quiet_ns)
        return;
    if (bar->drawn && now - bar->drawn_ns < redraw_ns)
        return;
    bar->drawn_ns = now;
    draw(bar, share < 0 ? 0 : share > 1 ? 1 : share, note ? note : "");
}

void cw_progress_bar_update(void *context, uint64_t done, uint64_t total)
{
    cw_progress_bar *bar = context;
    bar->done = done;
    bar->total = total;
    const double elapsed_ns = (double)(cw_clock_ns() - bar->begin_ns);
    const double share = total != 0 ? (double)done / (double)total : 0;
    char note[CW_UNIT_TEXT + 8] = "";
    if (share > 0) {
        char left[CW_UNIT_TEXT];
        (void)snprintf(note, sizeof note, "%s left",
                       cw_print_time(elapsed_ns * (1 - share) / share, false, left));
    }
    cw_progress_bar_show(bar, share, note);
}

void cw_progress_bar_erase(cw_progress_bar *bar)
{
    if (!bar->drawn)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
    bar->drawn = false;
}
