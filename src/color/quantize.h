/* SPDX-License-Identifier: MIT */
/* True color to a palette: choosing the palette, then finding each pixel's entry. */
#ifndef GIFLOW_COLOR_QUANTIZE_H
#define GIFLOW_COLOR_QUANTIZE_H

#include "color/histogram.h"

/*
 * Chooses at most max_colors entries (2 .. 256; a transparent one, entry 0, is among them where the histogram
 * saw a transparent pixel). *exact: the palette holds every color that was counted, bit for bit.
 * Deterministic. Entries are sorted by color, so that equal pictures give equal palettes.
 */
enum status quantize(struct context *cx, const struct histogram *h, uint32_t max_colors,
                     struct palette *out, bool *exact) MUST_CHECK;

/* Finds palette entries for rows; equal to a brute-force search in OKLab. */
struct color_map;
enum status color_map_open(struct context *cx, const struct palette *palette, bool exact,
                           struct color_map **out) MUST_CHECK;
void color_map_close(struct color_map *m); /* m may be NULL */
/* Alpha below 128 becomes the transparent entry. layout: LAYOUT_RGB8 or LAYOUT_RGBA8 */
void color_map_row(struct color_map *m, enum layout layout, const uint8_t *row, uint32_t width,
                   uint8_t *out);

#endif
