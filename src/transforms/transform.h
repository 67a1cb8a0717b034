/* SPDX-License-Identifier: MIT */
/* The transforms: each wraps a row stream and is one. */
#ifndef GIFLOW_TRANSFORMS_TRANSFORM_H
#define GIFLOW_TRANSFORMS_TRANSFORM_H

#include "raster/rows.h"

/*
 * All constructors own up from the call on, even when they fail, and set *out only on ST_OK.
 * A transform that needs the whole picture (vertical flip, turn, rotate) reads up to its end
 * before it returns, into a store; the pixels then come from there, and rewinding is cheap.
 */

/* A pixel of the stream's own layout, for places that the picture does not cover. */
struct pixel {
    uint8_t bytes[8];
};

/*
 * The view of width x height pixels whose corner stands at (x, y) of the picture, which may be
 * partly or wholly outside; what the picture does not cover is fill. Crops and pads.
 */
enum status window_open(struct rows *up, int64_t x, int64_t y, uint32_t width, uint32_t height,
                        struct pixel fill, struct rows **out) MUST_CHECK;

enum status flip_horizontal_open(struct rows *up, struct rows **out) MUST_CHECK;
enum status flip_vertical_open(struct rows *up, struct rows **out) MUST_CHECK;

/* quarters: 1, 2 or 3 quarter turns clockwise; exact. */
enum status turn_open(struct rows *up, unsigned quarters, struct rows **out) MUST_CHECK;

/*
 * Turns by any angle, clockwise, about the centre, nearest pixel.
 *
 * degrees  finite; a multiple of 90 is the caller's to send to turn_open
 * expand   the canvas grows to hold the turned picture, else keeps its size
 * fill     pixels that the picture does not cover
 *
 * The centre of output pixel (x, y) is mapped back by the rotation about the two centres; the
 * source pixel that holds that point is taken.
 */
enum status rotate_open(struct rows *up, double degrees, bool expand, struct pixel fill,
                        struct rows **out) MUST_CHECK;
/* Another fill, before the first row is asked for: by then all of the source has been seen. */
void rotate_set_fill(struct rows *rotate, struct pixel fill);
/* The canvas that rotate_open makes of width x height. */
void rotate_size(uint32_t width, uint32_t height, double degrees, bool expand, uint32_t *out_width,
                 uint32_t *out_height);

/*
 * Rows of another layout: a palette is looked up, gray becomes color or the other way (Rec. 601 luma), 8 bits become
 * 16 (x 257) or 16 become 8 (correctly rounded). Alpha that the target lacks is composited over
 * matte; alpha that the source lacks is opaque. Target never LAYOUT_INDEX8.
 */
enum status convert_open(struct rows *up, enum layout target, struct rgba8 matte,
                         struct rows **out) MUST_CHECK;

#endif
