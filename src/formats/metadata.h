/* SPDX-License-Identifier: MIT */
/* What a file says besides its pixels, in a form that every format can read and write. */
#ifndef GIFLOW_FORMATS_METADATA_H
#define GIFLOW_FORMATS_METADATA_H

#include "base/context.h"

enum metadata_kind {
    METADATA_COMMENT, /* text, in whatever encoding the file has it */
    METADATA_EXIF,    /* a TIFF header and what follows it, without "Exif\0\0" */
    METADATA_ICC,     /* an ICC profile */
    METADATA_XMP,     /* an XMP packet, UTF-8 */
    METADATA_KINDS
};

/* More than this in one file is not kept: nobody put it there for a reader. */
#define METADATA_BYTES (8u * 1024 * 1024)

struct metadata_item {
    struct metadata_item *next;
    enum metadata_kind kind;
    size_t bytes, room;
    uint8_t *data;
};

/* Items in the order of the file. All zeroes: empty. */
struct metadata {
    struct metadata_item *first, *last;
    size_t bytes;
    bool skip[METADATA_KINDS]; /* kinds that are not kept */
    bool cut;                  /* something was over METADATA_BYTES */
};

/*
 * Begins an item, then adds bytes to the one begun last. An item over METADATA_BYTES is taken
 * back with a warning. Errors: ST_NOMEM.
 */
enum status metadata_begin(struct context *cx, struct metadata *m,
                           enum metadata_kind kind) MUST_CHECK;
enum status metadata_append(struct context *cx, struct metadata *m, const void *data,
                            size_t bytes) MUST_CHECK;
/* Ends the item begun last: one without bytes is taken back. */
void metadata_end(struct context *cx, struct metadata *m);
void metadata_clear(struct context *cx, struct metadata *m); /* skip stays */

#endif
