/* SPDX-License-Identifier: MIT */
/* Single pixels of a canvas, for tests. */
#ifndef GIFLOW_TESTS_CANVAS_PIXEL_H
#define GIFLOW_TESTS_CANVAS_PIXEL_H

#include "animation/canvas.h"

/* The value at a place. */
static inline uint32_t canvas_at(const struct canvas *c, uint32_t x, uint32_t y)
{
    return row_value(c->pool, canvas_row(c, y), x);
}

/* Puts a value of the pool, which is not slim. */
static inline void canvas_put(struct canvas *c, uint32_t x, uint32_t y, uint32_t value)
{
    void *row = canvas_row_to_change(c, y);
    if (c->pool->wide)
        ((uint32_t *)row)[x] = value;
    else
        ((uint16_t *)row)[x] = (uint16_t)value;
}

static inline struct rect canvas_whole(const struct canvas *c)
{
    return (struct rect){0, 0, c->width, c->height};
}

#endif
