/* SPDX-License-Identifier: MIT */
/* Colors of a change are gathered, then numbered as a palette has them. */
#include "animation/frame_colors.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/oklab.h"

#define NO_INDEX UINT16_MAX
#define USED (UINT16_MAX - 1)

/* The place of a value in map. */
static uint32_t slot_of(const struct frame_colors *c, uint32_t value)
{
    if (c->slots == NULL)
        return value;
    return color_pool_value(c->slots, color_pool_color(c->change.after->pool, value));
}

/* The pool that numbers the frame's colors. */
static struct color_pool *numbers(const struct frame_colors *c)
{
    return c->slots != NULL ? c->slots : c->change.after->pool;
}

/* No color is put. */
static void forget(struct frame_colors *c)
{
    for (size_t i = 0; i < c->entries; i++)
        c->map[i] = NO_INDEX;
}

#define SLOTS 1024u /* more than are ever taken: a shared palette, and colors up to one too many */

/* The values of the shared colors, POOL_CLEAR for none; and a map with room for all others too. */
static enum status open_map(struct frame_colors *c, const struct palette *shared,
                            uint32_t value[static 256])
{
    struct color_pool *pool = c->change.after->pool;
    /* this may renumber, or make the pool wide: no value is known yet */
    enum status st = color_pool_reserve(pool, 256);
    if (st == ST_OK && pool->wide)
        st = color_pool_open(c->cx, &c->slots);
    if (st == ST_OK && pool->wide)
        st = color_pool_reserve(c->slots, SLOTS);
    if (st != ST_OK)
        return st;
    for (uint32_t i = 0; i < shared->count; i++)
        value[i] = color_pool_value(numbers(c), shared->entry[i]);
    c->entries = pool->wide ? SLOTS : pool->room;
    c->map = mem_array(c->cx, c->entries, sizeof *c->map);
    if (c->map == NULL)
        return c->cx->status;
    forget(c);
    return ST_OK;
}

/* Marks the colors that are put; returns how many, beyond 256 perhaps not all. */
static uint32_t gather(struct frame_colors *c, bool *stays)
{
    const struct rect *r = &c->change.rect;
    uint32_t colors = 0, value;
    *stays = false;
    for (uint32_t y = r->y; y < r->y + r->height && colors <= 256; y++) {
        const struct change_line line = change_line(&c->change, y);
        for (uint32_t x = r->x; x < r->x + r->width && colors <= 256; x++) {
            if (!line_draws(&line, x, &value)) {
                *stays = true;
                continue;
            }
            uint16_t *entry = &c->map[slot_of(c, value)];
            colors += *entry == NO_INDEX;
            *entry = USED;
        }
    }
    return colors;
}

/* An entry that no pixel needs; -1: none. A table has a power of two of entries. */
static int free_entry(uint32_t count, const bool taken[static 256])
{
    uint32_t room = 2, i = 0;
    while (room < count)
        room *= 2;
    while (i < room && taken[i])
        i++;
    return i < room ? (int)i : -1;
}

/* The shared palette, if it has all of the colors, and an entry for pixels that stay. */
static bool use_shared(struct frame_colors *c, const struct shared_colors *shared,
                       const uint32_t value[static 256], uint32_t colors, bool stays)
{
    bool taken[256] = {false};
    uint32_t found = 0, end = 0;
    for (uint32_t i = 0; i < shared->palette.count; i++) {
        if (value[i] == POOL_CLEAR || c->map[value[i]] != USED)
            continue;
        c->map[value[i]] = (uint16_t)i; /* of equal colors the first */
        taken[i] = true;
        end = i + 1;
        found++;
    }
    int transparent = shared->transparent;
    if (stays && transparent < 0)
        transparent = free_entry(shared->palette.count, taken);
    bool good = found == colors && (!stays || transparent >= 0);
    for (uint32_t i = 0; !good && i < shared->palette.count; i++)
        if (taken[i])
            c->map[value[i]] = USED;
    if (!good)
        return false;
    c->palette = shared->palette;
    if (stays) {
        c->transparent = transparent;
        c->palette.entry[transparent] = (struct rgba8){0, 0, 0, 0};
        end = max_u32(end, (uint32_t)transparent + 1);
    }
    c->palette.count = max_u32(end, 1); /* codes need be no wider */
    return true;
}

