/* The table of an experiment, what to be careful about, and what it comes to. */
/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include "report/units.h"
#include "report/wrap.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { COLUMNS = 80, GAP = 2, BAR_LEAST = 8, BAR_MOST = 16, CELL = 96, LINE = 8192 };

cw_text_style cw_text_style_of(FILE *stream)
{
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    const bool terminal = isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
    const char *locale = getenv("LC_ALL");
    if (locale == NULL || *locale == '\0')
        locale = getenv("LC_CTYPE");
    if (locale == NULL || *locale == '\0')
        locale = getenv("LANG");
    return (cw_text_style){
        .colour = terminal && (no_colour == NULL || *no_colour == '\0'),
        .unicode = locale != NULL &&
                   (strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL),
    };
}

/* What is being printed, and how. */
typedef struct page {
    const cw_result *result;
    cw_text_style style;
    FILE *stream;
} page;

static const char bold[] = "1", dim[] = "2", green[] = "32", red[] = "31", yellow[] = "33";

static void colour_on(const page *p, const char *code)
{
    if (p->style.colour)
        (void)fprintf(p->stream, "\x1b[%sm", code);
}

static void colour_off(const page *p)
{
    if (p->style.colour)
        (void)fputs("\x1b[0m", p->stream);
}

/* A paragraph in one colour; NULL for none. */
__attribute__((format(printf, 3, 4))) static void say(const page *p, const char *colour,
                                                      const char *format, ...)
{
    char line[LINE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (colour != NULL)
        colour_on(p, colour);
    cw_text_wrap(p->stream, line, COLUMNS, p->style.unicode);
    if (colour != NULL)
        colour_off(p);
}

/* The columns of the table. Each prints one cell of one setting; "-" is not known. */

typedef void print_cell(const page *p, size_t setting, char cell[CELL]);

static void print_name(const page *p, size_t setting, char cell[CELL])
{
    cw_setting_print(&p->result->settings[setting], cell, CELL);
}

static void print_median(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_time(p->result->summaries[setting].median_ns, p->style.unicode, cell);
}

static void print_spread(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_percent(p->result->summaries[setting].spread, cell);
}

static void print_items(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_rate(p->result->summaries[setting].items_per_second, "/s", cell);
}

static void print_bytes(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_rate(p->result->summaries[setting].bytes_per_second, "B/s", cell);
}

/* "1.97x (1.95-1.99)" */
static void print_speedup(const page *p, size_t setting, char cell[CELL])
{
    const cw_summary *summary = &p->result->summaries[setting];
    char ratio[CW_UNIT_TEXT], low[CW_UNIT_TEXT], high[CW_UNIT_TEXT];
    if (isnan(summary->speedup))
        (void)snprintf(cell, CELL, "-");
    else
        (void)snprintf(cell, CELL, "%sx (%s-%s)", cw_print_ratio(summary->speedup, ratio),
                       cw_print_ratio(summary->speedup_low, low),
                       cw_print_ratio(summary->speedup_high, high));
}

static void print_efficiency(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_ratio(p->result->summaries[setting].efficiency, cell);
}

static void print_serial_fraction(const page *p, size_t setting, char cell[CELL])
{
    (void)cw_print_fraction(p->result->summaries[setting].serial_fraction, cell);
}

typedef struct column {
    const char *title;
    print_cell *print;
    int width; /* 0: left out */
} column;

enum { NAME, MEDIAN, SPREAD, ITEMS, BYTES, SPEEDUP, EFFICIENCY, FRACTION, TABLE_COLUMNS };

static const column all_columns[TABLE_COLUMNS] = {
    [NAME] = {.title = "setting", .print = print_name},
    [MEDIAN] = {.title = "median", .print = print_median},
    [SPREAD] = {.title = "spread", .print = print_spread},
    [ITEMS] = {.title = "items", .print = print_items},
    [BYTES] = {.title = "bytes", .print = print_bytes},
    [SPEEDUP] = {.title = "speed-up (95 %)", .print = print_speedup},
    [EFFICIENCY] = {.title = "eff", .print = print_efficiency},
    [FRACTION] = {.title = "K-F", .print = print_serial_fraction},
};

/* Widths of the cells, and the width left for a bar after them. */
typedef struct table {
    column columns[TABLE_COLUMNS];
    int gap;
    int bar;         /* 0: no room */
    double bar_full; /* the speed-up that fills it */
} table;

/* A column takes what its widest cell takes; one in which nothing is known is left out. */
static int column_width(const page *p, const column *c)
{
    int width = 0;
    for (size_t i = 0; i < p->result->setting_count; i++) {
        char cell[CELL];
        c->print(p, i, cell);
        const int columns = strcmp(cell, "-") == 0 ? 0 : cw_text_columns(cell);
        width = columns > width ? columns : width;
    }
    const int title = cw_text_columns(c->title);
    return width > 0 && title > width ? title : width;
}

/* What the items are called stands above their rate if it is short. */
static const char *items_title(const cw_result *result)
{
    const char *items = cw_result_said(result, CW_TEXT_ITEMS);
    const bool fits = *items != '\0' && strlen(items) <= 8 &&
                      strspn(items, "abcdefghijklmnopqrstuvwxyz") == strlen(items);
    return fits ? items : "items";
}

/* Width of the columns after the name, gaps before them included. */
static int figures_width(const table *t)
{
    int width = 0;
    for (int i = NAME + 1; i < TABLE_COLUMNS; i++)
        width += t->columns[i].width == 0 ? 0 : t->gap + t->columns[i].width;
    return width;
}

/* Names that are too long for what the figures leave stand on a line of their own. */
static table lay_out(const page *p)
{
    table t = {.gap = GAP};
    memcpy(t.columns, all_columns, sizeof all_columns);
    t.columns[ITEMS].title = items_title(p->result);
    for (int i = 0; i < TABLE_COLUMNS; i++)
        t.columns[i].width = column_width(p, &t.columns[i]);
    if (t.columns[NAME].width + figures_width(&t) > COLUMNS)
        t.gap = 1;
    const int room = COLUMNS - figures_width(&t);
    if (t.columns[NAME].width > room)
        t.columns[NAME].width = room;
    const int left = room - t.columns[NAME].width - t.gap;
    t.bar = left < BAR_LEAST ? 0 : left > BAR_MOST ? BAR_MOST : left;
    for (size_t i = 0; i < p->result->setting_count; i++) {
        const double speedup = p->result->summaries[i].speedup;
        t.bar_full = fmax(t.bar_full, p->result->settings[i].threads);
        t.bar_full = isnan(speedup) ? t.bar_full : fmax(t.bar_full, speedup);
    }
    return t;
}

static void print_spaces(const page *p, int count)
{
    (void)fprintf(p->stream, "%*s", count > 0 ? count : 0, "");
}

static void print_titles(const page *p, const table *t)
{
    colour_on(p, bold);
    (void)fputs(t->columns[NAME].title, p->stream);
    print_spaces(p, t->columns[NAME].width - cw_text_columns(t->columns[NAME].title));
    for (int i = NAME + 1; i < TABLE_COLUMNS; i++) {
        if (t->columns[i].width > 0)
            (void)fprintf(p->stream, "%*s", t->gap + t->columns[i].width, t->columns[i].title);
    }
    colour_off(p);
    (void)fputc('\n', p->stream);
}

/* Eighths of a column where the terminal has them. */
static void print_bar(const page *p, const table *t, double speedup)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (t->bar == 0 || isnan(speedup) || t->bar_full <= 0)
        return;
    const int parts = p->style.unicode ? 8 : 1;
    const int length = (int)lround(speedup / t->bar_full * t->bar * parts);
    if (length == 0)
        return;
    print_spaces(p, t->gap);
    for (int i = 0; i < length / parts; i++)
        (void)fputs(p->style.unicode ? "█" : "#", p->stream);
    (void)fputs(eighths[length % parts], p->stream);
}

