/* SPDX-License-Identifier: MIT */
/* Frames drawn onto what was there, and taken away again as each asks. */
#include "animation/player.h"

#include <string.h>

#include "base/equal.h"
#include "base/mem.h"

static enum status open_player(struct context *cx, uint32_t width, uint32_t height, bool slim,
                               struct player **out)
{
    struct player *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    enum status st = color_pool_open(cx, &p->pool);
    if (st == ST_OK) {
        p->pool->slim = slim;
        p->pool->busy = !slim; /* see color_pool.h for what slim ones are for */
        st = canvas_open(p->pool, width, height, &p->base);
    }
    if (st == ST_OK)
        st = canvas_open(p->pool, width, height, &p->target);
    if (st != ST_OK) {
        player_close(p);
        return st;
    }
    *out = p;
    return ST_OK;
}

enum status player_open(struct context *cx, uint32_t width, uint32_t height, struct player **out)
{
    return open_player(cx, width, height, false, out);
}

enum status player_open_slim(struct context *cx, uint32_t width, uint32_t height,
                             struct player **out)
{
    return open_player(cx, width, height, true, out);
}

void player_close(struct player *p)
{
    if (p == NULL)
        return;
    canvas_close(p->base);
    canvas_close(p->target);
    color_pool_close(p->pool);
    mem_free(p->cx, p);
}

/* Both canvases become what the frame leaves behind; they differed in its rectangle only. */
static void dispose(struct player *p)
{
    switch (p->frame.disposal) {
    case DISPOSAL_BACKGROUND:
        canvas_clear(p->base, p->drawn);
        canvas_clear(p->target, p->drawn);
        break;
    case DISPOSAL_PREVIOUS:
        canvas_copy(p->target, p->base, p->drawn);
        break;
    default:
        canvas_copy(p->base, p->target, p->drawn);
    }
}

static enum status make_values(struct player *p)
{
    const struct palette *palette = &p->frame.pic.palette;
    enum status st = color_pool_reserve(p->pool, palette->count);
    if (st != ST_OK)
        return st;
    for (uint32_t i = 0; i < 256; i++) {
        p->value[i] =
            i < palette->count ? color_pool_value(p->pool, palette->entry[i]) : POOL_CLEAR;
        p->narrow[i] = (uint16_t)p->value[i];
    }
    p->generation = p->pool->generation;
    return color_pool_settle(p->pool);
}

static bool has_partial_alpha(const struct palette *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].a != 0 && p->entry[i].a != 255)
            return true;
    return false;
}

enum status player_begin(struct player *p, const struct frame *f)
{
    if (p->frames++ > 0)
        dispose(p);
    p->frame = *f;
    p->drawn = canvas_clip(p->target, f->x, f->y, f->pic.width, f->pic.height);
    p->plain = f->pic.layout == LAYOUT_INDEX8 && !has_partial_alpha(&f->pic.palette);
    return p->plain ? make_values(p) : p->cx->status;
}

/* Eight bits of each sample of a pixel that is no index. */
static struct rgba8 color_of(enum layout layout, const uint8_t *pixel)
{
    const struct layout_info *info = layout_info(layout);
    uint8_t sample[4] = {0};
    for (unsigned i = 0; i < info->channels; i++) {
        uint16_t wide;
        if (info->bits == 8) {
            sample[i] = pixel[i];
        } else {
            memcpy(&wide, pixel + 2 * i, 2);
            sample[i] = (uint8_t)((wide + 128u) / 257u);
        }
    }
    uint8_t alpha = info->alpha ? sample[info->channels - 1] : 255;
    if (!info->color)
        return (struct rgba8){sample[0], sample[0], sample[0], alpha};
    return (struct rgba8){sample[0], sample[1], sample[2], alpha};
}

/* a over b, both straight, rounded to the nearest. */
static struct rgba8 over(struct rgba8 a, struct rgba8 b)
{
    if (a.a == 255 || b.a == 0)
        return a;
    if (a.a == 0)
        return b;
    uint32_t wa = a.a * 255u, wb = b.a * (255u - a.a), w = wa + wb;
    return (struct rgba8){(uint8_t)((a.r * wa + b.r * wb + w / 2) / w),
                          (uint8_t)((a.g * wa + b.g * wb + w / 2) / w),
                          (uint8_t)((a.b * wa + b.b * wb + w / 2) / w), (uint8_t)((w + 127) / 255)};
}

static void put(struct canvas *c, uint32_t x, uint32_t y, uint32_t value)
{
    void *row = canvas_row_to_change(c, y);
    if (c->pool->slim)
        ((uint8_t *)row)[x] = (uint8_t)value;
    else if (c->pool->wide)
        ((uint32_t *)row)[x] = value;
    else
        ((uint16_t *)row)[x] = (uint16_t)value;
}

