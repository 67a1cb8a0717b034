/* SPDX-License-Identifier: MIT */
/* Quarter turns, exact. One and three go by tiles, two by rows from the last. */
#include "transforms/transform.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/pixels.h"
#include "raster/store_fill.h"
#include "transforms/transpose.h"

/*
 * Output rows are source columns. A band of them lies within one column of tiles, so that each
 * tile is read once; where a band of a whole tile's edge would be large, half an edge, and each
 * tile is read twice.
 */
struct turn {
    struct rows r;
    struct tile_store *tiles;
    struct picture from;
    bool clockwise;        /* else three quarters */
    uint32_t edge;         /* of a tile */
    uint32_t high;         /* rows of a full band */
    uint32_t first, count; /* output rows that stand in the band */
    uint8_t *band;
};

/* Fills the band with the source's columns [x, x + count), which lie in one column of tiles. */
static enum status read_columns(struct turn *t, uint32_t x, uint32_t count)
{
    unsigned pixel = layout_info(t->from.layout)->bytes;
    ptrdiff_t out_step = (ptrdiff_t)picture_stride(&t->r.pic);
    uint32_t tile_x = x / t->edge, left = x % t->edge;
    ptrdiff_t step = (ptrdiff_t)min_u32(t->edge, t->from.width - (x - left)) * pixel;
    uint32_t high;
    for (uint32_t y = 0; y < t->from.height; y += high) {
        high = min_u32(t->edge, t->from.height - y);
        const uint8_t *tile;
        enum status st = tile_store_get(t->tiles, tile_x, y / t->edge, &tile);
        if (st != ST_OK)
            return st;
        tile += (size_t)left * pixel;
        if (t->clockwise) /* columns stay in order and are read upwards */
            transpose_pixels(t->band + (size_t)(t->from.height - y - high) * pixel, out_step,
                             tile + (ptrdiff_t)(high - 1) * step, -step, count, high, pixel);
        else /* the last column comes first and is read downwards */
            transpose_pixels(t->band + (ptrdiff_t)(count - 1) * out_step + (size_t)y * pixel,
                             -out_step, tile, step, count, high, pixel);
    }
    return ST_OK;
}

static enum status turn_next(struct rows *r, uint8_t *out)
{
    struct turn *t = (struct turn *)r;
    size_t stride = picture_stride(&r->pic);
    if (r->y - t->first >= t->count) {
        uint32_t x = t->clockwise ? r->y : r->pic.height - 1 - r->y;
        x -= x % t->high; /* bands start on the grid of the source's tiles, or of their halves */
        uint32_t count = min_u32(t->high, t->from.width - x);
        t->count = 0;
        enum status st = read_columns(t, x, count);
        if (st != ST_OK)
            return st;
        t->first = t->clockwise ? x : r->pic.height - x - count;
        t->count = count;
    }
    memcpy(out, t->band + (r->y - t->first) * stride, stride);
    return ST_OK;
}

static void turn_close(struct rows *r)
{
    struct turn *t = (struct turn *)r;
    tile_store_close(t->tiles);
    mem_free(r->cx, t->band);
    mem_free(r->cx, t);
}

static enum status quarter_open(struct rows *up, bool clockwise, struct rows **out)
{
    struct context *cx = up->cx;
    struct turn *t = rows_new(cx, "turn", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = turn_next;
    t->r.rewind = rows_rewind_none;
    t->r.close = turn_close;
    t->r.kept = true;
    t->r.pic.width = up->pic.height;
    t->r.pic.height = up->pic.width;
    t->from = up->pic;
    t->clockwise = clockwise;
    t->edge = tile_edge(&up->pic);
    t->high = min_u32(t->edge, tile_edge(&t->r.pic));
    enum status st = tile_store_fill(up, &t->tiles, &t->r.cpu_ns);
    if (st == ST_OK) {
        t->band = mem_array(cx, min_u32(t->high, t->from.width), picture_stride(&t->r.pic));
        if (t->band == NULL)
            st = cx->status;
    }
    if (st != ST_OK) {
        rows_close(&t->r);
        return st;
    }
    *out = &t->r;
    return ST_OK;
}

struct half_turn {
    struct rows r;
    struct row_store *store;
};

static enum status half_next(struct rows *r, uint8_t *out)
{
    struct half_turn *t = (struct half_turn *)r;
    enum status st = row_store_get(t->store, r->pic.height - 1 - r->y, out);
    if (st == ST_OK)
        pixels_reverse(out, r->pic.width, layout_info(r->pic.layout)->bytes);
    return st;
}

static void half_close(struct rows *r)
{
    struct half_turn *t = (struct half_turn *)r;
    row_store_close(t->store);
    mem_free(r->cx, t);
}

static enum status half_open(struct rows *up, struct rows **out)
{
    struct context *cx = up->cx;
    struct half_turn *t = rows_new(cx, "turn", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = half_next;
    t->r.rewind = rows_rewind_none;
    t->r.close = half_close;
    t->r.kept = true;
    enum status st = row_store_fill(up, &t->store, &t->r.cpu_ns);
    if (st != ST_OK) {
        rows_close(&t->r);
        return st;
    }
    *out = &t->r;
    return ST_OK;
}

enum status turn_open(struct rows *up, unsigned quarters, struct rows **out)
{
    switch (quarters) {
    case 1:
    case 3:
        return quarter_open(up, quarters == 1, out);
    case 2:
        return half_open(up, out);
    default: {
        struct context *cx = up->cx;
        rows_close(up);
        return fail(cx, ST_BUG, "turn: %u quarters", quarters);
    }
    }
}
