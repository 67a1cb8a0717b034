/* SPDX-License-Identifier: MIT */
/* Pictures of more colors than a palette has, painted over what is shown of those before. */
#ifndef GIFLOW_ANIMATION_PAINTER_H
#define GIFLOW_ANIMATION_PAINTER_H

#include "animation/lasting_palette.h"

/*
 * A pixel that changes goes on showing what it shows where that is as good as the nearest entry of
 * the palette; and where it is off by little beside what the palette takes from pixels anyway.
 * Noise goes up and down from pixel to pixel; what moves or fades changes many in one direction. So
 * two bounds hold, in means of squared distances that the picture loses to the palette:
 *
 * - for a pixel that goes on, HOLD_PIXEL of them
 * - for what it and those before it are off on average, up and down taken together, the
 *   HOLD_AREA_PART-th part of one: with all of one, slow zooms lose 5 points of SSIMULACRA 2 for a
 *   tenth of the bytes
 *
 * A pixel that no picture changes is left alone in any case, so that it cannot flicker.
 *
 * Five bytes a pixel are kept in planes: see plane.h for where, and for errors.
 */
#define HOLD_PIXEL 12u
#define HOLD_AREA_PART 2u

struct painter;

/* What is to be drawn of a change, by painter_row; good until the next one. */
struct painting {
    struct rect rect; /* in that of the change; all of it where there is nothing before */
    const struct palette *palette;
};

enum status painter_open(struct context *cx, uint32_t width, uint32_t height,
                         struct painter **out) MUST_CHECK;
void painter_close(struct painter *p); /* p may be NULL */

/* The palette of all pictures, and its map, which outlives the painter. */
void painter_give(struct painter *p, const struct palette *palette, struct color_map *nearest);

/* A change is drawn without the painter, its colors as they are. */
void painter_note(struct painter *p, const struct change *c);
/* Decides how a change is drawn, by a palette of at most so many entries. */
enum status painter_paint(struct painter *p, const struct change *c, uint32_t most,
                          struct painting *out) MUST_CHECK;
/* A row of the canvas, of the indices that painter_paint has decided on. */
const uint8_t *painter_row(const struct painter *p, uint32_t y);

#endif
