/* SPDX-License-Identifier: MIT */
/* Palettes gathered from frames, and the order of the one that is taken. */
#include "animation/survey.h"

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_bits.h"

#define GATHERED 4     /* palettes side by side */
#define REMEMBERED 256 /* different sets of colors of frames, of each palette */
#define KEPT_PIXELS 16 /* of unchanged pixels about so many take a byte */

struct color_mask {
    uint64_t bits[4];
};

/* Frames that need the same colors. */
struct need {
    struct color_mask colors;
    uint64_t codes;   /* that they take, about */
    uint64_t own;     /* bytes that a transparent entry saves them where all colors are theirs */
    bool transparent; /* a transparent entry is of use */
};

struct gathered {
    struct value_set colors; /* packed */
    uint64_t saved;          /* bytes of local palettes */
    uint32_t needs;
    struct need need[REMEMBERED];
    uint64_t codes[VALUE_SET_ROOM]; /* of the frames that need a color */
};

struct survey {
    struct context *cx;
    struct palette given;
    struct value_set given_colors;
    struct gathered palette[GATHERED]; /* the first: of colors that are given */
};

void survey_close(struct survey *s)
{
    if (s != NULL)
        mem_free(s->cx, s);
}

static uint32_t pack(struct rgba8 c)
{
    return (uint32_t)c.r << 24 | (uint32_t)c.g << 16 | (uint32_t)c.b << 8 | c.a;
}

static struct rgba8 unpack(uint32_t v)
{
    return (struct rgba8){(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
}

enum status survey_open(struct context *cx, const struct palette *given, struct survey **out)
{
    struct survey *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    if (given != NULL)
        s->given = *given;
    for (uint32_t i = 0; i < s->given.count; i++) {
        s->given.entry[i].a = 255;
        value_set_add(&s->given_colors, pack(s->given.entry[i]));
    }
    *out = s;
    return ST_OK;
}

static unsigned index_bits(uint32_t colors)
{
    unsigned bits = 1;
    while (1u << bits < colors)
        bits++;
    return bits;
}

static bool mask_has(const struct color_mask *m, uint32_t i)
{
    return m->bits[i / 64] >> i % 64 & 1;
}

static void mask_add(struct color_mask *m, uint32_t i)
{
    m->bits[i / 64] |= UINT64_C(1) << i % 64;
}

static uint32_t mask_count(const struct color_mask *m)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < 4; i++)
        n += (uint32_t)__builtin_popcountll(m->bits[i]);
    return n;
}

static struct color_mask mask_union(const struct color_mask *a, const struct color_mask *b)
{
    struct color_mask m;
    for (unsigned i = 0; i < 4; i++)
        m.bits[i] = a->bits[i] | b->bits[i];
    return m;
}

static void remember(struct gathered *g, const struct color_mask *colors, uint64_t codes,
                     uint64_t own, bool transparent)
{
    uint32_t i = 0;
    while (i < g->needs && memcmp(&g->need[i].colors, colors, sizeof *colors) != 0)
        i++;
    if (i == REMEMBERED)
        return;
    if (i == g->needs)
        g->need[g->needs++] = (struct need){.colors = *colors};
    g->need[i].codes += codes;
    g->need[i].own += own;
    g->need[i].transparent |= transparent;
}

/* Whether a palette has room for n colors. The first has it for those given only. */
static bool has_room(struct survey *s, unsigned k, const uint32_t *packed, uint32_t n)
{
    struct value_set *colors = &s->palette[k].colors;
    uint32_t more = 0, strange = 0;
    for (uint32_t i = 0; i < n; i++) {
        more += value_set_find(colors, packed[i]) < 0;
        strange += value_set_find(&s->given_colors, packed[i]) < 0;
    }
    return k == 0 ? strange == 0 : colors->count + more <= VALUE_SET_ROOM;
}

/*
 * What a frame takes more that has no transparent entry in the shared palette: one of its own, but
 * no more than the pixels that would be transparent take.
 */
static uint64_t without_entry(const struct delta *d, uint32_t colors)
{
    uint64_t local = (uint64_t)3 << index_bits(colors + 1);
    uint64_t kept = (uint64_t)d->r.width * d->r.height - d->changes;
    return d->blank || local < kept / KEPT_PIXELS ? local : kept / KEPT_PIXELS;
}

static void gather(struct gathered *g, const struct delta *d, const uint32_t *packed, uint32_t n)
{
    /* a phrase of animations is some pixels long */
    uint64_t codes = d->changes / 3 + 1;
    struct color_mask m = {{0}};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)value_set_add(&g->colors, packed[i]);
        mask_add(&m, at);
        g->codes[at] += codes;
    }
    remember(g, &m, codes, without_entry(d, n), d->blank || d->kept);
    g->saved += (uint64_t)3 << index_bits(n);
}

