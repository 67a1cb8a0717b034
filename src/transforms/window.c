/* SPDX-License-Identifier: MIT */
/* A view of part of the picture, or of more than it: crops and pads as rows flow. */
#include "transforms/transform.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/pixels.h"

/*
 * The stage keeps no place of its own: which rows of up have gone by, up counts. So rewinding up
 * is all that rewinding takes.
 */
struct window {
    struct rows r;
    uint32_t top, rows;     /* output rows that the picture covers */
    uint32_t left, columns; /* output columns that it covers */
    uint32_t up_y;          /* row of up that covers output row top */
    uint32_t up_x;
    unsigned pixel; /* bytes of one */
    struct pixel fill;
    uint8_t *row; /* of up; NULL where a row of up fits the output row as it stands */
};

/* Cuts [start, start + length) to [0, whole): *skip before it, *cut inside, from *from on. */
static void cover(int64_t start, uint32_t length, uint32_t whole, uint32_t *skip, uint32_t *cut,
                  uint32_t *from)
{
    *skip = *cut = *from = 0;
    if (start >= (int64_t)whole || start <= -(int64_t)length)
        return;
    *skip = start < 0 ? (uint32_t)-start : 0;
    *from = start < 0 ? 0 : (uint32_t)start;
    *cut = min_u32(length - *skip, whole - *from);
}

static enum status window_next(struct rows *r, uint8_t *out)
{
    struct window *w = (struct window *)r;
    if (r->y < w->top || r->y - w->top >= w->rows) {
        pixels_fill(out, r->pic.width, w->fill.bytes, w->pixel);
        return ST_OK;
    }
    uint8_t *covered = out + (size_t)w->left * w->pixel;
    uint8_t *to = w->row != NULL ? w->row : covered;
    uint32_t wanted = w->up_y + (r->y - w->top);
    do { /* rows above the window are dropped */
        enum status st = rows_next(r->up, to);
        if (st != ST_OK)
            return st;
    } while (r->up->y <= wanted);
    size_t bytes = (size_t)w->columns * w->pixel;
    if (w->row != NULL)
        memcpy(covered, w->row + (size_t)w->up_x * w->pixel, bytes);
    pixels_fill(out, w->left, w->fill.bytes, w->pixel);
    pixels_fill(covered + bytes, r->pic.width - w->left - w->columns, w->fill.bytes, w->pixel);
    return ST_OK;
}

static void window_close(struct rows *r)
{
    struct window *w = (struct window *)r;
    mem_free(r->cx, w->row);
    mem_free(r->cx, w);
}

enum status window_open(struct rows *up, int64_t x, int64_t y, uint32_t width, uint32_t height,
                        struct pixel fill, struct rows **out)
{
    struct context *cx = up->cx;
    enum status st = picture_check(cx, width, height);
    if (st != ST_OK) {
        rows_close(up);
        return st;
    }
    struct window *w = rows_new(cx, "window", sizeof *w, up);
    if (w == NULL)
        return cx->status;
    w->r.next = window_next;
    w->r.rewind = rows_rewind_up;
    w->r.close = window_close;
    w->r.pic.width = width;
    w->r.pic.height = height;
    w->pixel = layout_info(up->pic.layout)->bytes;
    w->fill = fill;
    cover(x, width, up->pic.width, &w->left, &w->columns, &w->up_x);
    cover(y, height, up->pic.height, &w->top, &w->rows, &w->up_y);
    if (w->columns == 0)
        w->rows = 0;
    if (w->rows > 0 && w->columns < up->pic.width) {
        w->row = mem_rows(cx, 1, picture_stride(&up->pic));
        if (w->row == NULL) {
            rows_close(&w->r);
            return cx->status;
        }
    }
    *out = &w->r;
    return ST_OK;
}
