/* SPDX-License-Identifier: MIT */
/* A palette for picture after picture of many colors, made anew when it does not suit any more. */
#ifndef GIFLOW_ANIMATION_LASTING_PALETTE_H
#define GIFLOW_ANIMATION_LASTING_PALETTE_H

#include "animation/change.h"
#include "color/oklab.h"
#include "color/color_map.h"

/*
 * What a picture loses to a palette, a pixel on average.
 *
 * full  squares of squared distances in OKLab, so that a few pixels that are served badly count for
 *       more than many that lose a little: those of what comes to light behind something that
 *       moves, say, which may then be seen for long
 * seen  squared distances where chroma counts for a tenth, as single pixels that err in chroma are
 *       hardly seen
 */
struct palette_loss {
    uint64_t full, seen;
};

/*
 * A palette serves as long as one made for the picture at hand alone would not be much better: then
 * nobody sees where it ends, and nothing flickers from palette to palette. To make one takes longer
 * than all else that is done with a picture. So one is tried where the scene changes, where what is
 * lost becomes more or far less, and from time to time.
 */
struct lasting_palette {
    struct context *cx;
    struct palette palette;    /* no entries: none so far */
    int transparent;           /* its entry of pixels that stay */
    struct color_map *nearest; /* to it */
    struct color_map *own;     /* the same, unless it was given */
    struct oklab full[256];    /* its entries */
    struct oklab entry[256];   /* the same as seen_color has them */
    struct palette_loss loss;  /* of the picture at hand */
    struct palette_loss tried; /* of the one that another palette was tried for */
    uint64_t step;             /* by which pixels of the picture at hand change */
    uint32_t untried;          /* pictures since then */
    uint32_t trial_after;      /* so many of them the next one is tried */
    struct rgba8 *colors;      /* a row, as LAYOUT_RGBA8 */
    uint8_t *indices;          /* the same */
};

/* Zeroed at first. width: the most that a change may have. Closed either way. ST_NOMEM. */
enum status lasting_palette_open(struct context *cx, uint32_t width,
                                 struct lasting_palette *l) MUST_CHECK;
void lasting_palette_close(struct lasting_palette *l);

/* From now on it is this one, with its map, which outlives it. */
void lasting_palette_give(struct lasting_palette *l, const struct palette *palette,
                          struct color_map *nearest);
/* A palette for what a change draws, the one there is or a new one of at most so many entries. */
enum status lasting_palette_fit(struct lasting_palette *l, const struct change *c,
                                uint32_t most) MUST_CHECK;
/* A row of the change: its colors and their nearest entries come to stand in l. */
void lasting_palette_row(struct lasting_palette *l, const struct change *c, uint32_t row);

/* A color by how it is compared here. */
static inline struct oklab seen_color(struct rgba8 color)
{
    struct oklab c = oklab_from_rgb(color.r, color.g, color.b);
    c.a = (int16_t)(c.a * 5 / 16); /* squared: a tenth */
    c.b = (int16_t)(c.b * 5 / 16);
    return c;
}

#endif
