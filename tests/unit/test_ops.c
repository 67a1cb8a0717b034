/* SPDX-License-Identifier: MIT */
/* The steps of a job: crops, flips and turns beside a plain model, what corners are filled with. */
#include "job_check.h"

static const struct encode_options options = {.compression = 1, .optimize = 0};
static const struct setting in_memory = {.from = FROM_MEMORY};

/* A GIF of some palette whose pixels use its first used entries, all of them. */
static struct blob make_gif(uint32_t width, uint32_t height, const struct palette *palette,
                            uint32_t used, struct pixels *expanded)
{
    struct picture pic = make_picture(width, height, LAYOUT_INDEX8);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    pic.palette = *palette;
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)((i * 7 + i / width) % used);
    struct blob b = encode(&format_gif, &pic, &options, pixels);
    *expanded = expand(&pic, pixels);
    free(pixels);
    return b;
}

static struct op crop_of(uint32_t width, uint32_t height, int64_t x, int64_t y)
{
    return (struct op){.kind = OP_CROP, .crop = {width, height, x, y}};
}

static struct op turn_by(double degrees)
{
    return (struct op){.kind = OP_ROTATE, .degrees = degrees};
}

/* --- exact steps --- */

static struct pixels model_quarter(const struct pixels *p)
{
    struct pixels out = pixels_new(p->height, p->width);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++)
            memcpy(out.at[(size_t)y * out.width + x],
                   p->at[(size_t)(p->height - 1 - x) * p->width + y], 8);
    return out;
}

static struct pixels model_flip(const struct pixels *p, bool rows)
{
    struct pixels out = pixels_new(p->width, p->height);
    for (uint32_t y = 0; y < p->height; y++)
        for (uint32_t x = 0; x < p->width; x++)
            memcpy(out.at[(size_t)y * p->width + x],
                   p->at[rows ? (size_t)(p->height - 1 - y) * p->width + x
                              : (size_t)y * p->width + p->width - 1 - x],
                   8);
    return out;
}

static struct pixels model_crop(const struct pixels *p, uint32_t width, uint32_t height,
                                uint32_t x0, uint32_t y0)
{
    struct pixels out = pixels_new(width, height);
    for (uint32_t y = 0; y < height; y++)
        memcpy(out.at[(size_t)y * width], p->at[(size_t)(y + y0) * p->width + x0],
               (size_t)width * 8);
    return out;
}

static void check_op(const struct blob *in, struct op op, struct pixels want)
{
    static const struct format *const formats[] = {&format_gif, &format_png, &format_pam};
    for (int i = 0; i < 3; i++) {
        struct job job = job_to(formats[i]);
        job.ops = &op;
        job.op_count = 1;
        assert_gives(&job, in, &want);
    }
    pixels_free(&want);
}

static void test_exact(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{1, 1}, {1, 300}, {300, 1}, {67, 41}, {130, 64}};
    struct palette palette = noise_palette(256, false);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        uint32_t w = sides[i][0], h = sides[i][1];
        struct pixels p;
        struct blob in = make_gif(w, h, &palette, 256, &p);
        struct pixels one = model_quarter(&p), two = model_quarter(&one),
                      three = model_quarter(&two);
        check_op(&in, (struct op){.kind = OP_FLIP_HORIZONTAL}, model_flip(&p, false));
        check_op(&in, (struct op){.kind = OP_FLIP_VERTICAL}, model_flip(&p, true));
        check_op(&in, turn_by(0), model_crop(&p, w, h, 0, 0));
        check_op(&in, turn_by(-720), model_crop(&p, w, h, 0, 0));
        check_op(&in, turn_by(90), one);
        check_op(&in, turn_by(-180), two);
        check_op(&in, turn_by(-90), three);
        one = model_quarter(&p); /* both went with their checks */
        check_op(&in, turn_by(90 + 360 * 1e6), one);
        check_op(&in, crop_of(w, h, 0, 0), model_crop(&p, w, h, 0, 0));
        pixels_free(&p);
        blob_free(&in);
    }
}

