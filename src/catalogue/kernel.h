/* A kernel as the command sees it: parameters, a job made of them, and what can be done with it. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_CATALOGUE_KERNEL_H
#define CW_CATALOGUE_KERNEL_H

#include <chunkwise/plan.h>

#include <stdbool.h>
#include <stdio.h>

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

/*
 * Life of a job: prepare → (reset → run)* → finish → destroy. prepare reads and checks all input
 * and allocates all output; run is what is timed; reset undoes what a run left behind, so that
 * every run starts alike. A serial baseline is run with plan->serial.
 */
typedef struct cw_kernel {
    const char *name;    /* as typed: "is-prime" */
    const char *summary; /* one line for `list` */
    const char *details; /* a paragraph for `help`, or NULL */
    const cw_parameter *parameters;
    int parameter_count;

    cw_status (*prepare)(const cw_value *values, const cw_plan *plan, void **job, cw_error *error);
    void (*reset)(void *job); /* or NULL */
    cw_status (*run)(void *job, const cw_plan *plan, cw_error *error);
    /* Rough seconds of one run on one thread; 0 when it cannot be told. */
    double (*estimate)(const void *job);
    /* A hash of everything the last run produced; equal runs have equal digests. */
    uint64_t (*digest)(const void *job);
    /* The last run's result held against the plain reference; CW_ERR_MISMATCH and a sentence. */
    cw_status (*check)(void *job, cw_error *error);
    void (*rates)(const void *job, cw_rates *rates);
    /* The named results of the last run; returns how many of facts[CW_FACTS_MAX] are filled. The
     * first is what a person gets on stdout. */
    int (*facts)(const void *job, cw_fact *facts);
    /* Write what is bulky: the list, the array. To -o or `out`. NULL where facts are all. */
    cw_status (*finish)(void *job, FILE *out, cw_error *error);
    void (*destroy)(void *job); /* NULL is fine */
} cw_kernel;

/* All kernels, in the order that `list` shows; NULL-terminated. */
const cw_kernel *const *cw_catalogue(void);

/* By name; NULL when there is none. */
const cw_kernel *cw_catalogue_find(const char *name);

#endif
