/* SPDX-License-Identifier: MIT */
/* The row stream: the one interface that pixels flow through. */
#ifndef GIFLOW_RASTER_ROWS_H
#define GIFLOW_RASTER_ROWS_H

#include "raster/picture.h"

/*
 * A stage embeds struct rows as its first member and fills it when it is made. The sink pulls:
 * a stage's next pulls from up. Rows come top-down, each exactly once, until height have come;
 * asking for more is ST_BUG.
 *
 * next    writes one row of picture_stride bytes to out, which is the caller's
 * skip    n rows are passed over: what follows is what would have come; NULL: they are made
 * rewind  the next row is the first one again; NULL: cannot. Rows and picture come the same again.
 * close   frees the stage's own state and the stage, not up; called by rows_close only
 */
struct rows {
    struct context *cx;
    const char *name; /* of the stage, for -v: "decode", "rotate" */
    struct picture pic;
    struct rows *up; /* NULL at the source; owned */
    uint32_t y;      /* rows that have come */
    bool kept;       /* rewind costs no more than reading a spool: no work is done twice */
    uint64_t cpu_ns; /* spent in next and in stages before it; counted if cx->timed */

    enum status (*next)(struct rows *r, uint8_t *out);
    enum status (*skip)(struct rows *r, uint32_t n);
    enum status (*rewind)(struct rows *r);
    void (*close)(struct rows *r);
};

/* Pulls one row: checks stop and count, times it if asked. */
enum status rows_next(struct rows *r, uint8_t *out) MUST_CHECK;
/* Passes n rows over, at less cost than making them where the stages can. */
enum status rows_skip(struct rows *r, uint32_t n) MUST_CHECK;
/* Pulls the rows that are left, for what may be wrong with them. */
enum status rows_drain(struct rows *r) MUST_CHECK;
bool rows_can_rewind(const struct rows *r); /* whether rows_rewind can work */
enum status rows_rewind(struct rows *r) MUST_CHECK;
void rows_close(struct rows *r); /* the stage and all before it; r may be NULL */

/*
 * The rewind of a stage that keeps nothing but its place: rewinds up. A stage that has no other
 * state sets it as its rewind; rows_can_rewind then asks up.
 */
enum status rows_rewind_up(struct rows *r);

/* The rewind of a stage for which the row that comes is told by y alone. */
enum status rows_rewind_none(struct rows *r);

/* The skip of a stage that makes each of its rows of one of up's, or only looks at y. */
enum status rows_skip_up(struct rows *r, uint32_t n);
enum status rows_skip_none(struct rows *r, uint32_t n);

/* The close of a stage that has nothing but itself. */
void rows_free(struct rows *r);

/*
 * Makes the common part of a stage: zeroed, bytes long (struct rows first), pic copied from up
 * where there is one. On failure NULL, and up is closed: a constructor owns up from its call on,
 * even when it fails.
 */
void *rows_new(struct context *cx, const char *name, size_t bytes, struct rows *up) MUST_CHECK;

#endif
