/* SPDX-License-Identifier: MIT */
/* What a picture is made of: pixel layouts, palettes, sizes, interlace passes. */
#ifndef GIFLOW_RASTER_PICTURE_H
#define GIFLOW_RASTER_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"

/* Samples of 16 bits: uint16_t in the machine's own order. Alpha is straight, not premultiplied. */
enum layout {
    LAYOUT_INDEX8, /* one byte, an entry of the palette */
    LAYOUT_GRAY8,
    LAYOUT_GRAY16,
    LAYOUT_GRAYA8,
    LAYOUT_GRAYA16,
    LAYOUT_RGB8,
    LAYOUT_RGB16,
    LAYOUT_RGBA8,
    LAYOUT_RGBA16,
    LAYOUT_COUNT
};

struct layout_info {
    const char *name;
    uint8_t bytes;    /* of a pixel */
    uint8_t channels; /* with alpha */
    uint8_t bits;     /* of a sample */
    bool alpha;       /* as a channel of its own; a palette may hold alpha too */
    bool color;       /* false: gray */
};

const struct layout_info *layout_info(enum layout layout);
/* The layout with these properties; never LAYOUT_INDEX8. bits: 8 or 16. */
enum layout layout_of(bool color, bool alpha, unsigned bits);

struct rgba8 {
    uint8_t r, g, b, a; /* a: 255 opaque, 0 transparent; straight */
};

struct palette {
    uint32_t count; /* 0 .. 256 */
    struct rgba8 entry[256];
};

/* The first entry of alpha 0, or -1. */
int palette_transparent(const struct palette *p);
/* True where an entry has an alpha of less than 255. */
bool palette_has_alpha(const struct palette *p);
/* Bits of an index of so many entries, where a byte holds 1, 2, 4 or 8 of them. */
unsigned palette_bits(uint32_t count);
/* The opaque entry nearest to c (squared distance of code values), or -1 in an empty palette. */
int palette_nearest(const struct palette *p, struct rgba8 c);

/* Size and kind of the rows that flow. palette counts for LAYOUT_INDEX8 only. */
struct picture {
    uint32_t width, height; /* 1 .. 2^31 - 1 */
    enum layout layout;
    struct palette palette;
};

/* Bytes of a row. Pictures that exist have passed picture_check, so it cannot wrap. */
size_t picture_stride(const struct picture *p);
/* Bytes of all rows, which a store of the picture takes in its spool. false: no file holds them. */
bool picture_bytes(const struct picture *p, uint64_t *out);
/* ST_LIMIT over cx->limits.max_pixels or beyond what can be addressed; ST_DAMAGED for no pixels. */
enum status picture_check(struct context *cx, uint32_t width, uint32_t height) MUST_CHECK;
/* True where some pixel may be other than opaque. */
bool picture_has_alpha(const struct picture *p);

/*
 * An interlace pass holds the pixels x0, x0 + dx, .. of the rows y0, y0 + dy, ..
 * A file's rows stand pass after pass; a pass with no pixel is left out.
 */
struct pass {
    uint8_t x0, y0, dx, dy;
};

#define PASSES_MAX 7

struct interlace {
    const char *name;
    uint8_t count;
    struct pass pass[PASSES_MAX];
};

extern const struct interlace interlace_none;  /* one pass: rows in order */
extern const struct interlace interlace_gif;   /* GIF89a specification, appendix E */
extern const struct interlace interlace_adam7; /* PNG specification, section 8.2 */

uint32_t pass_width(const struct pass *p, uint32_t picture_width);
uint32_t pass_height(const struct pass *p, uint32_t picture_height);

#endif
