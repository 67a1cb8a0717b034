/* SPDX-License-Identifier: MIT */
/* Jobs without steps: every format to every other, palettes, color counts, temporary space. */
#include "job_check.h"

static const struct encode_options options = {.quality = 90, .compression = 6, .optimize = 1};

/* Samples of 16 bits are doubled ones of 8, so that there is one right answer in 8 bits. */
static uint8_t *even_noise(const struct picture *pic, unsigned colors)
{
    size_t each = layout_info(pic->layout)->bytes, n = (size_t)pic->width * pic->height;
    uint8_t *p = make_bytes(n * each), (*kind)[8] = calloc(colors, 8);
    uint64_t seed = colors;
    assert_non_null(kind);
    for (unsigned i = 0; i < colors; i++)
        for (unsigned k = 0; k < each; k++)
            kind[i][k] = layout_info(pic->layout)->bits == 16 && k % 2 == 1 ? kind[i][k - 1]
                                                                            : (uint8_t)noise(&seed);
    for (size_t i = 0; i < n; i++)
        memcpy(p + i * each, kind[noise(&seed) % colors], each);
    free(kind);
    return p;
}

/* What becomes of a picture in a format that has no alpha, or alpha of one bit. */
static void narrow(struct pixels *p, const struct format *to, bool indexed)
{
    for (size_t i = 0; i < (size_t)p->width * p->height; i++) {
        uint16_t *c = p->at[i];
        if (indexed && c[3] < 128 * 257)
            memset(c, 0, 8);
        else if (indexed)
            c[3] = 65535;
        if (to->holds_alpha)
            continue;
        for (unsigned k = 0; k < 3; k++) /* over white */
            c[k] = (uint16_t)(((uint32_t)c[k] * c[3] + 65535u * (65535u - c[3]) + 32767) / 65535);
        c[3] = 65535;
    }
}

static void assert_near(const struct pixels *a, const struct pixels *b, unsigned most)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (size_t i = 0; i < (size_t)a->width * a->height; i++)
        for (unsigned k = 0; k < 4; k++)
            assert_in_range(a->at[i][k] + most, b->at[i][k], b->at[i][k] + 2 * most);
}

static void check_pair(const struct picture *pic, const struct blob *in, const uint8_t *pixels,
                       const struct format *to)
{
    struct job job = job_to(to);
    struct result r = run_well(&job, in);
    struct pixels want = expand(pic, pixels);
    bool gray = !layout_info(pic->layout)->color;
    if (to == &format_jpeg || (to == &format_pgm && !gray)) {
        assert_int_equal(r.pixels.width, want.width);
        assert_int_equal(r.pixels.height, want.height);
    } else {
        narrow(&want, to, to == &format_gif);
        assert_near(&r.pixels, &want, to->holds_alpha ? 0 : 257); /* compositing may round twice */
    }
    assert_int_equal(r.outcome.quantized, false);
    assert_int_equal(r.outcome.in.width, pic->width);
    pixels_free(&want);
    result_free(&r);
}

static void test_all_pairs(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_gif, &format_png, &format_jpeg,
                                                   &format_ppm, &format_pgm, &format_pam};
    for (enum layout l = 0; l < LAYOUT_COUNT; l++) {
        struct picture pic = make_picture(37, 23, l);
        uint8_t *pixels = l == LAYOUT_INDEX8 ? noise_pixels(&pic, 1) : even_noise(&pic, 60);
        for (size_t from = 0; from < 6; from++) {
            if (formats[from]->choose(l, layout_info(l)->alpha) != l ||
                formats[from] == &format_jpeg)
                continue; /* has no such pictures, or changes them */
            struct blob in = encode(formats[from], &pic, &options, pixels);
            for (size_t to = 0; to < 6; to++)
                check_pair(&pic, &in, pixels, formats[to]);
            blob_free(&in);
        }
        free(pixels);
    }
    struct picture pic = make_picture(37, 23, LAYOUT_RGB8);
    uint8_t *pixels = calloc(1, picture_size(&pic));
    struct blob in = encode(&format_jpeg, &pic, &options, pixels);
    for (size_t to = 0; to < 6; to++)
        check_pair(&pic, &in, pixels, formats[to]);
    blob_free(&in);
    free(pixels);
}

