/* SPDX-License-Identifier: MIT */
/* Palettes chosen for pixels in memory, and a picture that has more colors than any palette. */
#ifndef GIFLOW_TESTS_QUANTIZE_RUN_H
#define GIFLOW_TESTS_QUANTIZE_RUN_H

#include "support.h"

#include "color/quantize.h"

struct request {
    enum layout layout;
    const uint8_t *pixels;
    uint32_t width, height;
    uint32_t max_colors;
    unsigned effort;
    struct palette palette;
    bool exact;
    double strength; /* of dithering; 0: none */
};

/* Of dithering nothing is said; the palette is for the answer. */
static inline struct request request_of(enum layout layout, const uint8_t *pixels, uint32_t width,
                                        uint32_t height, uint32_t max_colors, unsigned effort)
{
    return (struct request){.layout = layout,
                            .pixels = pixels,
                            .width = width,
                            .height = height,
                            .max_colors = max_colors,
                            .effort = effort};
}

static inline enum status run(struct context *cx, void *user)
{
    struct request *q = user;
    struct histogram *h;
    enum status st = histogram_open(cx, &h);
    if (st != ST_OK)
        return st;
    for (uint32_t y = 0; y < q->height; y++)
        histogram_add(h, q->layout,
                      q->pixels + (size_t)y * q->width * layout_info(q->layout)->bytes, q->width);
    if (q->strength > 0)
        st = quantize_to_dither(cx, h, q->max_colors, q->effort, q->strength, &q->palette,
                                &q->exact);
    else
        st = quantize(cx, h, q->max_colors, q->effort, &q->palette, &q->exact);
    histogram_close(h);
    return st;
}

static inline void assert_sorted(const struct palette *p)
{
    for (uint32_t i = 1; i < p->count; i++) {
        const struct rgba8 *a = &p->entry[i - 1], *b = &p->entry[i];
        assert_int_equal(b->a, 255);
        if (a->a == 0)
            assert_int_equal(i, 1);
        else
            assert_true((a->r << 16 | a->g << 8 | a->b) < (b->r << 16 | b->g << 8 | b->b));
    }
}

static inline void choose(struct request *q)
{
    struct context cx;
    context_init(&cx);
    assert_int_equal(run(&cx, q), ST_OK);
    assert_nothing_held(&cx);
    assert_true(q->palette.count <= q->max_colors);
    assert_sorted(&q->palette);
}

static inline bool holds(const struct palette *p, uint8_t r, uint8_t g, uint8_t b)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].r == r && p->entry[i].g == g && p->entry[i].b == b && p->entry[i].a == 255)
            return true;
    return false;
}

/* Smooth, with noise; share of 256 pixels flat. */
static inline uint8_t *make_photo(uint32_t width, uint32_t height, uint32_t share)
{
    uint8_t *photo = make_bytes((size_t)width * height * 3), *p = photo;
    uint64_t seed = 99;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++, p += 3) {
            uint32_t n = noise(&seed);
            bool flat = (x / 8 * 97 + y / 8 * 31) % 256 < share;
            p[0] = (uint8_t)(flat ? 17 : x * 223 / width + (n & 31));
            p[1] = (uint8_t)(flat ? 34 : y * 223 / height + (n >> 8 & 31));
            p[2] = (uint8_t)(flat ? 51 : (x + y) * 223 / (width + height) + (n >> 16 & 31));
        }
    return photo;
}

#endif
