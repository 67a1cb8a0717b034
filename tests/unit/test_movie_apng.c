/* SPDX-License-Identifier: MIT */
/* Moving pictures to APNG: what is seen of them, what is kept of an APNG, damage, memory. */
#include "movie_job.h"
#include "png_file.h"

#include "base/size.h"

/* The pictures of GIFs, and of APNGs made of them, turned, mirrored, cut, put on another canvas. */
static void test_seen(void **state)
{
    (void)state;
    const struct format *const in[] = {NULL, &format_apng};
    for (int i = 0; i < 2; i++) {
        const struct format *to = &format_apng;
        check_step(in[i], to, (struct op){.kind = OP_ROTATE, .degrees = 0}, true, as_is, false, 1);
        check_step(in[i], to, (struct op){.kind = OP_FLIP_VERTICAL}, true, upended, false, 1);
        check_step(in[i], to, (struct op){.kind = OP_ROTATE, .degrees = 90}, true, quarter, true,
                   1);
        check_step(in[i], to, (struct op){.kind = OP_ROTATE, .degrees = -180}, true, half, false,
                   1);
        check_step(in[i], to, (struct op){.kind = OP_ROTATE, .degrees = 270}, false, squeezed,
                   false, 1);
        check_step(in[i], to, (struct op){.kind = OP_RESIZE, .resize = {.percent = 200}}, true,
                   doubled, false, 2);
    }
    check_step(&format_apng, &format_gif, (struct op){.kind = OP_FLIP_HORIZONTAL}, true, flipped,
               false, 1);
}

static bool shifted(const struct shown *in, int64_t *x, int64_t *y)
{
    *x -= 60;
    *y -= 3;
    return *x >= 0 && *y >= 0 && *x < in->width && *y < in->height;
}

/* Frames that are cut to nothing, and a first one that does not cover the canvas. */
static void test_canvas(void **state)
{
    (void)state;
    const struct op ops[] = {{.kind = OP_CANVAS, .canvas = {70, 40, true, 60, 3}},
                             {.kind = OP_CANVAS, .canvas = {10, 10, true, 60, 3}}};
    for (size_t i = 0; i < RECIPES; i++)
        for (int k = 0; k < 2; k++) {
            struct blob gif = make_movie(&recipes[i]);
            struct job job = job_to(&format_apng);
            struct blob in = convert_movie(&job, &gif, FROM_MEMORY, NULL);
            struct shown before = play(&in);
            struct shown want =
                expected(&before, ops[k].canvas.width, ops[k].canvas.height, shifted);
            job.ops = &ops[k];
            job.op_count = 1;
            check(&job, &in, &want);
            check(&job, &gif, &want);
            shown_free(&before);
            shown_free(&want);
            blob_free(&in);
            blob_free(&gif);
        }
}