static struct blob indexed_gif(struct picture *pic, uint32_t colors, uint8_t **pixels)
{
    if (colors > 0)
        pic->palette = noise_palette(colors, false);
    *pixels = noise_pixels(pic, 5);
    return encode(&format_gif, pic, &options, *pixels);
}

/* At -O1 what no pixel uses goes, and what is there twice becomes one; at -O0 all stays. */
static void test_palette_optimized(void **state)
{
    (void)state;
    struct picture pic = make_picture(40, 30, LAYOUT_INDEX8);
    pic.palette = noise_palette(200, false);
    pic.palette.entry[30] = pic.palette.entry[10];
    uint8_t *pixels = noise_pixels(&pic, 2);
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(pixels[i] % 17 * 10); /* 0, 10, .. 160: 10 and 30 are one color */
    struct blob in = encode(&format_gif, &pic, &options, pixels);
    struct pixels want = expand(&pic, pixels);
    struct job job = job_to(&format_gif);
    for (job.encode.optimize = 0; job.encode.optimize <= 2; job.encode.optimize++) {
        struct result r = run_well(&job, &in);
        assert_int_equal(r.outcome.out.palette.count, job.encode.optimize > 0 ? 16 : 256);
        assert_same_pixels(&r.pixels, &want);
        if (job.encode.optimize == 0)
            assert_memory_equal(r.got.pixels, pixels, picture_size(&pic));
        result_free(&r);
    }
    pixels_free(&want);
    blob_free(&in);
    free(pixels);
}

/*
 * Where a picture is large, the first pass ends when more than half of the table is known to be
 * needed; but whether anything is transparent must be known to the last pixel.
 */
static void test_large_palette(void **state)
{
    (void)state;
    enum { WIDTH = 1200, HEIGHT = 900 };
    struct picture pic = make_picture(WIDTH, HEIGHT, LAYOUT_INDEX8);
    pic.palette = noise_palette(200, false);
    pic.palette.entry[30] = pic.palette.entry[10];
    uint8_t *pixels = noise_pixels(&pic, 2), *last = pixels + picture_size(&pic) - 1;
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(pixels[i] % 150);
    *last = 199;
    struct job job = job_to(&format_gif);
    const struct {
        int transparent; /* this entry */
        bool used;
        uint32_t entries, least_rows, most_rows;
    } cases[] = {
        {-1, true, 199, 2 * HEIGHT + 32, 2 * HEIGHT + 100},
        {170, true, 150, 3 * HEIGHT, 3 * HEIGHT}, /* 149 and the transparent one */
        {170, false, 149, 3 * HEIGHT, 3 * HEIGHT},
        {149, true, 199, 2 * HEIGHT + 32, 2 * HEIGHT + 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct picture p = pic;
        if (cases[i].transparent >= 0) {
            p.palette.entry[cases[i].transparent].a = 0;
            *last = (uint8_t)(cases[i].used ? cases[i].transparent : 0);
        }
        struct blob in = encode(&format_png, &p, &options, pixels);
        struct pixels want = expand(&p, pixels);
        struct result r = run_well(&job, &in);
        assert_int_equal(r.outcome.out.palette.count, cases[i].entries);
        assert_in_range(r.rows_done, cases[i].least_rows, cases[i].most_rows);
        assert_int_equal(palette_transparent(&r.outcome.out.palette) >= 0,
                         cases[i].transparent >= 0 && cases[i].used);
        assert_same_pixels(&r.pixels, &want);
        result_free(&r);
        pixels_free(&want);
        blob_free(&in);
    }
    free(pixels);
}

static uint32_t count_colors(const struct result *r)
{
    bool used[256] = {false};
    uint32_t n = 0;
    for (size_t i = 0; i < picture_size(&r->got.frame.pic); i++) {
        n += !used[r->got.pixels[i]];
        used[r->got.pixels[i]] = true;
    }
    return n;
}

static void test_colors(void **state)
{
    (void)state;
    static const unsigned most[] = {2, 3, 16, 99, 100, 101, 256};
    struct picture pic = make_picture(60, 50, LAYOUT_INDEX8);
    uint8_t *pixels;
    struct blob in = indexed_gif(&pic, 100, &pixels);
    struct pixels want = expand(&pic, pixels);
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        struct job job = job_to(&format_gif);
        job.colors = most[i];
        for (job.encode.optimize = 0; job.encode.optimize < 2; job.encode.optimize++) {
            struct result r = run_well(&job, &in);
            assert_true(count_colors(&r) <= most[i]);
            assert_true(r.outcome.out.palette.count <= (most[i] < 100 ? most[i] : 128));
            assert_int_equal(r.outcome.quantized, most[i] < 100);
            if (most[i] >= 100)
                assert_same_pixels(&r.pixels, &want);
            result_free(&r);
        }
    }
    pixels_free(&want);
    blob_free(&in);
    free(pixels);
}

