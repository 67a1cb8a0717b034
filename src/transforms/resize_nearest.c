/* SPDX-License-Identifier: MIT */
/* Resizing by picking pixels: no value changes, so palette rows can be resized too. */
#include "transforms/resize.h"

#include <string.h>

#include "base/mem.h"
#include "raster/pixels.h"
#include "transforms/filter.h"

struct nearest {
    struct rows r;
    struct axis down;
    unsigned pixel;
    uint32_t *column; /* of up, for each output column */
    uint8_t *row;     /* of up, the last that came */
};

static inline __attribute__((always_inline)) void
pick(uint8_t *out, const uint8_t *row, const uint32_t *column, uint32_t count, size_t pixel)
{
    for (uint32_t i = 0; i < count; i++, out += pixel)
        memcpy(out, row + column[i] * pixel, pixel);
}

/* Which rows have come, up counts: so the stage has no state to rewind. */
static enum status nearest_next(struct rows *r, uint8_t *out)
{
    struct nearest *t = (struct nearest *)r;
    uint32_t first, end;
    axis_span(&t->down, r->y, &first, &end);
    while (r->up->y < end) {
        enum status st = rows_next(r->up, t->row);
        if (st != ST_OK)
            return st;
    }
    PIXELS_BY_SIZE(t->pixel, pick, out, t->row, t->column, r->pic.width);
    /* the rows after the last one that is picked may be damaged, which must be noticed */
    enum status st = ST_OK;
    while (st == ST_OK && r->y + 1 == r->pic.height && r->up->y < r->up->pic.height)
        st = rows_next(r->up, t->row);
    return st;
}

static enum status nearest_skip(struct rows *r, uint32_t n)
{
    struct nearest *t = (struct nearest *)r;
    uint32_t first, end;
    if (r->y + n == r->pic.height)
        return ST_OK;
    axis_span(&t->down, r->y + n, &first, &end);
    return first > r->up->y ? rows_skip(r->up, first - r->up->y) : ST_OK;
}

static void nearest_close(struct rows *r)
{
    struct nearest *t = (struct nearest *)r;
    mem_free(r->cx, t->column);
    mem_free(r->cx, t->row);
    mem_free(r->cx, t);
}

enum status resize_nearest_open(struct rows *up, uint32_t width, uint32_t height, struct rows **out)
{
    struct context *cx = up->cx;
    struct nearest *t = rows_new(cx, "resize", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = nearest_next;
    t->r.skip = nearest_skip;
    t->r.rewind = rows_rewind_up;
    t->r.close = nearest_close;
    t->r.pic.width = width;
    t->r.pic.height = height;
    t->pixel = layout_info(up->pic.layout)->bytes;
    axis_init(&t->down, up->pic.height, height, RESAMPLE_NEAREST);
    t->column = mem_array(cx, width, sizeof *t->column);
    if (t->column != NULL)
        t->row = mem_rows(cx, 1, picture_stride(&up->pic));
    if (t->row == NULL) {
        rows_close(&t->r);
        return cx->status;
    }
    struct axis across;
    axis_init(&across, up->pic.width, width, RESAMPLE_NEAREST);
    for (uint32_t x = 0; x < width; x++) {
        uint32_t end;
        axis_span(&across, x, &t->column[x], &end);
    }
    *out = &t->r;
    return ST_OK;
}
