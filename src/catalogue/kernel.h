/* A kernel as the command sees it: parameters, a job made of them, and what can be done with it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_KERNEL_H
#define CW_CATALOGUE_KERNEL_H

#include <chunkwise/plan.h>

#include <stdbool.h>

typedef enum cw_parameter_kind {
    CW_PARAMETER_NUMBER, /* u64, as base/parse.h reads it */
    CW_PARAMETER_TEXT,   /* a file name or the like */
    CW_PARAMETER_CHOICE, /* one of `choices` */
    CW_PARAMETER_FLAG    /* present or not */
} cw_parameter_kind;

typedef struct cw_parameter {
    const char *name; /* positional: as usage prints it (A, FILE); else the option without dashes */
    char letter;      /* one-letter option, or 0 */
    bool positional;
    bool required;
    cw_parameter_kind kind;
    uint64_t least, most;       /* bounds of a number */
    const char *unit;           /* of a number, or NULL */
    const char *const *choices; /* NULL-terminated */
    const char *preset;         /* default as text, or NULL */
    const char *help;           /* one line */
} cw_parameter;

enum { CW_PARAMETERS_MAX = 12 };

/* The value given for the parameter of the same index. */
typedef struct cw_value {
    bool given;      /* by the user; a preset fills the rest but leaves this false */
    bool present;    /* given or preset */
    uint64_t number; /* NUMBER; index into choices for CHOICE; 1 for a FLAG that is present */
    const char *text;
} cw_value;

/* What one run handles, for items/s and bytes/s. Zero bytes: not bound to memory, do not print. */
typedef struct cw_rates {
    uint64_t items;
    const char *item_name; /* plural: "numbers", "items" */
    uint64_t bytes_read;
    uint64_t bytes_written;
} cw_rates;

/* One named result, for people and for JSON. */
typedef struct cw_fact {
    const char *name; /* stable JSON key in snake case */
    enum { CW_FACT_U64, CW_FACT_I64, CW_FACT_F64, CW_FACT_TEXT } kind;
    uint64_t u64;
    int64_t i64;
    double f64;
    char text[64];
} cw_fact;

enum { CW_FACTS_MAX = 8 };

/* Where a job's bulky output goes. */
typedef enum cw_destination {
    CW_DESTINATION_NONE,   /* it has none: facts are all */
    CW_DESTINATION_STREAM, /* to standard output */
    CW_DESTINATION_FILE    /* to the file of -o */
} cw_destination;

/*
 * Life of a job: prepare → (reset → run)* → destroy, or prepare → open → run → finish → destroy
 * when its bulky output is wanted. prepare reads and checks all input and allocates what a run
 * needs; run is what is timed; reset undoes what a run left behind, so that every run starts alike.
 * A serial baseline is run with plan->serial. Destroying an opened job that was not finished leaves
 * no output file behind.
 */
typedef struct cw_kernel {
    const char *name;               /* as typed: "is-prime" */
    const char *usage;              /* its parameters in short: "[A] B" */
    const char *summary;            /* one line for `list` */
    const char *details;            /* paragraphs for `help`, or NULL */
    const cw_parameter *parameters; /* at most CW_PARAMETERS_MAX; positional ones first */
    int parameter_count;
    /* Parameters worth a run of `verify`, separated by single spaces; NULL-terminated, or NULL.
     * check must have something to hold each result against. */
    const char *const *trials;

    cw_status (*prepare)(const cw_value *values, const cw_plan *plan, void **job, cw_error *error);
    void (*reset)(void *job); /* or NULL */
    cw_status (*run)(void *job, const cw_plan *plan, cw_error *error);
    /* Rough seconds of one run on one thread; 0 when it cannot be told. */
    double (*estimate)(const void *job);
    /* A hash of everything the last run produced; equal runs have equal digests. */
    uint64_t (*digest)(const void *job);
    /* The last run's result held against known values or a plain reference: CW_ERR_MISMATCH and a
     * sentence, or CW_OK with *against saying what it was held against, NULL when nothing could. */
    cw_status (*check)(void *job, const char **against, cw_error *error);
    void (*rates)(const void *job, cw_rates *rates);
    /* The named results of the last run; returns how many of facts[CW_FACTS_MAX] are filled. */
    int (*facts)(const void *job, cw_fact *facts);
    /* Whether the first fact alone is the answer that a person asked for (a bare number on stdout),
     * or all of them are, each with its name. NULL: it always is. */
    bool (*answers)(const void *job);
    /* Where the bulky output (the list, the array) goes. NULL where there never is any, as open and
     * finish then are. */
    cw_destination (*destination)(const void *job);
    /* Make the next run produce the bulky output. */
    cw_status (*open)(void *job, cw_error *error);
    /* Write out what is left and close it; the file of -o appears under its name only now. The
     * last call but destroy: results may be gone with it. */
    cw_status (*finish)(void *job, cw_error *error);
    void (*destroy)(void *job); /* NULL is fine */
} cw_kernel;

/* All kernels, in the order that `list` shows; NULL-terminated. */
const cw_kernel *const *cw_catalogue(void);

/* By name; NULL when there is none. */
const cw_kernel *cw_catalogue_find(const char *name);

#endif