static void test_true_color_counts(void **state)
{
    (void)state;
    for (unsigned alpha = 0; alpha < 2; alpha++)
        for (unsigned colors = 250; colors < 262; colors++) {
            struct picture pic = make_picture(64, 64, alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8);
            uint8_t *pixels = make_bytes(picture_size(&pic));
            for (unsigned i = 0; i < 64 * 64; i++) {
                uint8_t c[4] = {(uint8_t)(i % colors), (uint8_t)(i % colors >> 8), 7, 255};
                if (alpha && i % colors == 3)
                    c[3] = 0;
                memcpy(pixels + i * (3 + alpha), c, 3 + alpha);
            }
            struct blob in = encode(&format_png, &pic, &options, pixels);
            struct job job = job_to(&format_gif);
            struct result r = run_well(&job, &in);
            assert_int_equal(r.outcome.quantized, colors > 256);
            assert_true(r.outcome.out.palette.count <= 256);
            struct pixels want = expand(&pic, pixels);
            if (colors <= 256)
                assert_same_pixels(&r.pixels, &want);
            if (alpha) /* what was transparent is, and nothing else */
                for (unsigned i = 0; i < 64 * 64; i++)
                    assert_int_equal(r.pixels.at[i][3], want.at[i][3]);
            pixels_free(&want);
            result_free(&r);
            blob_free(&in);
            free(pixels);
        }
}

static void test_interlaced_output(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_gif, &format_png};
    for (uint32_t w = 1; w < 12; w += 2)
        for (uint32_t h = 1; h < 12; h++)
            for (int k = 0; k < 2; k++) {
                struct picture pic = make_picture(w, h, LAYOUT_INDEX8);
                uint8_t *pixels;
                struct blob in = indexed_gif(&pic, 9, &pixels);
                struct job job = job_to(formats[k]);
                job.encode.interlace = true;
                struct pixels want = expand(&pic, pixels);
                struct result r = run_well(&job, &in);
                assert_true(r.got.frame.order->count > 1);
                assert_same_pixels(&r.pixels, &want);
                /* and back */
                job.encode.interlace = false;
                assert_gives(&job, &r.file, &want);
                result_free(&r);
                pixels_free(&want);
                blob_free(&in);
                free(pixels);
            }
}

