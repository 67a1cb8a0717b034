/* SPDX-License-Identifier: MIT */
/* Pixels to palette entries: a cache of colors seen, before lists of the entries that can be
 * nearest. */
#include "color/quantize.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/oklab.h"

/*
 * The cache is direct-mapped and knows exact colors. An index is made of low bits of the three
 * channels, so that colors near each other never meet, xor a hash of the rest, the tag. A pixel's
 * word, the xor of three table entries, holds
 *
 *   bits 0-16 index | 24-30 tag | 31 set
 *
 * and a slot the upper 8 of these bits over the palette entry. A zeroed slot matches nothing.
 */
#define ENTRIES 256
#define BLOCK 64 /* pixels that are looked at for being one color */
#define RECENT (1u << 17)
#define LOW_BITS 6 /* of r and g; of b one less */

/*
 * Colors that share their high 5 bits share a list of candidates, made when the first of them
 * comes. Lists stand in a pool at multiples of 4 bytes: a count, less 1, then entries. Once the
 * pool is full, which takes a picture of noise, further cells are searched in full.
 */
#define CELLS 32768
#define POOL_BYTES (4u * 65536)

struct color_map {
    struct context *cx;
    int transparent; /* entry, or -1 */
    uint32_t count;  /* of opaque entries */
    uint8_t entry[ENTRIES];
    int16_t l[ENTRIES], a[ENTRIES], b[ENTRIES]; /* unused ones repeat the first */
    uint32_t word[3][256];
    uint32_t pool_used; /* in units of 4 bytes; the first is none */
    uint16_t *recent;   /* RECENT */
    uint16_t *list;     /* CELLS: place in the pool, 0: none yet */
    uint8_t *pool;
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
        for (i = 0; i < m->count; i++) {
            const struct rgba8 *e = &palette->entry[m->entry[i]];
            uint32_t word = word_of(m, (const uint8_t[]){e->r, e->g, e->b});
            if (m->recent[word % RECENT] != 0)
                break;
            remember(m, word, m->entry[i]);
        }
        if (i == m->count)
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
    m->list = mem_zalloc(cx, CELLS * sizeof *m->list);
    m->pool = mem_alloc(cx, POOL_BYTES);
    if (m->recent == NULL || m->list == NULL || m->pool == NULL) {
        color_map_close(m);
        return cx->status;
    }
    m->pool_used = 1;
    m->transparent = palette_transparent(palette);
    for (uint32_t i = 0; i < palette->count; i++) {
        const struct rgba8 *e = &palette->entry[i];
        if (e->a != 0)
            m->entry[m->count++] = (uint8_t)i;
    }
    if (m->count == 0)
        m->count = 1; /* entry 0: whatever it is, there is no other */
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const struct rgba8 *e = &palette->entry[m->entry[i < m->count ? i : 0]];
        struct oklab at = oklab_from_rgb(e->r, e->g, e->b);
        m->l[i] = at.l;
        m->a[i] = at.a;
        m->b[i] = at.b;
    }
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
    mem_free(m->cx, m->pool);
    mem_free(m->cx, m->list);
    mem_free(m->cx, m->recent);
    mem_free(m->cx, m);
}

/*
 * From c to all entries; returns the least. Written so that compilers make vectors of it:
 * differences and products of 16 bits, no pointer that could be another.
 */
static int32_t distances(const struct color_map *restrict m, struct oklab c, int32_t *restrict out)
{
    int32_t least = INT32_MAX;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        int16_t l = (int16_t)(m->l[i] - c.l), a = (int16_t)(m->a[i] - c.a),
                b = (int16_t)(m->b[i] - c.b);
        out[i] = l * l + a * a + b * b;
    }
    for (uint32_t i = 0; i < ENTRIES; i++)
        least = out[i] < least ? out[i] : least;
    return least;
}

/* The colors of a cell, seen from its middle. */
struct cell_shape {
    struct oklab middle;
    int32_t corner[8][3]; /* less the middle */
    uint32_t radius;      /* no color is farther from the middle */
    uint32_t bulge;       /* nor farther outside of what the corners span */
};

/*
 * That corners are the farthest colors and that no color bulges out of what they span by more than
 * 8 times what the middle does is so for all cells, as trying every color shows.
 */
