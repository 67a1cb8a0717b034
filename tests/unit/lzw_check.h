/* SPDX-License-Identifier: MIT */
/* Pictures for the LZW tests, encoding them, and reading them back with giflib. */
#ifndef GIFLOW_TESTS_LZW_CHECK_H
#define GIFLOW_TESTS_LZW_CHECK_H

#include "base/mem.h"
#include "formats/gif/lzw_decode.h"
#include "formats/gif/lzw_encode.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h> /* after ours: it defines a macro fail() */

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

struct coded {
    uint8_t *bytes; /* the caller frees */
    size_t n;
    size_t peak; /* of the encoder alone */
};

static inline uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/*
 * Writes and closes; what the sink then holds. peak is left to the caller.
 *
 * chunk       0: everything in one call; else pieces of random length up to chunk
 */
static inline struct coded encode_all(struct lzw_encoder *z, struct sink *sink, const uint8_t *p,
                                      size_t n, size_t chunk)
{
    uint32_t random = 1;
    for (size_t at = 0; at < n;) {
        size_t piece = chunk == 0 ? n : next_random(&random) % (chunk + 1);
        if (piece > n - at)
            piece = n - at;
        assert_int_equal(lzw_encoder_write(z, p + at, piece), ST_OK);
        at += piece;
    }
    assert_int_equal(lzw_encoder_finish(z), ST_OK);
    lzw_encoder_close(z);
    struct coded c = {0};
    const uint8_t *data = sink_data(sink, &c.n);
    c.bytes = malloc(c.n);
    assert_non_null(c.bytes);
    memcpy(c.bytes, data, c.n);
    sink_close(sink);
    return c;
}

/* temp_limit: of temporary files */
static inline struct coded encode_within(uint64_t temp_limit, unsigned level,
                                         unsigned min_code_size, uint32_t row_width,
                                         const uint8_t *p, size_t n, size_t chunk)
{
    struct context cx, out; /* the encoder's memory apart from that of what it writes */
    context_init(&cx);
    context_init(&out);
    cx.temp.limit = temp_limit;
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_memory(&out, &sink), ST_OK);
    assert_int_equal(lzw_encoder_open(&cx, sink, min_code_size, row_width, level, &z), ST_OK);
    struct coded c = encode_all(z, sink, p, n, chunk);
    c.peak = cx.mem.peak;
    assert_int_equal(cx.mem.in_use, 0);
    assert_int_equal(out.mem.in_use, 0);
    return c;
}

static inline struct coded encode(unsigned level, unsigned min_code_size, uint32_t row_width,
                                  const uint8_t *p, size_t n, size_t chunk)
{
    return encode_within(SIZE_UNLIMITED, level, min_code_size, row_width, p, n, chunk);
}

struct gif_bytes {
    const uint8_t *p;
    size_t n;
};

static inline int read_gif(GifFileType *gif, GifByteType *to, int n)
{
    struct gif_bytes *b = gif->UserData;
    size_t take = (size_t)n < b->n ? (size_t)n : b->n;
    memcpy(to, b->p, take);
    b->p += take;
    b->n -= take;
    return (int)take;
}

/* giflib reads exactly these pixels, and every byte. */
static inline void check_decoded(const struct coded *c, unsigned min_code_size, uint32_t width,
                                 uint32_t height, const uint8_t *pixels)
{
    size_t palette = (size_t)3 << min_code_size, head = 13 + palette + 10;
    uint8_t *file = calloc(1, head + c->n + 1);
    const uint8_t size[4] = {(uint8_t)width, (uint8_t)(width >> 8), (uint8_t)height,
                             (uint8_t)(height >> 8)};
    memcpy(file, "GIF89a", 6);
    memcpy(file + 6, size, 4);
    file[10] = (uint8_t)(0x80 | (min_code_size - 1));
    file[13 + palette] = 0x2c;
    memcpy(file + 13 + palette + 5, size, 4);
    memcpy(file + head, c->bytes, c->n);
    file[head + c->n] = 0x3b;

    struct gif_bytes b = {file, head + c->n + 1};
    int error;
    GifFileType *gif = DGifOpen(&b, read_gif, &error);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    assert_int_equal(gif->ImageCount, 1);
    assert_memory_equal(gif->SavedImages[0].RasterBits, pixels, (size_t)width * height);
    assert_int_equal(b.n, 0);
    DGifCloseFile(gif, &error);
    free(file);
}

