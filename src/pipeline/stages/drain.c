/* SPDX-License-Identifier: MIT */
/* A window onto a stream that is read to its end nevertheless. */
#include "pipeline/stages/stages.h"

struct drain {
    struct rows rows;
    struct rows *source;
    bool drained; /* once is enough, also where the rows come twice */
};

static enum status drain_next(struct rows *r, uint8_t *out)
{
    struct drain *d = (struct drain *)r;
    enum status st = rows_next(r->up, out);
    if (st != ST_OK || d->drained || r->y + 1 < r->pic.height)
        return st;
    d->drained = true;
    return rows_drain(d->source);
}

enum status whole_window_open(struct rows *up, int64_t x, int64_t y, uint32_t width,
                              uint32_t height, struct pixel fill, struct rows **out)
{
    struct context *cx = up->cx;
    struct rows *window;
    enum status st = window_open(up, x, y, width, height, fill, &window);
    if (st != ST_OK)
        return st;
    if (window->kept) { /* out of a store, which has seen all rows */
        *out = window;
        return ST_OK;
    }
    struct drain *d = rows_new(cx, "drain", sizeof *d, window);
    if (d == NULL)
        return cx->status;
    d->source = window->up;
    d->rows.next = drain_next;
    d->rows.rewind = rows_rewind_up;
    d->rows.close = rows_free;
    *out = &d->rows;
    return ST_OK;
}
