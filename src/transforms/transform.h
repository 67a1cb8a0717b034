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

/* How pixels between pixels are made. */
enum resample {
    RESAMPLE_AUTO, /* a caller's choice to be made: no transform takes it */
    RESAMPLE_NEAREST,
    RESAMPLE_BILINEAR, /* the triangle */
    RESAMPLE_BICUBIC,  /* Catmull-Rom: R. Keys, "Cubic convolution interpolation", 1981 */
    RESAMPLE_LANCZOS3  /* resize_open only */
};

/*
 * Turns by any angle, clockwise, about the center.
 *
 * degrees  finite; a multiple of 90 is the caller's to send to turn_open
 * expand   the canvas grows to hold the turned picture, else keeps its size
 * method   bilinear and bicubic work in linear light, on colors multiplied by their alpha;
 *          LAYOUT_INDEX8 takes nearest only, RESAMPLE_LANCZOS3 is refused: both ST_BUG
 * fill     pixels that the picture does not cover. Only nearest takes it as it stands: else the
 *          picture's edge blends into it, over less than two pixels, so a fill that is
 *          transparent asks for a layout with alpha
 *
 * The center of output pixel (x, y) is mapped back by the rotation about the two centers. Nearest
 * takes the source pixel that holds that point. The others weigh those around it; what the
 * weights of places outside the picture add up to is the share of the fill.
 */
enum status rotate_open(struct rows *up, double degrees, bool expand, enum resample method,
                        struct pixel fill, struct rows **out) MUST_CHECK;
/* Another fill, before the first row is asked for: by then all of the source has been seen. */
void rotate_set_fill(struct rows *rotate, struct pixel fill);
/* The canvas that rotate_open makes of width x height. */
void rotate_size(uint32_t width, uint32_t height, double degrees, bool expand, uint32_t *out_width,
                 uint32_t *out_height);

/*
 * Another size, filtered along rows, then along columns, as rows flow; up itself where the size
 * is the same. Nearest takes the pixel that holds the center of the new one and changes no value.
 * The others work in linear light, on colors multiplied by their alpha, so that what is
 * transparent has no color to give; they weigh as many pixels as the shrinking asks for. At the
 * borders the weights of the pixels that exist are scaled to a sum of 1.
 *
 * width, height  at least 1
 * method         LAYOUT_INDEX8 takes nearest only, else ST_BUG
 * Memory         filtered rows as floats, at most 17 (6 and those of a batch); the batch, 8 rows of
 *                up or 1 MiB; 6 weights for each column of the wider width
 */
enum status resize_open(struct rows *up, uint32_t width, uint32_t height, enum resample method,
                        struct rows **out) MUST_CHECK;

/* What size is asked for: in pixels, or, where both are 0, in percent. */
struct resize_to {
    uint32_t width, height; /* one of them 0: follows from the other */
    double percent;
    bool exact; /* both as they are, else the largest size within them that keeps the aspect */
    bool shrink_only, enlarge_only; /* else the picture's own; when exact, each length for itself */
};

/* The size of a picture of width x height then; 1 at least. false: beyond what can be addressed */
bool resize_size(const struct resize_to *to, uint32_t width, uint32_t height, uint32_t *out_width,
                 uint32_t *out_height) MUST_CHECK;

/*
 * Rows of another layout: a palette is looked up, gray becomes color or the other way (Rec. 601
 * luma), 8 bits become 16 (x 257) or 16 become 8 (correctly rounded). Alpha that the target lacks
 * is composited over matte; alpha that the source lacks is opaque. Target never LAYOUT_INDEX8.
 */
enum status convert_open(struct rows *up, enum layout target, struct rgba8 matte,
                         struct rows **out) MUST_CHECK;

#endif