void survey_frame(struct survey *s, const struct delta *d)
{
    const struct color_pool *pool = d->target->pool;
    uint32_t packed[VALUE_SET_ROOM], n = d->changed;
    if ((n == VALUE_SET_ROOM && d->over) || n == 0)
        return;
    for (uint32_t i = 0; i < n; i++)
        packed[i] = pack(color_pool_color(pool, d->value[i]));
    if (has_room(s, 0, packed, n))
        gather(&s->palette[0], d, packed, n);
    for (unsigned k = 1; k < GATHERED; k++)
        if (has_room(s, k, packed, n)) {
            gather(&s->palette[k], d, packed, n);
            return;
        }
}

/* Bits that frames with so many codes take less when their indices need `bits` and not all. */
static uint64_t gain(uint64_t codes, unsigned bits, unsigned all)
{
    uint64_t n = codes < 3800 ? codes : 3800;
    struct lzw_codes few = lzw_codes(bits < 2 ? 2 : bits), many = lzw_codes(all < 2 ? 2 : all);
    return lzw_cost(&many, n) - lzw_cost(&few, n);
}

/*
 * The first 2^bits places are given to the frames that gain most for each place that they take
 * up; and so on for one bit more. Returns what is gained; order: colors by place.
 */
static uint64_t arrange(const struct gathered *g, uint32_t *order)
{
    struct color_mask placed = {{0}};
    bool done[REMEMBERED] = {false};
    uint32_t n = 0;
    uint64_t gained = 0;
    unsigned all = index_bits(g->colors.count);
    for (unsigned bits = 2; bits < all; bits++) {
        for (;;) {
            uint32_t best = REMEMBERED;
            double best_rate = 0;
            for (uint32_t i = 0; i < g->needs; i++) {
                const struct need *need = &g->need[i];
                if (done[i])
                    continue;
                struct color_mask both = mask_union(&placed, &need->colors);
                uint32_t taken = mask_count(&both);
                bool full = need->transparent && mask_count(&need->colors) == taken;
                if (taken + full > 1u << bits)
                    continue;
                double rate = (double)gain(need->codes, bits, all) / (taken - n + 0.01);
                if (rate > best_rate) {
                    best_rate = rate;
                    best = i;
                }
            }
            if (best == REMEMBERED)
                break;
            done[best] = true;
            gained += gain(g->need[best].codes, bits, all);
            for (uint32_t c = 0; c < g->colors.count; c++)
                if (mask_has(&g->need[best].colors, c) && !mask_has(&placed, c)) {
                    mask_add(&placed, c);
                    order[n++] = c;
                }
        }
    }
    while (n < g->colors.count) { /* the rest by how much it is needed */
        uint32_t best = g->colors.count;
        for (uint32_t c = 0; c < g->colors.count; c++)
            if (!mask_has(&placed, c) && (best == g->colors.count || g->codes[c] > g->codes[best]))
                best = c;
        mask_add(&placed, best);
        order[n++] = best;
    }
    return gained;
}

/* Whether frames that need all colors need transparency as well, for more than it costs. */
static bool wants_place(const struct gathered *g)
{
    uint64_t saved = 0, cost = (uint64_t)3 * g->colors.count; /* the table is twice as large */
    for (uint32_t i = 0; i < g->needs; i++)
        if (mask_count(&g->need[i].colors) == g->colors.count)
            saved += g->need[i].own;
    return g->colors.count < VALUE_SET_ROOM && saved > cost;
}

static bool has_color(const struct gathered *g, uint32_t packed)
{
    for (uint32_t i = 0; i < g->colors.count; i++)
        if (g->colors.value[i] == packed)
            return true;
    return false;
}

void survey_palette(const struct survey *s, bool copies, bool all, struct palette *out)
{
    const struct gathered *g = &s->palette[0];
    uint32_t order[VALUE_SET_ROOM];
    for (unsigned k = 1; k < GATHERED; k++)
        if (s->palette[k].saved > g->saved)
            g = &s->palette[k];
    uint64_t bits = arrange(g, order);
    if (copies && bits < 8 && g == &s->palette[0] &&
        index_bits(g->colors.count) == index_bits(s->given.count)) {
        *out = s->given;
        return;
    }
    out->count = g->colors.count;
    for (uint32_t i = 0; i < out->count; i++)
        out->entry[i] = unpack(g->colors.value[order[i]]);
    for (uint32_t i = 0; !all && i < s->given.count && out->count < VALUE_SET_ROOM; i++)
        if (!has_color(g, pack(s->given.entry[i])))
            out->entry[out->count++] = s->given.entry[i];
    if (out->count < VALUE_SET_ROOM && index_bits(out->count + 1) > index_bits(out->count) &&
        wants_place(g))
        out->entry[out->count++] = (struct rgba8){0, 0, 0, 255};
    if (out->count == 0)
        *out = (struct palette){.count = 2, .entry = {{0, 0, 0, 255}, {255, 255, 255, 255}}};
}