struct sub_blocks {
    const uint8_t *p, *end;
};

static inline enum status next_sub_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct sub_blocks *b = user;
    *bytes = b->p < b->end ? *b->p : 0;
    *data = b->p + 1;
    b->p += b->p < b->end ? *bytes + 1 : 0;
    return ST_OK;
}

/* Our decoder reads these pixels. */
static inline void check_ours(const struct coded *c, unsigned min_code_size, const uint8_t *pixels,
                              size_t n)
{
    struct context cx;
    struct lzw_decoder *z;
    struct sub_blocks blocks = {c->bytes + 1, c->bytes + c->n};
    const char *why = NULL;
    uint8_t *out = malloc(n);
    size_t got;
    context_init(&cx);
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_OK);
    lzw_decoder_start(z, min_code_size, n, next_sub_block, &blocks);
    assert_int_equal(lzw_decode(z, out, n, &got, &why), ST_OK);
    assert_int_equal(got, n);
    assert_memory_equal(out, pixels, n);
    lzw_decoder_close(z);
    free(out);
}

/* --- pictures; n pixels of less than 1 << min_code_size colors --- */

static inline void draw_noise(uint8_t *p, size_t n, unsigned colors, uint32_t seed)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(next_random(&seed) % colors);
}

/* Words of three pixels out of 1600, in any order: a full dictionary stays good for all of them. */
static inline void draw_words(uint8_t *p, size_t n)
{
    enum { WORDS = 1600, LENGTH = 3 };
    uint8_t words[WORDS][LENGTH];
    uint32_t seed = WORDS;
    for (size_t i = 0; i < sizeof words; i++)
        words[i / LENGTH][i % LENGTH] = (uint8_t)next_random(&seed);
    for (size_t i = 0, word = 0; i < n; i++) {
        word = i % LENGTH == 0 ? next_random(&seed) % WORDS : word;
        p[i] = words[word][i % LENGTH];
    }
}

/* A slope with noise of 3 levels, as a dithered sky has it. */
static inline void draw_sky(uint8_t *p, uint32_t width, uint32_t height, unsigned colors)
{
    uint32_t seed = 7;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t level = (y * 2 + x) * (colors - 2) / (2 * height + width);
            *p++ = (uint8_t)(level + next_random(&seed) % 3);
        }
}

/* Boxes on a plain ground with lines of small marks in them: a screenshot. */
static inline void draw_screen(uint8_t *p, uint32_t width, uint32_t height, unsigned colors)
{
    uint32_t seed = 3;
    memset(p, 0, (size_t)width * height);
    for (unsigned box = 0; box < 30; box++) {
        uint32_t x0 = next_random(&seed) % width, y0 = next_random(&seed) % height;
        uint32_t w = next_random(&seed) % (width / 3 + 1),
                 h = next_random(&seed) % (height / 3 + 1);
        uint8_t fill = (uint8_t)(next_random(&seed) % colors);
        uint8_t mark = (uint8_t)(next_random(&seed) % colors);
        for (uint32_t y = y0; y < height && y < y0 + h; y++)
            for (uint32_t x = x0; x < width && x < x0 + w; x++) {
                bool text = y % 12 < 7 && (x * 7 + y * 3 + (x / 6) * (y / 12)) % 5 == 0;
                p[(size_t)y * width + x] = text ? mark : fill;
            }
    }
}

#endif
