/* SPDX-License-Identifier: MIT */
/*
 * Rows of another layout. All arithmetic is exact until one rounding at the end: a sample, its
 * composition over the matte and its share of the luma are kept as integers over one denominator.
 */
#include "transforms/transform.h"

#include <string.h>

#include "base/mem.h"
#include "raster/pixels.h"

/* Rec. 601 luma (ITU-R BT.601-7, section 2.5.1) in parts of 65536, which they add up to. */
#define LUMA_R 19595
#define LUMA_G 38470
#define LUMA_B 7471
#define LUMA_WHOLE 65536

/* Entries of the table are this far apart, so that most can be moved at once, overlapping. */
#define ENTRY_STEP(pixel) ((pixel) == 3 ? 4 : (pixel) == 6 ? 8 : (pixel))

struct convert {
    struct rows r;
    enum layout from;
    struct rgba8 matte;
    uint8_t *row;   /* of up */
    uint8_t *table; /* the target's pixel for each byte, where the source has one byte a pixel */
};

static inline __attribute__((always_inline)) uint32_t load_sample(const uint8_t *p, unsigned bits)
{
    if (bits == 8)
        return *p;
    uint16_t v;
    memcpy(&v, p, 2);
    return v;
}

static inline __attribute__((always_inline)) void store_sample(uint8_t *p, unsigned bits,
                                                               uint32_t value)
{
    if (bits == 8) {
        *p = (uint8_t)value;
    } else {
        uint16_t v = (uint16_t)value;
        memcpy(p, &v, 2);
    }
}

/* sum / whole as a sample, from so many bits to so many; halves go up */
static inline __attribute__((always_inline)) uint32_t scale(uint64_t sum, uint64_t whole,
                                                            unsigned from_bits, unsigned to_bits)
{
    if (from_bits == 8 && to_bits == 8) /* below 2^32 even with alpha and luma, and faster so */
        return ((uint32_t)sum + (uint32_t)whole / 2) / (uint32_t)whole;
    if (from_bits < to_bits)
        sum *= 257;
    else if (from_bits > to_bits)
        whole *= 257;
    return (uint32_t)((sum + whole / 2) / whole);
}

/*
 * Neither layout is LAYOUT_INDEX8. Where kinds and bits are constants, branches and divisions go.
 * in, out: channels, which tell color (3, 4) from gray (1, 2) and alpha (2, 4) from none
 */
static inline __attribute__((always_inline)) void
convert_pixels(unsigned in, unsigned in_bits, unsigned out, unsigned out_bits, struct rgba8 matte,
               const uint8_t *from, uint8_t *to, uint32_t count)
{
    const unsigned in_step = in_bits / 8, out_step = out_bits / 8;
    const bool in_alpha = in % 2 == 0, out_alpha = out % 2 == 0;
    const bool in_color = in >= 3, out_color = out >= 3;
    const bool blend = in_alpha && !out_alpha;
    const uint32_t most = in_bits == 8 ? 255 : 65535, whole = blend ? most : 1;
    const uint32_t unit = in_bits == 8 ? 1 : 257; /* matte code values to those of the source */
    const uint32_t behind[3] = {matte.r * unit, matte.g * unit, matte.b * unit};
    for (uint32_t i = 0; i < count; i++, from += in * in_step, to += out * out_step) {
        uint32_t alpha = in_alpha ? load_sample(from + (in - 1) * in_step, in_bits) : most;
        uint32_t c[3];
        for (unsigned k = 0; k < 3; k++) {
            uint32_t v = load_sample(from + (in_color ? k : 0) * in_step, in_bits);
            c[k] = blend ? v * alpha + behind[k] * (most - alpha) : v; /* at most most squared */
        }
        if (out_color) {
            for (unsigned k = 0; k < 3; k++)
                store_sample(to + k * out_step, out_bits, scale(c[k], whole, in_bits, out_bits));
        } else if (in_color || blend) { /* gray over a matte of a color takes its color */
            uint64_t sum =
                (uint64_t)LUMA_R * c[0] + (uint64_t)LUMA_G * c[1] + (uint64_t)LUMA_B * c[2];
            store_sample(to, out_bits, scale(sum, (uint64_t)whole * LUMA_WHOLE, in_bits, out_bits));
        } else {
            store_sample(to, out_bits, scale(c[0], 1, in_bits, out_bits));
        }
        if (out_alpha)
            store_sample(to + (out - 1) * out_step, out_bits, scale(alpha, 1, in_bits, out_bits));
    }
}

