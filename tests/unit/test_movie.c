/* SPDX-License-Identifier: MIT */
/* Moving pictures from file to file: every picture that is seen, every delay, the loop. */
#include "movie_job.h"

/* Untouched: and no frame larger than it was, whatever the level. */
static void test_as_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown want = play(&in);
        for (unsigned level = 0; level < 4; level++) {
            struct job job = job_to(&format_gif);
            struct outcome outcome;
            job.encode.optimize = level;
            check(&job, &in, &want);
            struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
            assert_int_equal(outcome.frames, want.count);
            assert_true(out.bytes <= in.bytes);
            if (level == 0) {
                assert_int_equal(outcome.frames_copied, want.count);
                assert_int_equal(out.bytes, in.bytes);
                assert_memory_equal(out.data, in.data, in.bytes);
            }
            blob_free(&out);
        }
        shown_free(&want);
        blob_free(&in);
    }
}

/* With changes allowed: no further off than one may be, however many frames; never more bytes. */
static void test_lossy(void **state)
{
    (void)state;
    size_t changed = 0;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown want = play(&in);
        for (unsigned level = 1; level < 3; level++) {
            struct job job = job_to(&format_gif);
            struct outcome outcome;
            job.encode.optimize = level;
            struct blob exact = convert_movie(&job, &in, FROM_MEMORY, &outcome);
            job.encode.lossy = 60;
            struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
            struct shown got = play(&out);
            assert_int_equal(got.count, want.count);
            assert_true(out.bytes <= exact.bytes);
            assert_memory_equal(got.delay, want.delay, want.count * sizeof *want.delay);
            for (size_t k = 0, n = want.count * shown_size(&want); k < n; k++) {
                struct rgba8 a = want.pixels[k], b = got.pixels[k];
                assert_int_equal(a.a, b.a);
                /* 6 % of the way from black to white, two thirds of the square by code values */
                assert_in_range(abs(a.r - b.r) + abs(a.g - b.g) + abs(a.b - b.b), 0, 57);
                changed += memcmp(&a, &b, sizeof a) != 0;
            }
            shown_free(&got);
            blob_free(&exact);
            blob_free(&out);
        }
        shown_free(&want);
        blob_free(&in);
    }
    assert_true(changed > 0);
}

#define WHOLE_W 60
#define WHOLE_H 40

/* Index of a pixel of picture i; 15 is transparent. */
typedef uint8_t pixel_fn(uint32_t i, uint32_t x, uint32_t y, uint32_t noise);

/* Noise with a block that moves. */
static uint8_t block_pixel(uint32_t i, uint32_t x, uint32_t y, uint32_t color)
{
    return (uint8_t)(x - 3 * i < 8 && y - i < 8 ? i % 15 : color % 15);
}

/* And with a hole that moves every fifth time. */
static uint8_t hole_pixel(uint32_t i, uint32_t x, uint32_t y, uint32_t color)
{
    return x - i / 5 < 5 && y > 30 ? 15 : block_pixel(i, x, y, color);
}

/* Each half filled in turn, in other colors each time. */
static uint8_t half_pixel(uint32_t i, uint32_t x, uint32_t y, uint32_t color)
{
    return (uint8_t)((x < WHOLE_W / 2) == (i % 2 == 0) ? (color + i + y) % 15 : 15);
}

/* Whole pictures, each taken away again. */
static struct blob make_whole(uint32_t frames, enum disposal disposal, pixel_fn *pixel)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct encode_options options = {.optimize = 1};
    struct picture canvas = {WHOLE_W, WHOLE_H, LAYOUT_INDEX8, noise_palette(16, false)};
    uint8_t pixels[WHOLE_W * WHOLE_H];
    size_t bytes;
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_begin(&cx, &format_gif, sink, &canvas, 0, 5, &options, NULL, &e),
                     ST_OK);
    for (uint32_t i = 0; i < frames; i++) {
        struct frame f = {.pic = canvas, .delay_cs = 3, .disposal = disposal};
        uint64_t seed = 7;
        f.pic.palette.entry[15] = (struct rgba8){0, 0, 0, 0};
        for (uint32_t at = 0; at < sizeof pixels; at++)
            pixels[at] = pixel(i, at % WHOLE_W, at / WHOLE_W, noise(&seed));
        write_frame(e, &f, pixels);
    }
    assert_int_equal(encoder_finish(e), ST_OK);
    encoder_close(e);
    const uint8_t *data = sink_data(sink, &bytes);
    struct blob b = blob_of(data, bytes);
    sink_close(sink);
    assert_nothing_held(&cx);
    return b;
}

