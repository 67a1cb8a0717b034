/* SPDX-License-Identifier: MIT */
/* Resizing against sums over whole pictures in double precision, and what must hold exactly. */
#include "stage_check.h"

#include "light_reference.h"

static const enum resample filters[] = {RESAMPLE_BILINEAR, RESAMPLE_BICUBIC, RESAMPLE_LANCZOS3};
#define FILTERS (sizeof filters / sizeof *filters)

/* Weights of in pixels for each of out pixels; the caller frees them. */
static double *make_weights(uint32_t in, uint32_t out, enum resample method)
{
    double *w = calloc((size_t)in * out, sizeof *w), ratio = (double)in / out;
    assert_non_null(w);
    for (uint32_t i = 0; i < out; i++) {
        double center = (i + 0.5) * ratio, sum = 0, stretch = ratio > 1 ? ratio : 1;
        for (uint32_t j = 0; j < in; j++)
            sum += w[(size_t)i * in + j] =
                in == out ? i == j : filter_at(method, (j + 0.5 - center) / stretch);
        for (uint32_t j = 0; j < in; j++)
            w[(size_t)i * in + j] /= sum;
    }
    return w;
}

static double sample(const struct picture *pic, const uint8_t *pixels, uint32_t x, uint32_t y,
                     unsigned c)
{
    const struct layout_info *info = layout_info(pic->layout);
    const uint8_t *p = pixels + (size_t)y * picture_stride(pic) + (size_t)x * info->bytes;
    uint16_t wide;
    if (info->bits == 8)
        return p[c];
    memcpy(&wide, p + 2 * (size_t)c, 2);
    return wide;
}

/* Linear, multiplied by alpha: channels doubles a pixel. */
static double *make_linear(const struct picture *pic, const uint8_t *pixels)
{
    const struct layout_info *info = layout_info(pic->layout);
    double *v = calloc((size_t)pic->width * pic->height * info->channels, sizeof *v), *p = v;
    double most = info->bits == 8 ? 255 : 65535;
    assert_non_null(v);
    for (uint32_t y = 0; y < pic->height; y++)
        for (uint32_t x = 0; x < pic->width; x++, p += info->channels) {
            unsigned colors = info->channels - info->alpha;
            double alpha = info->alpha ? sample(pic, pixels, x, y, colors) / most : 1;
            for (unsigned c = 0; c < colors; c++)
                p[c] = to_linear(sample(pic, pixels, x, y, c) / most) * alpha;
            if (info->alpha)
                p[colors] = alpha;
        }
    return v;
}

static double *resize_linear(const double *v, unsigned channels, uint32_t w, uint32_t h,
                             uint32_t ow, uint32_t oh, enum resample method)
{
    double *across = make_weights(w, ow, method), *down = make_weights(h, oh, method);
    double *mid = calloc((size_t)ow * h * channels, sizeof *mid);
    double *out = calloc((size_t)ow * oh * channels, sizeof *out);
    assert_true(mid != NULL && out != NULL);
    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < ow; x++)
            for (uint32_t j = 0; j < w; j++)
                for (unsigned c = 0; c < channels; c++)
                    mid[((size_t)y * ow + x) * channels + c] +=
                        across[(size_t)x * w + j] * v[((size_t)y * w + j) * channels + c];
    for (uint32_t y = 0; y < oh; y++)
        for (uint32_t j = 0; j < h; j++)
            for (size_t i = 0; i < (size_t)ow * channels; i++)
                out[(size_t)y * ow * channels + i] +=
                    down[(size_t)y * h + j] * mid[(size_t)j * ow * channels + i];
    free(mid);
    free(down);
    free(across);
    return out;
}

/* Every sample is the true value rounded, but for what floats are off. */
static void judge(const struct picture *to, const uint8_t *got, const double *want)
{
    const struct layout_info *info = layout_info(to->layout);
    unsigned colors = info->channels - info->alpha;
    double most = info->bits == 8 ? 255 : 65535, slack = info->bits == 8 ? 0.01 : 0.15;
    for (uint32_t y = 0; y < to->height; y++)
        for (uint32_t x = 0; x < to->width; x++, want += info->channels) {
            double alpha = 1;
            if (info->alpha) {
                alpha = want[colors];
                double cut = alpha < 0 ? 0 : alpha > 1 ? 1 : alpha;
                double is = sample(to, got, x, y, colors);
                assert_true(fabs(is - cut * most) <= 0.5 + slack);
                for (unsigned c = 0; c < colors && is == 0; c++)
                    assert_true(sample(to, got, x, y, c) == 0);
                if (is == 0 || alpha < 0.01)
                    continue;
            }
            for (unsigned c = 0; c < colors; c++)
                assert_true(fabs(sample(to, got, x, y, c) - to_code(want[c] / alpha) * most) <=
                            0.5 + slack / alpha);
        }
}

