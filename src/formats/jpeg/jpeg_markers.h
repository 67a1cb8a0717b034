/* SPDX-License-Identifier: MIT */
/* Comments and application markers from one JPEG to another. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_MARKERS_H
#define GIFLOW_FORMATS_JPEG_JPEG_MARKERS_H

#include "formats/jpeg/jpeg_guard.h"
#include "formats/recode.h"

/* Lets a marker processor read what jpeg has kept of comments, APP1 and APP2. */
void jpeg_markers_tell(j_decompress_ptr jpeg, jpeg_marker_parser_method processor);
/*
 * Says whether a file of these markers begins with Exif data: it has no JFIF marker then. list is
 * libjpeg's of what was kept.
 */
bool jpeg_markers_begin_with_exif(const struct recode *r, jpeg_saved_marker_ptr list);
/*
 * Writes those that r does not skip, in their order, but for what to has written by itself. Exif
 * data are changed to fit. source_width and source_height: of the picture that they came with.
 */
void jpeg_markers_copy(const struct recode *r, jpeg_saved_marker_ptr list, j_compress_ptr to,
                       uint32_t source_width, uint32_t source_height);

#endif
