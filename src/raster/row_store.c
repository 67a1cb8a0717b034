/* SPDX-License-Identifier: MIT */
/*
 * Each pass is one region of the spool, its rows one after the other without gaps. Small rows are
 * gathered before they are written; reading keeps, for each pass, a window of neighboring rows
 * that is filled in the direction in which the pass is being read.
 */
#include "raster/row_store.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "raster/pixels.h"

#define BUFFER_BYTES (64u * 1024)

/*
 * Rows that are skipped through in steps of up to this many bytes still come from a window; larger
 * steps would read far more than is used, and a read of the row alone is cheaper.
 */
#define NEAR_BYTES 4096

struct region {
    struct pass pass;
    uint32_t width, height; /* pixels of a row, rows; both 0 for a pass that is left out */
    size_t stride;
    uint64_t at;     /* of its first row in the spool */
    uint8_t *window; /* rows first .. first + count */
    uint32_t room;   /* rows that fit the window; 0: none */
    uint32_t first, count;
    int64_t last; /* row read last; -1: none */
};

struct row_store {
    struct context *cx;
    struct spool *spool;
    uint32_t height;
    unsigned pixel; /* bytes of one */
    uint64_t bytes;
    bool buffered; /* the spool is a file: fewer calls pay */
    bool reading;

    unsigned pass; /* of the row that comes next; passes: all have come */
    uint32_t row;  /* of that pass */
    uint64_t at;   /* bytes written to the spool */
    size_t used;   /* bytes in the buffer after those */

    uint8_t *buffer; /* rows to be written, later the windows */
    uint8_t *line;   /* a pass's row without a window, before its pixels are spread */
    unsigned passes;
    struct region region[PASSES_MAX];
};

/* Makes s->pass one that has rows, or passes. */
static void skip_empty(struct row_store *s)
{
    while (s->pass < s->passes && s->region[s->pass].height == 0)
        s->pass++;
}

