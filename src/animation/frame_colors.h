/* SPDX-License-Identifier: MIT */
/* The palette of a frame that changes one canvas into another, and the frame's indices. */
#ifndef GIFLOW_ANIMATION_FRAME_COLORS_H
#define GIFLOW_ANIMATION_FRAME_COLORS_H

#include "animation/canvas.h"
#include "color/quantize.h"

/* What a frame shall do: before becomes after within a rectangle. No pixel turns transparent. */
struct change {
    const struct canvas *before; /* NULL: all transparent */
    const struct canvas *after;
    struct rect rect;
    bool leaves; /* cleared after it was shown: some viewers then want a transparent entry */
};

/* Colors that frames share, and what others they may have. */
struct shared_colors {
    uint32_t most;          /* entries of a frame's own palette; 0: 256 */
    struct palette palette; /* no entries: none */
    int transparent;        /* its entry that no pixel has for a color; -1: any that is not used */
    struct color_map *nearest; /* pixels get the nearest entry; NULL: frames are to be exact */
};

struct frame_colors {
    struct context *cx;
    struct change change;
    struct palette palette;   /* its transparent entry of alpha 0 */
    bool local;               /* not the shared one */
    bool inexact;             /* the frame had too many colors, and they are not shared */
    int transparent;          /* index of pixels that stay; -1: none does */
    uint16_t *map;            /* by value, or by that in slots; NULL: by nearest */
    struct color_pool *slots; /* of a wide pool: the frame's colors, numbered */
    struct color_map *nearest;
    struct color_map *own; /* what nearest is where it is not shared */
    uint8_t *rgba;         /* a row for nearest */
};

/*
 * Exact where the frame's colors find room in a palette: the shared one, else one of its own; else
 * quantized. May renumber the pool of the canvases. Close is due after ST_OK only.
 */
enum status frame_colors_open(struct context *cx, const struct change *change,
                              const struct shared_colors *shared,
                              struct frame_colors *out) MUST_CHECK;
void frame_colors_close(struct frame_colors *c);

/* Row number row of the rectangle. */
void frame_colors_row(struct frame_colors *c, uint32_t row, uint8_t *out);

#endif
