/* SPDX-License-Identifier: MIT */
/* The colors of an animation's canvases: each has a number, so that a pixel takes two bytes. */
#ifndef GIFLOW_ANIMATION_COLOR_POOL_H
#define GIFLOW_ANIMATION_COLOR_POOL_H

#include "raster/picture.h"

/*
 * A value names a color: equal values, equal colors. 0 is transparent, whatever color that has.
 *
 * Values are 16 bits. The canvases of a slim pool take 8 bits for them as long as they suffice; it
 * is for canvases that are painted and looked at, not for deltas of them. Frames with palettes of
 * their own bring ever more colors; from time to time those that no canvas shows any more are
 * forgotten and the rest gets new values: the pool is renumbered. Where the canvases really show
 * most of POOL_COLORS at once, which only pictures of true color do, the pool becomes wide for
 * good: values are then the colors themselves, 32 bits.
 */
#define POOL_CLEAR 0u
#define POOL_COLORS 65536u /* with the transparent one */

struct canvas;

struct color_pool {
    struct context *cx;
    bool slim; /* set before there is a canvas, as is: */
    bool busy; /* canvases are, as plane.h says */
    bool wide;
    uint32_t count;      /* values 0 .. count - 1 are in use; not where wide */
    uint32_t generation; /* grows when values change their meaning: renumbered, or wide */

    uint32_t room;       /* of color */
    struct rgba8 *color; /* by value */
    uint32_t slots;      /* a power of two, at least twice room */
    uint16_t *slot;      /* open addressing: values; 0 is free */
    struct canvas *canvases;
};

enum status color_pool_open(struct context *cx, struct color_pool **out) MUST_CHECK;
/* All its canvases are closed already. p may be NULL */
void color_pool_close(struct color_pool *p);

/* Makes room for n colors more, at most POOL_COLORS / 2; may renumber. Errors: ST_NOMEM, ST_IO. */
enum status color_pool_reserve(struct color_pool *p, uint32_t n) MUST_CHECK;
/* The value of a color; a new one takes room that has been reserved. */
uint32_t color_pool_value(struct color_pool *p, struct rgba8 color);

/*
 * Canvases get room for all values so far: a slim pool ceases to be one where they are too many.
 * Due after new values, before one is put on a canvas. Errors: ST_NOMEM, ST_IO.
 */
enum status color_pool_settle(struct color_pool *p) MUST_CHECK;

/* Bytes of a pixel of its canvases. */
static inline size_t color_pool_bytes(const struct color_pool *p)
{
    return p->wide ? 4 : p->slim ? 1 : 2;
}

static inline struct rgba8 color_pool_color(const struct color_pool *p, uint32_t value)
{
    if (!p->wide)
        return p->color[value];
    return (struct rgba8){(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                          (uint8_t)value};
}

#endif