/* Eight values at once. */
#define LANES 8u
typedef uint16_t values __attribute__((vector_size(2 * LANES)));

/*
 * The common case: a whole row of indices, of which one may be transparent. Eight equal ones, as
 * drawings have them and pixels that stay, are seen at once; in all others there is no branch, as
 * nobody could predict it.
 */
static void draw_narrow(const struct player *p, uint16_t *to, const uint8_t *indices)
{
    const uint16_t *of = p->narrow;
    const uint16_t stays = p->frame.replaces ? 0 : 0xffff; /* what is there, below POOL_CLEAR */
    uint32_t x = 0, n = p->drawn.width;
    for (; x + LANES <= n; x += LANES) {
        const uint8_t *i = indices + x;
        uint64_t word;
        values v, before;
        memcpy(&word, i, sizeof word);
        if (word == eight_of(i[0])) {
            if (of[i[0]] == POOL_CLEAR && stays)
                continue;
            v = (values){0} + of[i[0]];
        } else {
            v = (values){of[i[0]], of[i[1]], of[i[2]], of[i[3]],
                         of[i[4]], of[i[5]], of[i[6]], of[i[7]]};
            memcpy(&before, to + x, sizeof before);
            v |= before & (values)(v == POOL_CLEAR) & stays;
        }
        memcpy(to + x, &v, sizeof v);
    }
    for (; x < n; x++) {
        uint16_t value = of[indices[x]];
        to[x] = value == POOL_CLEAR && stays ? to[x] : value;
    }
}

static void draw_slim(const struct player *p, uint8_t *to, const uint8_t *indices)
{
    const bool stays = !p->frame.replaces;
    for (uint32_t x = 0; x < p->drawn.width; x++) {
        uint8_t value = (uint8_t)p->narrow[indices[x]], before = to[x];
        to[x] = value == POOL_CLEAR && stays ? before : value;
    }
}

static void draw_indices(struct player *p, uint32_t y, const uint8_t *indices)
{
    struct canvas *c = p->target;
    bool filled = p->frame.replaces && p->drawn.width == c->width;
    void *row = plane_row_to_change(c->plane, y, filled);
    if (c->pool->slim)
        draw_slim(p, (uint8_t *)row + p->drawn.x, indices);
    else
        draw_narrow(p, (uint16_t *)row + p->drawn.x, indices);
}

static enum status draw_pixel(struct player *p, const uint8_t *pixel, uint32_t x, uint32_t y)
{
    const struct picture *pic = &p->frame.pic;
    if (p->plain) {
        uint32_t value = p->value[*pixel];
        if (value != POOL_CLEAR || p->frame.replaces)
            put(p->target, x, y, value);
        return ST_OK;
    }
    struct rgba8 color =
        pic->layout == LAYOUT_INDEX8 ? pic->palette.entry[*pixel] : color_of(pic->layout, pixel);
    if (!p->frame.replaces)
        color =
            over(color, color_pool_color(p->pool, row_value(p->pool, canvas_row(p->target, y), x)));
    enum status st = color_pool_reserve(p->pool, 1);
    if (st != ST_OK)
        return st;
    uint32_t value = color_pool_value(p->pool, color);
    st = color_pool_settle(p->pool);
    if (st == ST_OK)
        put(p->target, x, y, value);
    return st;
}

enum status player_row(struct player *p, const struct pass *pass, uint32_t row,
                       const uint8_t *pixels)
{
    const struct frame *f = &p->frame;
    int64_t y = f->y + pass->y0 + (int64_t)row * pass->dy;
    if (y < p->drawn.y || y >= (int64_t)p->drawn.y + p->drawn.height)
        return ST_OK;
    enum status st = ST_OK;
    if (p->plain && p->generation != p->pool->generation)
        st = make_values(p);
    if (st == ST_OK && p->plain && pass->dx == 1 && !p->pool->wide) {
        draw_indices(p, (uint32_t)y, pixels + (p->drawn.x - f->x));
        return p->cx->status;
    }
    unsigned each = layout_info(f->pic.layout)->bytes;
    uint32_t n = pass_width(pass, f->pic.width);
    for (uint32_t i = 0; st == ST_OK && i < n; i++, pixels += each) {
        int64_t x = f->x + pass->x0 + (int64_t)i * pass->dx;
        if (x >= p->drawn.x && x < (int64_t)p->drawn.x + p->drawn.width)
            st = draw_pixel(p, pixels, (uint32_t)x, (uint32_t)y);
    }
    return st == ST_OK ? p->cx->status : st;
}
