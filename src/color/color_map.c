/* SPDX-License-Identifier: MIT */
/* Pixels to palette entries: a cache of colors seen, before the search for the nearest. */
#include "color/color_map.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/candidates.h"

/*
 * The cache is direct-mapped and knows exact colors. An index is made of low bits of the three
 * channels, so that colors near each other never meet, xor a hash of the rest, the tag. A pixel's
 * word, the xor of three table entries, holds
 *
 *   bits 0-16 index | 24-30 tag | 31 set
 *
 * and a slot the upper 8 of these bits over the palette entry. A zeroed slot matches nothing.
 */
#define BLOCK 64 /* pixels that are looked at for being one color */
#define RECENT (1u << 17)
#define LOW_BITS 6 /* of r and g; of b one less */

struct color_map {
    struct context *cx;
    int transparent; /* entry, or -1 */
    uint32_t word[3][256];
    uint16_t *recent; /* RECENT */
    struct candidates *candidates;
};

static uint32_t word_of(const struct color_map *m, const uint8_t *p)
{
    return m->word[0][p[0]] ^ m->word[1][p[1]] ^ m->word[2][p[2]];
}

static void fill_words(struct color_map *m, uint32_t seed)
{
    static const unsigned low_at[3] = {0, LOW_BITS, 2 * LOW_BITS};
    static const unsigned tag_at[3] = {0, 8 - LOW_BITS, 2 * (8 - LOW_BITS)};
    for (unsigned k = 0; k < 3; k++) {
        unsigned bits = k == 2 ? LOW_BITS - 1 : LOW_BITS;
        for (uint32_t c = 0; c < 256; c++) {
            uint32_t tag = c >> bits << tag_at[k];
            uint32_t hash = tag * (UINT32_C(0x9e3779b1) + 2 * seed * UINT32_C(0x85ebca6b));
            m->word[k][c] = ((c & ((1u << bits) - 1)) << low_at[k] ^ hash >> 15) | tag << 24 |
                            (uint32_t)(k == 0) << 31;
        }
    }
}

static void remember(struct color_map *m, uint32_t word, uint8_t entry)
{
    m->recent[word % RECENT] = (uint16_t)(word >> 24 << 8 | entry);
}

/* Enters all colors where some seed lets none displace another: rows will then find every pixel. */
static void remember_all(struct color_map *m, const struct palette *palette)
{
    for (uint32_t seed = 0; seed < 64; seed++) {
        fill_words(m, seed);
        uint32_t i;
        for (i = 0; i < palette->count; i++) {
            const struct rgba8 *e = &palette->entry[i];
            uint32_t word = word_of(m, (const uint8_t[]){e->r, e->g, e->b});
            if (e->a == 0)
                continue;
            if (m->recent[word % RECENT] != 0)
                break;
            remember(m, word, (uint8_t)i);
        }
        if (i == palette->count)
            return;
        memset(m->recent, 0, RECENT * sizeof *m->recent);
    }
}

enum status color_map_open(struct context *cx, const struct palette *palette, bool exact,
                           struct color_map **out)
{
    *out = NULL;
    struct color_map *m = mem_zalloc(cx, sizeof *m);
    if (m == NULL)
        return cx->status;
    m->cx = cx;
    m->recent = mem_zalloc(cx, RECENT * sizeof *m->recent);
    if (m->recent == NULL || candidates_open(cx, palette, &m->candidates) != ST_OK) {
        color_map_close(m);
        return cx->status;
    }
    m->transparent = palette_transparent(palette);
    fill_words(m, 0);
    if (exact)
        remember_all(m, palette);
    *out = m;
    return ST_OK;
}

void color_map_close(struct color_map *m)
{
    if (m == NULL)
        return;
    candidates_close(m->candidates);
    mem_free(m->cx, m->recent);
    mem_free(m->cx, m);
}

static __attribute__((noinline)) uint8_t look_up(struct color_map *m, const uint8_t *p,
                                                 uint32_t word)
{
    uint8_t entry = candidates_nearest(m->candidates, p);
    remember(m, word, entry);
    return entry;
}

static inline void map_block(struct color_map *m, const uint8_t *p, bool alpha, uint32_t pixels,
                             uint8_t *out)
{
    const uint16_t *recent = m->recent;
    for (uint32_t x = 0; x < pixels; x++, p += alpha ? 4 : 3) {
        if (alpha && p[3] < 128 && m->transparent >= 0) {
            out[x] = (uint8_t)m->transparent;
            continue;
        }
        uint32_t word = word_of(m, p);
        uint16_t slot = recent[word % RECENT];
        out[x] = (slot ^ word >> 16) >> 8 == 0 ? (uint8_t)slot : look_up(m, p, word);
    }
}

/* Whether so many pixels are one color. */
static bool is_flat(const uint8_t *p, uint32_t pixels, size_t step)
{
    return memcmp(p, p + step, (pixels - 1) * step) == 0;
}

void color_map_row(struct color_map *m, enum layout layout, const uint8_t *row, uint32_t width,
                   uint8_t *out)
{
    const bool alpha = layout == LAYOUT_RGBA8;
    const size_t step = alpha ? 4 : 3;
    for (uint32_t pixels; width > 0; row += pixels * step, out += pixels, width -= pixels) {
        pixels = min_u32(width, BLOCK);
        if (is_flat(row, pixels, step)) {
            map_block(m, row, alpha, 1, out);
            memset(out, out[0], pixels);
        } else if (alpha) {
            map_block(m, row, true, pixels, out);
        } else {
            map_block(m, row, false, pixels, out);
        }
    }
}
