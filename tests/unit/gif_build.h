/* SPDX-License-Identifier: MIT */
/* GIF files put together block by block, and reading them. */
#ifndef GIFLOW_TESTS_GIF_BUILD_H
#define GIFLOW_TESTS_GIF_BUILD_H

#include "codec_run.h"

static inline void add_le16(struct blob *b, unsigned v)
{
    blob_add(b, (const uint8_t[]){(uint8_t)v, (uint8_t)(v >> 8)}, 2);
}

/* Entry i is of the color (base + i, i, 0). */
static inline void add_palette(struct blob *b, unsigned bits, unsigned base)
{
    for (unsigned i = 0; i < 1u << bits; i++)
        blob_add(b, (const uint8_t[]){(uint8_t)(base + i), (uint8_t)i, 0}, 3);
}

/* bits of the global palette, 0: none */
static inline struct blob new_gif(unsigned width, unsigned height, unsigned bits)
{
    struct blob b = blob_of("GIF89a", 6);
    add_le16(&b, width);
    add_le16(&b, height);
    blob_add(&b, (const uint8_t[]){(uint8_t)(bits > 0 ? 0x80 | (bits - 1) : 0), 0, 0}, 3);
    if (bits > 0)
        add_palette(&b, bits, 10);
    return b;
}

static inline void add_control(struct blob *b, unsigned flags, unsigned delay, unsigned transparent)
{
    blob_add(b, "\x21\xf9\x04", 3);
    blob_add(b, &(uint8_t){(uint8_t)flags}, 1);
    add_le16(b, delay);
    blob_add(b, (const uint8_t[]){(uint8_t)transparent, 0}, 2);
}

/* bits of the local palette, 0: none */
static inline void add_image(struct blob *b, unsigned x, unsigned y, unsigned width,
                             unsigned height, unsigned flags, unsigned bits)
{
    blob_add(b, ",", 1);
    add_le16(b, x);
    add_le16(b, y);
    add_le16(b, width);
    add_le16(b, height);
    blob_add(b, &(uint8_t){(uint8_t)(flags | (bits > 0 ? 0x80 | (bits - 1) : 0))}, 1);
    if (bits > 0)
        add_palette(b, bits, 100);
}

/* A clear code before each pixel keeps codes at one width. code_size 2 .. 8 */
static inline void add_pixels(struct blob *b, unsigned code_size, const uint8_t *pixels, size_t n)
{
    uint8_t block[256] = {0};
    unsigned bit = 0, width = code_size + 1;
    blob_add(b, &(uint8_t){(uint8_t)code_size}, 1);
    for (size_t i = 0; i <= 2 * n; i++) {
        unsigned code = i == 2 * n   ? (1u << code_size) + 1
                        : i % 2 == 0 ? 1u << code_size
                                     : pixels[i / 2];
        for (unsigned k = 0; k < width; k++, bit++)
            block[1 + bit / 8] = (uint8_t)(block[1 + bit / 8] | (code >> k & 1) << bit % 8);
        if (bit > 8 * 240 || i == 2 * n) {
            unsigned whole = i == 2 * n ? (bit + 7) / 8 : bit / 8;
            block[0] = (uint8_t)whole;
            blob_add(b, block, 1 + whole);
            uint8_t rest = block[1 + whole];
            memset(block, 0, sizeof block);
            block[1] = rest;
            bit = i == 2 * n ? 0 : bit % 8;
        }
    }
    blob_add(b, "", 1);
}

static const uint8_t ramp[] = {0, 1, 2, 3, 3, 2, 1, 0, 1};

/* 3 x 3 pixels of four colors; what of it a test changes stands in its name. */
static inline struct blob plain_gif(void)
{
    struct blob b = new_gif(3, 3, 2);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 9);
    blob_add(&b, ";", 1);
    return b;
}

struct read_gif {
    struct context cx;
    struct source *src;
    struct decoder *d;
};

static inline enum status read_open(struct read_gif *r, const struct blob *b)
{
    context_init(&r->cx);
    r->d = NULL;
    assert_int_equal(source_open_memory(&r->cx, b->data, b->bytes, &r->src), ST_OK);
    return decoder_open(&r->cx, r->src, NULL, &r->d);
}

static inline void read_close(struct read_gif *r, struct blob *b)
{
    decoder_close(r->d);
    source_close(r->src);
    assert_nothing_held(&r->cx);
    blob_free(b);
}

static inline struct decoded decode_whole(struct blob *b)
{
    struct decoded d = decode(b, false);
    assert_string_equal(d.text, "");
    assert_int_equal(d.status, ST_END);
    blob_free(b);
    return d;
}

#endif
