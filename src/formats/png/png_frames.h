/* SPDX-License-Identifier: MIT */
/* The frames of an APNG: those behind the default image, and what is told of it. */
#ifndef GIFLOW_FORMATS_PNG_PNG_FRAMES_H
#define GIFLOW_FORMATS_PNG_PNG_FRAMES_H

#include <png.h>

#include "formats/format.h"

/*
 * Sequence numbers count all fcTL and fdAT. What browsers do with an animation that breaks the
 * rules is end it, so that it ends here too, with a warning; pixels that are damaged are damage.
 * Source: PNG specification, third edition, 11.3.5
 */
struct png_frames {
    uint32_t announced; /* by acTL; 0: there is no animation */
    uint32_t shown;     /* frames so far, without a default image that is none of them */
    uint32_t sequence;  /* the number that comes next */
    bool over;          /* no further frame */
    double owed;        /* of delays, by rounding: see formats/delay.h */
};

/* After the header has been read: what acTL says. key: tRNS of gray or RGB; NULL: it has none. */
void png_frames_open(struct decoder *d, const png_color_16 *key);
/* What fcTL says of the default image; without one it is no frame. */
void png_frames_first(struct decoder *d, struct frame *out);
/* Finds the next frame: its place and times. ST_END: after IEND. */
enum status png_frames_next(struct decoder *d, struct frame *out) MUST_CHECK;

#endif
