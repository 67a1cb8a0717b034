/* SPDX-License-Identifier: MIT */
/* Every layout to every other against exact arithmetic; and the promises that users notice. */
#include "stage_check.h"

#include "transforms/transform.h"

__extension__ typedef unsigned __int128 wide;

/* A pixel as samples of the source's bits; gray in all three. */
struct samples {
    uint64_t c[3], alpha, most;
};

static uint64_t sample(const uint8_t *p, unsigned bits, unsigned k)
{
    if (bits == 8)
        return p[k];
    uint16_t v;
    memcpy(&v, p + 2 * (size_t)k, 2);
    return v;
}

static struct samples unpack(const struct picture *pic, const uint8_t *p)
{
    if (pic->layout == LAYOUT_INDEX8) {
        struct rgba8 e = pic->palette.entry[*p];
        return (struct samples){{e.r, e.g, e.b}, e.a, 255};
    }
    const struct layout_info *info = layout_info(pic->layout);
    struct samples s;
    s.most = info->bits == 8 ? 255 : 65535;
    for (unsigned k = 0; k < 3; k++)
        s.c[k] = sample(p, info->bits, info->color ? k : 0);
    s.alpha = info->alpha ? sample(p, info->bits, info->channels - 1) : s.most;
    return s;
}

/* num / den of full scale, rounded to a sample of the target; halves up */
static uint64_t rounded(wide num, wide den, uint64_t most)
{
    return (uint64_t)((2 * num * most + den) / (2 * den));
}

static void expect_pixel(const struct samples *in, enum layout target, struct rgba8 matte,
                         const uint8_t *got)
{
    const struct layout_info *info = layout_info(target);
    uint64_t most = info->bits == 8 ? 255 : 65535, unit = in->most / 255;
    const uint64_t behind[3] = {matte.r * unit, matte.g * unit, matte.b * unit};
    wide c[3], den = info->alpha ? in->most : (wide)in->most * in->most;
    for (unsigned k = 0; k < 3; k++)
        c[k] = info->alpha ? in->c[k] : in->c[k] * in->alpha + behind[k] * (in->most - in->alpha);
    if (info->color) {
        for (unsigned k = 0; k < 3; k++)
            assert_int_equal(sample(got, info->bits, k), rounded(c[k], den, most));
    } else {
        wide luma = 19595 * c[0] + 38470 * c[1] + 7471 * c[2];
        assert_int_equal(sample(got, info->bits, 0), rounded(luma, den * 65536, most));
    }
    if (info->alpha)
        assert_int_equal(sample(got, info->bits, info->channels - 1),
                         rounded(in->alpha, in->most, most));
}

static uint8_t *converted(const struct picture *pic, const uint8_t *pixels, enum layout target,
                          struct rgba8 matte)
{
    struct context cx;
    context_init(&cx);
    struct array_log log = {0};
    struct rows *r = array_rows(&cx, pic, pixels, true, &log);
    assert_int_equal(convert_open(r, target, matte, &r), ST_OK);
    assert_int_equal(r->pic.layout, target);
    assert_int_equal(r->pic.width, pic->width);
    assert_int_equal(r->pic.height, pic->height);
    assert_true(rows_can_rewind(r));
    size_t bytes = picture_size(&r->pic);
    uint8_t *got = make_bytes(bytes), *again = make_bytes(bytes);
    assert_int_equal(read_rows(r, got), ST_OK);
    assert_int_equal(rows_rewind(r), ST_OK);
    assert_int_equal(read_rows(r, again), ST_OK);
    assert_memory_equal(got, again, bytes);
    rows_close(r);
    assert_int_equal(log.closed, 1);
    assert_nothing_held(&cx);
    free(again);
    return got;
}

static void expect_all(const struct picture *pic, const uint8_t *pixels, enum layout target,
                       struct rgba8 matte)
{
    uint8_t *got = converted(pic, pixels, target, matte);
    size_t from = layout_info(pic->layout)->bytes, to = layout_info(target)->bytes;
    for (size_t i = 0; i < (size_t)pic->width * pic->height; i++) {
        struct samples s = unpack(pic, pixels + i * from);
        expect_pixel(&s, target, matte, got + i * to);
    }
    free(got);
}

static void test_all_pairs(void **state)
{
    (void)state;
    static const struct rgba8 mattes[] = {
        {255, 255, 255, 255}, {0, 0, 0, 255}, {255, 0, 0, 255}, {12, 200, 99, 0}};
    static const uint32_t widths[] = {1, 2, 7, 300};
    for (enum layout from = 0; from < LAYOUT_COUNT; from++) {
        for (size_t w = 0; w < 4; w++) {
            struct picture pic = make_picture(widths[w], 20, from);
            for (unsigned i = 0; i < pic.palette.count; i += 3)
                pic.palette.entry[i].a = (uint8_t)(i * 5);
            uint8_t *pixels = make_noise(&pic, from + w);
            for (enum layout to = LAYOUT_GRAY8; to < LAYOUT_COUNT; to++)
                if (to != from)
                    for (size_t m = 0; m < 4; m++)
                        expect_all(&pic, pixels, to, mattes[m]);
            free(pixels);
        }
    }
}

/* Every sample and every alpha of 8 bits, with every matte's level in between. */
static void test_compositing_is_rounded_correctly(void **state)
{
    (void)state;
    struct picture pic = make_picture(256, 256, LAYOUT_GRAYA8);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    for (unsigned i = 0; i < 65536; i++) {
        pixels[2 * i] = (uint8_t)i;
        pixels[2 * i + 1] = (uint8_t)(i >> 8);
    }
    for (unsigned m = 0; m < 256; m += 17) {
        uint8_t *got = converted(&pic, pixels, LAYOUT_GRAY8,
                                 (struct rgba8){(uint8_t)m, (uint8_t)m, (uint8_t)m, 255});
        for (unsigned i = 0; i < 65536; i++) {
            unsigned c = i & 255, a = i >> 8;
            assert_int_equal(got[i], (2 * (c * a + m * (255 - a)) + 255) / 510);
        }
        free(got);
    }
    free(pixels);
}