enum status row_store_open(struct context *cx, const struct picture *pic,
                           const struct interlace *order, struct row_store **out)
{
    uint64_t bytes;
    if (!picture_bytes(pic, &bytes))
        return fail(cx, ST_LIMIT, "%u x %u is more than a temporary file holds", pic->width,
                    pic->height);
    struct row_store *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->height = pic->height;
    s->pixel = layout_info(pic->layout)->bytes;
    s->bytes = bytes;
    s->buffered = bytes > SPOOL_MEMORY_BYTES;
    s->passes = order->count;
    uint64_t at = 0;
    for (unsigned i = 0; i < s->passes; i++) {
        struct region *g = &s->region[i];
        g->pass = order->pass[i];
        uint32_t width = pass_width(&g->pass, pic->width);
        uint32_t height = pass_height(&g->pass, pic->height);
        if (width == 0 || height == 0)
            continue;
        g->width = width;
        g->height = height;
        g->stride = (size_t)width * s->pixel;
        g->at = at;
        g->last = -1;
        at += (uint64_t)height * g->stride;
    }
    skip_empty(s);
    enum status st = spool_open(cx, bytes, &s->spool);
    if (st == ST_OK && s->buffered) {
        s->buffer = mem_alloc(cx, BUFFER_BYTES);
        if (s->buffer == NULL)
            st = cx->status;
    }
    if (st != ST_OK) {
        row_store_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

void row_store_close(struct row_store *s)
{
    if (s == NULL)
        return;
    mem_free(s->cx, s->buffer);
    mem_free(s->cx, s->line);
    spool_close(s->spool);
    mem_free(s->cx, s);
}

static enum status flush_rows(struct row_store *s)
{
    if (s->used == 0)
        return ST_OK;
    enum status st = spool_write(s->spool, s->at, s->buffer, s->used);
    s->at += s->used;
    s->used = 0;
    return st;
}

enum status row_store_put(struct row_store *s, const uint8_t *row)
{
    if (s->pass >= s->passes)
        return fail(s->cx, ST_BUG, "row store: a row after the last");
    const struct region *g = &s->region[s->pass];
    size_t bytes = g->stride;
    enum status st = ST_OK;
    if (!s->buffered || bytes > BUFFER_BYTES / 2) {
        st = flush_rows(s);
        if (st == ST_OK)
            st = spool_write(s->spool, s->at, row, bytes);
        s->at += bytes;
    } else {
        if (bytes > BUFFER_BYTES - s->used)
            st = flush_rows(s);
        memcpy(s->buffer + s->used, row, bytes);
        s->used += bytes;
    }
    if (++s->row == g->height) {
        s->row = 0;
        s->pass++;
        skip_empty(s);
    }
    if (st == ST_OK && s->pass == s->passes) {
        st = flush_rows(s);
        mem_free(s->cx, s->buffer);
        s->buffer = NULL;
    }
    return st;
}

/* Shares BUFFER_BYTES among the passes by size; one that would get a row or less gets none. */
static enum status begin_reading(struct row_store *s)
{
    size_t windows = 0, line = 0;
    for (unsigned i = 0; i < s->passes; i++) {
        struct region *g = &s->region[i];
        uint64_t room = s->buffered ? (uint64_t)BUFFER_BYTES * g->height / s->bytes : 0;
        g->room = room < 2 ? 0 : min_u32((uint32_t)room, g->height);
        windows += g->room * g->stride;
        if (g->room == 0 && g->pass.dx > 1 && g->stride > line)
            line = g->stride;
    }
    if (windows > 0) {
        s->buffer = mem_alloc(s->cx, windows);
        if (s->buffer == NULL)
            return s->cx->status;
    }
    if (line > 0) {
        s->line = mem_alloc(s->cx, line);
        if (s->line == NULL) {
            mem_free(s->cx, s->buffer);
            s->buffer = NULL;
            return s->cx->status;
        }
    }
    uint8_t *at = s->buffer;
    for (unsigned i = 0; i < s->passes; i++) {
        struct region *g = &s->region[i];
        if (g->room > 0) {
            g->window = at;
            at += g->room * g->stride;
        }
    }
    s->reading = true;
    return ST_OK;
}

/*
 * One row of the pass, from the window. Where it does not stand there: if the pass is being read
 * in small steps, the window is filled from the row on, in the direction of the last step; else
 * the row is read alone, where it can be to whole, which is then *out.
 */
static enum status pass_row(struct row_store *s, struct region *g, uint32_t row, uint8_t *whole,
                            const uint8_t **out)
{
    int64_t step = g->last < 0 && row > 0 && row == g->height - 1 ? -1 : row - g->last;
    uint64_t far = (uint64_t)(step < 0 ? -step : step);
    g->last = row;
    if (row - g->first < g->count) { /* a row before first wraps to far behind */
        *out = g->window + (size_t)(row - g->first) * g->stride;
        return ST_OK;
    }
    bool near = far == 1 || (far > 1 && far <= NEAR_BYTES / g->stride);
    if (g->room == 0 || (!near && whole != NULL)) {
        uint8_t *to = whole != NULL ? whole : s->line;
        *out = to;
        return spool_read(s->spool, g->at + (uint64_t)row * g->stride, to, g->stride);
    }
    uint32_t first = row, count = 1;
    if (near) {
        if (step < 0)
            first = row < g->room ? 0 : row - g->room + 1;
        count = min_u32(g->room, g->height - first);
    }
    g->count = 0;
    enum status st =
        spool_read(s->spool, g->at + (uint64_t)first * g->stride, g->window, count * g->stride);
    if (st == ST_OK) {
        g->first = first;
        g->count = count;
        *out = g->window + (size_t)(row - first) * g->stride;
    }
    return st;
}

enum status row_store_get(struct row_store *s, uint32_t y, uint8_t *out)
{
    if (s->pass < s->passes || y >= s->height)
        return fail(s->cx, ST_BUG, "row store: row %u of %u, pass %u of %u", y, s->height, s->pass,
                    s->passes);
    if (!s->reading) {
        enum status st = begin_reading(s);
        if (st != ST_OK)
            return st;
    }
    for (unsigned i = 0; i < s->passes; i++) {
        struct region *g = &s->region[i];
        const struct pass *p = &g->pass;
        if (g->width == 0 || y < p->y0 || (y - p->y0) % p->dy != 0)
            continue;
        const uint8_t *from;
        bool whole = p->dx == 1; /* then nothing is to be spread */
        enum status st = pass_row(s, g, (y - p->y0) / p->dy, whole ? out : NULL, &from);
        if (st != ST_OK)
            return st;
        if (!whole)
            pixels_spread(out + (size_t)p->x0 * s->pixel, p->dx, from, g->width, s->pixel);
        else if (from != out)
            memcpy(out, from, g->stride);
    }
    return ST_OK;
}

struct stored_rows {
    struct rows r;
    struct row_store *store;
    bool backwards;
};

static enum status stored_next(struct rows *r, uint8_t *out)
{
    struct stored_rows *t = (struct stored_rows *)r;
    return row_store_get(t->store, t->backwards ? r->pic.height - 1 - r->y : r->y, out);
}

static void stored_close(struct rows *r)
{
    struct stored_rows *t = (struct stored_rows *)r;
    row_store_close(t->store);
    mem_free(r->cx, t);
}

enum status row_store_rows(struct context *cx, const char *name, const struct picture *pic,
                           struct row_store *s, bool backwards, struct rows **out)
{
    struct stored_rows *t = rows_new(cx, name, sizeof *t, NULL);
    if (t == NULL) {
        row_store_close(s);
        return cx->status;
    }
    t->r.pic = *pic;
    t->r.kept = true;
    t->r.next = stored_next;
    t->r.rewind = rows_rewind_none;
    t->r.close = stored_close;
    t->store = s;
    t->backwards = backwards;
    *out = &t->r;
    return ST_OK;
}