static const char *claim_colour(cw_claim claim)
{
    return claim == CW_CLAIM_FASTER ? green : claim == CW_CLAIM_SLOWER ? red : NULL;
}

static void print_row(const page *p, const table *t, size_t setting)
{
    const cw_summary *summary = &p->result->summaries[setting];
    char cell[CELL];
    print_name(p, setting, cell);
    (void)fputs(cell, p->stream);
    if (cw_text_columns(cell) > t->columns[NAME].width) {
        (void)fputc('\n', p->stream);
        print_spaces(p, t->columns[NAME].width);
    } else {
        print_spaces(p, t->columns[NAME].width - cw_text_columns(cell));
    }
    for (int i = NAME + 1; i < TABLE_COLUMNS; i++) {
        if (t->columns[i].width == 0)
            continue;
        t->columns[i].print(p, setting, cell);
        const char *colour = i == SPEEDUP ? claim_colour(summary->claim) : NULL;
        print_spaces(p, t->gap + t->columns[i].width - cw_text_columns(cell));
        if (colour != NULL)
            colour_on(p, colour);
        (void)fputs(cell, p->stream);
        if (colour != NULL)
            colour_off(p);
    }
    print_bar(p, t, summary->speedup);
    (void)fputc('\n', p->stream);
}

static void print_table(const page *p)
{
    const table t = lay_out(p);
    print_titles(p, &t);
    for (size_t i = 0; i < p->result->setting_count; i++)
        print_row(p, &t, i);
}

