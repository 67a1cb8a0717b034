/* SPDX-License-Identifier: MIT */
/* Mixes of colors, kept for when they come again. */
#include "color/pattern.h"

#include <string.h>

#include "base/mem.h"
#include "color/blue_noise.h"
#include "color/nearest_cache.h"

#define PARTS 8 /* of a mix */
#define FRACTION 6

/*
 * A direct-mapped cache: a color goes to r + 32 g + 1024 b modulo the size, so that within a cube
 * of 32 code values no two meet.
 */
#define MIXES 32768

struct mix {
    uint32_t color; /* r, g, b from bit 0 on, and bit 24 */
    uint8_t entry[PARTS];
};

struct pattern {
    struct context *cx;
    struct nearest_cache nearest;
    struct palette palette;
    int transparent; /* entry, or -1 */
    int strength;    /* scaled by 2^FRACTION */
    uint16_t lightness[256];
    struct mix *mix; /* MIXES */
    uint8_t mask[BLUE_SIZE][BLUE_SIZE];
};

/* What to look for in a channel that the entries so far are short of by off, in sum. */
static inline uint32_t wanted_code(const struct pattern *p, int code, int off)
{
    int v = code + off * p->strength / (1 << FRACTION);
    v = v < 0 ? 0 : v;
    return (uint32_t)(v > 255 ? 255 : v);
}

/*
 * Sorts by lightness, equally light ones as they came. No comparison steers a branch: nothing
 * could foretell it.
 */
static void sort_parts(const struct pattern *p, const uint8_t part[PARTS], uint8_t *out)
{
    int32_t key[PARTS], place[PARTS];
    for (int32_t i = 0; i < PARTS; i++)
        key[i] = p->lightness[part[i]] * PARTS + i;
    for (uint32_t i = 0; i < PARTS; i++) {
        place[i] = 0;
        for (uint32_t k = 0; k < PARTS; k++)
            place[i] += key[k] < key[i];
    }
    for (uint32_t i = 0; i < PARTS; i++)
        out[place[i]] = part[i];
}

static void make_mix(struct pattern *p, const uint8_t *rgb, uint8_t *entry)
{
    uint8_t part[PARTS];
    int r = 0, g = 0, b = 0; /* what the entries so far are short of, in sum */
    for (uint32_t i = 0; i < PARTS; i++) {
        uint32_t red = wanted_code(p, rgb[0], r), green = wanted_code(p, rgb[1], g),
                 blue = wanted_code(p, rgb[2], b);
        part[i] = (uint8_t)nearest_cache_find(&p->nearest, red | green << 8 | blue << 16,
                                              nearest_cache_place(red, green, blue));
        const struct rgba8 got = p->palette.entry[part[i]];
        r += rgb[0] - got.r;
        g += rgb[1] - got.g;
        b += rgb[2] - got.b;
        if (i == 0 && (r | g | b) == 0) {
            memset(entry, part[0], PARTS);
            return;
        }
    }
    sort_parts(p, part, entry);
}

static inline const struct mix *find_mix(struct pattern *p, const uint8_t *rgb)
{
    uint32_t color = rgb[0] | (uint32_t)rgb[1] << 8 | (uint32_t)rgb[2] << 16 | 1u << 24;
    struct mix *m = &p->mix[(rgb[0] + 32u * rgb[1] + 1024u * rgb[2]) % MIXES];
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
        nearest_cache_open(cx, palette, &p->nearest) != ST_OK) {
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
    nearest_cache_close(p->cx, &p->nearest);
    mem_free(p->cx, p->mix);
    mem_free(p->cx, p);
}