/* As the context says: with the machine's best kernels or the portable ones. */
static uint8_t *resized(struct context *cx, const struct picture *pic, const uint8_t *pixels,
                        uint32_t width, uint32_t height, enum resample method, struct picture *to)
{
    struct rows *r = array_rows(cx, pic, pixels, false, NULL);
    assert_int_equal(resize_open(r, width, height, method, &r), ST_OK);
    *to = *pic;
    to->width = width;
    to->height = height;
    assert_memory_equal(&r->pic, to, sizeof *to);
    uint8_t *got = take_rows(r);
    assert_nothing_held(cx);
    return got;
}

static uint8_t *resized_both(const struct picture *pic, const uint8_t *pixels, uint32_t width,
                             uint32_t height, enum resample method, struct picture *to)
{
    struct context cx;
    context_init(&cx);
    uint8_t *got = resized(&cx, pic, pixels, width, height, method, to);
    cx.simd = SIMD_NONE;
    uint8_t *plain = resized(&cx, pic, pixels, width, height, method, to);
    assert_memory_equal(got, plain, picture_size(to));
    free(plain);
    return got;
}

static void check(uint32_t w, uint32_t h, uint32_t ow, uint32_t oh, enum layout layout,
                  enum resample method)
{
    struct picture pic = make_picture(w, h, layout), to;
    uint8_t *pixels = make_noise(&pic, w * 7 + h);
    uint8_t *got = resized_both(&pic, pixels, ow, oh, method, &to);
    double *v = make_linear(&pic, pixels);
    double *want = resize_linear(v, layout_info(layout)->channels, w, h, ow, oh, method);
    judge(&to, got, want);
    free(want);
    free(v);
    free(got);
    free(pixels);
}

static void test_all_layouts_and_filters(void **state)
{
    (void)state;
    static const uint32_t sizes[][4] = {
        {17, 13, 8, 6},    {8, 6, 17, 13},    {1, 1, 5, 7},       {5, 7, 1, 1},
        {64, 3, 7, 9},     {100, 80, 33, 80}, {100, 31, 100, 80}, {2, 2, 3, 3},
        {300, 20, 2, 40},  {700, 30, 1, 3},   {40, 900, 9, 2},    {90, 90, 89, 89},
        {89, 89, 90, 90},  {2000, 4, 94, 3},  {255, 9, 256, 8},   {37, 1, 400, 1},
        {1, 300, 1, 299},  {130, 50, 65, 25}, {30, 8, 1100, 16},  {3, 65, 50, 700},
        {640, 48, 64, 16},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++)
            for (size_t f = 0; f < FILTERS; f++)
                check(sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3], layout, filters[f]);
}

static void test_nearest_picks_centers(void **state)
{
    (void)state;
    static const uint32_t sizes[][4] = {{17, 13, 8, 6}, {8, 6, 17, 13}, {1, 1, 5, 7},  {5, 7, 1, 1},
                                        {9, 4, 9, 8},   {9, 4, 3, 4},   {640, 3, 7, 3}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
            uint32_t w = sizes[i][0], h = sizes[i][1], ow = sizes[i][2], oh = sizes[i][3];
            struct picture pic = make_picture(w, h, layout), to;
            uint8_t *pixels = make_noise(&pic, i);
            uint8_t *got = resized_both(&pic, pixels, ow, oh, RESAMPLE_NEAREST, &to), *p = got;
            size_t pixel = layout_info(layout)->bytes;
            for (uint32_t y = 0; y < oh; y++)
                for (uint32_t x = 0; x < ow; x++, p += pixel) {
                    uint32_t at = (2 * y + 1) * h / (2 * oh) * w + (2 * x + 1) * w / (2 * ow);
                    assert_memory_equal(p, pixels + at * pixel, pixel);
                }
            free(got);
            free(pixels);
        }
}

static double mean_of(const struct picture *pic, const uint8_t *pixels, unsigned c)
{
    double sum = 0;
    for (uint32_t y = 0; y < pic->height; y++)
        for (uint32_t x = 0; x < pic->width; x++)
            sum += sample(pic, pixels, x, y, c);
    return sum / ((double)pic->width * pic->height);
}

/* Half of the light is code value 188. */
static void test_checkerboards_keep_their_light(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{96, 48}, {128, 64}, {100, 30}, {7, 5}, {1, 1}};
    struct picture pic = make_picture(256, 128, LAYOUT_RGB8), to;
    uint8_t *pixels = make_bytes(picture_size(&pic));
    for (uint32_t i = 0; i < 256 * 128; i++)
        memset(pixels + (size_t)i * 3, (i ^ i >> 8) & 1 ? 255 : 0, 3);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t f = 0; f < FILTERS; f++) {
            uint8_t *got = resized_both(&pic, pixels, sizes[i][0], sizes[i][1], filters[f], &to);
            for (unsigned c = 0; c < 3; c++)
                assert_true(fabs(mean_of(&to, got, c) - 188) <= 1);
            free(got);
        }
    free(pixels);
}

