/* SPDX-License-Identifier: MIT */
/* Moving GIFs through the plugin: what is written is what is read; coded frames go through. */
#include "codec_run.h"

#define WIDTH 40
#define HEIGHT 30

struct shot {
    int64_t x, y;
    uint32_t width, height, colors;
    bool local;
    int transparent;
    uint32_t delay;
    enum disposal disposal;
};

static const struct shot shots[] = {
    {0, 0, WIDTH, HEIGHT, 16, false, -1, 0, DISPOSAL_NONE},
    {3, 2, 11, 17, 200, true, 7, 1, DISPOSAL_BACKGROUND},
    {39, 29, 1, 1, 16, false, 5, 65535, DISPOSAL_PREVIOUS},
    {5, 0, 80, 3, 2, true, -1, 2, DISPOSAL_KEEP}, /* reaches over the canvas */
};
#define SHOTS (sizeof shots / sizeof *shots)

static struct frame frame_of(const struct shot *s, const struct palette *global)
{
    struct frame f = {.x = s->x, .y = s->y, .delay_cs = s->delay, .disposal = s->disposal};
    f.pic.width = s->width;
    f.pic.height = s->height;
    f.pic.layout = LAYOUT_INDEX8;
    f.local = s->local;
    f.pic.palette = s->local ? noise_palette(s->colors, false) : *global;
    if (s->transparent >= 0)
        f.pic.palette.entry[s->transparent].a = 0;
    return f;
}

static enum status put_all(struct encoder *e, const uint8_t *data, size_t bytes)
{
    /* in pieces, as they come */
    size_t half = bytes / 2;
    enum status st = encoder_put(e, data, half);
    return st == ST_OK ? encoder_put(e, data + half, bytes - half) : st;
}

static enum status code_frame(struct encoder *e, struct frame *f, uint8_t *pixels)
{
    struct sink *coded;
    size_t bytes;
    uint8_t line[128];
    enum status st = sink_open_memory(e->cx, &coded);
    if (st != ST_OK)
        return st;
    st = encoder_code(e, f, coded);
    f->order = e->order;
    for (unsigned i = 0; st == ST_OK && i < e->order->count; i++) {
        const struct pass *p = &e->order->pass[i];
        for (uint32_t row = 0; st == ST_OK && row < pass_height(p, f->pic.height); row++) {
            move_row(&f->pic, p, row, pixels, line, true);
            st = encoder_write(e, line);
        }
    }
    if (st == ST_OK)
        st = encoder_coded(e);
    if (st == ST_OK)
        st = encoder_append(e, f);
    const uint8_t *data = sink_data(coded, &bytes);
    if (st == ST_OK)
        st = put_all(e, data, bytes);
    sink_close(coded);
    return st;
}

static struct picture canvas_with(uint32_t colors)
{
    struct picture canvas = {WIDTH, HEIGHT, LAYOUT_INDEX8, {0}};
    canvas.palette = noise_palette(colors, false);
    return canvas;
}

static enum status write_movie(struct context *cx, void *user)
{
    const struct encode_options *options = user;
    struct picture canvas = canvas_with(16);
    struct sink *sink;
    struct encoder *e = NULL;
    enum status st = sink_open_memory(cx, &sink);
    if (st != ST_OK)
        return st;
    st = encoder_begin(cx, &format_gif, sink, &canvas, 3, 7, options, NULL, &e);
    for (size_t i = 0; st == ST_OK && i < SHOTS; i++) {
        struct frame f = frame_of(&shots[i], &canvas.palette);
        uint8_t *pixels = noise_pixels(&f.pic, i);
        st = code_frame(e, &f, pixels);
        free(pixels);
    }
    if (st == ST_OK) {
        e->loop = LOOP_FOREVER; /* it turns out in the end */
        st = encoder_finish(e);
    }
    encoder_close(e);
    sink_close(sink);
    return st;
}

/* Writes the shots and returns the file. */
static struct blob movie(const struct encode_options *options, uint32_t global)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct picture canvas = canvas_with(global);
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_begin(&cx, &format_gif, sink, &canvas, 3, 7, options, NULL, &e),
                     ST_OK);
    for (size_t i = 0; i < SHOTS; i++) {
        struct frame f = frame_of(&shots[i], &canvas.palette);
        uint8_t *pixels = noise_pixels(&f.pic, i);
        assert_int_equal(code_frame(e, &f, pixels), ST_OK);
        free(pixels);
    }
    struct blob b = finish_file(e, sink);
    assert_nothing_held(&cx);
    return b;
}

