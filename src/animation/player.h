/* SPDX-License-Identifier: MIT */
/* Plays frames onto a canvas as browsers do, in two canvases however many frames there are. */
#ifndef GIFLOW_ANIMATION_PLAYER_H
#define GIFLOW_ANIMATION_PLAYER_H

#include "animation/canvas.h"
#include "formats/format.h"

/*
 * base is what is on the screen when a frame is drawn: the frames before it, each disposed of as it
 * says. target is what is seen then. They differ in the frame's rectangle at most.
 *
 * Outside of what frames draw, and where "restore to background" clears, a canvas is transparent:
 * no browser shows the background color. A frame may reach over the canvas, or miss it.
 * Source: GIF89a specification, section 23
 */
struct player {
    struct context *cx;
    struct color_pool *pool;
    struct canvas *base, *target;
    uint64_t frames;      /* begun so far */
    struct frame frame;   /* the one begun last */
    struct rect drawn;    /* its part on the canvas */
    bool plain;           /* its pixels are indices, opaque or transparent */
    uint32_t value[256];  /* then: of the palette's entries; POOL_CLEAR leaves a pixel as it is */
    uint16_t narrow[256]; /* the same where the pool is not wide */
    uint32_t generation;  /* of the pool, when value was made */
};

enum status player_open(struct context *cx, uint32_t width, uint32_t height,
                        struct player **out) MUST_CHECK;
/* The same, its pool a slim one. */
enum status player_open_slim(struct context *cx, uint32_t width, uint32_t height,
                             struct player **out) MUST_CHECK;
void player_close(struct player *p); /* p may be NULL */

/* Disposes of the frame before and begins one; its rows follow, in any order. */
enum status player_begin(struct player *p, const struct frame *f) MUST_CHECK;
/* Draws row number row of a pass of the frame, as decoder_row gives it. */
enum status player_row(struct player *p, const struct pass *pass, uint32_t row,
                       const uint8_t *pixels) MUST_CHECK;

#endif