static void test_crops(void **state)
{
    (void)state;
    struct palette palette = noise_palette(90, false);
    struct pixels p;
    struct blob in = make_gif(50, 40, &palette, 90, &p);
    check_op(&in, crop_of(10, 20, 3, 4), model_crop(&p, 10, 20, 3, 4));
    check_op(&in, crop_of(1, 1, 49, 39), model_crop(&p, 1, 1, 49, 39));
    /* clipped to the picture */
    check_op(&in, crop_of(100, 100, 45, 35), model_crop(&p, 5, 5, 45, 35));
    check_op(&in, crop_of(10, 10, -7, -8), model_crop(&p, 3, 2, 0, 0));
    check_op(&in, crop_of(UINT32_MAX, UINT32_MAX, -5, -5), model_crop(&p, 50, 40, 0, 0));
    check_op(&in, crop_of(UINT32_MAX, 1, INT32_MIN, 0), model_crop(&p, 50, 1, 0, 0));
    static const int64_t outside[][2] = {{50, 0},        {0, 40},        {-10, 0},
                                         {0, -10},       {INT64_MAX, 0}, {0, INT64_MAX},
                                         {INT64_MIN, 0}, {0, INT64_MIN}};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        struct job job = job_to(&format_gif);
        struct op op = crop_of(10, 10, outside[i][0], outside[i][1]);
        job.ops = &op;
        job.op_count = 1;
        assert_refuses(&job, &in, &in_memory, ST_UNSUPPORTED, "lies outside the 50 x 40 picture");
    }
    pixels_free(&p);
    blob_free(&in);
}

/* Steps are done in the order given. */
static void test_order(void **state)
{
    (void)state;
    struct palette palette = noise_palette(90, false);
    struct pixels p;
    struct blob in = make_gif(50, 40, &palette, 90, &p);
    const struct op ops[] = {
        crop_of(20, 10, 5, 6), turn_by(90), {.kind = OP_FLIP_HORIZONTAL}, crop_of(8, 8, 1, 9)};
    struct job job = job_to(&format_gif);
    job.ops = ops;
    job.op_count = 4;
    struct pixels a = model_crop(&p, 20, 10, 5, 6), b = model_quarter(&a),
                  c = model_flip(&b, false), want = model_crop(&c, 8, 8, 1, 9);
    assert_gives(&job, &in, &want);
    pixels_free(&a);
    pixels_free(&b);
    pixels_free(&c);
    pixels_free(&want);
    pixels_free(&p);
    blob_free(&in);
}

/* A quarter turn on a canvas that keeps its size: in the middle, what is left free is filled. */
static void test_turn_on_canvas(void **state)
{
    (void)state;
    struct palette palette = noise_palette(90, false);
    struct pixels p;
    for (uint32_t w = 5; w < 9; w++)
        for (uint32_t h = 5; h < 9; h++) {
            struct blob in = make_gif(w, h, &palette, 90 < w * h ? 90 : w * h, &p);
            struct op op = turn_by(90);
            struct job job = job_to(&format_gif);
            job.ops = &op;
            job.op_count = 1;
            job.expand = false;
            struct pixels turned = model_quarter(&p), want = pixels_new(w, h);
            int64_t dx = ((int64_t)h - w) / 2, dy = ((int64_t)w - h) / 2;
            for (int64_t y = 0; y < h; y++)
                for (int64_t x = 0; x < w; x++)
                    if (x + dx >= 0 && x + dx < h && y + dy >= 0 && y + dy < w)
                        memcpy(want.at[y * w + x], turned.at[(y + dy) * h + x + dx], 8);
            assert_gives(&job, &in, &want);
            pixels_free(&turned);
            pixels_free(&want);
            pixels_free(&p);
            blob_free(&in);
        }
}

/* --- corners --- */

static bool is_color(const uint16_t *c, struct rgba8 want)
{
    return want.a == 0 ? c[3] == 0
                       : c[0] == want.r * 257 && c[1] == want.g * 257 && c[2] == want.b * 257 &&
                             c[3] == want.a * 257;
}

