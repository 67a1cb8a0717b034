/* SPDX-License-Identifier: MIT */
/* Between PNG's chunks and the metadata that formats share. */
#ifndef GIFLOW_FORMATS_PNG_PNG_METADATA_H
#define GIFLOW_FORMATS_PNG_PNG_METADATA_H

#include <png.h>
#include <zlib.h>

#include "formats/metadata.h"

/*
 * Watches the bytes of a file as libpng takes them, and gathers from the chunks that libpng is
 * told to pass over. So a text or a profile of any size costs no memory but that of what is kept.
 */
struct png_tap {
    struct context *cx;
    struct metadata *metadata; /* NULL: nobody asks */

    enum { PNG_TAP_SIGNATURE, PNG_TAP_HEADER, PNG_TAP_BODY, PNG_TAP_CRC } state;
    uint8_t head[8]; /* of the file, of the chunk, or its CRC */
    uint32_t have;   /* bytes of head */
    uint32_t left;   /* bytes of the chunk's body to come */
    uint32_t crc;

    uint8_t animation[8], control[26]; /* the last acTL and fcTL */
    bool has_animation, has_control;   /* set with one that is whole; the caller clears it */
    uint32_t watched;                  /* bytes of it */
    uint8_t *watch;                    /* where the chunk goes to if it is one of them */

    const struct png_tap_kind *kind; /* of the chunk; NULL: it says nothing to us */
    const char *field;               /* of what stands before the text, what is to come */
    bool compressed;
    bool begun; /* an item, which the chunk's end will end */
    bool bad;   /* what stands in the chunk makes no sense */
    char key[80];
    size_t key_bytes;
    z_stream inflate;
    enum { PNG_TAP_IDLE, PNG_TAP_INFLATING, PNG_TAP_INFLATED } phase;
    uint64_t seen; /* bytes of what is wanted, in all chunks, inflated */
};

void png_tap_init(struct png_tap *t, struct context *cx, struct metadata *metadata);
enum status png_tap_feed(struct png_tap *t, const uint8_t *data, size_t bytes) MUST_CHECK;
/* Bytes of the chunk that the file is in, as far as is known; 0: between two. */
uint64_t png_tap_left(const struct png_tap *t);
void png_tap_close(struct png_tap *t); /* takes back what is not whole; t may be all zeroes */

/*
 * Chunks that have to stand before PLTE; then all others; then what has come since. They jump on
 * libpng's errors. type: color type of the file; depth: of its samples. *held: memory that the
 * caller frees whatever happens. *written: the last item that was looked at.
 */
enum status png_metadata_write_first(png_structp png, struct context *cx, const struct metadata *m,
                                     int type, int depth, uint8_t **held) MUST_CHECK;
void png_metadata_write(png_structp png, struct context *cx, const struct metadata *m,
                        const struct metadata_item **written);
void png_metadata_write_late(png_structp png, struct context *cx, const struct metadata *m,
                             const struct metadata_item *written);

#endif
