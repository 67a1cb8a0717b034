/* SPDX-License-Identifier: MIT */
/* Between JPEG's markers and the metadata that formats share. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_METADATA_H
#define GIFLOW_FORMATS_JPEG_JPEG_METADATA_H

#include "formats/jpeg/jpeg_guard.h"
#include "formats/metadata.h"

/* A profile comes in pieces, in any order, as many as a byte can count. */
struct jpeg_profile {
    uint8_t *data; /* pieces as they come */
    size_t bytes, room;
    struct {
        size_t at, bytes;
    } piece[256];
    unsigned seen, count; /* pieces; how many there should be */
    bool bad;
};

struct jpeg_metadata {
    struct context *cx;
    struct metadata *metadata;
    struct jpeg_profile *profile; /* NULL: none has begun */
};

/*
 * Gathers from the markers that jpeg, just made, is going to read; metadata NULL: nothing. Its
 * error manager is a struct jpeg_guard that is the first member of a struct jpeg_reader.
 */
void jpeg_metadata_watch(struct jpeg_metadata *jm, j_decompress_ptr jpeg, struct context *cx,
                         struct metadata *metadata);
/* What is complete once the header has been read: the profile, the density. */
enum status jpeg_metadata_take(struct jpeg_metadata *jm, j_decompress_ptr jpeg) MUST_CHECK;
void jpeg_metadata_close(struct jpeg_metadata *jm); /* jm may be all zeroes */

/*
 * The density belongs to what jpeg_start_compress writes, the others come right after it. The
 * latter jumps on errors. What JPEG or the pixels cannot hold is left out.
 */
void jpeg_metadata_set_density(j_compress_ptr jpeg, const struct metadata *m);
void jpeg_metadata_write(j_compress_ptr jpeg, struct context *cx, const struct metadata *m);

#endif
