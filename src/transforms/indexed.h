/* SPDX-License-Identifier: MIT */
/* Stages whose rows are palette indices. */
#ifndef GIFLOW_TRANSFORMS_INDEXED_H
#define GIFLOW_TRANSFORMS_INDEXED_H

#include "color/difference.h"
#include "color/palette_fit.h"
#include "color/pattern.h"
#include "color/color_map.h"
#include "raster/rows.h"

/* Constructors own up from the call on, as in transform.h. */

/*
 * Indices replaced one by one: up is LAYOUT_INDEX8, or LAYOUT_GRAY8, whose code values are then
 * the indices. map NULL: they stay as they are. palette: of the rows that come out.
 */
enum status remap_open(struct rows *up, const struct palette *palette,
                       const struct palette_map *map, struct rows **out) MUST_CHECK;

/*
 * The nearest entry for each pixel of LAYOUT_RGB8 or LAYOUT_RGBA8 rows; exact as in quantize.h.
 * shared: what color_map_open made of these two, which outlives the stage; NULL: the stage makes
 * its own.
 */
enum status nearest_open(struct rows *up, const struct palette *palette, bool exact,
                         struct color_map *shared, struct rows **out) MUST_CHECK;

/* The same with error diffusion, as in color/diffuse.h, of strength 0 .. 1. */
enum status dither_open(struct rows *up, const struct palette *palette, double strength,
                        struct rows **out) MUST_CHECK;

/*
 * The same with patterns that stand still, as in color/pattern.h, of strength 0 .. 1. shared:
 * what pattern_open made of these two, which outlives the stage; NULL: the stage makes its own.
 */
enum status dither_blue_open(struct rows *up, const struct palette *palette, double strength,
                             struct pattern *shared, struct rows **out) MUST_CHECK;

/*
 * Has one of these three note how far its indices are from the colors, in total, which outlives
 * it. ST_NOMEM; the stage stays as it is then.
 */
enum status mapper_measure(struct rows *mapper, struct color_difference *total) MUST_CHECK;

/*
 * Alpha of LAYOUT_RGBA8 rows becomes 0 or 255, so that an area of some alpha has that share of
 * opaque pixels: its threshold follows the mask of color/blue_noise.h.
 */
enum status alpha_dither_open(struct rows *up, struct rows **out) MUST_CHECK;

/* Passes rows on as they are and notes in use, which outlives it, what indices they hold. */
enum status watch_open(struct rows *up, struct palette_use *use, struct rows **out) MUST_CHECK;

#endif
