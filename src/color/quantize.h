/* SPDX-License-Identifier: MIT */
/* Choosing a palette for a histogram. */
#ifndef GIFLOW_COLOR_QUANTIZE_H
#define GIFLOW_COLOR_QUANTIZE_H

#include "color/histogram.h"

#define EFFORT_MOST 3

/*
 * Chooses at most max_colors entries (2 .. 256; a transparent one, entry 0, is among them where the
 * histogram saw a transparent pixel). *exact: the palette holds every color that was counted, bit
 * for bit. Minimizes the squared error in OKLab; effort (0 .. EFFORT_MOST): how long. Entries are
 * sorted by color, so that equal pictures give equal palettes, on every machine.
 *
 * Uses up the histogram, failing or not: what it holds is freed as soon as it is not needed,
 * and nothing but histogram_close may be called after.
 */
enum status quantize(struct context *cx, struct histogram *h, uint32_t max_colors, unsigned effort,
                     struct palette *out, bool *exact) MUST_CHECK;

/*
 * The same for dithering of that strength (0 .. 1), which mixes what is not there. Minimizes the
 * error of what is mixed, and with less weight that of single pixels: see cluster_spread. Among
 * rare colors the rarer count for more than their numbers, dark ones for less: see weigh_cells.
 */
enum status quantize_to_dither(struct context *cx, struct histogram *h, uint32_t max_colors,
                               unsigned effort, double strength, struct palette *out,
                               bool *exact) MUST_CHECK;

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
