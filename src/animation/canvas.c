/* SPDX-License-Identifier: MIT */
/* Canvases: rectangles copied, cleared and compared; their colors; their rows. */
#include "animation/canvas.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/pixels.h"

static size_t bytes_each(const struct canvas *c)
{
    return color_pool_bytes(c->pool);
}

enum status canvas_open(struct color_pool *pool, uint32_t width, uint32_t height,
                        struct canvas **out)
{
    struct context *cx = pool->cx;
    size_t stride;
    struct canvas *c = mem_zalloc(cx, sizeof *c);
    if (c == NULL)
        return cx->status;
    if (!size_mul(color_pool_bytes(pool), width, &stride))
        stride = SIZE_MAX;
    enum status st =
        plane_open(cx, stride, height, pool->busy, &c->plane); /* POOL_CLEAR is 0 in any width */
    if (st != ST_OK) {
        mem_free(cx, c);
        return st;
    }
    c->pool = pool;
    c->width = width;
    c->height = height;
    c->next = pool->canvases;
    pool->canvases = c;
    *out = c;
    return ST_OK;
}

void canvas_close(struct canvas *c)
{
    if (c == NULL)
        return;
    struct canvas **link = &c->pool->canvases;
    while (*link != c)
        link = &(*link)->next;
    *link = c->next;
    plane_close(c->plane);
    mem_free(c->pool->cx, c);
}

/* The part of [from, from + length) below whole. */
static void clip(int64_t from, uint32_t length, uint32_t whole, uint32_t *start, uint32_t *cut)
{
    int64_t first = from > 0 ? from : 0, end = from + length;
    if (end > whole)
        end = whole;
    *start = first < end ? (uint32_t)first : 0;
    *cut = first < end ? (uint32_t)(end - first) : 0;
}

struct rect canvas_clip(const struct canvas *c, int64_t x, int64_t y, uint32_t width,
                        uint32_t height)
{
    struct rect r;
    clip(x, width, c->width, &r.x, &r.width);
    clip(y, height, c->height, &r.y, &r.height);
    if (r.width == 0 || r.height == 0)
        r = (struct rect){0, 0, 0, 0};
    return r;
}

void canvas_clear(struct canvas *c, struct rect r)
{
    const size_t at = r.x * bytes_each(c), bytes = r.width * bytes_each(c);
    for (uint32_t y = r.y; y < r.y + r.height; y++)
        memset(plane_row_to_change(c->plane, y, r.width == c->width) + at, 0, bytes);
}

void canvas_copy(struct canvas *to, const struct canvas *from, struct rect r)
{
    const size_t at = r.x * bytes_each(to), bytes = r.width * bytes_each(to);
    for (uint32_t y = r.y; y < r.y + r.height; y++)
        memcpy(plane_row_to_change(to->plane, y, r.width == to->width) + at,
               plane_row(from->plane, y) + at, bytes);
}

enum status canvas_palette(const struct canvas *c, struct rect r, struct palette *out,
                           uint16_t *map, bool *few)
{
    const struct color_pool *pool = c->pool;
    *few = false;
    if (pool->wide)
        return ST_OK;
    memset(map, 0, pool->count * sizeof *map);
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const void *row = canvas_row(c, y);
        for (uint32_t x = r.x; x < r.x + r.width; x++)
            map[row_value(pool, row, x)] = 1;
    }
    out->count = 0;
    for (uint32_t v = 0; v < pool->count; v++) {
        if (map[v] == 0)
            continue;
        if (out->count == 256)
            return ST_OK;
        map[v] = (uint16_t)out->count;
        out->entry[out->count++] = pool->color[v];
    }
    *few = true;
    return pool->cx->status;
}

/* Rows of a canvas. */
struct view {
    struct rows rows;
    const struct canvas *canvas;
    uint16_t *map; /* value to index, of palette rows */
};

static void put_colors(const struct canvas *c, uint32_t y, bool alpha, uint8_t *out)
{
    unsigned each = alpha ? 4 : 3;
    const void *row = canvas_row(c, y);
    for (uint32_t x = 0; x < c->width; x++, out += each) {
        struct rgba8 color = color_pool_color(c->pool, row_value(c->pool, row, x));
        memcpy(out, &color, each); /* r, g, b, a in this order */
    }
}

static enum status view_next(struct rows *r, uint8_t *out)
{
    const struct view *v = (const struct view *)r;
    const struct canvas *c = v->canvas;
    if (r->pic.layout != LAYOUT_INDEX8) {
        put_colors(c, r->y, r->pic.layout == LAYOUT_RGBA8, out);
        return r->cx->status;
    }
    const void *row = canvas_row(c, r->y);
    for (uint32_t x = 0; x < c->width; x++)
        out[x] = (uint8_t)v->map[row_value(c->pool, row, x)];
    return r->cx->status;
}

static void view_close(struct rows *r)
{
    mem_free(r->cx, ((struct view *)r)->map);
    mem_free(r->cx, r);
}

static bool shows_alpha(const struct canvas *c)
{
    for (uint32_t y = 0; y < c->height; y++) {
        const void *row = canvas_row(c, y);
        for (uint32_t x = 0; x < c->width; x++)
            if (color_pool_color(c->pool, row_value(c->pool, row, x)).a != 255)
                return true;
    }
    return false;
}

enum status canvas_rows(const struct canvas *c, struct rows **out)
{
    struct context *cx = c->pool->cx;
    struct view *v = rows_new(cx, "canvas", sizeof *v, NULL);
    if (v == NULL)
        return cx->status;
    bool few = false;
    enum status st = ST_OK;
    v->canvas = c;
    v->rows.next = view_next;
    v->rows.skip = rows_skip_none;
    v->rows.rewind = rows_rewind_none;
    v->rows.close = view_close;
    v->rows.kept = true;
    v->rows.pic.width = c->width;
    v->rows.pic.height = c->height;
    if (!c->pool->wide) {
        v->map = mem_array(cx, c->pool->room, sizeof *v->map);
        st = v->map == NULL ? cx->status
                            : canvas_palette(c, (struct rect){0, 0, c->width, c->height},
                                             &v->rows.pic.palette, v->map, &few);
    }
    if (st != ST_OK) {
        rows_close(&v->rows);
        return st;
    }
    v->rows.pic.layout = few ? LAYOUT_INDEX8 : shows_alpha(c) ? LAYOUT_RGBA8 : LAYOUT_RGB8;
    *out = &v->rows;
    return ST_OK;
}
