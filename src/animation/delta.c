/* SPDX-License-Identifier: MIT */
/* One look at a rectangle of two canvases. */
#include "animation/delta.h"

#include "base/mem.h"
#include "base/size.h"

/* Marks in place[] while pixels are looked through; written without being read, which is faster. */
enum { SAME, OTHER };

void delta_close(struct delta *d)
{
    if (d->cx == NULL)
        return;
    mem_free(d->cx, d->place);
    mem_free(d->cx, d->set);
}

static enum status make_room(struct delta *d, const struct color_pool *pool)
{
    size_t need = pool->wide ? 0 : (size_t)pool->count * 2;
    d->cx = pool->cx;
    if (pool->wide && d->set == NULL) {
        d->set = mem_alloc(d->cx, sizeof *d->set);
        return d->set == NULL ? d->cx->status : ST_OK;
    }
    if (need > d->room) {
        mem_free(d->cx, d->place);
        d->room = 0;
        d->place = mem_array(d->cx, need + need / 4, sizeof *d->place);
        if (d->place == NULL)
            return d->cx->status;
        d->room = (uint32_t)(need + need / 4);
    }
    return ST_OK;
}

static void add_color(struct delta *d, uint32_t value)
{
    if (d->colors == VALUE_SET_ROOM)
        d->over = true;
    else
        d->value[d->colors++] = value;
}

static inline uint32_t mark_one(uint16_t *mark, uint32_t value, bool differs, uint32_t count)
{
    mark[value + (differs ? count : 0)] = 1;
    return differs;
}

/* Pixels that are the same mark the first half of place[], the others the second. */
static void look_narrow(struct delta *d)
{
    const struct rect r = d->r;
    uint32_t count = d->base->pool->count;
    uint16_t *mark = d->place;
    memset(mark, 0, (size_t)count * 2 * sizeof *mark);
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const uint16_t *b = d->base->narrow + (size_t)y * d->base->width + r.x;
        const uint16_t *t = d->target->narrow + (size_t)y * d->base->width + r.x;
        uint32_t changes = 0, x = 0;
        uint64_t last = 0, four, base;
        bool marked = false; /* those of last */
        for (; x + 4 <= r.width; x += 4) {
            memcpy(&four, t + x, sizeof four);
            memcpy(&base, b + x, sizeof base);
            if (four != base) {
                for (uint32_t i = x; i < x + 4; i++)
                    changes += mark_one(mark, t[i], t[i] != b[i], count);
            } else if (four != last || !marked) {
                for (uint32_t i = x; i < x + 4; i++)
                    mark[t[i]] = 1;
                last = four;
                marked = true;
            }
        }
        for (; x < r.width; x++)
            changes += mark_one(mark, t[x], t[x] != b[x], count);
        d->changes += changes;
    }
    d->blank = mark[POOL_CLEAR] != 0 || mark[count + POOL_CLEAR] != 0;
    d->cleared = mark[count + POOL_CLEAR] != 0;
    for (uint32_t v = 1; v < count; v++)
        if (mark[count + v] != 0)
            add_color(d, v);
    d->changed = d->colors;
    for (uint32_t v = 1; v < count; v++) {
        d->kept |= mark[v] != 0;
        if (mark[v] != 0 && mark[count + v] == 0)
            add_color(d, v);
    }
    memset(mark, 0, count * sizeof *mark);
    for (uint32_t i = 0; i < d->colors; i++)
        mark[d->value[i]] = (uint16_t)(i + 1);
}

/* Colors of pixels that are the same, or of the others. */
static void look_wide(struct delta *d, int kind)
{
    const struct rect r = d->r;
    uint32_t last = POOL_CLEAR; /* neighbors are often of one color */
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const uint32_t *b = d->base->wide + (size_t)y * d->base->width + r.x;
        const uint32_t *t = d->target->wide + (size_t)y * d->base->width + r.x;
        for (uint32_t x = 0; x < r.width; x++) {
            if ((t[x] == b[x]) != (kind == SAME))
                continue;
            d->changes += kind == OTHER;
            d->blank |= t[x] == POOL_CLEAR;
            d->cleared |= t[x] == POOL_CLEAR && kind == OTHER;
            d->kept |= t[x] != POOL_CLEAR && kind == SAME;
            if (t[x] != last && t[x] != POOL_CLEAR)
                value_set_add(d->set, t[x]);
            last = t[x];
        }
    }
    d->over |= d->set->over;
    d->colors = d->set->count;
}

