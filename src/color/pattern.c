/* SPDX-License-Identifier: MIT */
/* Mixes of colors, kept for when they come again. */
#include "color/pattern.h"

#include <string.h>

#include "base/mem.h"
#include "color/blue_noise.h"
#include "color/candidates.h"

#define PARTS 8 /* of a mix */
#define FRACTION 6
#define MIXES 8192

struct mix {
    uint32_t color; /* r, g, b from bit 0 on, and bit 24 */
    uint8_t entry[PARTS];
};

struct pattern {
    struct context *cx;
    struct candidates *candidates;
    struct palette palette;
    int transparent; /* entry, or -1 */
    int strength;    /* scaled by 2^FRACTION */
    uint16_t lightness[256];
    struct mix *mix; /* MIXES, by a hash of the color */
    uint8_t mask[BLUE_SIZE][BLUE_SIZE];
};

static int clamp_code(int v)
{
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

static void make_mix(struct pattern *p, const uint8_t *color, uint8_t *entry)
{
    int off[3] = {0}; /* what the entries so far are short of, in sum */
    for (uint32_t i = 0; i < PARTS; i++) {
        uint8_t wanted[3];
        for (unsigned k = 0; k < 3; k++)
            wanted[k] = (uint8_t)clamp_code(color[k] + off[k] * p->strength / (1 << FRACTION));
        uint8_t e = candidates_nearest(p->candidates, wanted);
        const struct rgba8 *got = &p->palette.entry[e];
        const uint8_t code[3] = {got->r, got->g, got->b};
        for (unsigned k = 0; k < 3; k++)
            off[k] += color[k] - code[k];
        uint32_t at = i;
        for (; at > 0 && p->lightness[entry[at - 1]] > p->lightness[e]; at--)
            entry[at] = entry[at - 1];
        entry[at] = e;
        if (i == 0 && (off[0] | off[1] | off[2]) == 0) {
            memset(entry, e, PARTS);
            return;
        }
    }
}

static inline const struct mix *find_mix(struct pattern *p, const uint8_t *rgb)
{
    uint32_t color = rgb[0] | (uint32_t)rgb[1] << 8 | (uint32_t)rgb[2] << 16 | 1u << 24;
    struct mix *m = &p->mix[color * UINT32_C(0x9e3779b1) >> 19];
    if (m->color != color) {
        make_mix(p, rgb, m->entry);
        m->color = color;
    }
    return m;
}

void pattern_row(struct pattern *p, enum layout layout, const uint8_t *row, uint32_t width,
                 uint32_t y, uint8_t *out)
{
    const bool alpha = layout == LAYOUT_RGBA8;
    const uint8_t *mask = p->mask[y % BLUE_SIZE];
    for (uint32_t x = 0; x < width; x++, row += alpha ? 4 : 3) {
        if (alpha && row[3] < 128 && p->transparent >= 0)
            out[x] = (uint8_t)p->transparent;
        else
            out[x] = find_mix(p, row)->entry[mask[x % BLUE_SIZE] * PARTS / 256];
    }
}

enum status pattern_open(struct context *cx, const struct palette *palette, double strength,
                         struct pattern **out)
{
    *out = NULL;
    struct pattern *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    p->palette = *palette;
    p->transparent = palette_transparent(palette);
    p->strength = (int)(strength * (1 << FRACTION) + 0.5);
    for (uint32_t i = 0; i < palette->count; i++) {
        const struct rgba8 *e = &palette->entry[i];
        p->lightness[i] = (uint16_t)oklab_from_rgb(e->r, e->g, e->b).l;
    }
    p->mix = mem_zalloc(cx, MIXES * sizeof *p->mix);
    if (p->mix == NULL || blue_noise_fill(cx, p->mask) != ST_OK ||
        candidates_open(cx, palette, &p->candidates) != ST_OK) {
        pattern_close(p);
        return cx->status;
    }
    *out = p;
    return ST_OK;
}

void pattern_close(struct pattern *p)
{
    if (p == NULL)
        return;
    candidates_close(p->candidates);
    mem_free(p->cx, p->mix);
    mem_free(p->cx, p);
}
