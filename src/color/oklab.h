/* SPDX-License-Identifier: MIT */
/* sRGB to and from OKLab in whole numbers, so that every machine finds the same colors near. */
#ifndef GIFLOW_COLOR_OKLAB_H
#define GIFLOW_COLOR_OKLAB_H

#include "raster/picture.h"

/*
 * A color in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020), all
 * three scaled by OKLAB_ONE: white is l = OKLAB_ONE, grays have a = b = 0. The scale is the
 * largest at which differences fit 16 bits and squared distances 31.
 */
struct oklab {
    int16_t l, a, b;
};

#define OKLAB_ONE 32767

struct oklab oklab_from_rgb(unsigned r, unsigned g, unsigned b);
/* From code values with 8 bits of fraction: 0 .. 255 * 256. */
struct oklab oklab_from_fine(uint32_t r, uint32_t g, uint32_t b);
/* An opaque color that is as near as rounding each channel gets; outside of sRGB: clipped. */
struct rgba8 oklab_to_rgb(struct oklab c);

static inline uint32_t oklab_distance(struct oklab x, struct oklab y)
{
    int32_t l = x.l - y.l, a = x.a - y.a, b = x.b - y.b;
    return (uint32_t)(l * l) + (uint32_t)(a * a) + (uint32_t)(b * b);
}

/* Floor of the square root: from squared distances to distances. */
uint32_t square_root(uint64_t x);

#endif