/* At -O1 already such frames stay, but for what must go, and so change little. */
static void test_taken_away(void **state)
{
    (void)state;
    const enum disposal ways[] = {DISPOSAL_BACKGROUND, DISPOSAL_PREVIOUS};
    for (unsigned i = 0; i < 4; i++) {
        struct blob in = make_whole(16, ways[i % 2], i / 2 != 0 ? hole_pixel : block_pixel);
        struct shown want = play(&in);
        for (unsigned level = 1; level < 3; level++) {
            struct job job = job_to(&format_gif);
            job.encode.optimize = level;
            check(&job, &in, &want);
            struct blob out = convert_movie(&job, &in, FROM_MEMORY, NULL);
            assert_true(out.bytes < in.bytes / 2);
            blob_free(&out);
        }
        shown_free(&want);
        blob_free(&in);
    }
}

static struct frame first_frame(const struct blob *b)
{
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame f;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b->data, b->bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    assert_int_equal(decoder_frame(d, &f), ST_OK);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    return f;
}

/*
 * Where the first frame is taken away, some viewers show the background color unless it has a
 * transparent entry: so that stays, though no pixel needs it.
 */
static void test_first_goes(void **state)
{
    (void)state;
    const enum disposal ways[] = {DISPOSAL_BACKGROUND, DISPOSAL_PREVIOUS};
    for (unsigned i = 0; i < 2; i++) {
        struct blob in = make_whole(4, ways[i], half_pixel);
        for (unsigned level = 1; level < 4; level++) {
            struct job job = job_to(&format_gif);
            job.ops = &(struct op){.kind = OP_CROP, .crop = {WHOLE_W / 2, WHOLE_H, 0, 0}};
            job.op_count = 1;
            job.encode.optimize = level;
            struct blob out = convert_movie(&job, &in, FROM_MEMORY, NULL);
            struct frame f = first_frame(&out);
            assert_int_not_equal(f.disposal, DISPOSAL_KEEP);
            assert_true(palette_transparent(&f.pic.palette) >= 0);
            blob_free(&out);
        }
        blob_free(&in);
    }
}

/* A background that is no color of the palette is none of the new one, which is another. */
static void test_no_background(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    in.data[11] = 200;
    for (unsigned level = 0; level < 4; level++) {
        struct job job = job_to(&format_gif);
        job.encode.optimize = level;
        struct blob out = convert_movie(&job, &in, FROM_MEMORY, NULL);
        assert_true(out.data[11] >= 2u << (out.data[10] & 7));
        blob_free(&out);
    }
    blob_free(&in);
}

static void test_flips(void **state)
{
    (void)state;
    check_step(NULL, &format_gif, (struct op){.kind = OP_FLIP_HORIZONTAL}, true, flipped, false, 1);
    check_step(NULL, &format_gif, (struct op){.kind = OP_FLIP_VERTICAL}, true, upended, false, 1);
}

static void test_turns(void **state)
{
    (void)state;
    check_step(NULL, &format_gif, (struct op){.kind = OP_ROTATE, .degrees = 90}, true, quarter,
               true, 1);
    check_step(NULL, &format_gif, (struct op){.kind = OP_ROTATE, .degrees = -540}, false, half,
               false, 1);
    check_step(NULL, &format_gif, (struct op){.kind = OP_ROTATE, .degrees = 270}, false, squeezed,
               false, 1);
    check_step(NULL, &format_gif, (struct op){.kind = OP_ROTATE, .degrees = 360}, false, as_is,
               false, 1);
}

static void test_resized(void **state)
{
    (void)state;
    check_step(NULL, &format_gif, (struct op){.kind = OP_RESIZE, .resize = {.percent = 200}}, true,
               doubled, false, 2);
}

static bool cropped(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in;
    *x += 4;
    *y += 2;
    return true;
}