enum status delta_look(struct delta *d, const struct canvas *base, const struct canvas *target,
                       struct rect r)
{
    enum status st = make_room(d, base->pool);
    d->base = base;
    d->target = target;
    d->r = r;
    d->colors = d->changed = 0;
    d->changes = 0;
    d->over = d->blank = d->kept = d->cleared = false;
    if (st != ST_OK)
        return st;
    if (!base->pool->wide) {
        look_narrow(d);
        return ST_OK;
    }
    value_set_clear(d->set);
    look_wide(d, OTHER);
    d->changed = d->colors;
    look_wide(d, SAME);
    memcpy(d->value, d->set->value, sizeof d->value);
    return ST_OK;
}

/* Eight values at once. */
#define LANES 8u
typedef uint16_t wide_lanes __attribute__((vector_size(2 * LANES)));
typedef int16_t wide_masks __attribute__((vector_size(2 * LANES)));
typedef int8_t masks __attribute__((vector_size(LANES)));

static void compare(const uint16_t *a, const uint16_t *b, uint32_t n, uint8_t *same)
{
    uint32_t x = 0;
    for (; x + LANES <= n; x += LANES) {
        wide_lanes v, w;
        memcpy(&v, a + x, sizeof v);
        memcpy(&w, b + x, sizeof w);
        masks m = __builtin_convertvector((wide_masks)(v == w), masks);
        memcpy(same + x, &m, sizeof m);
    }
    for (; x < n; x++)
        same[x] = a[x] == b[x] ? 0xff : 0;
}

void delta_row(const struct delta *d, uint32_t y, uint16_t *place, uint8_t *same)
{
    size_t at = (size_t)y * d->base->width + d->r.x;
    uint32_t n = d->r.width;
    if (d->base->pool->wide) {
        const uint32_t *b = d->base->wide + at, *t = d->target->wide + at;
        for (uint32_t x = 0; x < n; x++) {
            place[x] = (uint16_t)(t[x] == POOL_CLEAR ? 0 : value_set_find(d->set, t[x]) + 1);
            same[x] = t[x] == b[x] ? 0xff : 0;
        }
        return;
    }
    const uint16_t *b = d->base->narrow + at, *t = d->target->narrow + at;
    compare(b, t, n, same);
    for (uint32_t x = 0; x < n; x++)
        place[x] = d->place[t[x]];
}

struct rect rect_difference(const struct canvas *a, const struct canvas *b, struct rect within)
{
    size_t each = a->pool->wide ? 4 : 2, stride = a->width * each, bytes = within.width * each;
    const uint8_t *p = (const uint8_t *)a->pixels + within.y * stride + within.x * each;
    const uint8_t *q = (const uint8_t *)b->pixels + within.y * stride + within.x * each;
    uint32_t top = 0, bottom = within.height;
    while (top < bottom && memcmp(p + top * stride, q + top * stride, bytes) == 0)
        top++;
    while (bottom > top && memcmp(p + (bottom - 1) * stride, q + (bottom - 1) * stride, bytes) == 0)
        bottom--;
    if (top == bottom)
        return (struct rect){0, 0, 0, 0};
    /* what is the same on the left and right of all rows: fewer and fewer bytes */
    size_t left = bytes, right = bytes;
    for (uint32_t y = top; y < bottom; y++) {
        const uint8_t *s = p + y * stride, *t = q + y * stride;
        size_t i = 0, k = 0;
        while (i < left && s[i] == t[i])
            i++;
        left = i;
        while (k < right && s[bytes - 1 - k] == t[bytes - 1 - k])
            k++;
        right = k;
    }
    uint32_t x = (uint32_t)(left / each), end = within.width - (uint32_t)(right / each);
    return (struct rect){within.x + x, within.y + top, end - x, bottom - top};
}

struct rect rect_union(struct rect a, struct rect b)
{
    if (a.width == 0)
        return b;
    if (b.width == 0)
        return a;
    struct rect r = {min_u32(a.x, b.x), min_u32(a.y, b.y), 0, 0};
    r.width = max_u32(a.x + a.width, b.x + b.width) - r.x;
    r.height = max_u32(a.y + a.height, b.y + b.height) - r.y;
    return r;
}

bool rect_holds(struct rect outer, struct rect inner)
{
    return inner.width == 0 || (inner.x >= outer.x && inner.y >= outer.y &&
                                inner.x + inner.width <= outer.x + outer.width &&
                                inner.y + inner.height <= outer.y + outer.height);
}
