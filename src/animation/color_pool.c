/* SPDX-License-Identifier: MIT */
/* A hash table of colors that forgets those no canvas shows when it is full. */
#include "animation/color_pool.h"

#include <string.h>

#include "animation/canvas.h"
#include "base/mem.h"
#include "base/size.h"

#define ROOM_FIRST 2048u
#define SLIM_COLORS 256u

static uint32_t pack(struct rgba8 c)
{
    return (uint32_t)c.r << 24 | (uint32_t)c.g << 16 | (uint32_t)c.b << 8 | c.a;
}

/* Fibonacci hashing: neighbors in color lie far apart. */
static uint32_t hash(struct rgba8 c)
{
    return pack(c) * UINT32_C(2654435769) >> 7;
}

static bool same(struct rgba8 a, struct rgba8 b)
{
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

/* The slot that holds the color, or the free one where it belongs. */
static uint16_t *find(const struct color_pool *p, struct rgba8 color)
{
    uint32_t at = hash(color) & (p->slots - 1);
    while (p->slot[at] != 0 && !same(p->color[p->slot[at]], color))
        at = (at + 1) & (p->slots - 1);
    return &p->slot[at];
}

static void index_colors(struct color_pool *p)
{
    memset(p->slot, 0, p->slots * sizeof *p->slot);
    for (uint32_t v = 1; v < p->count; v++)
        *find(p, p->color[v]) = (uint16_t)v;
}

static enum status set_room(struct color_pool *p, uint32_t room)
{
    struct rgba8 *color = mem_array(p->cx, room, sizeof *color);
    uint16_t *slot = mem_array(p->cx, (size_t)room * 2, sizeof *slot);
    if (color == NULL || slot == NULL) {
        mem_free(p->cx, color);
        mem_free(p->cx, slot);
        return p->cx->status;
    }
    memcpy(color, p->color, p->count * sizeof *color);
    mem_free(p->cx, p->color);
    mem_free(p->cx, p->slot);
    p->color = color;
    p->slot = slot;
    p->room = room;
    p->slots = room * 2;
    index_colors(p);
    return ST_OK;
}

enum status color_pool_open(struct context *cx, struct color_pool **out)
{
    struct color_pool *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    p->room = ROOM_FIRST;
    p->slots = ROOM_FIRST * 2;
    p->color = mem_array(cx, p->room, sizeof *p->color);
    p->slot = mem_array(cx, p->slots, sizeof *p->slot);
    if (p->color == NULL || p->slot == NULL) {
        color_pool_close(p);
        return cx->status;
    }
    p->color[POOL_CLEAR] = (struct rgba8){0, 0, 0, 0};
    p->count = 1;
    index_colors(p);
    *out = p;
    return ST_OK;
}

void color_pool_close(struct color_pool *p)
{
    if (p == NULL)
        return;
    mem_free(p->cx, p->color);
    mem_free(p->cx, p->slot);
    mem_free(p->cx, p);
}

static void drop_tables(struct color_pool *p)
{
    mem_free(p->cx, p->color);
    mem_free(p->cx, p->slot);
    p->color = NULL;
    p->slot = NULL;
    p->room = p->slots = p->count = 0;
}

/* Makes larger values of a row of n. */
typedef void grow_fn(const struct color_pool *p, const void *row, uint32_t n, void *to);

static void grow_narrow(const struct color_pool *p, const void *row, uint32_t n, void *to)
{
    (void)p;
    const uint8_t *slim = row;
    uint16_t *narrow = to;
    for (uint32_t i = 0; i < n; i++)
        narrow[i] = slim[i];
}

static void grow_wide(const struct color_pool *p, const void *row, uint32_t n, void *to)
{
    const uint16_t *narrow = row;
    uint32_t *wide = to;
    for (uint32_t i = 0; i < n; i++)
        wide[i] = pack(p->color[narrow[i]]);
}

/* A plane of what the canvas shows, in values of so many bytes. */
static enum status make_grown(const struct canvas *c, size_t bytes, grow_fn *grow,
                              struct plane **out)
{
    size_t stride;
    if (!size_mul(c->width, bytes, &stride))
        stride = SIZE_MAX;
    enum status st = plane_open(c->pool->cx, stride, c->height, c->pool->busy, out);
    for (uint32_t y = 0; st == ST_OK && y < c->height; y++) {
        grow(c->pool, canvas_row(c, y), c->width, plane_row_to_change(*out, y, true));
        st = check_stop(c->pool->cx);
    }
    return st == ST_OK ? c->pool->cx->status : st;
}

/* Gives every canvas values of so many bytes. All are made before the first canvas is changed. */
static enum status grow_canvases(struct color_pool *p, size_t bytes, grow_fn *grow)
{
    size_t canvases = 0, made = 0;
    enum status st = ST_OK;
    for (const struct canvas *c = p->canvases; c != NULL; c = c->next)
        canvases++;
    struct plane **grown = mem_zalloc(p->cx, (canvases + 1) * sizeof *grown);
    if (grown == NULL)
        return p->cx->status;
    for (const struct canvas *c = p->canvases; st == ST_OK && c != NULL; c = c->next)
        st = make_grown(c, bytes, grow, &grown[made++]);
    made = 0;
    for (struct canvas *c = p->canvases; c != NULL; c = c->next, made++) {
        plane_close(st == ST_OK ? c->plane : grown[made]);
        if (st == ST_OK)
            c->plane = grown[made];
    }
    mem_free(p->cx, grown);
    return st;
}

static enum status end_slim(struct color_pool *p)
{
    enum status st = grow_canvases(p, sizeof(uint16_t), grow_narrow);
    p->slim &= st != ST_OK;
    return st;
}

static enum status widen(struct color_pool *p)
{
    enum status st = grow_canvases(p, sizeof(uint32_t), grow_wide);
    if (st == ST_OK) {
        drop_tables(p);
        p->wide = true;
        p->generation++;
    }
    return st;
}

/* Keeps the colors that canvases show, in their order, under new values. */
static enum status forget(struct color_pool *p)
{
    uint16_t *to = mem_zalloc(p->cx, p->room * sizeof *to);
    if (to == NULL)
        return p->cx->status;
    for (const struct canvas *c = p->canvases; c != NULL; c = c->next)
        for (uint32_t y = 0; y < c->height; y++) {
            const uint16_t *narrow = canvas_row(c, y);
            for (uint32_t x = 0; x < c->width; x++)
                to[narrow[x]] = 1;
        }
    uint32_t count = 1;
    to[POOL_CLEAR] = POOL_CLEAR;
    for (uint32_t v = 1; v < p->count; v++) {
        if (to[v] == 0)
            continue;
        p->color[count] = p->color[v];
        to[v] = (uint16_t)count++;
    }
    for (struct canvas *c = p->canvases; c != NULL; c = c->next)
        for (uint32_t y = 0; y < c->height; y++) {
            uint16_t *narrow = canvas_row_to_change(c, y);
            for (uint32_t x = 0; x < c->width; x++)
                narrow[x] = to[narrow[x]];
        }
    mem_free(p->cx, to);
    p->count = count;
    p->generation++;
    index_colors(p);
    return p->cx->status;
}

/*
 * Forgetting comes before growing, so that room depends on what canvases show and not on how many
 * frames there were. Half of it is left free: else it would all be to do again soon.
 */
enum status color_pool_reserve(struct color_pool *p, uint32_t n)
{
    if (p->wide || n <= p->room - p->count)
        return ST_OK;
    enum status st = p->slim ? end_slim(p) : ST_OK;
    if (st == ST_OK)
        st = forget(p);
    if (st != ST_OK)
        return st;
    if (n > POOL_COLORS - p->count || p->count > POOL_COLORS / 4 * 3)
        return widen(p);
    uint32_t room = p->room;
    while (room < POOL_COLORS && room / 2 < p->count + n)
        room *= 2;
    return room != p->room ? set_room(p, room) : ST_OK;
}

uint32_t color_pool_value(struct color_pool *p, struct rgba8 color)
{
    if (color.a == 0)
        return POOL_CLEAR;
    if (p->wide)
        return pack(color);
    uint16_t *slot = find(p, color);
    if (*slot == 0) {
        p->color[p->count] = color;
        *slot = (uint16_t)p->count++;
    }
    return *slot;
}

enum status color_pool_settle(struct color_pool *p)
{
    return p->slim && p->count > SLIM_COLORS ? end_slim(p) : ST_OK;
}
