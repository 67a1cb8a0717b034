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

/* True where the frame has to put a color; else the pixel stays what it is, be that transparent. */
static inline bool change_draws(const struct change *c, uint32_t x, uint32_t y, uint32_t *value)
{
    *value = canvas_at(c->after, x, y);
    return c->before == NULL ? *value != POOL_CLEAR : *value != canvas_at(c->before, x, y);
}

/* A row of the rectangle as LAYOUT_RGBA8: the colors that it has to put; what stays is all zeroes. */
void change_row(const struct change *c, uint32_t row, uint8_t *out);

#endif
