/* SPDX-License-Identifier: MIT */
/* Metadata out of PNG's chunks, whose bodies come in pieces. */
#ifndef GIFLOW_FORMATS_PNG_PNG_ITEMS_H
#define GIFLOW_FORMATS_PNG_PNG_ITEMS_H

#include <zlib.h>

#include "formats/metadata.h"

/*
 * A text or a profile of any size costs no memory but that of what is kept. What makes no sense, or
 * is not whole, is left out.
 */
struct png_items {
    struct context *cx;
    struct metadata *metadata; /* NULL: nobody asks */

    const struct png_item_kind *kind; /* of the chunk; NULL: it says nothing to us */
    const char *field;                /* of what stands before the text, what is to come */
    bool compressed;
    bool begun; /* an item, which the chunk's end will end */
    bool bad;   /* what stands in the chunk makes no sense */
    char key[80];
    size_t key_bytes;
    z_stream inflate;
    enum { PNG_ITEM_PLAIN, PNG_ITEM_INFLATING, PNG_ITEM_INFLATED } phase;
    uint64_t seen; /* bytes of what is wanted, in all chunks, inflated */
};

/* A chunk of this type and so many bytes begins. False: it is none of these. */
bool png_items_begin(struct png_items *t, const uint8_t type[static 4], uint32_t bytes);
/* The next bytes of its body. Errors: ST_LIMIT, ST_NOMEM. */
enum status png_items_body(struct png_items *t, const uint8_t *data, size_t bytes) MUST_CHECK;
/* Its end; sound: its CRC is right. */
void png_items_end(struct png_items *t, bool sound);
void png_items_close(struct png_items *t); /* in any chunk; t may be all zeroes */

#endif
