/* SPDX-License-Identifier: MIT */
/* Palettes are kept by what pictures lose to them. */
#include "animation/lasting_palette.h"

#include "base/mem.h"
#include "base/size.h"
#include "color/quantize.h"

/* Squared distances as they are squared again: no sum of a picture's pixels overflows. */
#define FULL_MOST (UINT64_C(1) << 22)
#define FULL_UNIT 16u

/* Every so many rows are enough to know what a picture loses. */
#define SAMPLED_ROWS 4u

/*
 * Another palette is tried where what is lost is beyond 5/4 of what it was at the last trial, or
 * below 1/2; where pixels change by 4 times as much as in the picture before, squared; and after
 * some pictures, twice as many each time that it was in vain.
 */
#define QUARTERS_MORE 5u
#define QUARTERS_LESS 2u
#define CUT 4u
#define TRIAL_AFTER_MOST 32u

/* It is better where it loses less than so many quarters. */
#define QUARTERS_BETTER 3u

enum status lasting_palette_open(struct context *cx, uint32_t width, struct lasting_palette *l)
{
    l->cx = cx;
    l->colors = mem_array(cx, width, sizeof *l->colors);
    l->indices = mem_array(cx, width, 1);
    return l->colors == NULL || l->indices == NULL ? cx->status : ST_OK;
}

void lasting_palette_close(struct lasting_palette *l)
{
    color_map_close(l->own);
    mem_free(l->cx, l->colors);
    mem_free(l->cx, l->indices);
}

void lasting_palette_give(struct lasting_palette *l, const struct palette *palette,
                          struct color_map *nearest)
{
    l->palette = *palette;
    l->transparent = palette_transparent(palette);
    l->nearest = nearest;
    for (uint32_t i = 0; i < palette->count; i++) {
        const struct rgba8 e = palette->entry[i];
        l->full[i] = oklab_from_rgb(e.r, e.g, e.b);
        l->entry[i] = seen_color(e);
    }
}

void lasting_palette_row(struct lasting_palette *l, const struct change *c, uint32_t row)
{
    change_row(c, row, (uint8_t *)l->colors);
    color_map_row(l->nearest, LAYOUT_RGBA8, (const uint8_t *)l->colors, c->rect.width, l->indices);
}

static struct palette_loss loss_of(struct lasting_palette *l, const struct change *c)
{
    struct palette_loss sum = {0, 0};
    uint64_t pixels = 0;
    for (uint32_t row = 0; row < c->rect.height; row += SAMPLED_ROWS) {
        lasting_palette_row(l, c, row);
        for (uint32_t x = 0; x < c->rect.width; x++) {
            const struct rgba8 color = l->colors[x];
            const uint8_t index = l->indices[x];
            if (color.a == 0)
                continue;
            uint64_t d = oklab_distance(oklab_from_rgb(color.r, color.g, color.b), l->full[index]);
            d = (d < FULL_MOST ? d : FULL_MOST) / FULL_UNIT;
            sum.full += d * d;
            sum.seen += oklab_distance(seen_color(color), l->entry[index]);
            pixels++;
        }
    }
    if (pixels == 0)
        return sum;
    return (struct palette_loss){sum.full / pixels, sum.seen / pixels};
}

/* By how much pixels differ from what they were, where they do. */
static uint64_t step_of(const struct change *c)
{
    const struct rect *r = &c->rect;
    const struct color_pool *pool = c->after->pool;
    uint64_t sum = 0, pixels = 0;
    uint32_t value;
    for (uint32_t y = r->y; c->before != NULL && y < r->y + r->height; y += SAMPLED_ROWS) {
        const struct change_line line = change_line(c, y);
        for (uint32_t x = r->x; x < r->x + r->width; x++)
            if (line_draws(&line, x, &value)) {
                struct rgba8 now = color_pool_color(pool, value);
                struct rgba8 then = color_pool_color(pool, row_value(pool, line.before, x));
                sum += oklab_distance(seen_color(now), seen_color(then));
                pixels++;
            }
    }
    return pixels == 0 ? 0 : sum / pixels;
}

/* A palette for the change alone. */
static enum status make(struct lasting_palette *l, const struct change *c, uint32_t most,
                        struct palette *out)
{
    const uint8_t stays[4] = {0, 0, 0, 0};
    struct histogram *h;
    bool exact;
    enum status st = histogram_open(l->cx, &h);
    if (st != ST_OK)
        return st;
    histogram_add(h, LAYOUT_RGBA8, stays, 1);
    for (uint32_t row = 0; row < c->rect.height; row++) {
        change_row(c, row, (uint8_t *)l->colors);
        histogram_add(h, LAYOUT_RGBA8, (const uint8_t *)l->colors, c->rect.width);
    }
    st = quantize(l->cx, h, most, EFFORT_MOST, out, &exact);
    histogram_close(h);
    return st;
}

/* Makes a palette; it takes the place of the one there is if it is better. */
static enum status try_another(struct lasting_palette *l, const struct change *c, uint32_t most)
{
    const struct palette before = l->palette;
    const struct palette_loss loss = l->loss;
    struct color_map *map;
    struct palette palette;
    enum status st = make(l, c, most, &palette);
    if (st == ST_OK)
        st = color_map_open(l->cx, &palette, false, &map);
    if (st != ST_OK)
        return st;
    lasting_palette_give(l, &palette, map);
    l->loss = loss_of(l, c);
    if (l->own == NULL || l->loss.full * 4 < loss.full * QUARTERS_BETTER) {
        color_map_close(l->own);
        l->own = map;
        l->trial_after = 1;
    } else {
        color_map_close(map);
        lasting_palette_give(l, &before, l->own);
        l->loss = loss;
        l->trial_after = min_u32(l->trial_after * 2, TRIAL_AFTER_MOST);
    }
    l->tried = l->loss;
    l->untried = 0;
    return ST_OK;
}

enum status lasting_palette_fit(struct lasting_palette *l, const struct change *c, uint32_t most)
{
    const uint64_t step = step_of(c);
    const bool cut = step > l->step * CUT;
    l->step = step;
    if (l->nearest != NULL)
        l->loss = loss_of(l, c);
    if (l->nearest != NULL && l->nearest != l->own)
        return ST_OK;
    bool due = l->own == NULL || cut || ++l->untried >= l->trial_after ||
               l->loss.full * 4 > l->tried.full * QUARTERS_MORE ||
               l->loss.full * 4 < l->tried.full * QUARTERS_LESS;
    return due ? try_another(l, c, most) : ST_OK;
}
