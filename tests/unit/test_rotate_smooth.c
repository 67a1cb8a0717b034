/* SPDX-License-Identifier: MIT */
/* Bilinear and bicubic rotation against the definition in double precision. */
#include "stage_check.h"

#include "light_reference.h"
#include "transforms/smooth_kernel.h"

/* What fixed point may add to a place. */
#define ERROR (1.0 / (1 << 17))

static const enum resample methods[] = {RESAMPLE_BILINEAR, RESAMPLE_BICUBIC};

/* A pixel in linear light, multiplied by alpha, which the last of the channels is. */
struct light4 {
    double v[4];
};

static struct light4 decode(enum layout layout, const uint8_t *p)
{
    const struct layout_info *info = layout_info(layout);
    unsigned colors = info->channels - info->alpha;
    struct light4 l = {{0}};
    double code[4], alpha;
    for (unsigned c = 0; c < info->channels; c++) {
        uint16_t wide;
        memcpy(&wide, p + (info->bits == 16 ? c * 2 : 0), 2);
        code[c] = info->bits == 8 ? p[c] / 255.0 : wide / 65535.0;
    }
    alpha = info->alpha ? code[colors] : 1;
    for (unsigned c = 0; c < colors; c++)
        l.v[c] = to_linear(code[c]) * alpha;
    if (info->alpha)
        l.v[colors] = alpha;
    return l;
}

static double cut(double v, double most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

/* What the definition makes of a place, rounded to a phase, between pixel centers. */
static struct light4 blend(const struct picture *from, const uint8_t *pixels, double px, double py,
                           enum resample method, const struct pixel *fill)
{
    const struct layout_info *info = layout_info(from->layout);
    unsigned colors = info->channels - info->alpha;
    px = floor((px - 0.5) * PHASES + 0.5) / PHASES;
    py = floor((py - 0.5) * PHASES + 0.5) / PHASES;
    struct light4 sum = {{0}}, behind = decode(from->layout, fill->bytes);
    double share = 0, whole_x = floor(px), whole_y = floor(py);
    for (int j = -1; j <= 2; j++)
        for (int i = -1; i <= 2; i++) {
            double x = whole_x + i, y = whole_y + j;
            if (x < 0 || y < 0 || x >= from->width || y >= from->height)
                continue;
            double w = filter_at(method, px - x) * filter_at(method, py - y);
            struct light4 p = decode(from->layout, pixels + (size_t)y * picture_stride(from) +
                                                       (size_t)x * info->bytes);
            share += w;
            for (unsigned c = 0; c < info->channels; c++)
                sum.v[c] += w * p.v[c];
        }
    double part = cut(share, 1), most = 1;
    bool edge =
        whole_x < 1 || whole_y < 1 || whole_x + 2 >= from->width || whole_y + 2 >= from->height;
    if (!edge)
        return sum;
    for (unsigned c = 0; c < info->channels; c++)
        sum.v[c] = share > 0 ? sum.v[c] / share : 0;
    if (info->alpha) {
        double alpha = sum.v[colors];
        most = cut(alpha, 1);
        for (unsigned c = 0; c < info->channels && alpha > 1; c++)
            sum.v[c] /= alpha;
    }
    for (unsigned c = 0; c < info->channels; c++)
        sum.v[c] = cut(sum.v[c], most) * part + behind.v[c] * (1 - part);
    return sum;
}

static bool fits(enum layout layout, const uint8_t *got, struct light4 want)
{
    const struct layout_info *info = layout_info(layout);
    unsigned colors = info->channels - info->alpha;
    double most = info->bits == 8 ? 255 : 65535, slack = info->bits == 8 ? 0.01 : 0.15, alpha = 1;
    double is[4];
    for (unsigned c = 0; c < info->channels; c++) {
        uint16_t wide;
        memcpy(&wide, got + (info->bits == 16 ? c * 2 : 0), 2);
        is[c] = info->bits == 8 ? got[c] : wide;
    }
    if (info->alpha) {
        alpha = want.v[colors];
        if (fabs(is[colors] - cut(alpha, 1) * most) > 0.5 + slack)
            return false;
        if (is[colors] == 0 || alpha < 0.01)
            return true;
    }
    for (unsigned c = 0; c < colors; c++)
        if (fabs(is[c] - to_code(want.v[c] / alpha) * most) > 0.5 + slack / alpha)
            return false;
    return true;
}

static void judge(const struct picture *from, const uint8_t *pixels, const struct picture *to,
                  const uint8_t *got, double degrees, enum resample method,
                  const struct pixel *fill)
{
    double rest = remainder(degrees, 360) * (acos(-1) / 180), s = sin(rest), c = cos(rest);
    if (fmod(degrees, 90) == 0) {
        s = round(s);
        c = round(c);
    }
    for (uint32_t y = 0; y < to->height; y++)
        for (uint32_t x = 0; x < to->width; x++, got += layout_info(to->layout)->bytes) {
            double u = x + 0.5 - to->width / 2.0, v = y + 0.5 - to->height / 2.0;
            double px = c * u + s * v + from->width / 2.0;
            double py = c * v - s * u + from->height / 2.0;
            bool fine = fits(to->layout, got, blend(from, pixels, px, py, method, fill));
            for (int i = 1; i < 4 && !fine; i++)
                fine = fits(to->layout, got,
                            blend(from, pixels, px + (i & 1 ? ERROR : 0), py + (i & 2 ? ERROR : 0),
                                  method, fill));
            assert_true(fine);
        }
}

static uint8_t *rotated(struct context *cx, const struct picture *pic, const uint8_t *pixels,
                        double degrees, bool expand, enum resample method, const struct pixel *fill,
                        struct picture *to)
{
    struct rows *r = array_rows(cx, pic, pixels, false, NULL);
    assert_int_equal(rotate_open(r, degrees, expand, method, *fill, &r), ST_OK);
    assert_int_equal(r->pic.layout, pic->layout);
    assert_true(r->kept);
    *to = r->pic;
    uint8_t *got = take_rows(r);
    assert_nothing_held(cx);
    return got;
}

static uint8_t *rotated_both(const struct picture *pic, const uint8_t *pixels, double degrees,
                             bool expand, enum resample method, const struct pixel *fill,
                             struct picture *to)
{
    struct context cx;
    context_init(&cx);
    uint8_t *got = rotated(&cx, pic, pixels, degrees, expand, method, fill, to);
    cx.simd = SIMD_NONE;
    uint8_t *plain = rotated(&cx, pic, pixels, degrees, expand, method, fill, to);
    assert_memory_equal(got, plain, picture_size(to));
    free(plain);
    return got;
}

static void check(uint32_t width, uint32_t height, enum layout layout, double degrees, bool expand,
                  enum resample method)
{
    static const struct pixel fills[2] = {{{0xf1, 0x22, 0x83, 0x54, 0xc5, 0x36, 0xa7, 0x98}},
                                          {{0}}};
    struct picture pic = make_picture(width, height, layout), to;
    uint8_t *pixels = make_noise(&pic, width * 5 + height);
    const struct pixel *fill = &fills[(width + height) % 2];
    uint8_t *got = rotated_both(&pic, pixels, degrees, expand, method, fill, &to);
    judge(&pic, pixels, &to, got, degrees, method, fill);
    free(got);
    free(pixels);
}

static const double angles[] = {0,   1e-7,  0.1, 1,   15,     44.999, 45,    60,  89.9, 90,
                                135, 180.5, 225, 300, 359.99, -0.1,   -30.0, -45, 1e9};
#define ANGLES (sizeof angles / sizeof *angles)

static void test_small_pictures(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, 3, 31, 70};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++)
            for (size_t a = 0; a < ANGLES; a++)
                check(lengths[i], lengths[j], LAYOUT_RGB8, angles[a], a % 2, methods[(i + a) % 2]);
}

