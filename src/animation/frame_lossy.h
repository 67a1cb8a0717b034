/* SPDX-License-Identifier: MIT */
/* The encoder of frames whose pixels may change, and what each change costs. */
#ifndef GIFLOW_ANIMATION_FRAME_LOSSY_H
#define GIFLOW_ANIMATION_FRAME_LOSSY_H

#include "animation/indexing.h"

/* Zeroed at first, but for the strength. */
struct frame_lossy {
    unsigned strength;         /* as --lossy; 0: pixels stay as they are */
    struct lzw_colors *colors; /* of palette; NULL until there are any */
    struct palette palette;
    struct lzw_encoder *encoder; /* NULL before the first frame */
};

/*
 * Starts the encoder for a frame, by the way that gives its pixels their indices. Pixels may get
 * any of the palette's first `colors` entries that the code size has room for; transparent ones
 * stay, and no other becomes so.
 */
enum status frame_lossy_start(struct context *cx, struct frame_lossy *l, const struct way *w,
                              uint32_t colors, struct sink *to) MUST_CHECK;
void frame_lossy_close(struct context *cx, struct frame_lossy *l);

#endif
