/* What a finished experiment leaves behind: plain data, read by every report. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_MEASURE_RESULT_H
#define CW_MEASURE_RESULT_H

#include "measure/subject.h"

/*
 * In all of this NAN means "not known": nothing clean was measured, or the question has no answer
 * (the efficiency of a team of unknown size). No figure is ever infinite.
 */

/* A speed-up is claimed only when its whole interval lies beyond this factor: smaller differences
 * come and go with where the linker puts a loop. */
#define CW_CLAIM_MARGIN 1.02

/* Below this share of clean runs the machine was too busy for any verdict. */
#define CW_CLEAN_SHARE_LEAST 0.6

/* One run, kept whether or not the figures use it. */
typedef struct cw_run {
    size_t setting;       /* index into the result's settings */
    unsigned round;       /* 0: warm-up, part of no figure */
    unsigned attempt;     /* 0; 1, 2 for repeats of a dirty run of the same round */
    bool dirty;           /* other processes took too much of the machine meanwhile */
    double foreign_share; /* processors' worth of other processes' work meanwhile */
    uint64_t begin_ns;    /* since the experiment began */
    cw_sample sample;
} cw_run;

/* What can be said of a setting against the baseline. */
typedef enum cw_claim {
    CW_CLAIM_NONE = 0,   /* the baseline itself, too few rounds, or a machine too busy to tell */
    CW_CLAIM_FASTER = 1, /* the whole interval lies above CW_CLAIM_MARGIN */
    CW_CLAIM_SLOWER = 2, /* ... below 1 / CW_CLAIM_MARGIN */
    CW_CLAIM_SAME = 3,   /* ... between the two: no difference worth the name */
    CW_CLAIM_OPEN = 4    /* it straddles one of them */
} cw_claim;

/* The figures of one setting, over one run a round: the clean ones, or all when `busy`. */
typedef struct cw_summary {
    size_t runs;       /* that the figures stand on */
    size_t dirty_runs; /* attempts that were disturbed, warm-up left out */
    double median_ns;
    double lower_ns; /* quartiles, as R's type 7 */
    double upper_ns;
    double deviation_ns;     /* median absolute deviation from the median */
    double spread;           /* (upper - lower) / median */
    double items_per_second; /* at the median */
    double bytes_per_second; /* read and written */
    size_t pairs;            /* rounds in which this setting and the baseline both count */
    double speedup;          /* the baseline's median over this one's, in those rounds */
    double speedup_low;      /* 95 % interval */
    double speedup_high;
    double efficiency;      /* speedup / threads */
    double serial_fraction; /* Karp and Flatt's; from two threads on */
    double imbalance;       /* (busiest - idlest) / busiest thread's time; median */
    double processors;      /* processor time / wall time; median */
    cw_claim claim;
} cw_summary;

/* Why an experiment ended. */
typedef enum cw_ending {
    CW_ENDING_PRECISE = 0, /* every interval was narrow enough */
    CW_ENDING_ROUNDS = 1,  /* the limit of rounds was reached */
    CW_ENDING_TIME = 2,    /* another round would have passed the limit of time */
    CW_ENDING_CANCELLED = 3
} cw_ending;

/* Texts that describe what was measured, where, and with what; the caller fills them in. */
typedef enum cw_result_text {
    CW_TEXT_SUBJECT,     /* "primes" */
    CW_TEXT_PARAMETERS,  /* "1e10" */
    CW_TEXT_ITEMS,       /* what the items are, plural: "numbers" */
    CW_TEXT_DATE,        /* ISO 8601 with zone */
    CW_TEXT_PROCESSOR,   /* its model */
    CW_TEXT_SYSTEM,      /* kernel and machine: "Linux 6.1.0 x86_64" */
    CW_TEXT_ISA,         /* instruction set used */
    CW_TEXT_VERSION,     /* of chunkwise */
    CW_TEXT_COMPILER,    /* name and version */
    CW_TEXT_OPENMP,      /* runtime and version */
    CW_TEXT_ENVIRONMENT, /* OMP_* in force: "OMP_NUM_THREADS=2 OMP_SCHEDULE=static" */
    CW_TEXT_COUNT
} cw_result_text;

typedef struct cw_result {
    char *texts[CW_TEXT_COUNT]; /* owned; NULL: not known */
    int usable_cpus;            /* 0: not known */

    uint64_t items; /* that one run handles; 0: not known */
    uint64_t bytes; /* read and written by one run; 0: not bound to memory */

    size_t setting_count;
    cw_setting *settings; /* settings[0] is the baseline */
    cw_summary *summaries;

    size_t run_count;
    cw_run *runs; /* in the order in which they ran */

    unsigned rounds;     /* finished, warm-up not counted */
    uint64_t elapsed_ns; /* of the whole experiment */
    uint64_t seed;       /* of the order of runs and of the intervals */
    double precision;    /* half-width that was aimed at, relative */
    double clean_share;  /* of the runs that had to be clean; 1 when load is not known */
    bool foreign_known;  /* false: load of other processes could not be seen */
    bool busy;           /* clean_share < CW_CLEAN_SHARE_LEAST: verdict refused */
    bool team_spins;     /* idle threads never went to sleep and may have slowed serial runs */
    bool complete;       /* false: cancelled, the figures are what was known by then */
    cw_ending ending;
    uint64_t digest; /* that every run gave */
} cw_result;

/* A summary of which nothing is known: NAN and zero. */
cw_summary cw_summary_unknown(void);

/* Room for the given number of settings, which are copied; the rest is zero or not known. */
cw_status cw_result_create(const cw_setting *settings, size_t count, cw_result **result,
                           cw_error *error);

/* NULL is fine. */
void cw_result_destroy(cw_result *result);

/* Set a text to a copy; NULL takes it away. On failure the old text stays. */
cw_status cw_result_describe(cw_result *result, cw_result_text which, const char *text,
                             cw_error *error);

/* The text, or "" when it is not known; never NULL. */
const char *cw_result_said(const cw_result *result, cw_result_text which);

/* Append a copy of a run. */
cw_status cw_result_add_run(cw_result *result, const cw_run *run, cw_error *error);

/* A setting for people: "serial", "1 thread", "4 threads", "4 threads, dynamic,16". Always
 * terminated; 64 bytes hold every setting. */
void cw_setting_print(const cw_setting *setting, char *text, size_t size);

#endif
