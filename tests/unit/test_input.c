/* SPDX-License-Identifier: MIT */
/* A file's first picture on its canvas: places, frames, interlace, and every kind of damage. */
#include "job_check.h"

static const struct encode_options options = {.compression = 1, .optimize = 0};
static const struct setting strict = {.from = FROM_MEMORY};
static const struct setting lenient = {.from = FROM_MEMORY, .lenient = true};

/* --- GIFs of one or more images, put together from whole files of one --- */

struct image {
    uint32_t x, y, width, height, colors;
    bool interlace;
};

/* The image's part of a file of its own: descriptor, local palette, data. */
static void add_image(struct blob *b, const struct image *im, uint8_t **pixels, struct picture *pic)
{
    *pic = make_picture(im->width, im->height, LAYOUT_INDEX8);
    pic->palette = noise_palette(im->colors, false);
    *pixels = make_bytes(picture_size(pic));
    for (size_t i = 0; i < picture_size(pic); i++)
        (*pixels)[i] = (uint8_t)(i % im->colors);
    struct encode_options o = options;
    o.interlace = im->interlace;
    struct blob file = encode(&format_gif, pic, &o, *pixels);
    unsigned bits = file.data[10] & 7;
    size_t palette = (size_t)3 << (bits + 1), at = 13 + palette;
    uint8_t head[10];
    memcpy(head, file.data + at, 10);
    head[1] = (uint8_t)im->x;
    head[2] = (uint8_t)(im->x >> 8);
    head[3] = (uint8_t)im->y;
    head[4] = (uint8_t)(im->y >> 8);
    head[9] = (uint8_t)(head[9] | 0x80 | bits);
    blob_add(b, head, 10);
    blob_add(b, file.data + 13, palette);
    blob_add(b, file.data + at + 10, file.bytes - at - 11);
    blob_free(&file);
}

static struct blob canvas_of(uint32_t width, uint32_t height)
{
    const uint8_t head[13] = {'G',
                              'I',
                              'F',
                              '8',
                              '9',
                              'a',
                              (uint8_t)width,
                              (uint8_t)(width >> 8),
                              (uint8_t)height,
                              (uint8_t)(height >> 8)};
    return blob_of(head, sizeof head);
}

/* One image on a canvas; *want is what must be seen. */
static struct blob one_image(uint32_t width, uint32_t height, const struct image *im,
                             struct pixels *want)
{
    struct blob b = canvas_of(width, height);
    struct picture pic;
    uint8_t *pixels;
    add_image(&b, im, &pixels, &pic);
    blob_add(&b, ";", 1);
    struct pixels own = expand(&pic, pixels);
    *want = pixels_new(width, height);
    for (uint32_t y = 0; y < im->height && y + im->y < height; y++)
        for (uint32_t x = 0; x < im->width && x + im->x < width; x++)
            memcpy(want->at[(size_t)(y + im->y) * width + x + im->x],
                   own.at[(size_t)y * im->width + x], 8);
    pixels_free(&own);
    free(pixels);
    return b;
}

/* Smaller than the canvas, larger, beside it; with room for a transparent entry and without. */
static void test_places(void **state)
{
    (void)state;
    static const uint32_t places[][4] = {{0, 0, 10, 9}, {3, 2, 4, 5},         {0, 0, 30, 30},
                                         {0, 2, 10, 3}, {8, 8, 10, 9},        {10, 0, 3, 3},
                                         {0, 9, 3, 3},  {65535, 65535, 4, 4}, {2, 0, 1, 9},
                                         {0, 0, 10, 8}, {0, 0, 9, 30}};
    static const uint32_t colors[] = {2, 3, 200, 256};
    static const struct format *const formats[] = {&format_gif, &format_png, &format_pam};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t k = 0; k < 16; k++) {
            const uint32_t *p = places[i];
            struct image im = {p[0], p[1], p[2], p[3], colors[k % 4], k % 8 >= 4};
            struct pixels want;
            struct blob b = one_image(10, 9, &im, &want);
            for (int f = 0; f < 3; f++) {
                struct job job = job_to(formats[f]);
                job.encode.optimize = k / 8;
                assert_gives(&job, &b, &want);
            }
            pixels_free(&want);
            blob_free(&b);
        }
}