/* A default image that is no frame stays; disposal and blending do; 16 bits do, also turned. */
static void test_kept(void **state)
{
    (void)state;
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct encode_options options = {.compression = 6};
    struct picture canvas = make_picture(9, 7, LAYOUT_RGBA16);
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_begin(&cx, &format_apng, sink, &canvas, 0, 3, &options, NULL, &e),
                     ST_OK);
    uint8_t *pixels[4];
    for (unsigned i = 0; i < 4; i++) {
        struct frame f = {.pic = canvas, .delay_cs = i, .hidden = i == 0, .replaces = i == 1};
        f.disposal = (enum disposal)i;
        if (i > 1) {
            f.pic.width = i;
            f.x = 4;
            f.y = 1;
            f.pic.height = 5;
        }
        pixels[i] = make_noise(&f.pic, i);
        write_frame(e, &f, pixels[i]);
    }
    struct blob in = finish_file(e, sink);
    for (unsigned quarters = 0; quarters < 4; quarters += 2) {
        const struct op turn = {.kind = OP_ROTATE, .degrees = 90.0 * quarters};
        struct job job = job_to(&format_apng);
        struct source *src;
        struct decoder *d;
        struct frame f;
        job.ops = &turn;
        job.op_count = 1;
        struct blob out = convert_movie(&job, &in, FROM_FILE, NULL);
        assert_int_equal(source_open_memory(&cx, out.data, out.bytes, &src), ST_OK);
        assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
        for (unsigned i = 0; i < 4; i++) {
            assert_int_equal(decoder_frame(d, &f), ST_OK);
            assert_int_equal(f.hidden, i == 0);
            assert_int_equal(f.delay_cs, i);
            assert_int_equal(f.pic.layout, LAYOUT_RGBA16);
            if (i > 0) {
                assert_int_equal(f.replaces, i == 1);
                assert_int_equal(f.disposal, i);
            }
            if (i > 1)
                assert_int_equal(f.x, quarters == 0 ? 4 : 9 - 4 - i);
            size_t n = (size_t)f.pic.width * f.pic.height;
            uint8_t *row = make_bytes(picture_stride(&f.pic));
            for (uint32_t y = 0; y < f.pic.height; y++) {
                assert_int_equal(decoder_row(d, row), ST_OK);
                for (uint32_t x = 0; x < f.pic.width; x++) {
                    size_t at = (size_t)y * f.pic.width + x;
                    assert_memory_equal(row + 8 * x,
                                        pixels[i] + 8 * (quarters == 0 ? at : n - 1 - at), 8);
                }
            }
            free(row);
        }
        assert_int_equal(decoder_frame(d, &f), ST_END);
        assert_int_equal(d->loop, 3);
        decoder_close(d);
        source_close(src);
        blob_free(&out);
    }
    for (unsigned i = 0; i < 4; i++)
        free(pixels[i]);
    blob_free(&in);
    assert_nothing_held(&cx);
}

/* At most so many colors, and those of a palette. */
static void test_few_colors(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[2]);
    struct job job = job_to(&format_apng);
    struct outcome outcome;
    struct palette palette = {3, {{0, 0, 0, 255}, {255, 255, 255, 255}, {0, 0, 0, 0}}};
    for (int i = 0; i < 2; i++) {
        job.colors = i == 0 ? 7 : 256;
        job.palette = i == 0 ? NULL : &palette;
        job.reduce = true;
        job.dither = i == 0 ? DITHER_NONE : DITHER_BLUE;
        job.dither_strength = 0.7;
        struct blob b = convert_movie(&job, &in, FROM_FILE, &outcome);
        assert_true(outcome.quantized);
        assert_int_equal(b.data[25], 3);
        size_t colors = find_chunk(&b, "PLTE", 0);
        assert_int_not_equal(colors, 0);
        assert_true(load_be32(b.data + colors) <= (i == 0 ? 8 : 3) * 3);
        blob_free(&b);
    }
    blob_free(&in);
}

/* Colors that filters make are all there: each picture is the still that it would be. */
static void test_filtered(void **state)
{
    (void)state;
    const struct op ops[] = {{.kind = OP_RESIZE, .resize = {.percent = 60}},
                             {.kind = OP_RESIZE, .resize = {.percent = 230}},
                             {.kind = OP_ROTATE, .degrees = 20}};
    static const struct movie_recipe recipe = {60, 50, 12, 200, false, true, false, 21};
    for (int k = 0; k < 3; k++) {
        struct blob in = make_movie(&recipe);
        struct job job = job_to(&format_apng), still = job_to(&format_png);
        struct outcome outcome;
        job.ops = still.ops = &ops[k];
        job.op_count = still.op_count = 1;
        job.resample = still.resample = RESAMPLE_BICUBIC;
        struct blob out = convert_movie(&job, &in, FROM_FILE, &outcome);
        assert_false(outcome.quantized);
        assert_as_stills(&out, &in, &still);
        blob_free(&in);
        blob_free(&out);
    }
}

