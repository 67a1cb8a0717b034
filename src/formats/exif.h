/* SPDX-License-Identifier: MIT */
/* What in EXIF and XMP speaks of the pixels, and has to follow when they are turned or cut. */
#ifndef GIFLOW_FORMATS_EXIF_H
#define GIFLOW_FORMATS_EXIF_H

#include "formats/metadata.h"

/* EXIF's Orientation, 1 .. 8; 1 is upright, and stands for none or one that makes no sense. */
unsigned exif_orientation(const struct metadata_item *exif); /* exif may be NULL */

/* Says in the EXIF, and in the XMP where that repeats it, that the picture is upright. */
void exif_set_upright(struct metadata *m);

/*
 * Says how large the picture is, in the fields that there are for it; none is made. tiff: a TIFF
 * header and what follows it, which is left alone where it is not sound.
 */
void exif_set_size(uint8_t *tiff, size_t bytes, uint32_t width, uint32_t height);

#endif
