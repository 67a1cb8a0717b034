/* SPDX-License-Identifier: MIT */
/* Rows in another layout without a change to a pixel: indices, a color key, fewer or other bits. */
#include "pipeline/stages/fit.h"

#include <string.h>

#include "base/mem.h"
#include "transforms/indexed.h"
#include "transforms/transform.h"

static void index_colors(const struct palette *p, struct color_table *out)
{
    *out = (struct color_table){.count = 0};
    for (uint32_t i = 0; i < p->count; i++)
        color_table_add(out, color_value(p->entry[i]));
}

struct indexing {
    struct rows rows;
    struct color_table table;
    uint8_t *row; /* of up */
};

static enum status indexing_next(struct rows *r, uint8_t *out)
{
    struct indexing *s = (struct indexing *)r;
    const struct layout_info *info = layout_info(r->up->pic.layout);
    const uint8_t *p = s->row;
    enum status st = rows_next(r->up, s->row);
    uint32_t last = 0, index = *color_table_slot(&s->table, 0); /* 0 where there is no such color */
    for (uint32_t x = 0; st == ST_OK && x < r->pic.width; x++, p += info->bytes) {
        struct rgba8 c = {p[0], p[info->color ? 1 : 0], p[info->color ? 2 : 0],
                          info->alpha ? p[info->bytes - 1] : 255};
        uint32_t value = color_value(c);
        if (value != last) {
            last = value;
            index = *color_table_slot(&s->table, value);
        }
        if (index == 0)
            st = fail(r->cx, ST_BUG, "a color that was not there before (row %u)", r->y);
        out[x] = (uint8_t)(index - 1);
    }
    return st;
}

static void indexing_close(struct rows *r)
{
    struct indexing *s = (struct indexing *)r;
    mem_free(r->cx, s->row);
    mem_free(r->cx, s);
}

/* up: any layout of 8 bits but palette indices, of colors that are all in the palette. */
static enum status indexing_open(struct rows *up, const struct palette *palette, struct rows **out)
{
    struct context *cx = up->cx;
    struct indexing *s = rows_new(cx, "index", sizeof *s, up);
    if (s == NULL)
        return cx->status;
    s->rows.next = indexing_next;
    s->rows.rewind = rows_rewind_up;
    s->rows.close = indexing_close;
    s->rows.pic.layout = LAYOUT_INDEX8;
    s->rows.pic.palette = *palette;
    index_colors(palette, &s->table);
    s->row = mem_rows(cx, 1, picture_stride(&up->pic));
    if (s->row == NULL) {
        rows_close(&s->rows);
        return cx->status;
    }
    *out = &s->rows;
    return ST_OK;
}

/* Indices of one palette to those of another that has all colors in use. */
static enum status reindex(const struct pixel_facts *f, const struct palette *to,
                           struct rows **rows)
{
    struct color_table table;
    struct palette_map map = {{0}};
    const struct palette from = (*rows)->pic.palette;
    index_colors(to, &table);
    for (uint32_t i = 0; i < from.count; i++)
        if (f->use.used[i])
            map.to[i] = (uint8_t)(*color_table_slot(&table, color_value(from.entry[i])) - 1);
    return remap_open(*rows, to, &map, rows);
}

static enum status to_palette(const struct pixel_facts *f, const struct palette *palette,
                              struct rows **rows)
{
    const struct layout_info *info = layout_info((*rows)->pic.layout);
    if ((*rows)->pic.layout == LAYOUT_INDEX8)
        return reindex(f, palette, rows);
    enum status st =
        convert_open(*rows, layout_of(info->color, info->alpha, 8), (struct rgba8){0}, rows);
    return st == ST_OK ? indexing_open(*rows, palette, rows) : st;
}

/* Alpha left out: the color of transparent pixels says what they are. */
struct keyed {
    struct rows rows;
    uint8_t *row; /* of up */
};

static enum status keyed_next(struct rows *r, uint8_t *out)
{
    const struct keyed *k = (struct keyed *)r;
    size_t from = layout_info(r->up->pic.layout)->bytes, to = layout_info(r->pic.layout)->bytes;
    enum status st = rows_next(r->up, k->row);
    for (size_t x = 0; st == ST_OK && x < r->pic.width; x++)
        memcpy(out + x * to, k->row + x * from, to);
    return st;
}

static void keyed_close(struct rows *r)
{
    mem_free(r->cx, ((struct keyed *)r)->row);
    mem_free(r->cx, r);
}

/* up: a layout with alpha */
static enum status keyed_open(struct rows *up, struct rows **out)
{
    struct context *cx = up->cx;
    const struct layout_info *info = layout_info(up->pic.layout);
    struct keyed *k = rows_new(cx, "key", sizeof *k, up);
    if (k == NULL)
        return cx->status;
    k->rows.next = keyed_next;
    k->rows.rewind = rows_rewind_up;
    k->rows.close = keyed_close;
    k->rows.pic.layout = layout_of(info->color, false, info->bits);
    k->row = mem_rows(cx, 1, picture_stride(&up->pic));
    if (k->row == NULL) {
        rows_close(&k->rows);
        return cx->status;
    }
    *out = &k->rows;
    return ST_OK;
}

enum status fit_apply(const struct pixel_facts *f, const struct fit *fit, struct rows **rows)
{
    if (fit->palette)
        return to_palette(f, &fit->entries, rows);
    const struct layout_info *info = layout_info(fit->direct);
    enum layout target = layout_of(info->color, info->alpha || fit->key.used, info->bits);
    enum status st = convert_open(*rows, target, (struct rgba8){0}, rows); /* nothing to round */
    return st == ST_OK && fit->key.used ? keyed_open(*rows, rows) : st;
}
