/* SPDX-License-Identifier: MIT */
/* The fields of Exif data that must follow when a picture is turned or cut. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_EXIF_H
#define GIFLOW_FORMATS_JPEG_JPEG_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * tiff: a TIFF header and what follows it. Fields that are not there are not made, data that are
 * not sound are left alone.
 */
void jpeg_exif_set_size(uint8_t *tiff, size_t bytes, uint32_t width, uint32_t height);

#endif
