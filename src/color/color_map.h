/* SPDX-License-Identifier: MIT */
/* The nearest palette entries of rows of pixels. */
#ifndef GIFLOW_COLOR_COLOR_MAP_H
#define GIFLOW_COLOR_COLOR_MAP_H

#include "raster/picture.h"

/*
 * Finds palette entries for rows: the nearest in OKLab, the first of equally near ones, as a search
 * through all opaque entries would. exact: rows hold the palette's colors, which makes it faster.
 * Memory: 0.6 MiB, of which 0.35 MiB are touched by most pictures.
 */
struct color_map;
enum status color_map_open(struct context *cx, const struct palette *palette, bool exact,
                           struct color_map **out) MUST_CHECK;
void color_map_close(struct color_map *m); /* m may be NULL */
/*
 * layout: LAYOUT_RGB8 or LAYOUT_RGBA8. Alpha below 128 becomes the transparent entry, where there
 * is one.
 */
void color_map_row(struct color_map *m, enum layout layout, const uint8_t *row, uint32_t width,
                   uint8_t *out);

#endif