static void test_all_layouts(void **state)
{
    (void)state;
    for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++)
        for (size_t a = 0; a < ANGLES; a += 3)
            for (int m = 0; m < 2; m++)
                check(150, 91 + m, layout, angles[a], a % 2, methods[m]);
}

static void test_larger_and_longer_pictures(void **state)
{
    (void)state;
    check(900, 500, LAYOUT_RGB8, 33.3, true, RESAMPLE_BICUBIC);
    check(900, 500, LAYOUT_RGBA8, 45, true, RESAMPLE_BILINEAR);
    check(1, 65535, LAYOUT_RGB8, 60, false, RESAMPLE_BICUBIC);
    check(65535, 1, LAYOUT_RGB8, 180.5, false, RESAMPLE_BICUBIC);
    check(65535, 2, LAYOUT_RGBA16, 180, false, RESAMPLE_BILINEAR);
    check(65535, 3, LAYOUT_GRAY8, 90, true, RESAMPLE_BICUBIC);
}

/* A whole turn moves nothing, so nothing is filtered. */
static void test_whole_turns_change_nothing(void **state)
{
    (void)state;
    static const struct pixel fill = {{1, 2, 3, 4, 5, 6, 7, 8}};
    for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++)
        for (int m = 0; m < 2; m++) {
            struct picture pic = make_picture(200, 131, layout), to;
            uint8_t *pixels = make_noise(&pic, 4);
            const struct layout_info *info = layout_info(layout);
            if (info->alpha) /* opaque: dividing by little alpha is not exact to the last code */
                for (uint32_t i = 0; i < 200 * 131; i++)
                    memset(pixels + (size_t)(i + 1) * info->bytes - info->bits / 8, 255,
                           info->bits / 8);
            uint8_t *got = rotated_both(&pic, pixels, 360, true, methods[m], &fill, &to);
            assert_int_equal(picture_size(&to), picture_size(&pic));
            assert_memory_equal(got, pixels, picture_size(&pic));
            free(got);
            free(pixels);
        }
}

