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

static uint8_t *place(const struct canvas *c, uint32_t x, uint32_t y)
{
    return (uint8_t *)c->pixels + ((size_t)y * c->width + x) * bytes_each(c);
}

enum status canvas_open(struct color_pool *pool, uint32_t width, uint32_t height,
                        struct canvas **out)
{
    struct context *cx = pool->cx;
    size_t bytes = color_pool_bytes(pool);
    struct canvas *c = mem_zalloc(cx, sizeof *c);
    if (c == NULL)
        return cx->status;
    if (!size_mul(bytes, width, &bytes) || !size_mul(bytes, height, &bytes))
        bytes = SIZE_MAX;
    c->pixels = mem_zalloc(cx, bytes); /* POOL_CLEAR is 0 in any width */
    if (c->pixels == NULL) {
        mem_free(cx, c);
        return cx->status;
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
    mem_free(c->pool->cx, c->pixels);
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
    for (uint32_t y = r.y; y < r.y + r.height; y++)
        memset(place(c, r.x, y), 0, r.width * bytes_each(c));
}

void canvas_copy(struct canvas *to, const struct canvas *from, struct rect r)
{
    for (uint32_t y = r.y; y < r.y + r.height; y++)
        memcpy(place(to, r.x, y), place(from, r.x, y), r.width * bytes_each(to));
}

struct rect canvas_difference(const struct canvas *a, const struct canvas *b)
{
    size_t each = bytes_each(a), stride = a->width * each;
    uint32_t top = 0, bottom = a->height;
    while (top < bottom && memcmp(place(a, 0, top), place(b, 0, top), stride) == 0)
        top++;
    while (bottom > top && memcmp(place(a, 0, bottom - 1), place(b, 0, bottom - 1), stride) == 0)
        bottom--;
    if (top == bottom)
        return (struct rect){0, 0, 0, 0};
    /* the first and the last byte that differ in any row; only rows that differ closer in count */
    size_t left = stride, right = 0;
    for (uint32_t y = top; y < bottom; y++) {
        const uint8_t *p = place(a, 0, y), *q = place(b, 0, y);
        size_t i = 0, k = stride;
        while (i < left && p[i] == q[i])
            i++;
        left = i < left ? i : left;
        while (k > right && p[k - 1] == q[k - 1])
            k--;
        right = k > right ? k : right;
    }
    uint32_t x = (uint32_t)(left / each), end = (uint32_t)((right + each - 1) / each);
    return (struct rect){x, top, end - x, bottom - top};
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
        const uint8_t *slim = place(c, r.x, y);
        const uint16_t *narrow = (const uint16_t *)(const void *)slim;
        for (uint32_t x = 0; x < r.width; x++)
            map[pool->slim ? slim[x] : narrow[x]] = 1;
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
    return ST_OK;
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
    for (uint32_t x = 0; x < c->width; x++, out += each) {
        struct rgba8 color = color_pool_color(c->pool, canvas_at(c, x, y));
        memcpy(out, &color, each); /* r, g, b, a in this order */
    }
}

static enum status view_next(struct rows *r, uint8_t *out)
{
    const struct view *v = (const struct view *)r;
    const struct canvas *c = v->canvas;
    if (r->pic.layout != LAYOUT_INDEX8) {
        put_colors(c, r->y, r->pic.layout == LAYOUT_RGBA8, out);
        return ST_OK;
    }
    const uint8_t *slim = place(c, 0, r->y);
    const uint16_t *narrow = (const uint16_t *)(const void *)slim;
    for (uint32_t x = 0; x < c->width; x++)
        out[x] = (uint8_t)v->map[c->pool->slim ? slim[x] : narrow[x]];
    return ST_OK;
}

static void view_close(struct rows *r)
{
    mem_free(r->cx, ((struct view *)r)->map);
    mem_free(r->cx, r);
}

static bool shows_alpha(const struct canvas *c)
{
    for (uint32_t y = 0; y < c->height; y++)
        for (uint32_t x = 0; x < c->width; x++)
            if (color_pool_color(c->pool, canvas_at(c, x, y)).a != 255)
                return true;
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
