/* SPDX-License-Identifier: MIT */
/* Moving pictures for tests: made of noise, and played to the pictures that a viewer sees. */
#ifndef GIFLOW_TESTS_MOVIE_CHECK_H
#define GIFLOW_TESTS_MOVIE_CHECK_H

#include "canvas_pixel.h"
#include "job_check.h"

#include "animation/player.h"

/* What is seen of an animation, one picture after another. */
struct shown {
    uint32_t width, height;
    size_t count;
    int loop;
    struct rgba8 *pixels; /* of all pictures; a transparent one is all zeroes */
    uint32_t *delay;
};

static inline void shown_free(struct shown *s)
{
    free(s->pixels);
    free(s->delay);
    *s = (struct shown){0};
}

static inline size_t shown_size(const struct shown *s)
{
    return (size_t)s->width * s->height;
}

static inline enum status draw_frame(struct decoder *d, const struct frame *f, struct player *p)
{
    uint8_t *line = make_bytes(picture_stride(&f->pic));
    enum status st = player_begin(p, f);
    for (unsigned i = 0; st == ST_OK && i < f->order->count; i++)
        for (uint32_t y = pass_width(&f->order->pass[i], f->pic.width) == 0 ? f->pic.height : 0;
             st == ST_OK && y < pass_height(&f->order->pass[i], f->pic.height); y++) {
            st = decoder_row(d, line);
            if (st == ST_OK)
                st = player_row(p, &f->order->pass[i], y, line);
        }
    free(line);
    return st;
}

static inline struct shown play(const struct blob *b)
{
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct player *p;
    struct frame f;
    enum status st;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b->data, b->bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    assert_int_equal(player_open(&cx, d->info.width, d->info.height, &p), ST_OK);
    struct shown s = {.width = d->info.width, .height = d->info.height};
    size_t n = shown_size(&s);
    while ((st = decoder_frame(d, &f)) == ST_OK) {
        assert_int_equal(draw_frame(d, &f, p), ST_OK);
        s.pixels = realloc(s.pixels, (s.count + 1) * n * sizeof *s.pixels);
        s.delay = realloc(s.delay, (s.count + 1) * sizeof *s.delay);
        assert_true(s.pixels != NULL && s.delay != NULL);
        for (size_t i = 0; i < n; i++)
            s.pixels[s.count * n + i] = color_pool_color(
                p->pool, canvas_at(p->target, (uint32_t)(i % s.width), (uint32_t)(i / s.width)));
        s.delay[s.count++] = f.delay_cs;
    }
    assert_int_equal(st, ST_END);
    s.loop = d->loop;
    player_close(p);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    return s;
}

static inline void assert_same_shown(const struct shown *a, const struct shown *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->loop, b->loop);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->delay[i], b->delay[i]);
        for (size_t k = 0, n = shown_size(a); k < n; k++)
            if (memcmp(&a->pixels[i * n + k], &b->pixels[i * n + k], 4) != 0) {
                print_error("picture %zu, pixel %zu, %zu\n", i, k % a->width, k / a->width);
                assert_memory_equal(&a->pixels[i * n + k], &b->pixels[i * n + k], 4);
            }
    }
}

/* How an animation of noise is made. */
struct movie_recipe {
    uint32_t width, height, frames, colors; /* colors: of palettes */
    bool full;  /* frames cover the canvas and are opaque: nothing turns transparent */
    bool local; /* some have palettes of their own */
    bool interlace;
    uint64_t seed;
};

static inline void noise_frame(const struct movie_recipe *r, const struct palette *global,
                               uint64_t *seed, struct frame *f)
{
    *f = (struct frame){.pic = {r->width, r->height, LAYOUT_INDEX8, *global}};
    f->delay_cs = noise(seed) % 5;
    f->disposal = r->full ? DISPOSAL_KEEP : (enum disposal)(noise(seed) % 4);
    if (r->local && noise(seed) % 2 == 0) {
        f->local = true;
        f->pic.palette = noise_palette(2 + noise(seed) % (r->colors - 1), false);
        f->pic.palette.entry[0].r = (uint8_t)noise(seed); /* another one each time */
    }
    if (r->full)
        return;
    f->pic.width = 1 + noise(seed) % r->width;
    f->pic.height = 1 + noise(seed) % r->height;
    f->x = noise(seed) % r->width;
    f->y = noise(seed) % r->height;
    if (noise(seed) % 2 == 0)
        f->pic.palette.entry[noise(seed) % f->pic.palette.count] = (struct rgba8){0, 0, 0, 0};
}

static inline void write_frame(struct encoder *e, struct frame *f, uint8_t *pixels)
{
    struct sink *coded;
    size_t bytes;
    uint8_t *line = make_bytes(picture_stride(&f->pic));
    assert_int_equal(sink_open_memory(e->cx, &coded), ST_OK);
    assert_int_equal(encoder_code(e, f, coded), ST_OK);
    f->order = e->order;
    for (unsigned i = 0; i < f->order->count; i++)
        for (uint32_t y = 0; y < pass_height(&f->order->pass[i], f->pic.height); y++) {
            move_row(&f->pic, &f->order->pass[i], y, pixels, line, true);
            assert_int_equal(encoder_write(e, line), ST_OK);
        }
    assert_int_equal(encoder_coded(e), ST_OK);
    assert_int_equal(encoder_append(e, f), ST_OK);
    const uint8_t *data = sink_data(coded, &bytes);
    assert_int_equal(encoder_put(e, data, bytes), ST_OK);
    sink_close(coded);
    free(line);
}

/* Noise with long runs, so that something is to be gained from coding it. */
static inline uint8_t *frame_noise(const struct picture *pic, uint64_t *seed)
{
    uint8_t *pixels = make_bytes(picture_size(pic));
    uint8_t value = 0;
    for (size_t i = 0; i < picture_size(pic); i++) {
        if (noise(seed) % 4 == 0)
            value = (uint8_t)(noise(seed) % pic->palette.count);
        pixels[i] = value;
    }
    return pixels;
}

static inline struct blob make_movie(const struct movie_recipe *r)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct encode_options options = {.interlace = r->interlace, .optimize = 1};
    struct picture canvas = {r->width, r->height, LAYOUT_INDEX8, noise_palette(r->colors, false)};
    uint64_t seed = r->seed * 2 + 1;
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_begin(&cx, &format_gif, sink, &canvas, 0, 5, &options, NULL, &e),
                     ST_OK);
    for (uint32_t i = 0; i < r->frames; i++) {
        struct frame f;
        noise_frame(r, &canvas.palette, &seed, &f);
        uint8_t *pixels = frame_noise(&f.pic, &seed);
        write_frame(e, &f, pixels);
        free(pixels);
    }
    struct blob b = finish_file(e, sink);
    assert_nothing_held(&cx);
    return b;
}

#endif
