/* SPDX-License-Identifier: MIT */
/* Runs of pixels to and from linear light with their colors multiplied by their alpha. */
#ifndef GIFLOW_TRANSFORMS_LIGHT_RUN_H
#define GIFLOW_TRANSFORMS_LIGHT_RUN_H

#include "raster/picture.h"
#include "transforms/light.h"

/* l is of the layout's bits; the layout is not LAYOUT_INDEX8. */

/* Where decoded samples go: what kernels work on. */
enum light_order {
    LIGHT_LANE, /* every eighth float: one row of eight */
    LIGHT_QUAD  /* four floats a pixel; those that the layout lacks are not touched */
};
void light_decode_run(const struct light *l, enum layout layout, const uint8_t *from, float *to,
                      enum light_order order, uint32_t count);

/*
 * step: floats from a pixel to the next. Alpha that rounds to 0 leaves a color of 0: what is
 * invisible has none.
 */
void light_encode_run(const struct light *l, enum layout layout, const float *from, size_t step,
                      uint8_t *to, uint32_t count);

#endif