/* The frequent pairs get loops of their own; the rest share one. */
static void convert_run(enum layout from_layout, enum layout to_layout, struct rgba8 matte,
                        const uint8_t *from, uint8_t *to, uint32_t count)
{
#define PAIR(a, b) ((a)*LAYOUT_COUNT + (b))
    switch (PAIR(from_layout, to_layout)) {
    case PAIR(LAYOUT_RGB8, LAYOUT_RGBA8):
        convert_pixels(3, 8, 4, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_RGBA8, LAYOUT_RGB8):
        convert_pixels(4, 8, 3, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_RGB8, LAYOUT_GRAY8):
        convert_pixels(3, 8, 1, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_GRAYA8, LAYOUT_RGBA8):
        convert_pixels(2, 8, 4, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_GRAY16, LAYOUT_GRAY8):
        convert_pixels(1, 16, 1, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_RGB16, LAYOUT_RGB8):
        convert_pixels(3, 16, 3, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_RGBA16, LAYOUT_RGBA8):
        convert_pixels(4, 16, 4, 8, matte, from, to, count);
        break;
    case PAIR(LAYOUT_RGBA16, LAYOUT_RGB8):
        convert_pixels(4, 16, 3, 8, matte, from, to, count);
        break;
    default: {
        const struct layout_info *a = layout_info(from_layout), *b = layout_info(to_layout);
        convert_pixels(a->channels, a->bits, b->channels, b->bits, matte, from, to, count);
        break;
    }
    }
#undef PAIR
}

/* Every entry but the last is moved with what follows it, which the next one overwrites. */
static inline __attribute__((always_inline)) void look_up(const uint8_t *table, const uint8_t *from,
                                                          uint8_t *to, uint32_t count, size_t pixel)
{
    size_t step = ENTRY_STEP(pixel);
    for (uint32_t i = 1; i < count; i++, from++, to += pixel)
        memcpy(to, table + *from * step, step);
    memcpy(to, table + *from * step, pixel);
}

static void fill_table(struct convert *t)
{
    unsigned pixel = layout_info(t->r.pic.layout)->bytes;
    const struct palette *p = &t->r.up->pic.palette;
    for (uint32_t i = 0; i < 256; i++) {
        uint8_t *entry = t->table + i * ENTRY_STEP(pixel);
        uint8_t gray = (uint8_t)i, color[4] = {0, 0, 0, 255};
        if (i < p->count) {
            color[0] = p->entry[i].r;
            color[1] = p->entry[i].g;
            color[2] = p->entry[i].b;
            color[3] = p->entry[i].a;
        }
        if (t->from == LAYOUT_GRAY8)
            convert_run(LAYOUT_GRAY8, t->r.pic.layout, t->matte, &gray, entry, 1);
        else if (t->r.pic.layout == LAYOUT_RGBA8)
            memcpy(entry, color, 4);
        else
            convert_run(LAYOUT_RGBA8, t->r.pic.layout, t->matte, color, entry, 1);
    }
}

static enum status convert_next(struct rows *r, uint8_t *out)
{
    struct convert *t = (struct convert *)r;
    enum status st = rows_next(r->up, t->row);
    if (st != ST_OK)
        return st;
    if (t->table != NULL)
        PIXELS_BY_SIZE(layout_info(r->pic.layout)->bytes, look_up, t->table, t->row, out,
                       r->pic.width);
    else
        convert_run(t->from, r->pic.layout, t->matte, t->row, out, r->pic.width);
    return ST_OK;
}

static void convert_close(struct rows *r)
{
    struct convert *t = (struct convert *)r;
    mem_free(r->cx, t->row);
    mem_free(r->cx, t->table);
    mem_free(r->cx, t);
}

enum status convert_open(struct rows *up, enum layout target, struct rgba8 matte, struct rows **out)
{
    struct context *cx = up->cx;
    if (up->pic.layout == target) {
        *out = up;
        return ST_OK;
    }
    struct convert *t = rows_new(cx, "convert", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = convert_next;
    t->r.skip = rows_skip_up;
    t->r.rewind = rows_rewind_up;
    t->r.close = convert_close;
    t->r.pic.layout = target;
    t->r.pic.palette.count = 0;
    t->from = up->pic.layout;
    t->matte = matte;
    bool by_table = layout_info(t->from)->bytes == 1;
    t->row = mem_rows(cx, 1, picture_stride(&up->pic));
    if (by_table)
        t->table = mem_zalloc(cx, 256 * (size_t)8);
    if (t->row == NULL || (by_table && t->table == NULL)) {
        rows_close(&t->r);
        return cx->status;
    }
    if (by_table)
        fill_table(t);
    *out = &t->r;
    return ST_OK;
}
