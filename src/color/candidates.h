/* SPDX-License-Identifier: MIT */
/* The nearest entry of a palette, by lists of those that can be nearest to the colors of a cell. */
#ifndef GIFLOW_COLOR_CANDIDATES_H
#define GIFLOW_COLOR_CANDIDATES_H

#include "color/oklab.h"

struct candidates;

/* Of the opaque entries; of a palette without any, entry 0 is the nearest to all. ST_NOMEM. */
enum status candidates_open(struct context *cx, const struct palette *palette,
                            struct candidates **out) MUST_CHECK;
void candidates_close(struct candidates *c); /* c may be NULL */

/*
 * The palette's entry that is nearest in OKLab to a color (r, g, b), the first of equally near
 * ones: what a search through all of them finds.
 */
uint8_t candidates_nearest(struct candidates *c, const uint8_t *rgb);

#endif
