/* SPDX-License-Identifier: MIT */
/* Finds an index for each color of a frame, and one that stands for transparency. */
#include "animation/indexing.h"

#include "base/size.h"

#define CONTROL_BYTES 8u

static uint32_t pack(struct rgba8 c)
{
    return (uint32_t)c.r << 24 | (uint32_t)c.g << 16 | (uint32_t)c.b << 8 | c.a;
}

static unsigned index_bits(uint32_t colors)
{
    unsigned bits = 1;
    while (1u << bits < colors)
        bits++;
    return bits;
}

unsigned indexing_size(uint32_t top)
{
    unsigned bits = index_bits(top + 1);
    return bits < 2 ? 2 : bits;
}

uint32_t way_extra_bytes(const struct way *w, bool controlled)
{
    uint32_t control = w->transparent >= 0 && !controlled ? CONTROL_BYTES : 0;
    return control + (w->local ? 3u << index_bits(w->palette.count) : 0);
}

void indexing_share(struct indexing *s, const struct palette *shared)
{
    s->shared = *shared;
    value_set_clear(&s->shared_colors);
    for (uint32_t i = 0; i < shared->count; i++) {
        s->shared.entry[i].a = 255;
        uint32_t before = s->shared_colors.count;
        int place = value_set_add(&s->shared_colors, pack(s->shared.entry[i]));
        if (s->shared_colors.count > before) /* of equal entries the first */
            s->entry[place] = (uint8_t)i;
    }
}

/* The shared palette's entry of a color; -1: it has none. */
static int shared_entry(struct indexing *s, struct rgba8 color)
{
    color.a = 255;
    int place = value_set_find(&s->shared_colors, pack(color));
    return place < 0 ? -1 : s->entry[place];
}

void indexing_look(struct indexing *s, const struct delta *d)
{
    s->delta = d;
    for (uint32_t i = 0; i < d->colors; i++) {
        struct rgba8 color = color_pool_color(d->target->pool, d->value[i]);
        s->shared_index[i] = (int16_t)shared_entry(s, color);
    }
}

/* The lowest index below end that is not used, or -1. */
static int lowest_free(const bool *used, uint32_t end)
{
    for (uint32_t i = 0; i < end; i++)
        if (!used[i])
            return (int)i;
    return -1;
}

/* An index for transparency: one of no color in sight, else one that none of the needed has. */
static int find_transparent(const struct indexing *s, uint32_t needed, const struct way *w)
{
    bool used[VALUE_SET_ROOM] = {false};
    uint32_t entries = 1u << index_bits(s->shared.count);
    for (uint32_t i = 0; i < needed; i++)
        used[s->shared_index[i]] = true;
    int of_needed = lowest_free(used, entries);
    if (w->choice == CHOOSE_ALWAYS)
        return of_needed;
    for (uint32_t i = needed; i < s->delta->colors; i++)
        if (s->shared_index[i] >= 0)
            used[s->shared_index[i]] = true;
    int of_all = lowest_free(used, entries);
    return of_all >= 0 ? of_all : of_needed;
}

/* The shared palette with the transparent entry of the way, which may be one behind its end. */
static void share_palette(const struct indexing *s, struct way *w)
{
    w->palette = s->shared;
    while (w->transparent >= (int)w->palette.count)
        w->palette.entry[w->palette.count++] = (struct rgba8){0, 0, 0, 255};
    if (w->transparent >= 0)
        w->palette.entry[w->transparent].a = 0;
}

static bool share(const struct indexing *s, uint32_t needed, bool hides, bool flag, struct way *w)
{
    if (s->shared.count == 0)
        return false;
    for (uint32_t i = 0; i < needed; i++)
        if (s->shared_index[i] < 0)
            return false;
    w->transparent = hides || flag ? find_transparent(s, needed, w) : -1;
    if (w->transparent < 0 && hides)
        return false;
    uint32_t top = w->transparent > 0 ? (uint32_t)w->transparent : 0;
    uint32_t with = w->choice == CHOOSE_ALWAYS ? needed : s->delta->colors;
    memset(w->index, w->transparent, sizeof w->index);
    for (uint32_t i = 0; i < with; i++)
        if (s->shared_index[i] >= 0) {
            w->index[i + 1] = (uint8_t)s->shared_index[i];
            top = max_u32(top, w->index[i + 1]);
        }
    w->top = top;
    w->size = indexing_size(top);
    share_palette(s, w);
    return true;
}

static bool make_local(const struct indexing *s, uint32_t needed, bool hides, bool flag,
                       struct way *w)
{
    struct palette *p = &w->palette;
    const struct color_pool *pool = s->delta->target->pool;
    p->count = 0;
    if (needed + hides > VALUE_SET_ROOM)
        return false;
    w->transparent = hides || (flag && needed < VALUE_SET_ROOM) ? 0 : -1;
    memset(w->index, w->transparent, sizeof w->index);
    if (w->transparent == 0)
        p->entry[p->count++] = (struct rgba8){0, 0, 0, 0};
    for (uint32_t i = 0; i < s->delta->colors; i++)
        if (i < needed || (w->choice == CHOOSE_RUNS && p->count < VALUE_SET_ROOM)) {
            w->index[i + 1] = (uint8_t)p->count;
            p->entry[p->count++] = color_pool_color(pool, s->delta->value[i]);
        }
    if (p->count == 0)
        return false;
    w->top = p->count - 1;
    w->size = indexing_size(w->top);
    return true;
}

bool indexing_way(const struct indexing *s, enum choice choice, bool local, bool flag,
                  struct way *out)
{
    const struct delta *d = s->delta;
    bool hides = choice != CHOOSE_NEVER;
    if (d->changed == VALUE_SET_ROOM && d->over)
        return false; /* maybe they are not all */
    if (d->cleared || (!hides && (d->blank || d->over)))
        return false;
    uint32_t needed = hides ? d->changed : d->colors;
    out->choice = choice;
    out->local = local;
    return local ? make_local(s, needed, hides, flag, out) : share(s, needed, hides, flag, out);
}

bool indexing_map(struct indexing *s, const struct palette *theirs, const bool used[static 256],
                  bool flag, uint8_t map[static 256], struct way *out)
{
    bool taken[VALUE_SET_ROOM] = {false};
    int hidden = palette_transparent(theirs);
    uint32_t top = 0;
    for (uint32_t i = 0; i < 256; i++) {
        if (!used[i] || (int)i == hidden)
            continue;
        int entry = i < theirs->count ? shared_entry(s, theirs->entry[i]) : -1;
        if (entry < 0)
            return false;
        map[i] = (uint8_t)entry;
        taken[entry] = true;
        top = max_u32(top, (uint32_t)entry);
    }
    out->local = false;
    out->transparent = -1;
    bool hides = hidden >= 0 && used[hidden];
    if (hides || flag)
        out->transparent = lowest_free(taken, 1u << index_bits(s->shared.count));
    if (hides && out->transparent < 0)
        return false;
    if (hides) {
        map[hidden] = (uint8_t)out->transparent;
        top = max_u32(top, map[hidden]);
    }
    out->top = top;
    out->size = indexing_size(top);
    share_palette(s, out);
    return true;
}