/* Equal pictures become one where that is asked for. */
static void test_merged(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct shown all = play(&in);
    static const struct frame_range list[] = {{0, 0}, {0, 1}, {1, 1}, {0, 0}};
    struct job job = job_to(&format_apng);
    struct outcome outcome;
    job.ranges = list;
    job.range_count = 4;
    for (int merge = 0; merge < 2; merge++) {
        job.merge_duplicates = merge == 1;
        struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
        struct shown got = play(&out);
        assert_int_equal(outcome.frames_merged, 2 * merge);
        assert_int_equal(got.count, 5 - 2 * merge);
        for (int i = 0; i < 3 && merge == 1; i++) {
            assert_int_equal(got.delay[i], (i == 2 ? 1 : 2) * all.delay[i % 2]);
            assert_memory_equal(got.pixels + (size_t)i * 81, all.pixels + (size_t)(i % 2) * 81,
                                81 * 4);
        }
        shown_free(&got);
        blob_free(&out);
    }
    shown_free(&all);
    blob_free(&in);
}

/* What comes whole before damage is written; a still is a PNG. */
static void test_damaged(void **state)
{
    (void)state;
    struct blob gif = make_movie(&recipes[3]);
    struct job job = job_to(&format_apng);
    struct blob png = convert_movie(&job, &gif, FROM_MEMORY, NULL);
    gif.bytes = gif.bytes * 2 / 3;
    png.bytes = png.bytes * 2 / 3;
    for (int i = 0; i < 2; i++) {
        const struct blob *in = i == 0 ? &gif : &png;
        assert_refuses(&job, in, &(struct setting){.from = FROM_FILE}, ST_DAMAGED, "");
        struct result r = run_set(&job, in, &(struct setting){.from = FROM_PIPE, .lenient = true});
        assert_int_equal(r.st, ST_DAMAGED);
        struct shown got = play(&r.file);
        assert_true(got.count > 2 && got.count < 12);
        shown_free(&got);
        result_free(&r);
    }
    blob_free(&gif);
    blob_free(&png);
    struct picture pic = make_picture(5, 4, LAYOUT_RGB8);
    struct encode_options options = {.compression = 1};
    uint8_t *pixels = make_noise(&pic, 3);
    struct blob still = encode(&format_ppm, &pic, &options, pixels);
    struct result r = run_well(&job, &still);
    assert_int_equal(find_chunk(&r.file, "acTL", 0), 0);
    assert_int_equal(r.outcome.frames, 0);
    result_free(&r);
    blob_free(&still);
    free(pixels);
}

/* Memory: canvases, however many frames there are. */
static void test_memory(void **state)
{
    (void)state;
    const struct op angle = {.kind = OP_ROTATE, .degrees = 45};
    for (int k = 0; k < 2; k++)
        assert_in_range(peak_to(&format_apng, 1000, &angle, (size_t)k, 1), 1,
                        peak_to(&format_apng, 30, &angle, (size_t)k, 1) + (4 << 10));
}

static void test_faults(void **state)
{
    (void)state;
    struct job job = job_to(&format_apng);
    sweep_faults(run_faulty, &job);
    job.ranges = (const struct frame_range[]){{-1, 0}};
    job.range_count = 1;
    job.encode.interlace = true;
    sweep_faults(run_faulty, &job);
    struct blob gif = make_movie(&(struct movie_recipe){11, 9, 4, 256, false, true, false, 7});
    struct job first = job_to(&format_apng);
    struct blob in[2] = {convert_movie(&first, &gif, FROM_MEMORY, NULL), {0}};
    const struct op window = {.kind = OP_CANVAS, .canvas = {12, 12, true, 3, 3}};
    struct file_job frames = {job_to(&format_apng), &in[0]};
    frames.job.ops = &window;
    frames.job.op_count = 1;
    sweep_faults(run_file, &frames);
    struct picture deep = make_picture(11, 9, LAYOUT_RGBA16);
    struct encode_options options = {.compression = 1};
    uint8_t *pixels = make_noise(&deep, 1);
    in[1] = encode(&format_png, &deep, &options, pixels);
    struct joined j = {job_to(&format_apng), in, 2, NULL};
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run_join, &j) > 10);
    free(pixels);
    blob_free(&gif);
    blob_free(&in[0]);
    blob_free(&in[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seen),       cmocka_unit_test(test_canvas),
        cmocka_unit_test(test_filtered),   cmocka_unit_test(test_kept),
        cmocka_unit_test(test_few_colors), cmocka_unit_test(test_merged),
        cmocka_unit_test(test_damaged),    cmocka_unit_test(test_memory),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
