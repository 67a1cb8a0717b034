/* SPDX-License-Identifier: MIT */
/* A palette for picture after picture of many colors, made anew when it does not suit any more. */
#ifndef GIFLOW_ANIMATION_LASTING_PALETTE_H
#define GIFLOW_ANIMATION_LASTING_PALETTE_H

#include "animation/change.h"
#include "color/oklab.h"
#include "color/quantize.h"

/*
 * A palette serves as long as what pictures lose to it, a pixel on average, is about what the first
 * one lost: then nobody sees where it ends, nothing flickers from palette to palette, and a picture
 * takes a third of the time. One that loses more needs its own; and so may one that loses much
 * less, as what it shows is something else.
 *
 * What is lost is a squared distance in OKLab in which chroma counts for a tenth: single pixels
 * that err in chroma are hardly seen.
 */
struct lasting_palette {
    struct context *cx;
    struct palette palette;    /* no entries: none so far */
    int transparent;           /* its entry of pixels that stay */
    struct color_map *nearest; /* to it */
    struct color_map *own;     /* the same, unless it was given */
    struct oklab entry[256];   /* as seen_color has them */
    uint64_t error;            /* of the picture at hand, a pixel */
    uint64_t first_error;      /* of the one that it was made for */
    uint8_t *colors, *indices; /* rows */
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
static inline struct oklab seen_color(const uint8_t *rgb)
{
    struct oklab c = oklab_from_rgb(rgb[0], rgb[1], rgb[2]);
    c.a = (int16_t)(c.a * 5 / 16); /* squared: a tenth */
    c.b = (int16_t)(c.b * 5 / 16);
    return c;
}

#endif
