/* SPDX-License-Identifier: MIT */
/* What a frame that is made shall do. */
#ifndef GIFLOW_ANIMATION_CHANGE_H
#define GIFLOW_ANIMATION_CHANGE_H

#include "animation/canvas.h"

/* Before becomes after within a rectangle. No pixel turns transparent. */
struct change {
    const struct canvas *before; /* NULL: all transparent */
    const struct canvas *after;
    struct rect rect;
    bool leaves; /* cleared after it was shown: some viewers then want a transparent entry */
};

/* A row of both canvases, good as long as these rows are. */
struct change_line {
    const struct color_pool *pool;
    const void *before, *after; /* before NULL: all transparent */
};

static inline struct change_line change_line(const struct change *c, uint32_t y)
{
    return (struct change_line){c->after->pool, c->before == NULL ? NULL : canvas_row(c->before, y),
                                canvas_row(c->after, y)};
}

/* True where the frame has to put a color; else the pixel stays what it is, be that transparent. */
static inline bool line_draws(const struct change_line *l, uint32_t x, uint32_t *value)
{
    *value = row_value(l->pool, l->after, x);
    return *value != (l->before == NULL ? POOL_CLEAR : row_value(l->pool, l->before, x));
}

/*
 * A row of the rectangle as LAYOUT_RGBA8: the colors that it has to put; what stays is all zeroes.
 */
void change_row(const struct change *c, uint32_t row, uint8_t *out);

#endif
