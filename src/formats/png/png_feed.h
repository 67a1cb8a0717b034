/* SPDX-License-Identifier: MIT */
/* A frame of an APNG as a PNG of its own, which is made while libpng reads it. */
#ifndef GIFLOW_FORMATS_PNG_PNG_FEED_H
#define GIFLOW_FORMATS_PNG_PNG_FEED_H

#include <png.h>

#include "formats/format.h"

/* Signature, IHDR, PLTE, tRNS, the beginning of IDAT. */
#define PNG_FEED_HEAD_BYTES (8 + 25 + 12 + 768 + 12 + 256 + 8)

struct png_feed {
    bool active;      /* libpng reads a frame, not the file */
    uint8_t shape[5]; /* of IHDR: depth, color type, methods, interlace */
    struct palette palette;
    uint8_t key[6]; /* tRNS of gray or RGB */
    size_t key_bytes;

    bool has_data; /* libpng has been given pixels */
    uint8_t head[PNG_FEED_HEAD_BYTES];
    size_t head_bytes, head_at; /* made by us, to be read first */
    enum { PNG_FEED_HEAD, PNG_FEED_BODY, PNG_FEED_END } next;
    uint32_t left, crc; /* of the chunk */
};

/*
 * All frames have the header of the file, which libpng has read and has not been told to transform,
 * but for their size. key: tRNS of gray or RGB; NULL: it has none.
 */
void png_feed_like(struct decoder *d, const png_color_16 *key);
/* The next frame is of this size; its first fdAT is the source's next chunk. */
void png_feed_begin(struct decoder *d, uint32_t width, uint32_t height);
/* The next bytes of its PNG. Errors: ST_DAMAGED, those of the source. */
enum status png_feed_read(struct decoder *d, uint8_t *out, size_t bytes) MUST_CHECK;

/* The type and length of the source's next chunk, not consumed; of fdAT its number in sequence. */
enum status png_chunk_peek(struct decoder *d, const uint8_t **head) MUST_CHECK;
bool png_chunk_is_data(const uint8_t *head);
/* Passes bytes of the file by, seen by the tap only. */
enum status png_chunk_pass(struct decoder *d, uint64_t bytes) MUST_CHECK;

#endif
