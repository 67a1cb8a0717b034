/* SPDX-License-Identifier: MIT */
/* A block of a rotation's output and the part of the source that it is made of. */
#ifndef GIFLOW_TRANSFORMS_ROTATE_BLOCK_H
#define GIFLOW_TRANSFORMS_ROTATE_BLOCK_H

#include "transforms/rotate_kernel.h"
#include "transforms/transform.h"

/* The part of a block's window that lies in the picture, in window coordinates, half open. */
struct cover {
    int64_t left, right, top, bottom;
};

/* Places in the source relative to a block's window, 40 bits of fraction. */
#define PLACE_BITS 40

struct block {
    uint32_t wide, high;
    const uint8_t *window; /* what in does not cover is undefined */
    struct cover in;
    bool inside;              /* no pixel asks for anything outside the picture */
    int64_t place_x, place_y; /* the center of the first pixel */
    struct slant step;        /* dx, dy of neighbors in an output row; x, y unused */
    int64_t down_x, down_y;   /* from an output row to the next */
};

/* A place as a kernel takes it, with fewer bits of fraction. */
static inline uint32_t place_up(int64_t place)
{
    return (uint32_t)((place + (INT64_C(1) << (PLACE_BITS - SLANT_BITS)) - 1) >>
                      (PLACE_BITS - SLANT_BITS));
}

/* Bilinear and bicubic blocks. */
struct smooth;

/* How far from the center of an output pixel the source pixels lie that it is made of. */
#define SMOOTH_MARGIN 3

/* Errors: ST_NOMEM; ST_BUG where the layout or the method is not for this */
enum status smooth_open(struct context *cx, enum layout layout, enum resample method,
                        struct smooth **out) MUST_CHECK;
void smooth_close(struct context *cx, struct smooth *s); /* s may be NULL */
/* Writes the block's pixels, its rows stride bytes apart. */
void smooth_block(struct smooth *s, const struct block *b, const struct pixel *fill, uint8_t *out,
                  size_t stride);

#endif