static void find_shape(uint32_t cell, struct cell_shape *s)
{
    const uint32_t r = (cell >> 10) * 8, g = (cell >> 5 & 31) * 8, b = (cell & 31) * 8;
    struct oklab middle = oklab_from_fine(r * 256 + 896, g * 256 + 896, b * 256 + 896);
    int32_t sum[3] = {0};
    uint32_t most = 0;
    for (uint32_t i = 0; i < 8; i++) {
        struct oklab c = oklab_from_rgb(r + (i >> 2) * 7, g + (i >> 1 & 1) * 7, b + (i & 1) * 7);
        uint32_t d = oklab_distance(c, middle);
        most = d > most ? d : most;
        s->corner[i][0] = c.l - middle.l;
        s->corner[i][1] = c.a - middle.a;
        s->corner[i][2] = c.b - middle.b;
        for (unsigned k = 0; k < 3; k++)
            sum[k] += s->corner[i][k];
    }
    s->middle = middle;
    s->radius = square_root(most) + 1;
    s->bulge = square_root((uint64_t)((int64_t)sum[0] * sum[0] + (int64_t)sum[1] * sum[1] +
                                      (int64_t)sum[2] * sum[2])) +
               10;
}

/*
 * True where entry p, d from the middle, is farther than entry n from all colors x of the cell.
 * |p - x|^2 - |n - x|^2 is linear in x, so over what the corners span it is least at one
 * of them; it changes by 2 |p - n| for each step that x is outside of that.
 */
static bool never_nearer(const struct color_map *m, const struct cell_shape *s, const int32_t *d,
                         uint32_t p, uint32_t n)
{
    int32_t v[3] = {m->l[p] - m->l[n], m->a[p] - m->a[n], m->b[p] - m->b[n]}, most = INT32_MIN;
    for (unsigned i = 0; i < 8; i++) {
        int32_t along = s->corner[i][0] * v[0] + s->corner[i][1] * v[1] + s->corner[i][2] * v[2];
        most = along > most ? along : most;
    }
    int64_t least = (int64_t)d[p] - d[n] - 2 * (int64_t)most;
    uint64_t apart = (uint64_t)((int64_t)v[0] * v[0] + (int64_t)v[1] * v[1] + (int64_t)v[2] * v[2]);
    return least > 0 && (uint64_t)(least * least) > 4 * apart * s->bulge * s->bulge;
}

/*
 * Lists the entries p that can be nearest to a color x of the cell. With c its middle, R its
 * radius and n nearest to c: |p - x| >= |p - c| - R and |n - x| <= |n - c| + R, so only
 * p with |p - c| <= |n - c| + 2 R can win. Of these, the shape rules out most.
 */
static const uint8_t *make_list(struct color_map *m, uint32_t cell)
{
    struct cell_shape shape;
    find_shape(cell, &shape);
    int32_t d[ENTRIES], least = distances(m, shape.middle, d);
    uint32_t n = 0;
    while (d[n] != least)
        n++;
    uint64_t reach = square_root((uint32_t)least) + 1 + 2 * (uint64_t)shape.radius;
    int64_t limit = (int64_t)(reach * reach);

    uint8_t *list = m->pool + 4 * m->pool_used;
    uint32_t found = 0, room = POOL_BYTES - 4 * m->pool_used;
    for (uint32_t i = 0; i < m->count; i++) {
        if (d[i] > limit || (i != n && never_nearer(m, &shape, d, i, n)))
            continue;
        if (++found >= room)
            return NULL;
        list[found] = (uint8_t)i;
    }
    list[0] = (uint8_t)(found - 1);
    m->list[cell] = (uint16_t)m->pool_used;
    m->pool_used += (found + 4) / 4;
    return list;
}

/* The entry nearest to a color, the first of equally near ones. */
static uint8_t nearest(struct color_map *m, const uint8_t *p)
{
    const struct oklab c = oklab_from_rgb(p[0], p[1], p[2]);
    uint32_t cell = (uint32_t)p[0] >> 3 << 10 | (uint32_t)p[1] >> 3 << 5 | p[2] >> 3;
    const uint8_t *list = m->list[cell] != 0 ? m->pool + 4 * m->list[cell] : NULL;
    if (list == NULL && 4 * m->pool_used < POOL_BYTES)
        list = make_list(m, cell);
    uint32_t best = 0, least = UINT32_MAX;
    if (list == NULL) {
        int32_t d[ENTRIES], nearest_d = distances(m, c, d);
        while (d[best] != nearest_d)
            best++;
        return m->entry[best];
    }
    for (uint32_t k = 1; k <= list[0] + 1u; k++) {
        uint32_t i = list[k];
        uint32_t d = oklab_distance(c, (struct oklab){m->l[i], m->a[i], m->b[i]});
        if (d < least) {
            least = d;
            best = i;
        }
    }
    return m->entry[best];
}

static __attribute__((noinline)) uint8_t look_up(struct color_map *m, const uint8_t *p,
                                                 uint32_t word)
{
    uint8_t entry = nearest(m, p);
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

uint8_t color_map_find(struct color_map *m, const uint8_t *rgb)
{
    uint32_t word = word_of(m, rgb);
    uint16_t slot = m->recent[word % RECENT];
    return (slot ^ word >> 16) >> 8 == 0 ? (uint8_t)slot : look_up(m, rgb, word);
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
