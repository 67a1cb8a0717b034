/* SPDX-License-Identifier: MIT */
/* Between GIF's extensions and the metadata that formats share. */
#ifndef GIFLOW_FORMATS_GIF_GIF_METADATA_H
#define GIFLOW_FORMATS_GIF_GIF_METADATA_H

#include "base/sink.h"
#include "formats/metadata.h"

enum gif_extension {
    GIF_EXTENSION_OTHER,
    GIF_EXTENSION_COMMENT,
    GIF_EXTENSION_XMP,
    GIF_EXTENSION_ICC
};

/*
 * Whether an extension with this label and first sub-block (its length first; NULL: none) holds
 * metadata, and of which kind. The first sub-block of a comment is text already.
 */
bool gif_metadata_starts(int label, const uint8_t *block, enum gif_extension *kind);

enum status gif_metadata_begin(struct context *cx, struct metadata *m,
                               enum gif_extension kind) MUST_CHECK;
enum status gif_metadata_block(struct context *cx, struct metadata *m, enum gif_extension kind,
                               const uint8_t *block) MUST_CHECK;
void gif_metadata_end(struct context *cx, struct metadata *m, enum gif_extension kind);

/* One item as an extension; nothing where GIF has no place for its kind. */
enum status gif_metadata_write(struct sink *sink, const struct metadata_item *item) MUST_CHECK;

#endif