/* A full palette on a canvas that it does not cover loses nothing as long as colors are free. */
static void test_full_palette(void **state)
{
    (void)state;
    struct image im = {1, 1, 20, 20, 256, false};
    struct pixels want;
    struct blob b = one_image(22, 21, &im, &want);
    struct job job = job_to(&format_png);
    struct result r = run_well(&job, &b);
    assert_same_pixels(&r.pixels, &want);
    result_free(&r);
    pixels_free(&want);
    blob_free(&b);
}

static void test_frames(void **state)
{
    (void)state;
    struct image im = {0, 0, 10, 9, 4, false}, second = {0, 0, 300, 9, 5, true};
    struct blob b = canvas_of(10, 9), bad;
    struct picture pic, other;
    uint8_t *pixels, *more;
    add_image(&b, &im, &pixels, &pic);
    add_image(&b, &second, &more, &other);
    bad = blob_of(b.data, b.bytes);
    blob_add(&b, ";", 1);
    struct job job = job_to(&format_png);
    struct result r = run_well(&job, &b);
    struct pixels want = expand(&pic, pixels);
    assert_same_pixels(&r.pixels, &want);
    assert_true(r.outcome.frames_left_out);
    assert_int_equal(r.warnings, 1);
    assert_non_null(strstr(r.note, "first frame"));
    result_free(&r);

    /* damage after the first frame is damage */
    assert_refuses(&job, &bad, &strict, ST_DAMAGED, "the file ends too soon (frame 3");
    bad.bytes -= 9;
    assert_refuses(&job, &bad, &strict, ST_DAMAGED, "frame 2");
    r = run_set(&job, &bad, &lenient);
    assert_int_equal(r.st, ST_DAMAGED);
    assert_true(r.outcome.damaged);
    assert_non_null(strstr(r.text, "what could be read is written"));
    assert_same_pixels(&r.pixels, &want);
    result_free(&r);
    pixels_free(&want);
    blob_free(&b);
    blob_free(&bad);
    free(pixels);
    free(more);
}

