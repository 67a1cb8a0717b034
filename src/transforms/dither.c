/* SPDX-License-Identifier: MIT */
/*
 * Floyd-Steinberg error diffusion, every other row from right to left, so that no direction shows.
 * Errors are in code values, where a palette's steps look even; entries are found in OKLab.
 */
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/quantize.h"
#include "transforms/indexed.h"

/* Errors and colors have so many bits of fraction. */
#define FRACTION 4
/* A larger error would show as a speck beside an edge instead of being evened out. */
#define MOST (48 << FRACTION)

struct error {
    int16_t channel[3];
};

struct dither {
    struct rows rows;
    struct color_map *map;
    int transparent;
    int strength;       /* of 256 */
    bool leftwards;     /* the row to come */
    uint8_t *row;       /* of up */
    struct error *here; /* that have come to this row: of pixel x at x + 1 */
    struct error *below;
};

static int clamp(int v, int least, int most)
{
    return v < least ? least : v > most ? most : v;
}

static void spread(struct error *to, const int *error, int weight)
{
    for (int i = 0; i < 3; i++)
        to->channel[i] = (int16_t)clamp(to->channel[i] + error[i] * weight / 16, -MOST, MOST);
}

/* One pixel at x + 1 of the error rows; step is the direction. */
static uint8_t place(struct dither *d, const uint8_t *color, size_t x, ptrdiff_t step)
{
    const struct palette *palette = &d->rows.pic.palette;
    struct error *here = &d->here[x], *below = &d->below[x];
    uint8_t entry = color_map_find(d->map, color);
    const struct rgba8 *e = &palette->entry[entry];
    if (e->r == color[0] && e->g == color[1] && e->b == color[2])
        return entry;

    int wanted[3], error[3];
    uint8_t rounded[3];
    for (int i = 0; i < 3; i++) {
        wanted[i] = clamp((color[i] << FRACTION) + here->channel[i], 0, 255 << FRACTION);
        rounded[i] = (uint8_t)((wanted[i] + (1 << (FRACTION - 1))) >> FRACTION);
    }
    entry = color_map_find(d->map, rounded);
    e = &palette->entry[entry];
    const uint8_t got[3] = {e->r, e->g, e->b};
    for (int i = 0; i < 3; i++)
        error[i] = clamp((wanted[i] - (got[i] << FRACTION)) * d->strength / 256, -MOST, MOST);
    spread(here + step, error, 7);
    spread(below - step, error, 3);
    spread(below, error, 5);
    spread(below + step, error, 1);
    return entry;
}

static enum status dither_next(struct rows *r, uint8_t *out)
{
    struct dither *d = (struct dither *)r;
    enum status st = rows_next(r->up, d->row);
    if (st != ST_OK)
        return st;
    const uint32_t width = r->pic.width;
    const size_t bytes = layout_info(r->up->pic.layout)->bytes;
    const ptrdiff_t step = d->leftwards ? -1 : 1;
    memset(d->below, 0, ((size_t)width + 2) * sizeof *d->below);
    for (uint32_t i = 0; i < width; i++) {
        uint32_t x = d->leftwards ? width - 1 - i : i;
        const uint8_t *color = d->row + x * bytes;
        if (bytes == 4 && color[3] < 128 && d->transparent >= 0)
            out[x] = (uint8_t)d->transparent;
        else
            out[x] = place(d, color, (size_t)x + 1, step);
    }
    struct error *swap = d->here;
    d->here = d->below;
    d->below = swap;
    d->leftwards = !d->leftwards;
    return ST_OK;
}

static enum status dither_rewind(struct rows *r)
{
    struct dither *d = (struct dither *)r;
    memset(d->here, 0, ((size_t)r->pic.width + 2) * sizeof *d->here);
    d->leftwards = false;
    return rows_rewind(r->up);
}

static void dither_close(struct rows *r)
{
    struct dither *d = (struct dither *)r;
    color_map_close(d->map);
    mem_free(r->cx, d->row);
    mem_free(r->cx, d->here);
    mem_free(r->cx, d->below);
    mem_free(r->cx, d);
}

enum status dither_open(struct rows *up, const struct palette *palette, double strength,
                        struct rows **out)
{
    struct context *cx = up->cx;
    struct dither *d = rows_new(cx, "dither", sizeof *d, up);
    if (d == NULL)
        return cx->status;
    size_t errors = (size_t)up->pic.width + 2;
    d->rows.pic.layout = LAYOUT_INDEX8;
    d->rows.pic.palette = *palette;
    d->rows.kept = false; /* it would be done again */
    d->rows.next = dither_next;
    d->rows.rewind = rows_can_rewind(up) ? dither_rewind : NULL;
    d->rows.close = dither_close;
    d->transparent = palette_transparent(palette);
    d->strength = (int)(strength * 256 + 0.5);
    enum status st = color_map_open(cx, palette, false, &d->map);
    if (st == ST_OK && ((d->row = mem_alloc(cx, picture_stride(&up->pic))) == NULL ||
                        (d->here = mem_array(cx, errors, sizeof *d->here)) == NULL ||
                        (d->below = mem_array(cx, errors, sizeof *d->below)) == NULL))
        st = cx->status;
    if (st != ST_OK) {
        rows_close(&d->rows);
        return st;
    }
    memset(d->here, 0, errors * sizeof *d->here);
    *out = &d->rows;
    return ST_OK;
}
