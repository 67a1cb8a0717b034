/* SPDX-License-Identifier: MIT */
/* What passes by on its way to libpng: metadata, and what says how an animation moves. */
#ifndef GIFLOW_FORMATS_PNG_PNG_TAP_H
#define GIFLOW_FORMATS_PNG_PNG_TAP_H

#include "formats/png/png_items.h"

/* Watches the bytes of a file, chunk by chunk; libpng is told to pass over those that it wants. */
struct png_tap {
    enum { PNG_TAP_SIGNATURE, PNG_TAP_HEADER, PNG_TAP_BODY, PNG_TAP_CRC } state;
    uint8_t head[8]; /* of the file, of the chunk, or its CRC */
    uint32_t have;   /* bytes of head */
    uint32_t left;   /* bytes of the chunk's body to come */
    uint32_t crc;

    uint8_t animation[8], control[26]; /* the last acTL and fcTL */
    bool has_animation, has_control;   /* set with one that is whole; the caller clears it */
    uint8_t *watch;                    /* where the chunk goes to if it is one of them */
    uint32_t watched;                  /* bytes of it */

    bool has_items; /* the chunk is one of theirs */
    struct png_items items;
};

void png_tap_init(struct png_tap *t, struct context *cx, struct metadata *metadata);
enum status png_tap_feed(struct png_tap *t, const uint8_t *data, size_t bytes) MUST_CHECK;
/* Bytes of the chunk that the file is in, as far as is known; 0: between two. */
uint64_t png_tap_left(const struct png_tap *t);
void png_tap_close(struct png_tap *t); /* takes back what is not whole; t may be all zeroes */

#endif