/* Rows that nobody needs are read too: below a crop, below the canvas, beside it. */
static void test_damage_out_of_sight(void **state)
{
    (void)state;
    static const struct image images[] = {
        {0, 0, 10, 30, 4, false}, {65535, 0, 10, 30, 4, false}, {0, 8, 10, 30, 4, false}};
    for (int i = 0; i < 3; i++) {
        struct blob b = canvas_of(10, 9);
        struct picture pic;
        uint8_t *pixels;
        add_image(&b, &images[i], &pixels, &pic);
        b.data[b.bytes - 1] = 9; /* no terminator */
        for (int o = 0; o < 2; o++) {
            struct job job = job_to(&format_gif);
            job.encode.optimize = (unsigned)o;
            assert_refuses(&job, &b, &strict, ST_DAMAGED, "ends too soon");
        }
        blob_free(&b);
        free(pixels);
    }
    struct picture pic = make_picture(20, 20, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct blob b = encode(&format_ppm, &pic, &options, pixels);
    struct op op = {.kind = OP_CROP, .crop = {5, 5, 2, 2}};
    b.bytes--;
    for (int k = 0; k < 3; k++) {
        struct job job = job_to(k == 0 ? &format_gif : &format_png);
        struct setting set = {.from = k == 2 ? FROM_PIPE : FROM_MEMORY};
        job.ops = &op;
        job.op_count = 1;
        assert_refuses(&job, &b, &set, ST_DAMAGED, "");
        set.lenient = true;
        struct result r = run_set(&job, &b, &set);
        assert_int_equal(r.st, ST_DAMAGED);
        assert_int_equal(r.pixels.width, 5);
        result_free(&r);
    }
    blob_free(&b);
    free(pixels);
}

/*
 * Cut off anywhere, a file is refused; leniently, what comes before the damage is there, and what
 * is missing is transparent or of entry 0.
 */
static void check_cut(const struct format *format, bool interlace, size_t step)
{
    struct picture pic = make_picture(40, 33, LAYOUT_INDEX8);
    uint8_t *pixels = noise_pixels(&pic, 4);
    struct encode_options o = options;
    o.interlace = interlace;
    struct blob b = encode(format, &pic, &o, pixels);
    struct pixels whole = expand(&pic, pixels);
    size_t all = b.bytes, seen = 0;
    for (b.bytes = 1; b.bytes < all; b.bytes += step) {
        for (int k = 0; k < 2; k++) {
            struct job job = job_to(k ? &format_pam : &format_gif);
            struct result r = run_set(&job, &b, &strict);
            assert_true(r.st == ST_DAMAGED || r.st == ST_UNSUPPORTED);
            assert_false(r.outcome.damaged);
            result_free(&r);
            r = run_set(&job, &b, &lenient);
            assert_true(r.st == ST_DAMAGED || r.st == ST_UNSUPPORTED);
            if (r.outcome.damaged) {
                size_t right = 0;
                assert_int_equal(r.pixels.width, 40);
                assert_int_equal(r.pixels.height, 33);
                for (size_t i = 0; i < 40 * 33; i++)
                    right += memcmp(r.pixels.at[i], whole.at[i], 8) == 0;
                if (k == 1 && right > seen)
                    seen = right;
            }
            result_free(&r);
        }
    }
    assert_true(seen > 40 * 30); /* nearly all rows are there in the end */
    pixels_free(&whole);
    blob_free(&b);
    free(pixels);
}

static void test_cut_off(void **state)
{
    (void)state;
    check_cut(&format_gif, false, 13);
    check_cut(&format_gif, true, 13);
    check_cut(&format_png, false, 13);
    check_cut(&format_png, true, 13);
}

/* What stands before the damage, to the pixel, and fill after it. */
static void test_damaged_row(void **state)
{
    (void)state;
    for (int transparent = 0; transparent < 2; transparent++) {
        struct blob b = canvas_of(4, 3);
        b.data[10] = 0x81; /* four colors: (1, 1, 1), (2, 2, 2), .. */
        for (uint8_t i = 1; i <= 4; i++)
            blob_add(&b, (const uint8_t[]){i, i, i}, 3);
        if (transparent)
            blob_add(&b, "\x21\xf9\x04\x01\x00\x00\x03\x00", 8);
        blob_add(&b, ",\0\0\0\0\x04\0\x03\0\0\x02", 11);
        /* clear 1 1 1 1 2, four bits from the second entry on: 3 bits 4 1 1 1 | 1 2 5 */
        unsigned codes[] = {4, 1, 1, 1, 1, 2, 5}, widths[] = {3, 3, 3, 3, 4, 4, 4}, bit = 0;
        uint8_t data[5] = {4};
        for (int i = 0; i < 7; i++)
            for (unsigned k = 0; k < widths[i]; k++, bit++)
                data[1 + bit / 8] = (uint8_t)(data[1 + bit / 8] | (codes[i] >> k & 1) << bit % 8);
        data[0] = 3;
        blob_add(&b, data, 4);
        blob_add(&b, "\0;", 2);
        struct job job = job_to(&format_pam);
        assert_refuses(&job, &b, &strict, ST_DAMAGED,
                       "the end code comes before the last pixel (row 2 of frame 1)");
        struct result r = run_set(&job, &b, &lenient);
        assert_int_equal(r.st, ST_DAMAGED);
        static const uint8_t values[] = {2, 2, 2, 2, 3, 1, 1, 1};
        for (unsigned i = 0; i < 8; i++)
            assert_int_equal(r.pixels.at[i][0], values[i] * 257);
        for (unsigned i = 8; i < 12; i++)
            assert_int_equal(r.pixels.at[i][3], transparent ? 0 : 65535);
        result_free(&r);
        blob_free(&b);
    }
}

static void test_not_pictures(void **state)
{
    (void)state;
    struct job job = job_to(&format_gif);
    struct blob none = {0, make_bytes(1)}, text = blob_of("hello, world\n", 13);
    for (enum from from = FROM_MEMORY; from <= FROM_PIPE; from++) {
        struct setting set = {.from = from};
        assert_refuses(&job, &none, &set, ST_DAMAGED, "the file is empty");
        assert_refuses(&job, &text, &set, ST_UNSUPPORTED, "not a picture");
    }
    blob_free(&none);
    blob_free(&text);
}

static void test_stopped(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 2;
    struct image im = {0, 0, 10, 9, 4, true};
    struct pixels want;
    struct blob b = one_image(10, 9, &im, &want);
    struct setting set = {.from = FROM_FILE, .stop = &stop, .lenient = true};
    struct job job = job_to(&format_gif);
    assert_refuses(&job, &b, &set, ST_STOPPED, "signal 2");
    pixels_free(&want);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),       cmocka_unit_test(test_full_palette),
        cmocka_unit_test(test_frames),       cmocka_unit_test(test_damage_out_of_sight),
        cmocka_unit_test(test_cut_off),      cmocka_unit_test(test_damaged_row),
        cmocka_unit_test(test_not_pictures), cmocka_unit_test(test_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