static void test_depth_is_exact_both_ways(void **state)
{
    (void)state;
    static const struct rgba8 matte = {0, 0, 0, 255};
    struct picture pic = make_picture(256, 256, LAYOUT_GRAY16);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    for (unsigned i = 0; i < 65536; i++) {
        uint16_t v = (uint16_t)i;
        memcpy(pixels + 2 * (size_t)i, &v, 2);
    }
    uint8_t *low = converted(&pic, pixels, LAYOUT_GRAY8, matte);
    for (uint32_t i = 0; i < 65536; i++)
        assert_int_equal(low[i], (i * 255 + 32767) / 65535);
    pic.layout = LAYOUT_GRAY8;
    uint8_t *high = converted(&pic, low, LAYOUT_GRAY16, matte);
    for (size_t i = 0; i < 65536; i++) {
        uint16_t v;
        memcpy(&v, high + 2 * i, 2);
        assert_int_equal(v, low[i] * 257);
    }
    free(high);
    free(low);
    free(pixels);
}

static void test_gray_stays_itself_through_color(void **state)
{
    (void)state;
    static const struct rgba8 matte = {255, 255, 255, 255};
    struct picture pic = make_picture(256, 256, LAYOUT_GRAY16);
    uint8_t *pixels = make_noise(&pic, 1);
    for (unsigned i = 0; i < 2; i++) {
        enum layout gray = i == 0 ? LAYOUT_GRAY8 : LAYOUT_GRAY16;
        enum layout color = i == 0 ? LAYOUT_RGB8 : LAYOUT_RGBA16;
        pic.layout = gray;
        uint8_t *there = converted(&pic, pixels, color, matte);
        pic.layout = color;
        uint8_t *back = converted(&pic, there, gray, matte);
        pic.layout = gray;
        assert_memory_equal(back, pixels, picture_size(&pic));
        free(back);
        free(there);
    }
    free(pixels);
}

static void test_luma_is_that_of_television(void **state)
{
    (void)state;
    struct picture pic = make_picture(4, 1, LAYOUT_RGB8);
    static const uint8_t pixels[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30};
    uint8_t *got = converted(&pic, pixels, LAYOUT_GRAY8, (struct rgba8){0, 0, 0, 255});
    assert_int_equal(got[0], 76);  /* 0.299 x 255 */
    assert_int_equal(got[1], 150); /* 0.587 x 255 */
    assert_int_equal(got[2], 29);  /* 0.114 x 255 */
    assert_int_equal(got[3], 18);
    free(got);
}

static void test_opaque_colors_of_a_palette_do_not_change(void **state)
{
    (void)state;
    struct picture pic = make_picture(256, 1, LAYOUT_INDEX8);
    uint8_t pixels[256];
    for (unsigned i = 0; i < 256; i++)
        pixels[i] = (uint8_t)i;
    struct rgba8 matte = {1, 2, 3, 255};
    uint8_t *rgb = converted(&pic, pixels, LAYOUT_RGB8, matte);
    uint8_t *rgba = converted(&pic, pixels, LAYOUT_RGBA8, matte);
    for (unsigned i = 0; i < 256; i++) {
        struct rgba8 e = pic.palette.entry[i], want = i == 255 ? matte : e;
        const uint8_t *p = rgb + i * 3, *q = rgba + i * 4;
        assert_true(p[0] == want.r && p[1] == want.g && p[2] == want.b);
        assert_true(q[0] == e.r && q[1] == e.g && q[2] == e.b && q[3] == e.a);
    }
    free(rgba);
    free(rgb);
    /* beyond the palette: opaque black, not what lies in memory there */
    pic.palette.count = 10;
    rgba = converted(&pic, pixels, LAYOUT_RGBA8, matte);
    assert_memory_equal(rgba + 200 * 4, "\0\0\0\377", 4);
    free(rgba);
}

static void test_equal_layouts_need_no_stage(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(3, 3, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct rows *r = array_rows(&cx, &pic, pixels, false, NULL), *out;
    assert_int_equal(convert_open(r, LAYOUT_RGB8, (struct rgba8){0, 0, 0, 255}, &out), ST_OK);
    assert_ptr_equal(out, r);
    assert_int_equal(convert_open(r, LAYOUT_GRAY8, (struct rgba8){0, 0, 0, 255}, &out), ST_OK);
    assert_false(rows_can_rewind(out)); /* as up cannot */
    assert_false(out->kept);
    rows_close(out);
    assert_nothing_held(&cx);
    free(pixels);
}

static enum status open_rgba16(struct rows *up, const void *arg, struct rows **out)
{
    (void)arg;
    return convert_open(up, LAYOUT_RGBA16, (struct rgba8){0, 0, 0, 255}, out);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    sweep_stage(70, 50, LAYOUT_INDEX8, false, open_rgba16, NULL);
    sweep_stage(70, 50, LAYOUT_RGB8, false, open_rgba16, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_pairs),
        cmocka_unit_test(test_compositing_is_rounded_correctly),
        cmocka_unit_test(test_depth_is_exact_both_ways),
        cmocka_unit_test(test_gray_stays_itself_through_color),
        cmocka_unit_test(test_luma_is_that_of_television),
        cmocka_unit_test(test_opaque_colors_of_a_palette_do_not_change),
        cmocka_unit_test(test_equal_layouts_need_no_stage),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
