/* SPDX-License-Identifier: MIT */
/* What a file says besides its pixels, in a form that every format can read and write. */
#ifndef GIFLOW_FORMATS_METADATA_H
#define GIFLOW_FORMATS_METADATA_H

#include "base/context.h"
#include "formats/block_coding.h"
#include "formats/density.h"

enum metadata_kind {
    METADATA_COMMENT, /* text, in whatever encoding the file has it */
    METADATA_EXIF,    /* a TIFF header and what follows it, without "Exif\0\0" */
    METADATA_ICC,     /* an ICC profile */
    METADATA_XMP,     /* an XMP packet, UTF-8 */
    METADATA_IPTC,    /* of Photoshop's resources, which hold it: only JPEG reads and writes them */
    METADATA_COLOR,   /* the body of a PNG chunk about colors: only PNG reads and writes it */
    METADATA_KINDS
};

/*
 * The key of an XMP item that is a piece of what a JPEG has no room for in one marker: GUID,
 * length, offset, text. Only JPEG has such. XMP specification, part 3, section 1.1.3.1
 */
#define METADATA_XMP_MORE "extension"

/* More than this in one file is not kept: nobody put it there for a reader. */
#define METADATA_BYTES (8u * 1024 * 1024)
#define METADATA_ITEMS 1000u

struct metadata_item {
    struct metadata_item *next;
    enum metadata_kind kind;
    char key[80]; /* what PNG calls a text that is not just a comment, or METADATA_COLOR; else "" */
    size_t bytes, room;
    uint8_t *data;
};

/* Items in the order of the file. All zeroes: empty. */
struct metadata {
    struct metadata_item *first, *last;
    struct metadata_item *before; /* last, when that was begun */
    size_t bytes;
    uint32_t items;
    struct density density;
    struct block_coding coding;
    bool skip[METADATA_KINDS]; /* kinds that are not kept; all of them: no density either */
    bool values;               /* the caller's choice: no decoder applies a profile */
    bool cut;                  /* the item begun last is not kept */
    bool warned;               /* of something that was over METADATA_BYTES or METADATA_ITEMS */
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
void metadata_drop(struct context *cx, struct metadata *m); /* takes it back, whatever it has */
void metadata_remove(struct context *cx, struct metadata *m, enum metadata_kind kind);
/* Only those with that key. */
void metadata_remove_key(struct context *cx, struct metadata *m, enum metadata_kind kind,
                         const char *key);
/* The items of a kind become the last ones of `to`. */
void metadata_move(struct metadata *from, enum metadata_kind kind, struct metadata *to);
void metadata_clear(struct context *cx, struct metadata *m); /* skip stays */

/* The first item of a kind, which is the one that counts where a file may have only one; NULL. */
struct metadata_item *metadata_find(const struct metadata *m, enum metadata_kind kind);
struct metadata_item *metadata_find_key(const struct metadata *m, enum metadata_kind kind,
                                        const char *key);

/* Not where nothing is kept. */
void metadata_set_density(struct metadata *m, struct density density);

/*
 * Bytes of an ICC profile if it is one for pixels of this color space: "RGB ", "GRAY", "CMYK".
 * Else 0, as with a header that contradicts the size. Source: ICC.1:2022, section 7.2
 */
size_t metadata_icc_bytes(const struct metadata_item *item, const char *space);

#endif