/* A picture of one color before that color: every value, and no trace of an edge. */
static void test_constant_pictures_stay(void **state)
{
    (void)state;
    static const enum layout layouts[] = {LAYOUT_RGB8, LAYOUT_GRAY8, LAYOUT_RGBA8, LAYOUT_RGB16,
                                          LAYOUT_GRAYA16};
    for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++)
        for (int v = 0; v < 256; v++) {
            struct picture pic = make_picture(40, 33, layouts[k]), to;
            struct context cx;
            context_init(&cx);
            uint8_t *pixels = make_bytes(picture_size(&pic));
            struct pixel fill;
            memset(pixels, v, picture_size(&pic));
            memset(&fill, v, sizeof fill);
            uint8_t *got = rotated(&cx, &pic, pixels, 20 + v, true, methods[v % 2], &fill, &to);
            for (size_t i = 0; i < picture_size(&to); i++)
                assert_int_equal(got[i], v);
            free(got);
            free(pixels);
        }
}

/* The light of a white picture on black is its area, so edges are as soft as they should be. */
static void test_edges_keep_the_area(void **state)
{
    (void)state;
    static const struct pixel black = {{0}};
    for (size_t a = 0; a < ANGLES; a++)
        for (int m = 0; m < 2; m++) {
            struct picture pic = make_picture(120, 77, LAYOUT_GRAY16), to;
            uint8_t *pixels = make_bytes(picture_size(&pic));
            memset(pixels, 255, picture_size(&pic));
            uint8_t *got = rotated_both(&pic, pixels, angles[a], true, methods[m], &black, &to);
            double light = 0;
            for (size_t i = 0; i < picture_size(&to); i += 2) {
                uint16_t code;
                memcpy(&code, got + i, 2);
                light += to_linear(code / 65535.0);
            }
            double off = light / (120 * 77) - 1;
            assert_true(fabs(off) < 0.005);
            free(got);
            free(pixels);
        }
}

/* A red disc on transparent green, and transparent corners: green never shows. */
static void test_transparent_colors_never_show(void **state)
{
    (void)state;
    static const struct pixel nothing = {{0, 255, 0, 0}};
    const uint8_t red[4] = {200, 0, 30, 255}, green[4] = {0, 255, 0, 0};
    for (int m = 0; m < 2; m++)
        for (int whole = 0; whole < 2; whole++) {
            struct picture pic = make_picture(200, 200, LAYOUT_RGBA8), to;
            uint8_t *pixels = make_bytes(picture_size(&pic));
            double area = 0, soft = 0;
            uint32_t between = 0;
            for (int y = 0; y < 200; y++)
                for (int x = 0; x < 200; x++) {
                    int u = 2 * x - 199, v = 2 * y - 199;
                    bool in = whole || u * u + v * v < 150 * 150;
                    memcpy(pixels + (size_t)(y * 200 + x) * 4, in ? red : green, 4);
                    area += in;
                }
            uint8_t *got = rotated_both(&pic, pixels, 29, true, methods[m], &nothing, &to);
            for (const uint8_t *p = got; p < got + picture_size(&to); p += 4) {
                soft += p[3] / 255.0;
                between += p[3] > 0 && p[3] < 255;
                if (p[3] > 0)
                    assert_int_equal(p[1], 0);
                if (p[3] > 2) {
                    assert_int_equal(p[0], 200);
                    assert_int_equal(p[2], 30);
                }
            }
            assert_true(between > 300);
            assert_true(fabs(soft / area - 1) < 0.01);
            free(got);
            free(pixels);
        }
}

