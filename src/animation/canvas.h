/* SPDX-License-Identifier: MIT */
/* A canvas of an animation: what is on the screen at a time. */
#ifndef GIFLOW_ANIMATION_CANVAS_H
#define GIFLOW_ANIMATION_CANVAS_H

#include "animation/color_pool.h"
#include "raster/plane.h"
#include "raster/rows.h"

/* A part of a canvas, inside of it; of no width: empty. */
struct rect {
    uint32_t x, y, width, height;
};

/* Rows of a picture: from top on, bottom is the first one behind them. */
struct span {
    uint32_t top, bottom;
};

/*
 * Values of the pool; 16 bits each, 8 where the pool is slim, 32 where it is wide. The rows are
 * those of a plane, a file where it is large: functions here that return no status leave an error
 * to the context, as plane.h says.
 */
struct canvas {
    struct color_pool *pool;
    uint32_t width, height;
    struct plane *plane;
    struct canvas *next; /* of the pool */
};

/* All transparent. The pool outlives it. Errors: ST_NOMEM, ST_IO. */
enum status canvas_open(struct color_pool *pool, uint32_t width, uint32_t height,
                        struct canvas **out) MUST_CHECK;
void canvas_close(struct canvas *c); /* c may be NULL */

/*
 * The values of row y: uint16_t, uint8_t where the pool is slim, uint32_t where it is wide. Good
 * until another row of the same canvas is asked for, or its pool grows.
 */
static inline const void *canvas_row(const struct canvas *c, uint32_t y)
{
    return plane_row(c->plane, y);
}
static inline void *canvas_row_to_change(struct canvas *c, uint32_t y)
{
    return plane_row_to_change(c->plane, y, false);
}

/* Value x of a row of the pool's canvases. */
static inline uint32_t row_value(const struct color_pool *p, const void *row, uint32_t x)
{
    return p->slim   ? ((const uint8_t *)row)[x]
           : p->wide ? ((const uint32_t *)row)[x]
                     : ((const uint16_t *)row)[x];
}

/* The part of a rectangle of any place and size that lies on the canvas. */
struct rect canvas_clip(const struct canvas *c, int64_t x, int64_t y, uint32_t width,
                        uint32_t height);

void canvas_clear(struct canvas *c, struct rect r);
/* to and from have one pool and one size. */
void canvas_copy(struct canvas *to, const struct canvas *from, struct rect r);

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
