/* SPDX-License-Identifier: MIT */
/* Stages whose rows are palette indices. */
#ifndef GIFLOW_TRANSFORMS_INDEXED_H
#define GIFLOW_TRANSFORMS_INDEXED_H

#include "color/palette_fit.h"
#include "raster/rows.h"

/* Constructors own up from the call on, as in transform.h. */

/*
 * Indices replaced one by one: up is LAYOUT_INDEX8, or LAYOUT_GRAY8, whose code values are then
 * the indices. map NULL: they stay as they are. palette: of the rows that come out.
 */
enum status remap_open(struct rows *up, const struct palette *palette,
                       const struct palette_map *map, struct rows **out) MUST_CHECK;

/* The nearest entry for each pixel of LAYOUT_RGB8 or LAYOUT_RGBA8 rows; exact as in quantize.h. */
enum status nearest_open(struct rows *up, const struct palette *palette, bool exact,
                         struct rows **out) MUST_CHECK;

/*
 * The same with error diffusion: what a pixel's entry is off its color by is spread over its
 * neighbors, times strength (0 .. 1). A color that the palette holds stays what it is, so exact and
 * flat areas stay so; nothing crosses a transparent pixel. No rewind but that of up.
 * Source: R. W. Floyd, L. Steinberg, "An adaptive algorithm for spatial grayscale", 1976
 */
enum status dither_open(struct rows *up, const struct palette *palette, double strength,
                        struct rows **out) MUST_CHECK;

/* Passes rows on as they are and notes in use, which outlives it, what indices they hold. */
enum status watch_open(struct rows *up, struct palette_use *use, struct rows **out) MUST_CHECK;

#endif