static void test_kernels_agree(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    uint64_t seed = 3;
    size_t floats = (size_t)WINDOW_EDGE * WINDOW_EDGE * 4;
    float *window = malloc(floats * sizeof *window), a[64 * 4 + 1], b[64 * 4 + 1];
    struct phase *phases = malloc(PHASES * sizeof *phases);
    assert_non_null(window);
    assert_non_null(phases);
    for (size_t i = 0; i < floats; i++)
        window[i] = (float)noise(&seed) / 4e9f;
    for (int i = 0; i < PHASES; i++)
        for (int k = 0; k < 4; k++)
            phases[i].weight[k] = (float)noise(&seed) / 4e9f - 0.3f;
    for (int i = 0; i < 5000; i++) {
        struct slant line = {(40u << SLANT_BITS) + noise(&seed) % (1 << SLANT_BITS),
                             (40u << SLANT_BITS) + noise(&seed) % (1 << SLANT_BITS),
                             (int32_t)(noise(&seed) % (1 << SLANT_BITS)) - (1 << (SLANT_BITS - 1)),
                             (int32_t)(noise(&seed) % (1 << SLANT_BITS)) - (1 << (SLANT_BITS - 1))};
        uint32_t count = noise(&seed) % 65;
        memset(a, 0, sizeof a);
        memset(b, 0, sizeof b);
        unsigned taps = i % 2 ? 2 : 4;
        smooth_kernel_for(taps, cx.simd)(a, window, phases, line, count);
        smooth_kernel_for(taps, SIMD_NONE)(b, window, phases, line, count);
        assert_memory_equal(a, b, sizeof a);
    }
    free(phases);
    free(window);
}

static void test_fill_can_be_named_late(void **state)
{
    (void)state;
    static const struct pixel one = {{1, 2, 3}}, two = {{201, 102, 3}};
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(200, 131, LAYOUT_RGB8), to;
    uint8_t *pixels = make_noise(&pic, 9);
    uint8_t *want = rotated(&cx, &pic, pixels, 30, true, RESAMPLE_BICUBIC, &two, &to);
    uint8_t *got = make_bytes(picture_size(&to));
    struct rows *r = array_rows(&cx, &pic, pixels, false, NULL);
    assert_int_equal(rotate_open(r, 30, true, RESAMPLE_BICUBIC, one, &r), ST_OK);
    rotate_set_fill(r, two);
    assert_int_equal(read_rows(r, got), ST_OK);
    assert_memory_equal(got, want, picture_size(&to));
    assert_int_equal(rows_rewind(r), ST_OK);
    memset(got, 0, picture_size(&to));
    assert_int_equal(read_rows(r, got), ST_OK);
    assert_memory_equal(got, want, picture_size(&to));
    rows_close(r);
    assert_nothing_held(&cx);
    free(got);
    free(want);
    free(pixels);
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    static const struct pixel fill = {{0}};
    static const enum resample wrong[] = {RESAMPLE_LANCZOS3, RESAMPLE_AUTO, RESAMPLE_BILINEAR,
                                          RESAMPLE_BICUBIC};
    for (int i = 0; i < 4; i++) {
        struct context cx;
        context_init(&cx);
        struct picture pic = make_picture(20, 10, i < 2 ? LAYOUT_RGB8 : LAYOUT_INDEX8);
        uint8_t *pixels = make_noise(&pic, 9);
        struct array_log log = {0};
        struct rows *r = array_rows(&cx, &pic, pixels, false, &log), *out = NULL;
        assert_int_equal(rotate_open(r, 45, true, wrong[i], fill, &out), ST_BUG);
        assert_null(out);
        assert_int_equal(log.pulled, 0);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
        free(pixels);
    }
}

static size_t peak_of(uint32_t width, uint32_t height)
{
    static const struct pixel fill = {{0}};
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, LAYOUT_RGB8), to;
    uint8_t *pixels = make_noise(&pic, 9);
    free(rotated(&cx, &pic, pixels, 45, false, RESAMPLE_BICUBIC, &fill, &to));
    free(pixels);
    return cx.mem.peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    assert_int_equal(peak_of(1000, 600), peak_of(1000, 5400));
    /* a band of the source, then one of the canvas with tiles and windows; and the tables */
    assert_true(peak_of(9000, 200) <= 9000 * 3 * 65 + 192 * 1024);
}

static enum status open_rotated(struct rows *up, const void *arg, struct rows **out)
{
    static const struct pixel fill = {{1, 2, 3, 4, 5, 6, 7, 8}};
    (void)arg;
    return rotate_open(up, 45, true, RESAMPLE_BICUBIC, fill, out);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    sweep_stage(300, 310, LAYOUT_RGB8, false, open_rotated, NULL);
    sweep_stage(300, 310, LAYOUT_GRAYA16, false, open_rotated, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_pictures),
        cmocka_unit_test(test_all_layouts),
        cmocka_unit_test(test_larger_and_longer_pictures),
        cmocka_unit_test(test_whole_turns_change_nothing),
        cmocka_unit_test(test_constant_pictures_stay),
        cmocka_unit_test(test_edges_keep_the_area),
        cmocka_unit_test(test_transparent_colors_never_show),
        cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_fill_can_be_named_late),
        cmocka_unit_test(test_misuse_is_refused),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
