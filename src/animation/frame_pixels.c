/* SPDX-License-Identifier: MIT */
/* Row by row; several codings can go over the same rows. */
#include "animation/frame_pixels.h"

#include <string.h>

#include "animation/runs.h"
#include "base/mem.h"

void frame_lines_close(struct context *cx, struct frame_lines *l)
{
    mem_free(cx, l->same);
}

_Static_assert((unsigned)CHOICES <= DELTA_TABLES, "each choice has a table of its own");

/* Sixteen pixels at once; lines have room for whole ones. */
#define LANES 16u
typedef uint8_t lanes __attribute__((vector_size(LANES)));

static inline lanes load(const uint8_t *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void store(uint8_t *p, lanes v)
{
    memcpy(p, &v, sizeof v);
}

/* Where same is 0xff the transparent index, else its own. */
static void hide_same(uint8_t *own, const uint8_t *same, uint32_t n, uint8_t transparent)
{
    lanes t = (lanes){0} + transparent;
    for (uint32_t x = 0; x < n; x += LANES) {
        lanes s = load(same + x);
        store(own + x, (load(own + x) & ~s) | (t & s));
    }
}

/* 0xff where a pixel may be transparent, or is. */
static void find_hideable(const uint8_t *own, const uint8_t *same, uint32_t n, uint8_t transparent,
                          uint8_t *may_hide)
{
    lanes t = (lanes){0} + transparent;
    for (uint32_t x = 0; x < n; x += LANES)
        store(may_hide + x, load(same + x) | (lanes)(load(own + x) == t));
}

static uint8_t largest(const uint8_t *indices, size_t n, uint8_t top)
{
    lanes most = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        lanes v = load(indices + i), more = (lanes)(v > most);
        most = (v & more) | (most & ~more);
    }
    for (unsigned k = 0; k < LANES; k++)
        top = most[k] > top ? most[k] : top;
    for (; i < n; i++)
        top = indices[i] > top ? indices[i] : top;
    return top;
}

enum status frame_lines_open(struct context *cx, uint32_t width, struct frame_lines *l)
{
    width += LANES;
    l->same = mem_array(cx, width, 4);
    if (l->same == NULL)
        return cx->status;
    l->own = l->same + width;
    l->may_hide = l->own + width;
    l->chosen = l->may_hide + width;
    return ST_OK;
}

static enum status take(void *user, const uint8_t *indices, size_t n)
{
    struct frame_pixels *p = user;
    if (p->top < p->way->top)
        p->top = largest(indices, n, p->top);
    return lzw_encoder_write(p->encoder, indices, n);
}

enum status frame_pixels_encoder(struct context *cx, struct lzw_encoder **z, unsigned level,
                                 unsigned size, uint32_t n, struct sink *to)
{
    sink_reset(to);
    if (*z == NULL)
        return lzw_encoder_open_frames(cx, to, size, n, level, z);
    return lzw_encoder_restart(*z, to, size, n);
}

void frame_pixels_begin(struct frame_pixels *p, const struct delta *d, const struct way *w,
                        struct lzw_encoder *z)
{
    *p = (struct frame_pixels){d, w, z, -1, 0};
    delta_index(d, w->choice, w->index);
}

enum status frame_pixels_row(struct frame_pixels *p, const struct frame_lines *l, uint32_t y)
{
    const struct way *w = p->way;
    const uint8_t transparent = (uint8_t)w->transparent;
    const uint32_t n = p->delta->r.width;
    delta_row(p->delta, w->choice, y, l->own);
    if (w->choice == CHOOSE_NEVER)
        return take(p, l->own, n);
    delta_same(p->delta, y, l->same);
    if (w->choice == CHOOSE_ALWAYS) {
        hide_same(l->own, l->same, n, transparent);
        return take(p, l->own, n);
    }
    find_hideable(l->own, l->same, n, transparent, l->may_hide);
    p->last = choose_by_runs(l->own, l->may_hide, n, transparent, p->last, l->chosen);
    return take(p, l->chosen, n);
}

enum status frame_pixels_end(struct frame_pixels *p)
{
    return lzw_encoder_finish(p->encoder);
}
