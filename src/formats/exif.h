/* SPDX-License-Identifier: MIT */
/* The one thing in EXIF and XMP that changes how a picture is shown. */
#ifndef GIFLOW_FORMATS_EXIF_H
#define GIFLOW_FORMATS_EXIF_H

#include "formats/metadata.h"

/* EXIF's Orientation, 1 .. 8; 1 is upright, and stands for none or one that makes no sense. */
unsigned exif_orientation(const struct metadata_item *exif); /* exif may be NULL */

/* Says in the EXIF, and in the XMP where that repeats it, that the picture is upright. */
void exif_set_upright(struct metadata *m);

#endif
