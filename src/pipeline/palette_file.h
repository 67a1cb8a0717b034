/* SPDX-License-Identifier: MIT */
/* The colors of a file, picture or text, as a palette to use. */
#ifndef GIFLOW_PIPELINE_PALETTE_FILE_H
#define GIFLOW_PIPELINE_PALETTE_FILE_H

#include "base/source.h"
#include "raster/picture.h"

/*
 * Reads the entries of a picture's palette, or the colors of its pixels as they come, top-down and
 * left to right; or text as in color/palette_text.h. Each color once, where it comes first; what
 * has alpha below 128 is one transparent entry, all else opaque.
 * Errors: those of the formats; ST_UNSUPPORTED for more than 256 colors.
 */
enum status palette_read(struct context *cx, struct source *src, struct palette *out) MUST_CHECK;

#endif
