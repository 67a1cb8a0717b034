/* SPDX-License-Identifier: MIT */
/* Pixels are held or painted, row by row, by how far they are off and their neighborhood is. */
#include "animation/painter.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/plane.h"

/*
 * How far off pixels are on average, from one on to the left and upwards, in sixteenths: the pixel
 * counts for a quarter, what it is to its left and above for three eighths each.
 */
struct drift {
    int32_t l, a, b;
};

/* Of squared distances, see painter.h. */
struct bounds {
    uint64_t pixel, area;
};

struct painter {
    struct context *cx;
    uint32_t width, height;
    struct lasting_palette colors;
    struct plane *shown; /* what is seen, as struct rgba8 */
    struct plane *index; /* of what is drawn, a byte each */
    bool shows;          /* something may be seen */
    struct drift *drift; /* of a row and one pixel to its left */
};

enum status painter_open(struct context *cx, uint32_t width, uint32_t height, struct painter **out)
{
    struct painter *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    p->width = width;
    p->height = height;
    p->drift = mem_array(cx, (size_t)width + 1, sizeof *p->drift);
    enum status st = lasting_palette_open(cx, width, &p->colors);
    if (st == ST_OK)
        st = p->drift == NULL
                 ? cx->status
                 : plane_open(cx, width * sizeof(struct rgba8), height, false, &p->shown);
    if (st == ST_OK)
        st = plane_open(cx, width, height, false, &p->index);
    if (st != ST_OK) {
        painter_close(p);
        return st;
    }
    *out = p;
    return ST_OK;
}

void painter_close(struct painter *p)
{
    if (p == NULL)
        return;
    lasting_palette_close(&p->colors);
    plane_close(p->shown);
    plane_close(p->index);
    mem_free(p->cx, p->drift);
    mem_free(p->cx, p);
}

void painter_give(struct painter *p, const struct palette *palette, struct color_map *nearest)
{
    lasting_palette_give(&p->colors, palette, nearest);
}

/* What nothing is drawn over is transparent. */
static void begin_change(struct painter *p, const struct change *c)
{
    for (uint32_t y = 0; c->before == NULL && p->shows && y < p->height; y++)
        memset(plane_row_to_change(p->shown, y, true), 0, p->shown->stride);
    p->shows = true;
}

static struct rgba8 *shown_row(struct painter *p, uint32_t y)
{
    return (struct rgba8 *)plane_row_to_change(p->shown, y, false);
}

void painter_note(struct painter *p, const struct change *c)
{
    const struct rect *r = &c->rect;
    uint32_t value;
    begin_change(p, c);
    for (uint32_t y = r->y; y < r->y + r->height; y++) {
        const struct change_line line = change_line(c, y);
        struct rgba8 *shown = shown_row(p, y);
        for (uint32_t x = r->x; x < r->x + r->width; x++)
            if (line_draws(&line, x, &value))
                shown[x] = color_pool_color(line.pool, value);
    }
}

static inline struct oklab off_by(struct oklab wanted, struct oklab seen)
{
    return (struct oklab){(int16_t)(wanted.l - seen.l), (int16_t)(wanted.a - seen.a),
                          (int16_t)(wanted.b - seen.b)};
}

static inline struct drift drift_with(struct drift left, struct drift above, struct oklab off)
{
    return (struct drift){(32 * off.l + 3 * (left.l + above.l)) / 8,
                          (32 * off.a + 3 * (left.a + above.a)) / 8,
                          (32 * off.b + 3 * (left.b + above.b)) / 8};
}

static inline uint64_t squared(struct drift d)
{
    int64_t l = d.l, a = d.a, b = d.b;
    return (uint64_t)(l * l + a * a + b * b) / (16 * 16);
}

/* A pixel that changes: what it shall be, the nearest entry, and what is shown. */
struct pixel_choice {
    struct oklab wanted, entry, shown;
};

/* Whether it may stay as it is shown. */
static inline bool will_do(const struct pixel_choice *c, const struct bounds *bounds,
                           struct drift left, struct drift above)
{
    uint32_t distance = oklab_distance(c->wanted, c->shown);
    return distance <= oklab_distance(c->wanted, c->entry) ||
           (distance <= bounds->pixel &&
            squared(drift_with(left, above, off_by(c->wanted, c->shown))) <= bounds->area);
}

/*
 * The row at hand of the palette; returns how many pixels there are from the first painted one on.
 */
static uint32_t paint_row(struct painter *p, const struct bounds *bounds, uint32_t width,
                          struct rgba8 *shown, uint8_t *out, uint32_t *first)
{
    const struct lasting_palette *l = &p->colors;
    uint32_t end = 0;
    for (uint32_t x = 0; x < width; x++) {
        const struct rgba8 color = l->colors[x];
        const uint8_t index = l->indices[x];
        const struct drift left = p->drift[x], above = p->drift[x + 1];
        struct oklab off = {0, 0, 0}; /* of what no picture changes, too: it is not in question */
        out[x] = (uint8_t)l->transparent;
        if (color.a != 0) {
            const struct rgba8 *entry = &l->palette.entry[index];
            struct pixel_choice c = {seen_color(color), l->entry[index], l->entry[index]};
            bool held = memcmp(&shown[x], entry, sizeof *entry) == 0;
            if (!held && shown[x].a != 0) {
                c.shown = seen_color(shown[x]);
                held = will_do(&c, bounds, left, above);
            }
            off = off_by(c.wanted, held ? c.shown : c.entry);
            if (!held) {
                shown[x] = *entry;
                out[x] = index;
                *first = end == 0 ? x : *first;
                end = x + 1;
            }
        }
        p->drift[x + 1] = drift_with(left, above, off);
    }
    return end == 0 ? 0 : end - *first;
}

static void extend(struct rect *r, uint32_t x, uint32_t y, uint32_t width)
{
    uint32_t right = max_u32(r->x + r->width, x + width);
    if (r->width == 0) {
        *r = (struct rect){x, y, width, 1};
        return;
    }
    r->x = min_u32(r->x, x);
    r->width = right - r->x;
    r->height = y - r->y + 1;
}

enum status painter_paint(struct painter *p, const struct change *c, uint32_t most,
                          struct painting *out)
{
    struct lasting_palette *l = &p->colors;
    enum status st = lasting_palette_fit(l, c, most);
    if (st != ST_OK)
        return st;
    const struct bounds bounds = {HOLD_PIXEL * l->loss.seen, l->loss.seen / HOLD_AREA_PART};
    const struct rect *r = &c->rect;
    struct rect drawn = {0, 0, 0, 0};
    begin_change(p, c);
    memset(p->drift, 0, ((size_t)p->width + 1) * sizeof *p->drift);
    for (uint32_t row = 0; row < r->height; row++) {
        struct rgba8 *shown = shown_row(p, r->y + row) + r->x;
        uint8_t *index = plane_row_to_change(p->index, r->y + row, true) + r->x;
        uint32_t first = 0;
        lasting_palette_row(l, c, row);
        uint32_t pixels = paint_row(p, &bounds, r->width, shown, index, &first);
        if (pixels > 0)
            extend(&drawn, r->x + first, r->y + row, pixels);
    }
    if (drawn.width == 0) /* a frame has a pixel */
        drawn = (struct rect){r->x, r->y, 1, 1};
    *out = (struct painting){c->before == NULL ? *r : drawn, &l->palette};
    return p->cx->status;
}

const uint8_t *painter_row(const struct painter *p, uint32_t y)
{
    return plane_row(p->index, y);
}