/* Without temporary space a file is read twice; what cannot be is refused, whole or not at all. */
static void test_no_temporary_space(void **state)
{
    (void)state;
    struct picture pic = make_picture(700, 500, LAYOUT_INDEX8),
                   rgb = make_picture(700, 500, LAYOUT_RGB8);
    uint8_t *pixels, *colors = make_noise(&rgb, 1);
    struct blob in = indexed_gif(&pic, 0, &pixels),
                in_rgb = encode(&format_ppm, &rgb, &options, colors);
    struct pixels want = expand(&pic, pixels);
    struct job job = job_to(&format_gif);
    for (enum from from = FROM_MEMORY; from <= FROM_PIPE; from++) {
        const struct setting set = {.from = from, .no_temp = true}, with = {.from = from};
        struct result r = run_set(&job, &in, &with);
        assert_int_equal(r.st, ST_OK);
        assert_same_pixels(&r.pixels, &want);
        result_free(&r);
        if (from == FROM_PIPE) {
            assert_refuses(&job, &in, &set, ST_LIMIT, "temporary space");
            assert_refuses(&job, &in_rgb, &set, ST_LIMIT, "temporary space");
        } else {
            r = run_set(&job, &in, &set);
            assert_int_equal(r.st, ST_OK);
            assert_same_pixels(&r.pixels, &want);
            result_free(&r);
            r = run_set(&job, &in_rgb, &set);
            assert_int_equal(r.st, ST_OK);
            assert_true(r.outcome.quantized);
            result_free(&r);
        }
        job.encode.optimize = 0; /* needs no second look */
        r = run_set(&job, &in, &set);
        assert_int_equal(r.st, ST_OK);
        assert_same_pixels(&r.pixels, &want);
        result_free(&r);
        job.encode.interlace = true;
        assert_refuses(&job, &in, &set, ST_LIMIT, "temporary space");
        job = job_to(&format_gif);
        job.ops = &(struct op){.kind = OP_ROTATE, .degrees = 30};
        job.op_count = 1;
        assert_refuses(&job, &in, &set, ST_LIMIT, "temporary space");
        job = job_to(&format_gif);
    }
    pixels_free(&want);
    blob_free(&in);
    blob_free(&in_rgb);
    free(colors);
    free(pixels);
}

/* Damage in rows that no step needs is damage. */
static void test_damage_unseen(void **state)
{
    (void)state;
    struct picture pic = make_picture(64, 64, LAYOUT_INDEX8);
    uint8_t *pixels;
    struct blob in = indexed_gif(&pic, 0, &pixels);
    const struct op ops[] = {
        {.kind = OP_CROP, .crop = {10, 10, 0, 0}},
        {.kind = OP_RESIZE, .resize = {.width = 5, .height = 5, .exact = true}},
        {.kind = OP_ROTATE, .degrees = 30},
    };
    struct job job = job_to(&format_gif);
    job.op_count = 1;
    in.bytes -= 40; /* less than a row's codes */
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        for (int smooth = 0; smooth < 2; smooth++) {
            job.ops = &ops[i];
            job.resample = smooth ? RESAMPLE_BILINEAR : RESAMPLE_NEAREST;
            struct result r = run(&job, &in);
            assert_int_equal(r.st, ST_DAMAGED);
            result_free(&r);
        }
    blob_free(&in);
    free(pixels);
}

/* A copy that would not be smaller is the input, byte for byte. */
static void test_kept(void **state)
{
    (void)state;
    struct picture pic = make_picture(90, 50, LAYOUT_INDEX8);
    uint8_t *pixels;
    struct blob in = indexed_gif(&pic, 0, &pixels);
    struct job job = job_to(&format_gif);
    struct result best = run_well(&job, &in);
    job.may_keep = true;
    struct result again = run_well(&job, &best.file);
    assert_true(again.outcome.kept);
    assert_int_equal(again.file.bytes, best.file.bytes);
    assert_memory_equal(again.file.data, best.file.data, best.file.bytes);
    result_free(&again);
    job.format = &format_png;
    again = run_well(&job, &best.file);
    assert_false(again.outcome.kept);
    result_free(&again);
    result_free(&best);
    blob_free(&in);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_pairs),
        cmocka_unit_test(test_palette_optimized),
        cmocka_unit_test(test_large_palette),
        cmocka_unit_test(test_colors),
        cmocka_unit_test(test_true_color_counts),
        cmocka_unit_test(test_interlaced_output),
        cmocka_unit_test(test_no_temporary_space),
        cmocka_unit_test(test_damage_unseen),
        cmocka_unit_test(test_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
