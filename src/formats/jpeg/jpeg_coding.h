/* SPDX-License-Identifier: MIT */
/* Quantization and chroma sampling: what a JPEG has, and what one that is written gets. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_CODING_H
#define GIFLOW_FORMATS_JPEG_JPEG_CODING_H

#include "formats/format.h"
#include "formats/jpeg/jpeg_guard.h"

/* Whether all components can be written in one scan, in which libjpeg writes them. */
bool jpeg_coding_fits_a_scan(const struct jpeg_decompress_struct *jpeg);

/* jpeg has read its header. Leaves *out alone where another file could not be coded like this. */
void jpeg_coding_take(const struct jpeg_decompress_struct *jpeg, struct block_coding *out);

/*
 * jpeg has its defaults. Without a quality in options the tables and the sampling are those of
 * like, where it has any for these components, else quality 90 is meant. Sampling by itself is
 * 4:2:0 below quality 90, and 4:4:4 from there on, but not finer than like's.
 */
void jpeg_coding_choose(j_compress_ptr jpeg, struct context *cx,
                        const struct encode_options *options, const struct block_coding *like);

#endif