/* A crop after a flip that is undone: the rectangles go along. */
static void test_crop(void **state)
{
    (void)state;
    const struct op ops[] = {{.kind = OP_FLIP_HORIZONTAL},
                             {.kind = OP_ROTATE, .degrees = 180},
                             {.kind = OP_FLIP_VERTICAL},
                             {.kind = OP_CROP, .crop = {5, 2, 4, 2}}};
    for (size_t i = 0; i < 4; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown before = play(&in), want = expected(&before, 5, 2, cropped);
        struct job job = job_to(&format_gif);
        job.ops = ops;
        job.op_count = 4;
        check(&job, &in, &want);
        job.encode.optimize = 0;
        check(&job, &in, &want);
        shown_free(&before);
        shown_free(&want);
        blob_free(&in);
    }
    struct blob in = make_movie(&recipes[0]);
    struct job job = job_to(&format_gif);
    job.ops = &(struct op){.kind = OP_CROP, .crop = {5, 2, 40, 2}};
    job.op_count = 1;
    assert_refuses(&job, &in, &(struct setting){.from = FROM_MEMORY}, ST_UNSUPPORTED, "outside");
    blob_free(&in);
}

/* Turned by any angle: each picture as if it were a still. */
static void test_any_angle(void **state)
{
    (void)state;
    const struct op op = {.kind = OP_ROTATE, .degrees = 33};
    struct job job = job_to(&format_gif), still = job_to(&format_png);
    job.ops = still.ops = &op;
    job.op_count = still.op_count = 1;
    still.resample = RESAMPLE_NEAREST;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct blob out = convert_movie(&job, &in, FROM_FILE, NULL);
        assert_as_stills(&out, &in, &still);
        blob_free(&in);
        blob_free(&out);
    }
}

/* Filtered, of few colors: a pixel that does not change is drawn once. */
static void test_steady(void **state)
{
    (void)state;
    const struct op op = {.kind = OP_RESIZE, .resize = {.percent = 150}};
    struct movie_recipe recipe = {24, 24, 10, 200, true, true, false, 8};
    struct blob in = make_movie(&recipe);
    struct job job = job_to(&format_gif);
    struct outcome outcome;
    job.ops = &op;
    job.op_count = 1;
    job.colors = 20;
    struct blob out = convert_movie(&job, &in, FROM_FILE, &outcome);
    struct shown got = play(&out);
    assert_true(outcome.quantized);
    assert_int_equal(got.count, 10);
    assert_int_equal(got.width, 36);
    assert_int_equal(got.loop, 5);
    struct rgba8 seen[20];
    unsigned colors = 0;
    for (size_t i = 0; i < got.count * shown_size(&got); i++) {
        unsigned k = 0;
        while (k < colors && memcmp(&seen[k], &got.pixels[i], sizeof *seen) != 0)
            k++;
        if (got.pixels[i].a == 0 || k < colors)
            continue;
        assert_true(colors < 20);
        seen[colors++] = got.pixels[i];
    }
    shown_free(&got);
    blob_free(&in);
    blob_free(&out);
}

/* Memory does not know how many frames there are. */
static void test_memory(void **state)
{
    (void)state;
    const struct op turn = {.kind = OP_ROTATE, .degrees = 90},
                    angle = {.kind = OP_ROTATE, .degrees = 45};
    /* from -O1 on the colors of all frames have a pool, of bounded size, and ways to code a frame
     * are tried where there is more than one: each has its encoder from then on */
    const size_t more = (24 << 10) + 2 * (80 << 10);
    for (unsigned level = 0; level < 2; level++) {
        assert_in_range(peak_to(&format_gif, 1000, NULL, 0, level), 1,
                        peak_to(&format_gif, 10, NULL, 0, level) + level * more);
        assert_in_range(peak_to(&format_gif, 1000, &turn, 1, level), 1,
                        peak_to(&format_gif, 10, &turn, 1, level) + level * more);
        assert_int_equal(peak_to(&format_gif, 1000, &angle, 1, level),
                         peak_to(&format_gif, 10, &angle, 1, level));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_they_are),   cmocka_unit_test(test_lossy),
        cmocka_unit_test(test_taken_away),    cmocka_unit_test(test_first_goes),
        cmocka_unit_test(test_no_background), cmocka_unit_test(test_flips),
        cmocka_unit_test(test_turns),         cmocka_unit_test(test_resized),
        cmocka_unit_test(test_crop),          cmocka_unit_test(test_any_angle),
        cmocka_unit_test(test_steady),        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
