/* SPDX-License-Identifier: MIT */
/* Error diffusion: what a pixel's palette entry is off its color by goes to its neighbors. */
#ifndef GIFLOW_COLOR_DIFFUSE_H
#define GIFLOW_COLOR_DIFFUSE_H

#include "raster/picture.h"

struct diffuser;

/*
 * Floyd-Steinberg's weights (R. W. Floyd, L. Steinberg, "An adaptive algorithm for spatial
 * grayscale", 1976), every other row from right to left so that no direction shows. Errors are in
 * code values, where a palette's steps look even, times strength (0 .. 1); entries are the nearest
 * in OKLab. A color that the palette holds becomes that entry, takes no error and gives none;
 * so does a transparent pixel.
 * Memory: 0.6 MiB, of few entries 0.25, and 8 bytes a column. ST_NOMEM.
 */
enum status diffuser_open(struct context *cx, const struct palette *palette, uint32_t width,
                          double strength, struct diffuser **out) MUST_CHECK;
void diffuser_close(struct diffuser *d); /* d may be NULL */

/* Forgets all rows: the next one is the first. */
void diffuser_restart(struct diffuser *d);
/*
 * The next row. layout: LAYOUT_RGB8 or LAYOUT_RGBA8; a byte after the row's last can be read.
 * Alpha below 128 becomes the transparent entry, where there is one.
 */
void diffuser_row(struct diffuser *d, enum layout layout, const uint8_t *row, uint8_t *out);

#endif
