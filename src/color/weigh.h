/* SPDX-License-Identifier: MIT */
/* From the cells of a histogram to weighted colors that clusters are made of. */
#ifndef GIFLOW_COLOR_WEIGH_H
#define GIFLOW_COLOR_WEIGH_H

#include "color/cluster.h"
#include "color/histogram.h"

/*
 * Fills in all points, one a cell, in cluster 0; n > 0: how many cells there are. A color weighs
 * as much as it has pixels. For dithering, which mixes what is not there:
 *
 * - The rarer a color is, the more it weighs among rare ones, by the power of 13/16 of its pixels,
 *   as it tells how far mixes have to reach. That takes nothing from colors of more than 1/512 of
 *   all pixels, such as flat areas: no mix stands for them as well, and the rims of letters and
 *   lines, of which there are many shades, would outweigh them.
 * - A dark color weighs less. OKLab has no bias near black, so that it holds shades for far apart
 *   which eyes, and metrics made after them, cannot tell (SSIMULACRA 2 adds 0.0038 to linear light
 *   before its roots); among lighter pixels they are lost altogether.
 *
 * Returns the shift from pixels to the pixels of points.
 */
unsigned weigh_cells(const struct histogram *h, uint32_t n, bool dither,
                     struct color_point *points);

#endif
