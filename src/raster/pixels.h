/* SPDX-License-Identifier: MIT */
/* Runs of pixels of any size: filled, reversed, moved apart or together. */
#ifndef GIFLOW_RASTER_PIXELS_H
#define GIFLOW_RASTER_PIXELS_H

#include "raster/picture.h"

/*
 * function(..., bytes), where the bytes of a pixel, 1, 2, 3, 4, 6 or 8, are a constant: loops that
 * move pixels are inlined once for each, and a pixel is moved by an instruction or two.
 */
#define PIXELS_BY_SIZE(bytes, function, ...) \
    do {                                     \
        switch (bytes) {                     \
        case 1:                              \
            function(__VA_ARGS__, 1);        \
            break;                           \
        case 2:                              \
            function(__VA_ARGS__, 2);        \
            break;                           \
        case 3:                              \
            function(__VA_ARGS__, 3);        \
            break;                           \
        case 4:                              \
            function(__VA_ARGS__, 4);        \
            break;                           \
        case 6:                              \
            function(__VA_ARGS__, 6);        \
            break;                           \
        default:                             \
            function(__VA_ARGS__, 8);        \
            break;                           \
        }                                    \
    } while (0)

/* count copies of the pixel of bytes bytes. */
void pixels_fill(uint8_t *out, uint32_t count, const uint8_t *pixel, unsigned bytes);

/* The last pixel first, in place. bytes: 1, 2, 3, 4, 6 or 8 */
void pixels_reverse(uint8_t *row, uint32_t count, unsigned bytes);

/* Pixel i goes to place i * step of out. */
void pixels_spread(uint8_t *out, unsigned step, const uint8_t *from, uint32_t count,
                   unsigned bytes);
/* Leaves count pixels of the row, at its front: those at first, first + step, .. */
void pixels_thin(uint8_t *row, uint32_t first, unsigned step, uint32_t count, unsigned bytes);

#endif
