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

#endif
