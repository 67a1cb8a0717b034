/* SPDX-License-Identifier: MIT */
/* The palette of a frame that changes one canvas into another, and the frame's indices. */
#ifndef GIFLOW_ANIMATION_FRAME_COLORS_H
#define GIFLOW_ANIMATION_FRAME_COLORS_H

#include "animation/change.h"
#include "color/color_map.h"

/* Colors that frames share, and what others they may have. */
struct shared_colors {
    uint32_t most;          /* entries of a frame's own palette; 0: 256 */
    struct palette palette; /* no entries: none */
    int transparent;        /* its entry that no pixel has for a color; -1: any that is not used */
    struct color_map *nearest; /* its colors are all that there are; NULL: frames may be exact */
};

struct frame_colors {
    struct context *cx;
    struct change change;
    struct palette palette;   /* its transparent entry of alpha 0 */
    bool local;               /* not the shared one */
    int transparent;          /* index of pixels that stay; -1: none does */
    bool inexact;             /* two of the colors have become one */
    uint16_t *map;            /* by value, or by that in slots */
    size_t entries;           /* of map */
    struct color_pool *slots; /* of a wide pool: the frame's colors, numbered */
};

/*
 * *fits: the frame's colors find room in a palette, the shared one, else one of its own; else there
 * are no rows. merge: where 256 colors leave no entry for pixels that stay, as the corners of a
 * turned picture, two that are alike may become one. May renumber the pool of the canvases. Close
 * is due after ST_OK only.
 */
enum status frame_colors_open(struct context *cx, const struct change *change,
                              const struct shared_colors *shared, bool merge,
                              struct frame_colors *out, bool *fits) MUST_CHECK;
void frame_colors_close(struct frame_colors *c);

/* Row number row of the rectangle. */
void frame_colors_row(struct frame_colors *c, uint32_t row, uint8_t *out);

#endif
