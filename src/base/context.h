/* SPDX-License-Identifier: MIT */
/* What one run shares: its memory account, its first error, its temporary space, its limits. */
#ifndef GIFLOW_BASE_CONTEXT_H
#define GIFLOW_BASE_CONTEXT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Instruction sets beyond the baseline that a kernel may be picked for at run time. */
enum simd { SIMD_NONE, SIMD_SSE41, SIMD_AVX2 };

enum note_level {
    NOTE_WARNING, /* the user should know; silent under -q only */
    NOTE_DETAIL   /* asked for with -v */
};

/* Bytes taken through mem.h. limit 0: none. */
struct mem_account {
    size_t in_use, peak, limit;
};

/* Bytes in spool files. limit SIZE_UNLIMITED: none; 0: no spool file may be made. */
struct temp_account {
    const char *dir; /* NULL: $TMPDIR, else /var/tmp, else /tmp */
    uint64_t in_use, peak, limit;
};

/* For tests: the n-th call from now fails (1 = the next one); 0 = never. */
struct faults {
    uint64_t alloc, read, write;
};

struct limits {
    uint64_t max_pixels; /* of one frame or of the canvas; 0: none */
    uint64_t max_frames; /* of one file; 0: none */
    size_t plane_memory; /* planes of more bytes than this are files mostly: see raster/plane.h */
};

/*
 * Everything that functions below cli share. The caller owns it and sets it up with
 * context_init; nothing in it is global, so runs can stand side by side.
 *
 * The first error sticks: fail() keeps the status and the text of the first call only.
 */
struct context {
    struct mem_account mem;
    struct temp_account temp;
    struct faults faults;
    struct limits limits;
    enum simd simd;
    bool lenient; /* damaged rows are filled and reported, not refused */
    bool timed;   /* stages measure their CPU time */

    const volatile sig_atomic_t *stop; /* non-zero: end soon; may be NULL */

    void (*on_note)(void *user, enum note_level level, const char *text);
    /* done of total rows have been read or written; NULL where nobody looks */
    void (*on_progress)(void *user, uint64_t done, uint64_t total);
    void *user;

    enum status status; /* of the first error */
    char text[240];     /* what is wrong and where, without the file's name */
};

#define SIZE_UNLIMITED UINT64_MAX

/* Empty accounts, no limits but those a bare run should have, the machine's best SIMD. */
void context_init(struct context *cx);

/* Records an error and returns the one that sticks. Text: what is wrong (where). */
enum status fail(struct context *cx, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, with the words for the current errno appended. */
enum status fail_errno(struct context *cx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Forgets the error that sticks: it has been told, or will be met again, or told another way. */
void take_back(struct context *cx);

void note(struct context *cx, enum note_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ST_STOPPED, recorded, once a signal has asked the run to end. */
enum status check_stop(struct context *cx) MUST_CHECK;

/* Counts a fault down; true when this call is the one that must fail. */
bool fault_due(uint64_t *countdown);

#endif
