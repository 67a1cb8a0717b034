/* SPDX-License-Identifier: MIT */
/* Pictures whose pixels keep the color that they have, for as long as it changes invisibly. */
#ifndef GIFLOW_PIPELINE_MOVIE_STEADY_H
#define GIFLOW_PIPELINE_MOVIE_STEADY_H

#include "raster/rows.h"

/*
 * A pixel is drawn where its color is further than a limit from the color that it was drawn in
 * last, or its alpha is another. What it is compared with is what it shows, not what it was in the
 * picture before: however slowly colors drift, none gets further from its own than the limit.
 *
 * Keeps a plane of 4 bytes a pixel, 8 where pictures of 16 bits a sample come.
 */
struct steady;

/*
 * change: the limit, a distance in OKLab times 100: white is 100 from black
 * deep: pictures of 16 bits a sample stay that, else all become 8
 */
enum status steady_open(struct context *cx, uint32_t width, uint32_t height, double change,
                        bool deep, struct steady **out) MUST_CHECK;
void steady_close(struct steady *s); /* s may be NULL */

/* The next picture, of that size and any layout, as RGBA. Owns up; s outlives the stage. */
enum status steady_rows_open(struct steady *s, struct rows *up, struct rows **out) MUST_CHECK;

#endif
