/* SPDX-License-Identifier: MIT */
/* Runs of pixels of any size: filled, turned round; and the bytes of a whole picture. */
#ifndef GIFLOW_RASTER_PIXELS_H
#define GIFLOW_RASTER_PIXELS_H

#include "raster/picture.h"

/* count copies of the pixel of bytes bytes. */
void pixels_fill(uint8_t *out, uint32_t count, const uint8_t *pixel, unsigned bytes);

/* The last pixel first, in place. bytes: 1, 2, 3, 4, 6 or 8 */
void pixels_reverse(uint8_t *row, uint32_t count, unsigned bytes);

/* Bytes of all rows: what a store of the picture takes in its spool. false: more than a file holds.
 */
bool picture_bytes(const struct picture *pic, uint64_t *out);
/* The same as a size to allocate: SIZE_MAX, which is never granted, where there is none. */
size_t picture_memory(const struct picture *pic);

#endif
