/* SPDX-License-Identifier: MIT */
/* libjpeg's arrays of coefficients in temporary files, where they cannot be done without. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_SPOOLED_H
#define GIFLOW_FORMATS_JPEG_JPEG_SPOOLED_H

#include "formats/jpeg/jpeg_guard.h"

struct jpeg_spooled_array;

struct jpeg_spooled {
    struct context *cx;
    struct jpeg_spooled_array *first;
};

/* Bytes that all arrays of a picture take. jpeg has read the header. */
uint64_t jpeg_spooled_bytes(const struct jpeg_decompress_struct *jpeg);
/*
 * jpeg, which has read the header, then keeps coefficients in spools; of each array no more rows
 * are in memory than libjpeg asks for at once. Errors jump. client_data is s from then on.
 */
void jpeg_spooled_use(struct jpeg_spooled *s, j_decompress_ptr jpeg);
void jpeg_spooled_close(struct jpeg_spooled *s); /* after jpeg is destroyed; s may be all zeroes */

#endif
