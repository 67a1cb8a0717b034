/* SPDX-License-Identifier: MIT */
/* Palettes are kept by what pictures lose to them. */
#include "animation/lasting_palette.h"

#include "base/mem.h"

/* Every so many rows are enough to know what a picture loses. */
#define SAMPLED_ROWS 4u

/* A palette is made anew beyond 9/8 of what was lost first, and below 5/8. */
#define EIGHTHS_MORE 9u
#define EIGHTHS_LESS 5u

enum status lasting_palette_open(struct context *cx, uint32_t width, struct lasting_palette *l)
{
    l->cx = cx;
    l->colors = mem_array(cx, width, 4);
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
        const struct rgba8 *e = &palette->entry[i];
        l->entry[i] = seen_color((const uint8_t[]){e->r, e->g, e->b});
    }
}

void lasting_palette_row(struct lasting_palette *l, const struct change *c, uint32_t row)
{
    change_row(c, row, l->colors);
    color_map_row(l->nearest, LAYOUT_RGBA8, l->colors, c->rect.width, l->indices);
}

/* What the change loses to the palette. */
static void measure(struct lasting_palette *l, const struct change *c)
{
    uint64_t sum = 0, pixels = 0;
    for (uint32_t row = 0; row < c->rect.height; row += SAMPLED_ROWS) {
        lasting_palette_row(l, c, row);
        for (uint32_t x = 0; x < c->rect.width; x++) {
            const uint8_t *color = l->colors + 4 * (size_t)x;
            if (color[3] == 0)
                continue;
            sum += oklab_distance(seen_color(color), l->entry[l->indices[x]]);
            pixels++;
        }
    }
    l->error = pixels == 0 ? 0 : sum / pixels;
}

static enum status make(struct lasting_palette *l, const struct change *c, uint32_t most)
{
    const uint8_t stays[4] = {0, 0, 0, 0};
    struct palette palette;
    struct histogram *h;
    bool exact;
    enum status st = histogram_open(l->cx, &h);
    if (st != ST_OK)
        return st;
    histogram_add(h, LAYOUT_RGBA8, stays, 1);
    for (uint32_t row = 0; row < c->rect.height; row++) {
        change_row(c, row, l->colors);
        histogram_add(h, LAYOUT_RGBA8, l->colors, c->rect.width);
    }
    st = quantize(l->cx, h, most, EFFORT_MOST, &palette, &exact);
    histogram_close(h);
    color_map_close(l->own);
    l->own = l->nearest = NULL;
    if (st == ST_OK)
        st = color_map_open(l->cx, &palette, false, &l->own);
    if (st != ST_OK)
        return st;
    lasting_palette_give(l, &palette, l->own);
    measure(l, c);
    l->first_error = l->error;
    return ST_OK;
}

enum status lasting_palette_fit(struct lasting_palette *l, const struct change *c, uint32_t most)
{
    if (l->nearest != NULL)
        measure(l, c);
    if (l->nearest != NULL &&
        (l->nearest != l->own || (l->error * 8 <= l->first_error * EIGHTHS_MORE &&
                                  l->error * 8 >= l->first_error * EIGHTHS_LESS)))
        return ST_OK;
    return make(l, c, most);
}
