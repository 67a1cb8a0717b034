/* SPDX-License-Identifier: MIT */
/* One look at a rectangle of two canvases. */
#include "animation/delta.h"

#include "base/mem.h"
#include "base/size.h"

void delta_close(struct delta *d)
{
    if (d->cx == NULL)
        return;
    mem_free(d->cx, d->tables);
    mem_free(d->cx, d->set);
}

/* Marks, which are 0 or 1, are looked through in words of eight. */
#define MARKS DELTA_SLACK

static uint32_t whole_words(uint32_t marks)
{
    return (marks + MARKS - 1) / MARKS * MARKS;
}

/* A table holds what there is of a pool that is not wide by value, else by place + 1. */
static enum status make_room(struct delta *d, const struct color_pool *pool)
{
    d->cx = pool->cx;
    if (pool->wide && d->set == NULL) {
        d->set = mem_alloc(d->cx, sizeof *d->set);
        if (d->set == NULL)
            return d->cx->status;
    }
    uint32_t need = pool->wide ? 1 + VALUE_SET_ROOM : pool->count;
    if (need <= d->room)
        return ST_OK;
    d->room = 0;
    need = whole_words(need + need / 4);
    mem_free(d->cx, d->tables);
    d->tables = mem_array(d->cx, need, DELTA_TABLES);
    if (d->tables == NULL)
        return d->cx->status;
    d->room = need;
    return ST_OK;
}

/* Eight values at once. */
#define LANES 8u
typedef uint16_t values __attribute__((vector_size(2 * LANES)));
typedef uint32_t places __attribute__((vector_size(4 * LANES)));
typedef int32_t place_masks __attribute__((vector_size(4 * LANES)));
typedef int16_t value_masks __attribute__((vector_size(2 * LANES)));
typedef int8_t byte_masks __attribute__((vector_size(LANES)));

static inline void mark_two(uint8_t *mark, uint64_t two)
{
    mark[(uint32_t)two] = 1;
    mark[two >> 32] = 1;
}

/* How many are set. */
static inline uint32_t count_masks(value_masks m)
{
    const uint64_t ones = UINT64_C(0x0001000100010001);
    uint64_t four[2];
    memcpy(four, &m, sizeof four);
    return (uint32_t)(((four[0] & ones) + (four[1] & ones)) * ones >> 48);
}

/*
 * Marks eight values: from mark[0] on those that differ, from mark[same] on the others. Returns how
 * many of these there are.
 */
static inline uint32_t mark_lanes(const uint16_t *base, const uint16_t *target, uint32_t same,
                                  uint8_t *mark)
{
    values b, t;
    uint64_t two[LANES / 2];
    memcpy(&b, base, sizeof b);
    memcpy(&t, target, sizeof t);
    value_masks keeps = b == t;
    places at = __builtin_convertvector(t, places) +
                ((places) __builtin_convertvector(keeps, place_masks) & same);
    memcpy(two, &at, sizeof two);
    mark_two(mark, two[0]);
    mark_two(mark, two[1]);
    mark_two(mark, two[2]);
    mark_two(mark, two[3]);
    return count_masks(keeps);
}

/* Four values. */
static inline uint64_t word_at(const uint16_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Whether eight values are others than the eight before them. */
static inline bool is_news(const uint16_t *p)
{
    return ((word_at(p) ^ word_at(p - 8)) | (word_at(p + 4) ^ word_at(p - 4))) != 0;
}

/* Marks the values of a row in this way. Returns how many pixels differ. */
static uint32_t mark_row(const uint16_t *base, const uint16_t *target, uint32_t n, uint32_t same,
                         uint8_t *mark)
{
    uint32_t x = 0, kept = 0, last = 0;
    for (; x + LANES <= n; x += LANES) {
        if (x == 0 || is_news(target + x) || is_news(base + x))
            last = mark_lanes(base + x, target + x, same, mark);
        kept += last;
    }
    for (; x < n; x++) {
        bool keeps = target[x] == base[x];
        mark[target[x] + (keeps ? same : 0)] = 1;
        kept += keeps;
    }
    return n - kept;
}

/* Adds the values that are marked, as far as there is room. No branch tells marks apart. */
static void add_marked(struct delta *d, const uint8_t *mark, uint32_t n)
{
    for (uint32_t v = 0; v < n; v += MARKS) {
        uint64_t any;
        memcpy(&any, mark + v, sizeof any);
        if (any == 0)
            continue;
        for (uint32_t i = v; i < v + MARKS; i++) {
            d->value[d->colors] = i;
            d->colors += mark[i];
        }
        if (d->colors > VALUE_SET_ROOM) {
            d->colors = VALUE_SET_ROOM;
            d->over = true;
        }
    }
}

/* Takes away the marks that others have as well. Returns whether there was any. */
static bool part_marks(uint8_t *mark, const uint8_t *others, uint32_t n)
{
    uint64_t all = 0, word, other;
    for (uint32_t v = 0; v < n; v += MARKS) {
        memcpy(&word, mark + v, sizeof word);
        memcpy(&other, others + v, sizeof other);
        all |= word;
        word &= ~other;
        memcpy(mark + v, &word, sizeof word);
    }
    return all != 0;
}

static void look_narrow(struct delta *d)
{
    const struct rect r = d->r;
    uint32_t n = whole_words(d->base->pool->count);
    uint8_t *mark = d->tables, *changed = mark, *same = mark + n;
    memset(mark, 0, (size_t)n * 2);
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const uint16_t *base = canvas_row(d->base, y), *target = canvas_row(d->target, y);
        d->changes += mark_row(base + r.x, target + r.x, r.width, n, mark);
    }
    d->cleared = changed[POOL_CLEAR] != 0;
    d->blank = d->cleared || same[POOL_CLEAR] != 0;
    changed[POOL_CLEAR] = same[POOL_CLEAR] = 0; /* no color */
    add_marked(d, changed, n);
    d->changed = d->colors;
    d->kept = part_marks(same, changed, n);
    add_marked(d, same, n);
}

