/* SPDX-License-Identifier: MIT */
/* Two canvases of one pool for tests: what a frame is drawn on, and what is seen then. */
#ifndef GIFLOW_TESTS_CANVAS_PAIR_H
#define GIFLOW_TESTS_CANVAS_PAIR_H

#include "support.h"

#include "canvas_pixel.h"

struct canvases {
    struct context cx;
    struct color_pool *pool;
    struct canvas *base, *target;
};

static inline struct rgba8 color_number(uint32_t i)
{
    return (struct rgba8){(uint8_t)(i * 37), (uint8_t)(i >> 3), (uint8_t)(i * 5 + 1), 255};
}

static inline void set(struct canvas *c, uint32_t x, uint32_t y, struct rgba8 color)
{
    canvas_put(c, x, y, color_pool_value(c->pool, color));
}

static inline void open_canvases(struct canvases *c, uint32_t width, uint32_t height, bool wide)
{
    context_init(&c->cx);
    assert_int_equal(color_pool_open(&c->cx, &c->pool), ST_OK);
    c->pool->wide = wide;
    assert_int_equal(canvas_open(c->pool, width, height, &c->base), ST_OK);
    assert_int_equal(canvas_open(c->pool, width, height, &c->target), ST_OK);
}

static inline void close_canvases(struct canvases *c)
{
    canvas_close(c->base);
    canvas_close(c->target);
    color_pool_close(c->pool);
    assert_nothing_held(&c->cx);
}

#endif