/* Values that are put, and come to have the indices from 0 on. */
static uint32_t number_own(struct frame_colors *c, uint32_t value[static 256])
{
    const struct color_pool *pool = numbers(c);
    uint32_t n = 0;
    for (uint32_t v = 1; v < pool->count; v++)
        if (c->map[v] != NO_INDEX) {
            value[n] = v;
            c->map[v] = (uint16_t)n;
            c->palette.entry[n++] = pool->color[v];
        }
    c->palette.count = n;
    c->local = true;
    return n;
}

static void add_transparent(struct frame_colors *c)
{
    c->transparent = (int)c->palette.count;
    c->palette.entry[c->palette.count++] = (struct rgba8){0, 0, 0, 0};
}

static void use_own(struct frame_colors *c, bool stays)
{
    uint32_t value[256];
    if (number_own(c, value) == 0 || stays)
        add_transparent(c);
}

/* 256 colors, of which the two that are most alike become one: so there is a transparent entry. */
static void use_own_but_one(struct frame_colors *c)
{
    struct oklab at[256];
    uint32_t value[256], first = 0, second = 1, least = UINT32_MAX;
    uint32_t n = number_own(c, value);
    for (uint32_t i = 0; i < n; i++) {
        const struct rgba8 *e = &c->palette.entry[i];
        at[i] = oklab_from_rgb(e->r, e->g, e->b);
        for (uint32_t k = 0; k < i; k++) {
            uint32_t d = oklab_distance(at[i], at[k]);
            if (d < least) {
                least = d;
                first = k;
                second = i;
            }
        }
    }
    c->map[value[second]] = (uint16_t)first;
    for (uint32_t i = second + 1; i < n; i++) {
        c->map[value[i]]--;
        c->palette.entry[i - 1] = c->palette.entry[i];
    }
    c->palette.count--;
    add_transparent(c);
    c->inexact = true;
}

/*
 * No entry is left for pixels that stay beside 256 colors that are put. They can be put as well, if
 * those colors suffice. Returns whether they do.
 */
static bool put_all(struct frame_colors *c)
{
    const struct canvas *before = c->change.before;
    bool clear;
    c->change.before = NULL;
    if (before != NULL && gather(c, &clear) == 0 && !clear)
        return true;
    c->change.before = before;
    forget(c);
    gather(c, &clear);
    return false;
}

static uint32_t most_own(const struct shared_colors *shared)
{
    return shared->most == 0 ? 256 : shared->most;
}

enum status frame_colors_open(struct context *cx, const struct change *change,
                              const struct shared_colors *shared, bool merge,
                              struct frame_colors *out, bool *fits)
{
    struct frame_colors *c = out;
    uint32_t value[256], colors;
    bool stays;
    memset(c, 0, sizeof *c);
    c->cx = cx;
    c->change = *change;
    c->transparent = -1;
    enum status st = open_map(c, &shared->palette, value);
    if (st != ST_OK) {
        frame_colors_close(c);
        return st;
    }
    colors = gather(c, &stays);
    if (colors == 256 && stays && put_all(c))
        stays = false;
    stays |= c->change.leaves && colors < 256;
    *fits = true;
    if (shared->palette.count != 0 && use_shared(c, shared, value, colors, stays))
        return ST_OK;
    if (colors + stays <= most_own(shared))
        use_own(c, stays);
    else if (merge && colors == 256 && most_own(shared) == 256)
        use_own_but_one(c);
    else
        *fits = false;
    return ST_OK;
}

void frame_colors_close(struct frame_colors *c)
{
    mem_free(c->cx, c->map);
    color_pool_close(c->slots);
}

void frame_colors_row(struct frame_colors *c, uint32_t row, uint8_t *out)
{
    const struct rect *r = &c->change.rect;
    const struct change_line line = change_line(&c->change, r->y + row);
    uint32_t value;
    for (uint32_t x = r->x; x < r->x + r->width; x++)
        *out++ = (uint8_t)(line_draws(&line, x, &value) ? c->map[slot_of(c, value)]
                                                        : (uint32_t)c->transparent);
}