/* Around the table. */

static void print_heading(const page *p)
{
    const cw_result *result = p->result;
    const char *parameters = cw_result_said(result, CW_TEXT_PARAMETERS);
    say(p, bold, "%s %s", cw_result_said(result, CW_TEXT_SUBJECT), parameters);

    static const cw_result_text parts[] = {CW_TEXT_PROCESSOR, CW_TEXT_ISA,
                                           CW_TEXT_SYSTEM,    CW_TEXT_OPENMP,
                                           CW_TEXT_COMPILER,  CW_TEXT_ENVIRONMENT};
    char line[LINE];
    int length = 0;
    if (result->usable_cpus > 0)
        length = snprintf(line, sizeof line, "%d processor%s", result->usable_cpus,
                          result->usable_cpus == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *said = cw_result_said(result, parts[i]);
        if (*said != '\0' && (size_t)length < sizeof line)
            length += snprintf(line + length, sizeof line - (size_t)length, "%s%s",
                               length > 0 ? ", " : "", said);
    }
    if (length > 0)
        say(p, dim, "%s", line);
}

static void print_legend(const page *p)
{
    say(p, dim, "spread: quartiles / median, eff: speed-up / threads, K-F: Karp-Flatt fraction");
}

static void print_account(const page *p)
{
    const cw_result *result = p->result;
    if (result->run_count == 0)
        return;
    char elapsed[CW_UNIT_TEXT];
    say(p, NULL, "%zu run%s in %u round%s, %s. All gave the same result.", result->run_count,
        result->run_count == 1 ? "" : "s", result->rounds, result->rounds == 1 ? "" : "s",
        cw_print_time((double)result->elapsed_ns, p->style.unicode, elapsed));
}

static void print_ending(const page *p)
{
    char precision[CW_UNIT_TEXT];
    const char *within = p->style.unicode ? "±" : "+-";
    (void)cw_print_percent(p->result->precision, precision);
    switch (p->result->ending) {
    case CW_ENDING_ROUNDS:
        say(p, NULL, "Ended by the limit of rounds before all speed-ups were known to %s%s.",
            within, precision);
        break;
    case CW_ENDING_TIME:
        say(p, NULL, "Ended by the limit of time before all speed-ups were known to %s%s.", within,
            precision);
        break;
    case CW_ENDING_CANCELLED:
        say(p, yellow, "Cancelled: the figures are what was known by then.");
        break;
    case CW_ENDING_PRECISE:
        break;
    }
}

static size_t dirty_runs(const cw_result *result)
{
    size_t dirty = 0;
    for (size_t i = 0; i < result->setting_count; i++)
        dirty += result->summaries[i].dirty_runs;
    return dirty;
}

