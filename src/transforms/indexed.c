/* SPDX-License-Identifier: MIT */
/* Looking up, replacing and watching palette indices. */
#include "transforms/indexed.h"

#include "base/mem.h"

static void close_stage(struct rows *r)
{
    mem_free(r->cx, r);
}

struct remap {
    struct rows rows;
    struct palette_map map;
    bool identity;
};

static enum status remap_next(struct rows *r, uint8_t *out)
{
    struct remap *m = (struct remap *)r;
    enum status st = rows_next(r->up, out);
    if (!m->identity)
        for (uint32_t x = 0; x < r->pic.width; x++)
            out[x] = m->map.to[out[x]];
    return st;
}

enum status remap_open(struct rows *up, const struct palette *palette,
                       const struct palette_map *map, struct rows **out)
{
    struct context *cx = up->cx;
    struct remap *m = rows_new(cx, "remap", sizeof *m, up);
    if (m == NULL)
        return cx->status;
    m->rows.pic.layout = LAYOUT_INDEX8;
    m->rows.pic.palette = *palette;
    m->identity = map == NULL;
    if (map != NULL)
        m->map = *map;
    m->rows.next = remap_next;
    m->rows.rewind = rows_rewind_up;
    m->rows.close = close_stage;
    *out = &m->rows;
    return ST_OK;
}

struct watch {
    struct rows rows;
    struct palette_use *use;
};

static enum status watch_next(struct rows *r, uint8_t *out)
{
    struct watch *w = (struct watch *)r;
    enum status st = rows_next(r->up, out);
    if (st == ST_OK)
        palette_use_row(w->use, out, r->pic.width);
    return st;
}

enum status watch_open(struct rows *up, struct palette_use *use, struct rows **out)
{
    struct context *cx = up->cx;
    struct watch *w = rows_new(cx, "watch", sizeof *w, up);
    if (w == NULL)
        return cx->status;
    w->use = use;
    w->rows.next = watch_next;
    w->rows.rewind = rows_rewind_up;
    w->rows.close = close_stage;
    *out = &w->rows;
    return ST_OK;
}
