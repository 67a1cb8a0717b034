/* SPDX-License-Identifier: MIT */
/* Small files with metadata, and reading them back. */
#ifndef GIFLOW_TESTS_METADATA_FILE_H
#define GIFLOW_TESTS_METADATA_FILE_H

#include "codec_run.h"
#include "png_file.h"

static const struct encode_options plain = {.compression = 6, .quality = 90};
static const uint8_t tiff[] = "II*\0\x08\0\0\0\0\0\0\0\0\0"; /* no entry */

static inline void add(struct context *cx, struct metadata *m, enum metadata_kind kind,
                       const char *key, const void *data, size_t bytes)
{
    assert_int_equal(metadata_begin(cx, m, kind), ST_OK);
    assert_int_equal(metadata_append(cx, m, data, bytes), ST_OK);
    strcpy(m->last->key, key);
    metadata_end(cx, m);
}

/* No profile that colors could be made with, but one whose header is right. */
static inline uint8_t *make_profile(const char *space, size_t bytes)
{
    struct picture pic = make_picture((uint32_t)bytes, 1, LAYOUT_GRAY8);
    uint8_t *p = make_noise(&pic, bytes);
    put32(p, (uint32_t)bytes);
    memcpy(p + 16, space, 4);
    memcpy(p + 36, "acsp", 4);
    return p;
}

/* Reads to the end of the file. The pixels are looked at elsewhere. */
static inline enum status read_all(struct context *cx, struct source *src, struct metadata *m)
{
    struct decoder *d = NULL;
    struct frame frame;
    enum status st = decoder_open(cx, src, m, &d);
    while (st == ST_OK && (st = decoder_frame(d, &frame)) == ST_OK) {
        uint8_t *row = make_bytes(picture_stride(&frame.pic));
        for (uint32_t y = 0; st == ST_OK && y < frame.pic.height; y++)
            st = decoder_row(d, row);
        free(row);
    }
    decoder_close(d);
    return st == ST_END ? ST_OK : st;
}

static inline enum status read_blob(struct context *cx, const struct blob *b, struct metadata *m)
{
    struct source *src;
    assert_int_equal(source_open_memory(cx, b->data, b->bytes, &src), ST_OK);
    enum status st = read_all(cx, src, m);
    source_close(src);
    return st;
}

/* A picture of 3 x 2 pixels with this metadata. */
static inline struct blob write_blob(const struct format *format, enum layout layout,
                                     const struct metadata *m)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    context_init(&cx);
    struct picture pic = make_picture(3, 2, layout);
    uint8_t row[3 * 8] = {0};
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_open(&cx, format, sink, &pic, &plain, m, &e), ST_OK);
    assert_int_equal(encoder_write(e, row), ST_OK);
    assert_int_equal(encoder_write(e, row), ST_OK);
    struct blob b = finish_file(e, sink);
    assert_nothing_held(&cx);
    return b;
}

static inline void assert_item(const struct metadata *m, enum metadata_kind kind, const void *data,
                               size_t bytes)
{
    const struct metadata_item *item = metadata_find(m, kind);
    assert_non_null(item);
    assert_int_equal(item->bytes, bytes);
    assert_memory_equal(item->data, data, bytes);
}

static inline unsigned count_items(const struct metadata *m, enum metadata_kind kind)
{
    unsigned n = 0;
    for (const struct metadata_item *item = m->first; item != NULL; item = item->next)
        n += item->kind == kind;
    return n;
}

static inline bool has_text(const struct metadata *m, const char *text)
{
    const struct metadata_item *item = m->first;
    while (item != NULL && (item->kind != METADATA_COMMENT || item->bytes != strlen(text) ||
                            memcmp(item->data, text, item->bytes) != 0))
        item = item->next;
    return item != NULL;
}

#endif