static void print_warnings(const page *p)
{
    const cw_result *result = p->result;
    const size_t dirty = dirty_runs(result);
    if (dirty > 0 && !result->busy)
        say(p, yellow, "Other programs disturbed %zu run%s, which no figure uses.", dirty,
            dirty == 1 ? "" : "s");
    if (!result->foreign_known)
        say(p, yellow,
            "The load of other programs cannot be seen here; runs may have been disturbed.");
    if (result->team_spins)
        say(p, yellow,
            "Idle threads went on spinning (OMP_WAIT_POLICY) and may have slowed serial runs.");
}

/* The setting that comes out fastest; 0 when no speed-up is known. */
static size_t fastest_setting(const cw_result *result)
{
    size_t fastest = 0;
    for (size_t i = 1; i < result->setting_count; i++) {
        const double speedup = result->summaries[i].speedup;
        if (!isnan(speedup) && (fastest == 0 || speedup > result->summaries[fastest].speedup))
            fastest = i;
    }
    return fastest;
}

/* "1.97x (1.95 to 1.99)" */
static void print_claimed(const cw_summary *summary, char text[CELL])
{
    char ratio[CW_UNIT_TEXT], low[CW_UNIT_TEXT], high[CW_UNIT_TEXT];
    (void)snprintf(text, CELL, "%sx (%s to %s)", cw_print_ratio(summary->speedup, ratio),
                   cw_print_ratio(summary->speedup_low, low),
                   cw_print_ratio(summary->speedup_high, high));
}

static void conclude(const page *p, size_t setting)
{
    const cw_summary *summary = &p->result->summaries[setting];
    char name[CELL], base[CELL], claimed[CELL], efficiency[CW_UNIT_TEXT];
    print_name(p, setting, name);
    print_name(p, 0, base);
    print_claimed(summary, claimed);
    (void)cw_print_ratio(summary->efficiency, efficiency);
    switch (summary->claim) {
    case CW_CLAIM_FASTER:
        say(p, green, "%s: %s as fast as %s%s%s", name, claimed, base,
            isnan(summary->efficiency) ? "" : ", efficiency ",
            isnan(summary->efficiency) ? "" : efficiency);
        break;
    case CW_CLAIM_SLOWER:
        say(p, red, "Nothing is faster than %s. Next best, %s: %s as fast, which is slower", base,
            name, claimed);
        break;
    case CW_CLAIM_SAME:
        say(p, bold, "Nothing is faster than %s. %s: %s as fast, no difference worth the name",
            base, name, claimed);
        break;
    default:
        say(p, bold, "Too close to call. %s: %s as fast as %s", name, claimed, base);
    }
}

static void print_conclusion(const page *p)
{
    const cw_result *result = p->result;
    if (result->busy) {
        char share[CW_UNIT_TEXT];
        say(p, red,
            "No verdict: other programs kept the machine busy, only %s of the runs were "
            "undisturbed. The figures above are doubtful; try again on a quieter machine.",
            cw_print_percent(result->clean_share, share));
        return;
    }
    if (result->setting_count < 2)
        return;
    const size_t fastest = fastest_setting(result);
    if (fastest == 0)
        say(p, bold, "No verdict: too few rounds for an interval.");
    else
        conclude(p, fastest);
}

cw_status cw_text_print(const cw_result *result, const cw_text_style *style, FILE *stream,
                        cw_error *error)
{
    const page p = {.result = result, .style = *style, .stream = stream};
    print_heading(&p);
    (void)fputc('\n', stream);
    print_table(&p);
    (void)fputc('\n', stream);
    print_legend(&p);
    print_account(&p);
    print_ending(&p);
    print_warnings(&p);
    (void)fputc('\n', stream);
    print_conclusion(&p);
    if (fflush(stream) != 0 || ferror(stream))
        return cw_error_set(error, CW_ERR_IO, CW_NO_INDEX, NULL,
                            "the report could not be written in full");
    return CW_OK;
}
