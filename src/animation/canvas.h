/* SPDX-License-Identifier: MIT */
/* A canvas of an animation: what is on the screen at a time. */
#ifndef GIFLOW_ANIMATION_CANVAS_H
#define GIFLOW_ANIMATION_CANVAS_H

#include "animation/color_pool.h"
#include "raster/rows.h"

/* A part of a canvas, inside of it; of no width: empty. */
struct rect {
    uint32_t x, y, width, height;
};

/* Rows of a picture: from top on, bottom is the first one behind them. */
struct span {
    uint32_t top, bottom;
};

/* The values of the pool, row by row; 16 bits each, 8 where the pool is slim, 32 where it is wide. */
struct canvas {
    struct color_pool *pool;
    uint32_t width, height;
    union {
        uint8_t *slim;
        uint16_t *narrow;
        uint32_t *wide;
        void *pixels;
    };
    struct canvas *next; /* of the pool */
};

/* All transparent. The pool outlives it. Errors: ST_NOMEM. */
enum status canvas_open(struct color_pool *pool, uint32_t width, uint32_t height,
                        struct canvas **out) MUST_CHECK;
void canvas_close(struct canvas *c); /* c may be NULL */

/* The value at a place. */
static inline uint32_t canvas_at(const struct canvas *c, uint32_t x, uint32_t y)
{
    size_t at = (size_t)y * c->width + x;
    return c->pool->slim ? c->slim[at] : c->pool->wide ? c->wide[at] : c->narrow[at];
}

/* The part of a rectangle of any place and size that lies on the canvas. */
struct rect canvas_clip(const struct canvas *c, int64_t x, int64_t y, uint32_t width,
                        uint32_t height);

void canvas_clear(struct canvas *c, struct rect r);
/* to and from have one pool and one size. */
void canvas_copy(struct canvas *to, const struct canvas *from, struct rect r);
/* The smallest rectangle that holds all pixels that differ; empty where none does. */
struct rect canvas_difference(const struct canvas *a, const struct canvas *b);

/*
 * The colors that a part shows as a palette, by value, and how each value stands in it. *few is
 * false where there are more than 256. map has room for pool->room entries, so that memory
 * does not change with every new color; a wide pool has no map.
 */
enum status canvas_palette(const struct canvas *c, struct rect r, struct palette *out,
                           uint16_t *map, bool *few) MUST_CHECK;

/*
 * The canvas as rows: LAYOUT_INDEX8 where it shows at most 256 colors, else LAYOUT_RGB8 or
 * LAYOUT_RGBA8. It stays as it is until they are closed. They can be read twice.
 */
enum status canvas_rows(const struct canvas *c, struct rows **out) MUST_CHECK;

#endif
