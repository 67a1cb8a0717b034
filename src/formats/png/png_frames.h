/* SPDX-License-Identifier: MIT */
/* The frames of an APNG behind the default image, each as a PNG of its own for libpng. */
#ifndef GIFLOW_FORMATS_PNG_PNG_FRAMES_H
#define GIFLOW_FORMATS_PNG_PNG_FRAMES_H

#include "formats/format.h"
#include "formats/png/png_guard.h"
#include "formats/png/png_metadata.h"

/* Signature, IHDR, PLTE, tRNS, the beginning of IDAT. */
#define PNG_FRAME_HEAD_BYTES (8 + 25 + 12 + 768 + 12 + 256 + 8)

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

    uint8_t shape[5]; /* of IHDR: depth, color type, methods, interlace */
    struct palette palette;
    uint8_t key[6]; /* tRNS of gray or RGB */
    size_t key_bytes;

    bool feeding;  /* libpng reads a frame, */
    bool has_data; /* and has been given pixels */
    uint8_t head[PNG_FRAME_HEAD_BYTES];
    size_t head_bytes, head_at; /* made by us, to be read first */
    enum { PNG_FEED_HEAD, PNG_FEED_BODY, PNG_FEED_END } feed;
    uint32_t left, crc; /* of the chunk */
};

/* After the header has been read: what acTL says. key: tRNS of gray or RGB; NULL: it has none. */
void png_frames_open(struct decoder *d, const png_color_16 *key);
/* What fcTL says of the default image; without one it is no frame. */
void png_frames_first(struct decoder *d, struct frame *out);
/* Finds the next frame: its place and times. ST_END: after IEND. */
enum status png_frames_next(struct decoder *d, struct frame *out) MUST_CHECK;
/* Bytes for libpng, after png_frames_begin. */
void png_frames_begin(struct decoder *d, uint32_t width, uint32_t height);
enum status png_frames_read(struct decoder *d, uint8_t *out, size_t bytes) MUST_CHECK;

#endif