enum { SAME, OTHER };

/* Colors of pixels that are the same, or of the others. */
static void look_wide(struct delta *d, int kind)
{
    const struct rect r = d->r;
    uint32_t last = POOL_CLEAR; /* neighbors are often of one color */
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const uint32_t *b = canvas_row(d->base, y), *t = canvas_row(d->target, y);
        for (uint32_t x = r.x; x < r.x + r.width; x++) {
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
        return d->cx->status;
    }
    value_set_clear(d->set);
    look_wide(d, OTHER);
    d->changed = d->colors;
    look_wide(d, SAME);
    memcpy(d->value, d->set->value, sizeof d->set->value);
    return d->cx->status;
}

void delta_index(const struct delta *d, unsigned k, const uint8_t *index)
{
    uint8_t *table = d->tables + (size_t)k * d->room;
    if (d->base->pool->wide) {
        memcpy(table, index, 1 + d->colors);
        return;
    }
    memset(table, index[0], d->base->pool->count);
    for (uint32_t i = 0; i < d->colors; i++)
        table[d->value[i]] = index[i + 1];
}

void delta_row(const struct delta *d, unsigned k, uint32_t y, uint8_t *out)
{
    const uint8_t *table = d->tables + (size_t)k * d->room;
    const void *target = canvas_row(d->target, y);
    uint32_t n = d->r.width;
    if (d->base->pool->wide) {
        const uint32_t *t = (const uint32_t *)target + d->r.x;
        for (uint32_t x = 0; x < n; x++)
            out[x] = table[t[x] == POOL_CLEAR ? 0 : value_set_find(d->set, t[x]) + 1];
        return;
    }
    const uint16_t *t = (const uint16_t *)target + d->r.x;
    for (uint32_t x = 0; x < n; x++)
        out[x] = table[t[x]];
}

void delta_same(const struct delta *d, uint32_t y, uint8_t *out)
{
    const void *base_row = canvas_row(d->base, y), *target_row = canvas_row(d->target, y);
    uint32_t n = d->r.width, x = 0;
    if (d->base->pool->wide) {
        const uint32_t *b = (const uint32_t *)base_row + d->r.x;
        const uint32_t *t = (const uint32_t *)target_row + d->r.x;
        for (; x < n; x++)
            out[x] = t[x] == b[x] ? 0xff : 0;
        return;
    }
    const uint16_t *base = (const uint16_t *)base_row + d->r.x;
    const uint16_t *target = (const uint16_t *)target_row + d->r.x;
    for (; x + LANES <= n; x += LANES) {
        values b, t;
        memcpy(&b, base + x, sizeof b);
        memcpy(&t, target + x, sizeof t);
        byte_masks m = __builtin_convertvector((value_masks)(b == t), byte_masks);
        memcpy(out + x, &m, sizeof m);
    }
    for (; x < n; x++)
        out[x] = base[x] == target[x] ? 0xff : 0;
}

/* Rows of two canvases from a column on. */
struct row_pair {
    const uint8_t *a, *b;
};

static inline struct row_pair rows_from(const struct canvas *a, const struct canvas *b, uint32_t x,
                                        uint32_t y)
{
    size_t at = x * color_pool_bytes(a->pool);
    return (struct row_pair){(const uint8_t *)canvas_row(a, y) + at,
                             (const uint8_t *)canvas_row(b, y) + at};
}

struct rect rect_difference(const struct canvas *a, const struct canvas *b, struct rect within)
{
    const size_t each = color_pool_bytes(a->pool), bytes = within.width * each;
    uint32_t top = within.y, bottom = within.y + within.height;
    struct row_pair p;
    for (; top < bottom; top++) {
        p = rows_from(a, b, within.x, top);
        if (memcmp(p.a, p.b, bytes) != 0)
            break;
    }
    if (top == bottom)
        return (struct rect){0, 0, 0, 0};
    for (; bottom > top + 1; bottom--) {
        p = rows_from(a, b, within.x, bottom - 1);
        if (memcmp(p.a, p.b, bytes) != 0)
            break;
    }
    /* what is the same on the left and right of all rows: fewer and fewer bytes */
    size_t left = bytes, right = bytes;
    for (uint32_t y = top; y < bottom && left + right > 0; y++) {
        p = rows_from(a, b, within.x, y);
        size_t i = 0, k = 0;
        while (i < left && p.a[i] == p.b[i])
            i++;
        left = i;
        while (k < right && p.a[bytes - 1 - k] == p.b[bytes - 1 - k])
            k++;
        right = k;
    }
    uint32_t x = (uint32_t)(left / each), end = within.width - (uint32_t)(right / each);
    return (struct rect){within.x + x, top, end - x, bottom - top};
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
