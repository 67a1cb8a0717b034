/* SPDX-License-Identifier: MIT */
/* The pixels of a frame on their way to an encoder: made indices by a palette and a choice. */
#ifndef GIFLOW_ANIMATION_FRAME_PIXELS_H
#define GIFLOW_ANIMATION_FRAME_PIXELS_H

#include "animation/indexing.h"

/* Room for rows. */
struct frame_lines {
    uint8_t *same, *own, *may_hide, *chosen;
};

enum status frame_lines_open(struct context *cx, uint32_t width, struct frame_lines *l) MUST_CHECK;
void frame_lines_close(struct context *cx, struct frame_lines *l);

/* One coding that is under way. */
struct frame_pixels {
    const struct delta *delta;
    const struct way *way;
    struct lzw_encoder *encoder;
    int last;    /* the index before */
    uint8_t top; /* the largest so far */
};

/*
 * Starts *z for rows of n pixels, to a sink that is emptied first. NULL: it is opened, with that
 * level; the caller closes it. size: the code size.
 */
enum status frame_pixels_encoder(struct context *cx, struct lzw_encoder **z, unsigned level,
                                 unsigned size, uint32_t n, struct sink *to) MUST_CHECK;
/*
 * Begins to code what d has looked at. z has been started, with a code size that the largest index
 * will fit: w->size is always enough. What is chosen does not depend on it.
 */
void frame_pixels_begin(struct frame_pixels *p, const struct delta *d, const struct way *w,
                        struct lzw_encoder *z);
/* Row y, which is in the rectangle. */
enum status frame_pixels_row(struct frame_pixels *p, const struct frame_lines *l,
                             uint32_t y) MUST_CHECK;
/* No more rows: ends the coding. */
enum status frame_pixels_end(struct frame_pixels *p) MUST_CHECK;

#endif
