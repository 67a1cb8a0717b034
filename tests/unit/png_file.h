/* SPDX-License-Identifier: MIT */
/* PNG files made chunk by chunk, for what our writer and libpng would never write. */
#ifndef GIFLOW_TESTS_PNG_FILE_H
#define GIFLOW_TESTS_PNG_FILE_H

#include "codec_run.h"

#include <zlib.h>

static inline void put32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline void add_chunk(struct blob *b, const char *type, const void *data, size_t bytes)
{
    uint8_t word[8];
    put32(word, (uint32_t)bytes);
    memcpy(word + 4, type, 4);
    blob_add(b, word, 8);
    blob_add(b, data, bytes);
    put32(word, (uint32_t)crc32(0, b->data + b->bytes - bytes - 4, (uInt)bytes + 4));
    blob_add(b, word, 4);
}

/* Where the first chunk of a type begins, from a place on; 0: there is none. */
static inline size_t find_chunk(const struct blob *b, const char *type, size_t from)
{
    for (size_t at = 8; at + 12 <= b->bytes;) {
        const uint8_t *p = b->data + at;
        if (at >= from && memcmp(p + 4, type, 4) == 0)
            return at;
        at += 12 + ((size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);
    }
    return 0;
}

/* The signature and IHDR. */
static inline struct blob begin(uint32_t width, uint32_t height, unsigned bits, unsigned type,
                                bool interlace)
{
    struct blob b = blob_of("\x89PNG\r\n\x1a\n", 8);
    uint8_t header[13] = {0};
    put32(header, width);
    put32(header + 4, height);
    header[8] = (uint8_t)bits;
    header[9] = (uint8_t)type;
    header[12] = interlace;
    add_chunk(&b, "IHDR", header, sizeof header);
    return b;
}

/* IDAT of these filtered scanlines, and IEND. */
static inline void end(struct blob *b, const uint8_t *lines, size_t bytes)
{
    uLongf room = compressBound(bytes);
    uint8_t *packed = make_bytes(room);
    assert_int_equal(compress2(packed, &room, lines, bytes, 9), Z_OK);
    add_chunk(b, "IDAT", packed, room);
    add_chunk(b, "IEND", "", 0);
    free(packed);
}

/*
 * Scanlines of samples, all of filter type 0, packed at bits a sample, pass by pass. samples has
 * channels values a pixel.
 */
static inline size_t pack(const struct interlace *order, uint32_t width, uint32_t height,
                          unsigned bits, unsigned channels, const uint16_t *samples, uint8_t *lines)
{
    size_t n = 0;
    for (unsigned i = 0; i < order->count; i++) {
        const struct pass *p = &order->pass[i];
        if (pass_width(p, width) == 0)
            continue;
        for (uint32_t y = 0; y < pass_height(p, height); y++) {
            lines[n++] = 0;
            unsigned used = 0;
            uint32_t word = 0;
            for (uint32_t x = 0; x < pass_width(p, width); x++)
                for (unsigned c = 0; c < channels; c++) {
                    size_t at = (size_t)(p->y0 + y * p->dy) * width + p->x0 + x * p->dx;
                    word = word << bits | samples[at * channels + c];
                    for (used += bits; used >= 8; used -= 8)
                        lines[n++] = (uint8_t)(word >> (used - 8));
                }
            if (used > 0)
                lines[n++] = (uint8_t)(word << (8 - used));
        }
    }
    return n;
}

#endif