struct corner_case {
    uint32_t entries, used;
    bool twins, has_background; /* twins: the last used entry is the first one's color */
    struct rgba8 background;
    struct rgba8 corner;
    unsigned warnings;
};

/*
 * Turned by 45 degrees the picture must have the corners that are wanted, and else the colors that
 * it has in a format that holds all.
 */
static void check_corners(const struct corner_case *c)
{
    struct palette palette = noise_palette(c->entries, false);
    palette.entry[1] = (struct rgba8){250, 251, 252, 255}; /* the nearest to white */
    for (uint32_t i = 2; i < c->entries; i++)
        palette.entry[i] = (struct rgba8){(uint8_t)i, (uint8_t)(i * 3), 99, 255};
    if (c->twins)
        palette.entry[c->used - 1] = palette.entry[0];
    struct pixels p;
    struct blob in = make_gif(80, 60, &palette, c->used, &p);
    struct op op = turn_by(45);
    struct job job = job_to(&format_pam);
    job.ops = &op;
    job.op_count = 1;
    struct result all = run_well(&job, &in);
    assert_int_equal(all.pixels.at[0][3], 0);
    job.format = &format_gif;
    job.has_background = c->has_background;
    job.background = c->background;
    for (job.encode.optimize = 0; job.encode.optimize < 2; job.encode.optimize++) {
        struct result r = run_well(&job, &in);
        assert_int_equal(r.warnings, c->warnings);
        assert_false(r.outcome.quantized);
        assert_int_equal(r.pixels.width, all.pixels.width);
        assert_int_equal(r.pixels.height, all.pixels.height);
        for (size_t i = 0; i < (size_t)r.pixels.width * r.pixels.height; i++)
            if (all.pixels.at[i][3] == 0)
                assert_true(is_color(r.pixels.at[i], c->corner));
            else
                assert_memory_equal(r.pixels.at[i], all.pixels.at[i], 8);
        result_free(&r);
    }
    result_free(&all);
    pixels_free(&p);
    blob_free(&in);
}

