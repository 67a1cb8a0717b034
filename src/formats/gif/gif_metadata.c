/* SPDX-License-Identifier: MIT */
/* Comments, XMP and ICC as GIF holds them: in extensions, cut into sub-blocks. */
#include "formats/gif/gif_metadata.h"

#include <string.h>

#include "base/size.h"

#define COMMENT_LABEL 0xfe
#define APPLICATION_LABEL 0xff

/* Application identifier and authentication code, 11 bytes. */
static const char xmp_name[] = "XMP DataXMP", icc_name[] = "ICCRGBG1012";

/*
 * XMP stands in the file as it is, not cut: a reader that knows nothing of it takes its bytes for
 * lengths, lands somewhere in the trailer, which counts down, and is led to the block terminator.
 * Source: XMP specification, part 3, section 1.1.2
 */
#define XMP_TRAILER 257 /* 1, 255, 254, .. 0; the terminator comes after it */

bool gif_metadata_starts(int label, const uint8_t *block, enum gif_extension *kind)
{
    *kind = GIF_EXTENSION_OTHER;
    if (label == COMMENT_LABEL)
        *kind = GIF_EXTENSION_COMMENT;
    else if (label == APPLICATION_LABEL && block != NULL && block[0] == 11)
        *kind = memcmp(block + 1, xmp_name, 11) == 0   ? GIF_EXTENSION_XMP
                : memcmp(block + 1, icc_name, 11) == 0 ? GIF_EXTENSION_ICC
                                                       : GIF_EXTENSION_OTHER;
    return *kind != GIF_EXTENSION_OTHER;
}

enum status gif_metadata_begin(struct context *cx, struct metadata *m, enum gif_extension kind)
{
    return metadata_begin(cx, m,
                          kind == GIF_EXTENSION_COMMENT ? METADATA_COMMENT
                          : kind == GIF_EXTENSION_XMP   ? METADATA_XMP
                                                        : METADATA_ICC);
}

enum status gif_metadata_block(struct context *cx, struct metadata *m, enum gif_extension kind,
                               const uint8_t *block)
{
    if (kind == GIF_EXTENSION_XMP) /* the length is a byte of the packet too */
        return metadata_append(cx, m, block, block[0] + (size_t)1);
    return metadata_append(cx, m, block + 1, block[0]);
}

void gif_metadata_end(struct context *cx, struct metadata *m, enum gif_extension kind)
{
    struct metadata_item *item = m->last;
    if (kind == GIF_EXTENSION_XMP && item != NULL && item->bytes != 0) {
        size_t trailer = min_size(item->bytes, XMP_TRAILER);
        item->bytes -= trailer;
        m->bytes -= trailer;
    }
    metadata_end(cx, m);
}

static enum status write_blocks(struct sink *sink, const uint8_t *data, size_t bytes)
{
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        uint8_t n = (uint8_t)min_size(bytes, 255);
        st = sink_write(sink, &n, 1);
        if (st == ST_OK)
            st = sink_write(sink, data, n);
        data += n;
        bytes -= n;
    }
    return st == ST_OK ? sink_write(sink, "", 1) : st;
}

static enum status write_application(struct sink *sink, const char *name)
{
    const uint8_t head[3] = {0x21, APPLICATION_LABEL, 11};
    enum status st = sink_write(sink, head, sizeof head);
    return st == ST_OK ? sink_write(sink, name, 11) : st;
}

static enum status write_xmp(struct sink *sink, const struct metadata_item *item)
{
    uint8_t trailer[XMP_TRAILER + 1] = {1};
    for (unsigned i = 1; i < XMP_TRAILER; i++)
        trailer[i] = (uint8_t)(XMP_TRAILER - 1 - i);
    enum status st = write_application(sink, xmp_name);
    if (st == ST_OK)
        st = sink_write(sink, item->data, item->bytes);
    return st == ST_OK ? sink_write(sink, trailer, sizeof trailer) : st;
}

enum status gif_metadata_write(struct sink *sink, const struct metadata_item *item)
{
    enum status st;
    switch (item->kind) {
    case METADATA_COMMENT:
        if (item->key[0] != '\0') /* "Title: ..", and such, which GIF does not tell apart */
            return ST_OK;
        st = sink_write(sink, "\x21\xfe", 2);
        return st == ST_OK ? write_blocks(sink, item->data, item->bytes) : st;
    case METADATA_ICC:
        if (metadata_icc_bytes(item, "RGB ") == 0)
            return ST_OK;
        st = write_application(sink, icc_name);
        return st == ST_OK ? write_blocks(sink, item->data, item->bytes) : st;
    case METADATA_XMP:
        return item->key[0] == '\0' ? write_xmp(sink, item) : ST_OK;
    default: /* GIF has no place for it */
        return ST_OK;
    }
}
