/* Whole files: read-only contents, and output that appears complete or not at all. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_BASE_FILE_H
#define CW_BASE_FILE_H

#include <chunkwise/status.h>

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

/* Failures of everything here are CW_ERR_IO (CW_ERR_NO_MEMORY where memory is what is missing,
 * CW_ERR_CLOSED where the reader of a pipe has gone) with a sentence that names the path and the
 * system's reason. System calls that a signal interrupts go on: a program whose Ctrl-C only sets a
 * flag should do so after its input is read. */

/* The contents of a file, or of a stream up to its end. */
typedef struct cw_file {
    const unsigned char *bytes;
    size_t size;    /* never 0 */
    bool is_mapped; /* else it lies in memory of ours */
} cw_file;

/*
 * A regular file is mapped and not read; who truncates it meanwhile kills us with SIGBUS, as is
 * the way of mappings. A pipe, a device or a file of /proc is read to its end. An empty file is
 * CW_ERR_FORMAT, so that a caller who allows it can tell.
 */
cw_status cw_file_load(const char *path, cw_file *file, cw_error *error);

/* The same from an open descriptor, from where it stands; `name` is for sentences, such as
 * "standard input". The descriptor stays open. */
cw_status cw_file_load_descriptor(int descriptor, const char *name, cw_file *file, cw_error *error);

/* NULL and a zeroed file are fine. */
void cw_file_finish(cw_file *file);

/* All bytes to a descriptor, however many calls that takes. The program must ignore SIGPIPE and
 * SIGXFSZ to see a closed pipe and a size limit as errors. */
cw_status cw_file_write_all(int descriptor, const char *name, const void *bytes, size_t size,
                            cw_error *error);

/* A sentence for a system call that failed: "cannot <verb> <path>: <reason of number>". */
cw_status cw_file_fail(const char *verb, const char *path, int number, cw_error *error);

/*
 * Output that replaces `path` when it is committed and leaves no trace when it is not: a temporary
 * file in the target's folder, renamed. A target that exists keeps its permissions, and a symbolic
 * link stays one. What is no regular file (/dev/null, a FIFO, /dev/stdout) is written directly.
 *
 * Zero-initialised is a draft that is not open; an open one stays where it is in memory. Fill it in
 * one of three ways: with cw_draft_write, through the stream, or in reserved memory.
 */
typedef struct cw_draft {
    bool is_open;
    bool is_direct;
    const char *path; /* not copied */
    int folder;       /* descriptor of the target's folder, unless direct */
    int descriptor;
    FILE *stream;
    cw_error refusal; /* the first failure of the stream */
    unsigned char *reserved;
    size_t reserved_bytes;
    bool is_mapped; /* else the reserved memory is ours, and written at the end */
    char name[NAME_MAX + 1];
    char temporary[40];
} cw_draft;

/* `path` must live as long as the draft. */
cw_status cw_draft_open(cw_draft *draft, const char *path, cw_error *error);

cw_status cw_draft_write(cw_draft *draft, const void *bytes, size_t size, cw_error *error);

/* The draft's own stream: it is closed with the draft, never by the caller, who need not check what
 * he prints: commit tells of the first failure. */
cw_status cw_draft_stream(cw_draft *draft, FILE **stream, cw_error *error);

/*
 * The draft is `size` > 0 zero bytes, its room on disk taken now, so that a full disk is an error
 * here and no SIGBUS later. *bytes may be filled by several threads, until commit or abandon.
 */
cw_status cw_draft_reserve(cw_draft *draft, size_t size, unsigned char **bytes, cw_error *error);

/* Write out, sync, rename, sync the folder, every step checked. The draft is closed afterwards
 * whatever is returned; when it failed before the rename, the target is what it was. */
cw_status cw_draft_commit(cw_draft *draft, cw_error *error);

/* Remove the draft, if it is open; NULL is fine. What a direct target has taken stays taken. */
void cw_draft_abandon(cw_draft *draft);

/* Open, write and commit. */
cw_status cw_file_save(const char *path, const void *bytes, size_t size, cw_error *error);

#endif
