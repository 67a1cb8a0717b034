/* SPDX-License-Identifier: MIT */
/* Mirrors: left and right as rows flow, top and bottom through a store. */
#include "transforms/transform.h"

#include "raster/pixels.h"
#include "raster/store_fill.h"

static enum status mirror_next(struct rows *r, uint8_t *out)
{
    enum status st = rows_next(r->up, out);
    if (st == ST_OK)
        pixels_reverse(out, r->pic.width, layout_info(r->pic.layout)->bytes);
    return st;
}

enum status flip_horizontal_open(struct rows *up, struct rows **out)
{
    struct context *cx = up->cx;
    struct rows *r = rows_new(cx, "flip", sizeof *r, up);
    if (r == NULL)
        return cx->status;
    r->next = mirror_next;
    r->rewind = rows_rewind_up;
    r->close = rows_free;
    *out = r;
    return ST_OK;
}

enum status flip_vertical_open(struct rows *up, struct rows **out)
{
    struct context *cx = up->cx;
    struct row_store *store;
    uint64_t cpu_ns;
    enum status st = row_store_fill(up, &store, &cpu_ns);
    if (st == ST_OK)
        st = row_store_rows(cx, "flip", &up->pic, store, true, out);
    if (st != ST_OK) {
        rows_close(up);
        return st;
    }
    (*out)->up = up;
    (*out)->cpu_ns = cpu_ns;
    return ST_OK;
}
