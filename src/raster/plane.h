/* SPDX-License-Identifier: MIT */
/* Rows of bytes that are read and changed in any order: in memory while small, else in a spool. */
#ifndef GIFLOW_RASTER_PLANE_H
#define GIFLOW_RASTER_PLANE_H

#include "base/context.h"

/*
 * Zeroed at first. A plane of at most limits.plane_memory bytes is an array in memory, one that is
 * busy of at most twice that, and so is a larger one that --tmp-limit has no room for twice. Any
 * other is a file, of which a window of neighboring rows is in memory: PLANE_WINDOW bytes, or one
 * row.
 *
 * Rows are had by pointer, which is good until another row of the same plane is asked for. Runs of
 * neighboring rows, up or down, cost few reads. A row elsewhere costs little more than its own
 * bytes, so that a small part of a large plane is looked at and changed without the rest. What was
 * changed is written when the window moves.
 *
 * Errors: none are returned, so that loops over rows stay plain. A row can always be had; where a
 * read or write of the file fails, or the run is to stop, which makes an end of both, the context
 * has the error, which sticks, and the row may hold zeroes. Who returns a status after that gives
 * that of the context.
 */
#define PLANE_WINDOW (64u * 1024)

struct spool;

struct plane {
    struct context *cx;
    size_t stride; /* bytes of a row */
    uint32_t height;
    uint8_t *window;
    uint32_t first, count; /* rows of the window: all, where there is no spool */

    struct spool *spool; /* NULL: in memory */
    uint32_t room;       /* rows that the window has room for */
    uint32_t ahead;      /* rows fetched last: twice as many come next in a run */
    /* rows of the window that are to be written; end 0: none */
    uint32_t changed_top, changed_end;
};

/*
 * stride and height of 1 or more. busy: little is done with a row each time, but often, so that a
 * file would cost more than a tenth of the time. Errors: ST_NOMEM, ST_IO.
 */
enum status plane_open(struct context *cx, size_t stride, uint32_t height, bool busy,
                       struct plane **out) MUST_CHECK;
void plane_close(struct plane *p); /* p may be NULL */

/* Moves the window to a row outside of it, which need not be read if it will be filled. */
void plane_move(struct plane *p, uint32_t y, bool filled);

/* Row y, to be read. */
static inline const uint8_t *plane_row(struct plane *p, uint32_t y)
{
    if (y - p->first >= p->count)
        plane_move(p, y, false);
    return p->window + (y - p->first) * p->stride;
}

/*
 * Row y, to be changed. filled: it will be written over from its first byte to its last, so what it
 * held may not be there.
 */
static inline uint8_t *plane_row_to_change(struct plane *p, uint32_t y, bool filled)
{
    if (y - p->first >= p->count)
        plane_move(p, y, filled);
    if (y < p->changed_top)
        p->changed_top = y;
    if (y >= p->changed_end)
        p->changed_end = y + 1;
    return p->window + (y - p->first) * p->stride;
}

#endif