static void test_corners(void **state)
{
    (void)state;
    const struct rgba8 clear = {0, 0, 0, 0}, red = {255, 0, 0, 255}, white = {255, 255, 255, 255},
                       near_white = {250, 251, 252, 255}, there = {9, 27, 99, 255},
                       half = {1, 2, 3, 127}, more = {255, 0, 0, 128};
    const struct corner_case cases[] = {
        {200, 200, false, false, clear, clear, 0}, /* a new entry */
        {255, 255, false, false, clear, clear, 0},
        {256, 255, false, false, clear, clear, 0},      /* one that no pixel uses */
        {256, 256, true, false, clear, clear, 0},       /* one that another can stand for */
        {256, 256, false, false, clear, near_white, 1}, /* none: the nearest */
        {200, 200, false, true, red, red, 0},
        {256, 255, false, true, red, red, 0},
        {256, 256, true, true, red, red, 0},
        {256, 256, false, true, white, near_white, 1},
        {256, 256, false, true, there, there, 0}, /* has it already */
        {200, 200, false, true, half, clear, 0},  /* alpha of one bit */
        {200, 200, false, true, more, red, 0},
        {2, 2, false, false, clear, clear, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_corners(&cases[i]);
}

/* Where the palette has a transparent entry that one serves, so nothing else changes. */
static void test_transparent_is_there(void **state)
{
    (void)state;
    struct palette palette = noise_palette(256, false);
    palette.entry[17].a = 0;
    struct pixels p;
    struct blob in = make_gif(80, 60, &palette, 256, &p);
    struct op op = turn_by(10);
    struct job job = job_to(&format_gif);
    job.ops = &op;
    job.op_count = 1;
    struct result r = run_well(&job, &in);
    assert_int_equal(r.warnings, 0);
    assert_int_equal(r.pixels.at[0][3], 0);
    assert_int_equal(r.outcome.out.palette.count, 256);
    result_free(&r);
    pixels_free(&p);
    blob_free(&in);
}

/* A palette of 256 entries, none of them opaque, is no reason to look beyond it. */
static void test_no_opaque_entry(void **state)
{
    (void)state;
    struct picture pic = make_picture(32, 32, LAYOUT_INDEX8);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    for (unsigned i = 0; i < 256; i++)
        pic.palette.entry[i] = (struct rgba8){(uint8_t)i, 1, 2, (uint8_t)(i % 2 ? 254 : 129)};
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)i;
    struct blob in = encode(&format_png, &pic, &options, pixels);
    struct op op = turn_by(45);
    struct job job = job_to(&format_gif);
    job.ops = &op;
    job.op_count = 1;
    struct result r = run_well(&job, &in);
    assert_int_equal(r.warnings, 1);
    result_free(&r);
    for (unsigned i = 0; i < 256; i++)
        pic.palette.entry[i].a = (uint8_t)(1 + i % 127);
    blob_free(&in);
    in = encode(&format_png, &pic, &options, pixels);
    r = run_well(&job, &in);
    assert_int_equal(r.warnings, 0);
    for (size_t i = 0; i < (size_t)r.pixels.width * r.pixels.height; i++)
        assert_int_equal(r.pixels.at[i][3], 0);
    result_free(&r);
    blob_free(&in);
    free(pixels);
}

/* Layouts without a palette take the background as a pixel, become color or get alpha for it. */
static void test_background_layouts(void **state)
{
    (void)state;
    const struct rgba8 colors[] = {
        {0, 0, 0, 0}, {9, 200, 3, 255}, {77, 77, 77, 255}, {1, 2, 3, 90}};
    for (enum layout l = LAYOUT_GRAY8; l < LAYOUT_COUNT; l++)
        for (size_t k = 0; k < 4; k++) {
            struct picture pic = make_picture(30, 20, l);
            uint8_t *pixels = calloc(1, picture_size(&pic));
            struct blob in = encode(&format_pam, &pic, &options, pixels);
            struct op op = turn_by(45);
            struct job job = job_to(&format_pam);
            job.ops = &op;
            job.op_count = 1;
            job.has_background = true;
            job.background = colors[k];
            struct result r = run_well(&job, &in);
            assert_true(is_color(r.pixels.at[0], colors[k]));
            assert_int_equal(layout_info(r.got.frame.pic.layout)->bits, layout_info(l)->bits);
            result_free(&r);
            job.format = &format_ppm; /* no alpha: over white */
            r = run_well(&job, &in);
            if (colors[k].a == 255)
                assert_true(is_color(r.pixels.at[0], colors[k]));
            else if (colors[k].a == 0)
                assert_true(is_color(r.pixels.at[0], (struct rgba8){255, 255, 255, 255}));
            result_free(&r);
            blob_free(&in);
            free(pixels);
        }
}

/* PNG keeps a palette while it has room, and becomes true color for the color that it has not. */
static void test_png_corners(void **state)
{
    (void)state;
    for (uint32_t entries = 128; entries <= 256; entries += 128) {
        struct palette palette = noise_palette(entries, false);
        struct pixels p;
        struct blob in = make_gif(80, 60, &palette, entries, &p);
        struct op op = turn_by(45);
        struct job job = job_to(&format_png);
        job.ops = &op;
        job.op_count = 1;
        struct result r = run_well(&job, &in);
        job.format = &format_pam;
        struct result all = run_well(&job, &in);
        assert_same_pixels(&r.pixels, &all.pixels);
        assert_int_equal(r.got.frame.pic.layout, entries == 256 ? LAYOUT_RGBA8 : LAYOUT_INDEX8);
        result_free(&all);
        result_free(&r);
        pixels_free(&p);
        blob_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),           cmocka_unit_test(test_crops),
        cmocka_unit_test(test_order),           cmocka_unit_test(test_turn_on_canvas),
        cmocka_unit_test(test_corners),         cmocka_unit_test(test_transparent_is_there),
        cmocka_unit_test(test_no_opaque_entry), cmocka_unit_test(test_background_layouts),
        cmocka_unit_test(test_png_corners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
