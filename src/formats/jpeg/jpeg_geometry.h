/* SPDX-License-Identifier: MIT */
/* Which blocks of a JPEG make up a turned, flipped or cut one, and where they go. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_GEOMETRY_H
#define GIFLOW_FORMATS_JPEG_JPEG_GEOMETRY_H

#include "formats/recode.h"

/*
 * A unit is what cannot be divided: an MCU, or a block of a picture of one component. The result
 * is the units [left, right) x [top, bottom), transposed if transpose, then mirrored. At its right
 * and lower edges it may take less than a whole unit, as any JPEG.
 */
struct jpeg_geometry {
    uint32_t unit_width, unit_height; /* in pixels of the source */
    uint32_t left, top, right, bottom;
    bool transpose, mirror_x, mirror_y;
    uint32_t width, height; /* of the result, in pixels */
    enum recode_verdict verdict;
    const char *reason;
};

/*
 * What steps make of a picture of width x height, taken one after another as jpegtran -trim would
 * take them, but for turns and flips in a row, which are taken as the one that they add up to.
 */
void jpeg_geometry_plan(struct jpeg_geometry *g, uint32_t width, uint32_t height,
                        uint32_t unit_width, uint32_t unit_height, const struct recode_step *steps,
                        size_t count);

uint32_t jpeg_geometry_columns(const struct jpeg_geometry *g); /* of units, of the result */

#endif