static void expect_frame(struct decoder *d, const struct frame *f, const struct frame *want,
                         uint8_t *pixels, bool interlace)
{
    uint8_t line[128], *got = make_bytes(picture_size(&f->pic));
    assert_int_equal(f->x, want->x);
    assert_int_equal(f->y, want->y);
    assert_int_equal(f->pic.width, want->pic.width);
    assert_int_equal(f->pic.height, want->pic.height);
    assert_int_equal(f->delay_cs, want->delay_cs);
    assert_int_equal(f->disposal, want->disposal);
    assert_int_equal(f->local, want->local);
    assert_true(f->order == (interlace ? &interlace_gif : &interlace_none));
    assert_memory_equal(f->pic.palette.entry, want->pic.palette.entry,
                        want->pic.palette.count * sizeof *want->pic.palette.entry);
    for (unsigned i = 0; i < f->order->count; i++)
        for (uint32_t row = 0; row < pass_height(&f->order->pass[i], f->pic.height); row++) {
            assert_int_equal(decoder_row(d, line), ST_OK);
            move_row(&f->pic, &f->order->pass[i], row, got, line, false);
        }
    assert_memory_equal(got, pixels, picture_size(&f->pic));
    free(got);
}

static void test_written(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 8; k++) {
        struct encode_options options = {.interlace = k % 2, .optimize = k / 2};
        struct context cx;
        struct source *src;
        struct decoder *d;
        struct frame f;
        struct picture canvas = canvas_with(16);
        struct blob b = movie(&options, 16);
        context_init(&cx);
        assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
        assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
        assert_int_equal(d->info.background, 3);
        assert_int_equal(d->loop, 7); /* it stands in front */
        assert_int_equal(d->global->count, 16);
        assert_memory_equal(d->global->entry, canvas.palette.entry,
                            16 * sizeof *canvas.palette.entry);
        for (size_t i = 0; i < SHOTS; i++) {
            struct frame want = frame_of(&shots[i], &canvas.palette);
            uint8_t *pixels = noise_pixels(&want.pic, i);
            assert_int_equal(decoder_frame(d, &f), ST_OK);
            expect_frame(d, &f, &want, pixels, options.interlace);
            free(pixels);
        }
        assert_int_equal(decoder_frame(d, &f), ST_END);
        decoder_close(d);
        source_close(src);
        blob_free(&b);
        assert_nothing_held(&cx);
    }
}

/* A file copied frame by frame, its coded pixels never decoded, is the same file. */
static void test_copied(void **state)
{
    (void)state;
    struct encode_options options = {.optimize = 1};
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct decoder *d;
    struct encoder *e;
    struct frame f;
    enum status st;
    struct blob b = movie(&options, 16);
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    struct picture canvas = {d->info.width, d->info.height, LAYOUT_INDEX8, *d->global};
    assert_int_equal(encoder_begin(&cx, &format_gif, sink, &canvas, d->info.background, d->loop,
                                   &options, NULL, &e),
                     ST_OK);
    while ((st = decoder_frame(d, &f)) == ST_OK) {
        uint64_t at = d->coded_at;
        assert_int_equal(decoder_skip(d), ST_OK);
        assert_int_equal(encoder_append(e, &f), ST_OK);
        assert_int_equal(put_all(e, b.data + at, (size_t)(source_offset(src) - at)), ST_OK);
    }
    assert_int_equal(st, ST_END);
    assert_int_equal(encoder_finish(e), ST_OK);
    size_t bytes;
    const uint8_t *data = sink_data(sink, &bytes);
    assert_int_equal(bytes, b.bytes);
    assert_memory_equal(data, b.data, bytes);
    encoder_close(e);
    decoder_close(d);
    sink_close(sink);
    source_close(src);
    blob_free(&b);
    assert_nothing_held(&cx);
}

/* A loop that is known late stands late, and counts all the same. */
static void test_late_loop(void **state)
{
    (void)state;
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct source *src;
    struct decoder *d;
    struct frame f;
    struct encode_options options = {.optimize = 0};
    struct picture canvas = {WIDTH, HEIGHT, LAYOUT_INDEX8, {0}}; /* no global palette */
    size_t bytes;
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(
        encoder_begin(&cx, &format_gif, sink, &canvas, 0, LOOP_ABSENT, &options, NULL, &e), ST_OK);
    struct frame first = frame_of(&shots[1], &canvas.palette);
    uint8_t *pixels = noise_pixels(&first.pic, 1);
    assert_int_equal(code_frame(e, &first, pixels), ST_OK);
    e->loop = 65535;
    assert_int_equal(code_frame(e, &first, pixels), ST_OK);
    assert_int_equal(encoder_finish(e), ST_OK);
    encoder_close(e);
    const uint8_t *data = sink_data(sink, &bytes);
    assert_int_equal(source_open_memory(&cx, data, bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    assert_null(d->global);
    assert_int_equal(decoder_frame(d, &f), ST_OK);
    assert_int_equal(d->loop, LOOP_ABSENT);
    assert_int_equal(decoder_frame(d, &f), ST_OK);
    assert_int_equal(d->loop, 65535);
    assert_int_equal(decoder_frame(d, &f), ST_END);
    free(pixels);
    decoder_close(d);
    source_close(src);
    sink_close(sink);
    assert_nothing_held(&cx);
}

static void test_faults(void **state)
{
    (void)state;
    struct encode_options options = {.optimize = 1};
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_movie, &options) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_late_loop),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
