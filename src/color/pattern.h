/* SPDX-License-Identifier: MIT */
/* Pattern dithering: a pixel's entry depends on its color and its place only. */
#ifndef GIFLOW_COLOR_PATTERN_H
#define GIFLOW_COLOR_PATTERN_H

#include "raster/picture.h"

struct pattern;

/*
 * Each color is mixed from entries: a series of nearest ones in OKLab, each to the color and,
 * times strength (0 .. 1), what the ones before it are off in sum (T. Knoll's pattern dithering,
 * US 6606166 B1). Sorted by lightness, the mask of blue_noise.h picks one by the pixel's place. So
 * what does not move does not flicker from frame to frame. A color that the palette holds becomes
 * that entry.
 * Memory: 0.95 MiB. ST_NOMEM.
 */
enum status pattern_open(struct context *cx, const struct palette *palette, double strength,
                         struct pattern **out) MUST_CHECK;
void pattern_close(struct pattern *p); /* p may be NULL */

/* Row y. layout: LAYOUT_RGB8 or LAYOUT_RGBA8, alpha as in color_map_row. */
void pattern_row(struct pattern *p, enum layout layout, const uint8_t *row, uint32_t width,
                 uint32_t y, uint8_t *out);

#endif
