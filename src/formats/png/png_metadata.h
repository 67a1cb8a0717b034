/* SPDX-License-Identifier: MIT */
/* Metadata as chunks of a PNG that is written. */
#ifndef GIFLOW_FORMATS_PNG_PNG_METADATA_H
#define GIFLOW_FORMATS_PNG_PNG_METADATA_H

#include <png.h>

#include "formats/metadata.h"

/*
 * Chunks that have to stand before PLTE; then all others; then what has come since. They jump on
 * libpng's errors. type: color type of the file; depth: of its samples. *held: memory that the
 * caller frees whatever happens. *written: the last item that was looked at.
 */
enum status png_metadata_write_first(png_structp png, struct context *cx, const struct metadata *m,
                                     int type, int depth, uint8_t **held) MUST_CHECK;
void png_metadata_write(png_structp png, struct context *cx, const struct metadata *m,
                        const struct metadata_item **written);
void png_metadata_write_late(png_structp png, struct context *cx, const struct metadata *m,
                             const struct metadata_item *written);

#endif