/* A red disc on transparent green: its area stays, and green never shows. */
static void test_transparent_colors_never_show(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{96, 96}, {80, 120}, {300, 300}, {128, 128}};
    struct picture pic = make_picture(256, 256, LAYOUT_RGBA8), to;
    uint8_t *pixels = make_bytes(picture_size(&pic));
    const uint8_t red[4] = {200, 0, 30, 255}, green[4] = {0, 255, 0, 0};
    double area = 0;
    for (int y = 0; y < 256; y++)
        for (int x = 0; x < 256; x++) {
            bool in = (2 * x - 255) * (2 * x - 255) + (2 * y - 255) * (2 * y - 255) < 200 * 200;
            memcpy(pixels + (size_t)(y * 256 + x) * 4, in ? red : green, 4);
            area += in;
        }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t f = 0; f < FILTERS; f++) {
            uint32_t w = sizes[i][0], h = sizes[i][1];
            uint8_t *got = resized_both(&pic, pixels, w, h, filters[f], &to);
            double soft = 0, hard = 0, scale = area * w * h / (256.0 * 256.0);
            for (const uint8_t *p = got; p < got + (size_t)w * h * 4; p += 4) {
                soft += p[3] / 255.0;
                hard += p[3] >= 128;
                assert_int_equal(p[1], 0);
                /* where nearly nothing of it shows, lobes of the filter cancel out */
                if (p[3] > 2)
                    assert_true(p[0] == 200 && p[2] == 30);
            }
            assert_true(fabs(soft / scale - 1) < 0.01);
            assert_true(fabs(hard / scale - 1) < 0.01);
            free(got);
        }
    free(pixels);
}

static void put_all(const struct picture *pic, uint8_t *pixels, uint32_t value)
{
    unsigned bits = layout_info(pic->layout)->bits;
    size_t samples = picture_size(pic) / (bits / 8);
    uint16_t wide = (uint16_t)value;
    for (size_t i = 0; i < samples; i++)
        if (bits == 8)
            pixels[i] = (uint8_t)value;
        else
            memcpy(pixels + 2 * i, &wide, 2);
}

static void check_constant(uint32_t w, uint32_t h, uint32_t ow, uint32_t oh, enum layout layout,
                           uint32_t value)
{
    for (size_t f = 0; f < FILTERS; f++) {
        struct context cx;
        context_init(&cx);
        struct picture pic = make_picture(w, h, layout), to;
        uint8_t *pixels = make_bytes(picture_size(&pic));
        put_all(&pic, pixels, value);
        uint8_t *got = resized(&cx, &pic, pixels, ow, oh, filters[f], &to);
        uint8_t *want = make_bytes(picture_size(&to));
        put_all(&to, want, value);
        assert_memory_equal(got, want, picture_size(&to));
        free(want);
        free(got);
        free(pixels);
    }
}

static void test_constant_pictures_stay(void **state)
{
    (void)state;
    for (uint32_t v = 0; v < 256; v++) {
        check_constant(23, 29, 10, 13, LAYOUT_GRAY8, v);
        check_constant(9, 11, 20, 17, LAYOUT_RGB8, v);
        check_constant(33, 40, 13, 51, LAYOUT_RGBA8, v);
        check_constant(70, 400, 3, 2, LAYOUT_GRAYA8, v);
    }
    for (uint32_t v = 0; v < 65536; v += v < 24 || v > 65520 ? 1 : 1777) {
        check_constant(23, 29, 10, 13, LAYOUT_GRAY16, v);
        check_constant(9, 11, 20, 17, LAYOUT_RGB16, v);
        check_constant(70, 400, 3, 2, LAYOUT_RGBA16, v);
    }
}

static void test_extreme_shapes(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, 100, 65534, 65535};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            uint32_t from = lengths[i], to = lengths[j];
            if (from == to)
                continue;
            check_constant(from, 1, to, 1, LAYOUT_RGB8, 253);
            check_constant(1, from, 1, to, LAYOUT_RGBA8, 3);
            check_constant(from, 2, to, 1, LAYOUT_GRAY16, 65533);
            check_constant(2, from, 3, to, LAYOUT_GRAY16, 40000);
        }
    check(65535, 1, 3, 1, LAYOUT_RGBA16, RESAMPLE_LANCZOS3);
    check(1, 65535, 1, 3, LAYOUT_RGB8, RESAMPLE_LANCZOS3);
    check(3, 1, 65535, 1, LAYOUT_RGB16, RESAMPLE_BICUBIC);
    check(1, 3, 1, 65535, LAYOUT_GRAYA8, RESAMPLE_BILINEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_layouts_and_filters),
        cmocka_unit_test(test_nearest_picks_centers),
        cmocka_unit_test(test_checkerboards_keep_their_light),
        cmocka_unit_test(test_transparent_colors_never_show),
        cmocka_unit_test(test_constant_pictures_stay),
        cmocka_unit_test(test_extreme_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
