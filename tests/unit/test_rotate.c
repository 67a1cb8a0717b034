/* SPDX-License-Identifier: MIT */
/* Rotation by any angle against the definition, pixel by pixel, in long double. */
#include "stage_check.h"

#include <math.h>

#include "transforms/rotate_kernel.h"
#include "transforms/transform.h"

static const struct pixel fill = {{0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8}};

/* What fixed point may add to a place. */
#define ERROR (1.0L / (1 << 17))

static const double angles[] = {
    0,   1e-7, 0.1, 1,   15,     30,  44.999,  45,   60,  89.9, 90,  123.456, 135, 150,  180, 180.5,
    225, 270,  300, 315, 359.99, 405, 1234567, -0.1, -30, -45,  -90, -137.7,  1e9, -1e9,
};
#define ANGLES (sizeof angles / sizeof *angles)

/* Where the center of output pixel (x, y) lies in the source. */
static void place(const struct picture *from, const struct picture *to, double degrees, uint32_t x,
                  uint32_t y, long double *px, long double *py)
{
    long double rest = remainderl(degrees, 360), s, c;
    if (fmodl(rest, 15) == 0) { /* what the value is, not what radians make of it */
        static const long double root3_2 = 0.866025403784438646763723170752936183L;
        static const long double root2_2 = 0.707106781186547524400844362104849039L;
        int k = (int)(rest / 15);
        const long double sin15 = sqrtl(2 - sqrtl(3)) / 2, cos15 = sqrtl(2 + sqrtl(3)) / 2;
        const long double first[7] = {0, sin15, 0.5L, root2_2, root3_2, cos15, 1};
        int a = k < 0 ? -k : k;
        s = (k < 0 ? -1 : 1) * (a <= 6 ? first[a] : first[12 - a]);
        c = a <= 6 ? first[6 - a] : -first[a - 6];
    } else {
        s = sinl(rest * (acosl(-1) / 180));
        c = cosl(rest * (acosl(-1) / 180));
    }
    long double u = x + 0.5L - to->width / 2.0L, v = y + 0.5L - to->height / 2.0L;
    *px = c * u + s * v + from->width / 2.0L;
    *py = c * v - s * u + from->height / 2.0L;
}

static const uint8_t *source_pixel(const struct picture *from, const uint8_t *pixels,
                                   long double px, long double py)
{
    if (px < 0 || py < 0 || px >= from->width || py >= from->height)
        return fill.bytes;
    return pixels + (size_t)py * picture_stride(from) +
           (size_t)px * layout_info(from->layout)->bytes;
}

/* How a rotation compares with the definition, where a point on an edge is right of or below it. */
struct verdict {
    uint64_t differ; /* pixels: all of them within ERROR of an edge, and from one side of it */
    uint64_t edges;  /* pixels whose center lies on an edge, to the precision of long double */
};

static struct verdict judge(const struct picture *from, const uint8_t *pixels,
                            const struct picture *to, const uint8_t *got, double degrees)
{
    const long double tiny = 1e-12L;
    size_t pixel = layout_info(from->layout)->bytes;
    struct verdict v = {0, 0};
    for (uint32_t y = 0; y < to->height; y++) {
        for (uint32_t x = 0; x < to->width; x++, got += pixel) {
            long double px, py;
            place(from, to, degrees, x, y, &px, &py);
            v.edges += fabsl(px - roundl(px)) < tiny || fabsl(py - roundl(py)) < tiny;
            if (memcmp(got, source_pixel(from, pixels, px + tiny, py + tiny), pixel) == 0)
                continue;
            v.differ++;
            bool near = false;
            for (int i = 0; i < 4; i++)
                near |= memcmp(got,
                               source_pixel(from, pixels, px + (i & 1 ? ERROR : 0),
                                            py + (i & 2 ? ERROR : 0)),
                               pixel) == 0;
            assert_true(near);
        }
    }
    return v;
}

static uint8_t *rotated(struct context *cx, const struct picture *pic, const uint8_t *pixels,
                        double degrees, bool expand, struct picture *to)
{
    struct rows *r = array_rows(cx, pic, pixels, false, NULL);
    assert_int_equal(rotate_open(r, degrees, expand, RESAMPLE_NEAREST, fill, &r), ST_OK);
    uint32_t width, height;
    rotate_size(pic->width, pic->height, degrees, expand, &width, &height);
    assert_int_equal(r->pic.width, width);
    assert_int_equal(r->pic.height, height);
    assert_int_equal(r->pic.layout, pic->layout);
    assert_memory_equal(&r->pic.palette, &pic->palette, sizeof pic->palette);
    assert_true(r->kept);
    *to = r->pic;
    uint8_t *got = take_rows(r);
    assert_nothing_held(cx);
    return got;
}

/* With the machine's best kernels and with the portable ones. */
static struct verdict check(uint32_t width, uint32_t height, enum layout layout, double degrees,
                            bool expand)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, layout), to;
    uint8_t *pixels = make_noise(&pic, width * 5 + height);
    uint8_t *got = rotated(&cx, &pic, pixels, degrees, expand, &to);
    struct verdict v = judge(&pic, pixels, &to, got, degrees);
    cx.simd = SIMD_NONE;
    uint8_t *plain = rotated(&cx, &pic, pixels, degrees, expand, &to);
    assert_memory_equal(got, plain, picture_size(&to));
    free(plain);
    free(got);
    free(pixels);
    return v;
}

/*
 * Within a degree of a quarter turn rows and columns run along edges for so long that the places of
 * a whole middle row and column can be as near to one as the error of fixed point.
 */
static uint64_t allowed(uint32_t width, uint32_t height, double degrees)
{
    double off = fabs(remainder(degrees, 90));
    return off > 0 && off < 1 ? (uint64_t)width + height : 0;
}

static void test_small_pictures_are_exact(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, 3, 31, 64, 65, 97};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++)
            for (size_t a = 0; a < ANGLES; a++)
                for (int expand = 0; expand < 2; expand++) {
                    uint32_t w = lengths[i], h = lengths[j];
                    struct verdict v = check(w, h, LAYOUT_INDEX8, angles[a], expand);
                    assert_true(v.differ <= allowed(w, h, angles[a]));
                }
}

static void test_all_layouts_are_exact(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
        for (size_t a = 0; a < ANGLES; a += 3)
            assert_true(check(200, 131, layout, angles[a], a % 2).differ <=
                        allowed(200, 131, angles[a]));
}

static void test_larger_pictures_differ_by_rounding_only(void **state)
{
    (void)state;
    for (size_t a = 0; a < ANGLES; a += 4) {
        struct verdict v = check(1200, 700, LAYOUT_INDEX8, angles[a], true);
        assert_true(v.differ <= allowed(1200, 700, angles[a]) + 1200 * 700 / 100000);
    }
}

static void test_diagonals_are_edges(void **state)
{
    (void)state;
    /* so the rule for points on edges is indeed at work */
    struct verdict v = check(64, 64, LAYOUT_INDEX8, 45, false);
    assert_true(v.edges >= 63);
    assert_int_equal(v.differ, 0);
    v = check(300, 200, LAYOUT_INDEX8, -45, true);
    assert_true(v.edges >= 199);
    assert_int_equal(v.differ, 0);
}

static void check_far(uint32_t width, uint32_t height, enum layout layout, double degrees)
{
    struct verdict v = check(width, height, layout, degrees, false);
    assert_true(v.differ <= ((uint64_t)width * height + 9999) / 10000);
}

/* Nothing drifts: at the far end of the longest pictures, too, only rounding differs. */
static void test_extreme_shapes(void **state)
{
    (void)state;
    for (size_t a = 0; a < ANGLES; a += 5) {
        check_far(1, 65535, LAYOUT_INDEX8, angles[a]);
        check_far(65535, 1, LAYOUT_RGB8, angles[a]);
        check_far(65535, 5, LAYOUT_INDEX8, angles[a]);
    }
    check_far(65535, 70, LAYOUT_INDEX8, 0.05);
    check_far(70, 65535, LAYOUT_INDEX8, 180.05);
    check_far(65535, 1, LAYOUT_RGBA16, 180);
    check_far(17000, 70, LAYOUT_RGBA16, 0.05); /* in bands of half the rows */
    check(65535, 3, LAYOUT_INDEX8, 90, true);
    check(3, 65535, LAYOUT_RGBA8, 269.99, true);
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        double degrees;
        uint32_t out_width, out_height;
    } cases[] = {
        {1, 1, 0, 1, 1},
        {1, 1, 45, 2, 2},
        {100, 100, 45, 142, 142},
        {9566, 3909, 45, 9529, 9529},
        {9566, 3909, 90, 3909, 9566},
        {9566, 3909, -90, 3909, 9566},
        {9566, 3909, 180, 9566, 3909},
        {9566, 3909, 720, 9566, 3909},
        {9566, 3909, 1e-9, 9566, 3909},
        {200, 100, 30, 224, 187}, /* 100 sqrt 3 + 50, 100 + 50 sqrt 3 */
        {65535, 65535, 45, 92681, 92681},
        {2147483647, 2147483647, 45, 3037000499, 3037000499},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t w, h;
        rotate_size(cases[i].width, cases[i].height, cases[i].degrees, true, &w, &h);
        assert_int_equal(w, cases[i].out_width);
        assert_int_equal(h, cases[i].out_height);
        rotate_size(cases[i].width, cases[i].height, cases[i].degrees, false, &w, &h);
        assert_int_equal(w, cases[i].width);
        assert_int_equal(h, cases[i].height);
    }
}

/* Nothing of the turned picture is cut off by more than the rule's millionth of a pixel. */
static void test_expanded_canvas_holds_the_corners(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 2000; i++) {
        uint32_t w = noise(&seed) % 5000 + 1, h = noise(&seed) % 5000 + 1, ow, oh;
        double degrees = noise(&seed) / 1e6, t = fmod(degrees, 360) * (acos(-1) / 180);
        rotate_size(w, h, degrees, true, &ow, &oh);
        double need_w = w * fabs(cos(t)) + h * fabs(sin(t));
        double need_h = w * fabs(sin(t)) + h * fabs(cos(t));
        assert_true(ow >= need_w - 2e-6 && ow < need_w + 1);
        assert_true(oh >= need_h - 2e-6 && oh < need_h + 1);
    }
}

static void test_kernels_agree(void **state)
{
    (void)state;
    static const unsigned pixels[] = {1, 2, 3, 4, 6, 8};
    struct context cx;
    context_init(&cx);
    uint8_t *window = make_bytes(WINDOW_EDGE * WINDOW_EDGE * 8 + WINDOW_SLACK);
    uint64_t seed = 21;
    for (size_t i = 0; i < WINDOW_EDGE * WINDOW_EDGE * 8 + WINDOW_SLACK; i++)
        window[i] = (uint8_t)noise(&seed);
    const int64_t end = (int64_t)WINDOW_EDGE << SLANT_BITS;
    for (int i = 0; i < 20000; i++) {
        unsigned pixel = pixels[noise(&seed) % 6];
        uint32_t count = noise(&seed) % 65;
        struct slant line = {noise(&seed) % (uint32_t)end, noise(&seed) % (uint32_t)end,
                             (int32_t)(noise(&seed) % (2 << SLANT_BITS)) - (1 << SLANT_BITS),
                             (int32_t)(noise(&seed) % (2 << SLANT_BITS)) - (1 << SLANT_BITS)};
        while (count > 0 && (line.x + (int64_t)(count - 1) * line.dx < 0 ||
                             line.x + (int64_t)(count - 1) * line.dx >= end ||
                             line.y + (int64_t)(count - 1) * line.dy < 0 ||
                             line.y + (int64_t)(count - 1) * line.dy >= end))
            count--;
        uint8_t a[64 * 8 + 1], b[64 * 8 + 1];
        memset(a, 1, sizeof a);
        memset(b, 1, sizeof b);
        rotate_kernel_for(pixel, cx.simd)(a, window, line, count);
        rotate_kernel_for(pixel, SIMD_NONE)(b, window, line, count);
        assert_memory_equal(a, b, sizeof a);
    }
    free(window);
}

/* Bands of very wide pictures have half the rows. */
static void test_wide_bands(void **state)
{
    (void)state;
    static const struct {
        uint32_t width;
        size_t rows;
    } cases[] = {{32768, 32}, {32769, 16}};
    for (size_t i = 0; i < 2; i++) {
        struct context cx;
        context_init(&cx);
        struct picture pic = make_picture(cases[i].width, 40, LAYOUT_RGBA8);
        uint8_t *pixels = make_noise(&pic, 4);
        struct rows *r = array_rows(&cx, &pic, pixels, false, NULL);
        assert_int_equal(rotate_open(r, 0.01, false, RESAMPLE_NEAREST, fill, &r), ST_OK);
        size_t band = cases[i].rows * picture_stride(&pic);
        assert_true(cx.mem.in_use >= band && cx.mem.in_use < band + (1u << 20));
        rows_close(r);
        assert_nothing_held(&cx);
        free(pixels);
    }
}

static void test_rewinding_gives_the_same(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(700, 500, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 9);
    struct array_log log = {0};
    struct rows *r = array_rows(&cx, &pic, pixels, false, &log);
    assert_int_equal(rotate_open(r, 20, true, RESAMPLE_NEAREST, fill, &r), ST_OK);
    assert_int_equal(log.pulled, 500);
    size_t bytes = picture_size(&r->pic);
    uint8_t *a = make_bytes(bytes), *b = make_bytes(bytes);
    assert_int_equal(read_rows(r, a), ST_OK);
    for (int rows = 0; rows < 70; rows += 23) {
        assert_int_equal(rows_rewind(r), ST_OK);
        for (int i = 0; i < rows; i++)
            assert_int_equal(rows_next(r, b), ST_OK);
        assert_int_equal(rows_rewind(r), ST_OK);
        memset(b, 0, bytes);
        assert_int_equal(read_rows(r, b), ST_OK);
        assert_memory_equal(a, b, bytes);
    }
    assert_int_equal(log.pulled, 500);
    assert_int_equal(log.rewound, 0);
    rows_close(r);
    assert_int_equal(log.closed, 1);
    assert_nothing_held(&cx);
    free(a);
    free(b);
    free(pixels);
}

static void test_fill_can_be_named_late(void **state)
{
    (void)state;
    static const struct pixel other = {{1, 2, 3, 4, 5, 6, 7, 8}};
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(200, 131, LAYOUT_RGB8), to;
    uint8_t *pixels = make_noise(&pic, 9);
    uint8_t *want = rotated(&cx, &pic, pixels, 30, true, &to);
    struct rows *r = array_rows(&cx, &pic, pixels, false, NULL);
    assert_int_equal(rotate_open(r, 30, true, RESAMPLE_NEAREST, other, &r), ST_OK);
    rotate_set_fill(r, fill);
    uint8_t *got = take_rows(r);
    assert_memory_equal(got, want, picture_size(&to));
    assert_nothing_held(&cx);
    free(got);
    free(want);
    free(pixels);
}

static void test_limits_hold_before_any_row(void **state)
{
    (void)state;
    struct picture pic = make_picture(100, 100, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 9);
    for (int i = 0; i < 3; i++) {
        struct context cx;
        context_init(&cx);
        cx.limits.max_pixels = 15000;
        struct array_log log = {0};
        struct rows *r = array_rows(&cx, &pic, pixels, false, &log), *out = NULL;
        static const double bad[] = {45, NAN, INFINITY};
        assert_int_equal(rotate_open(r, bad[i], true, RESAMPLE_NEAREST, fill, &out),
                         i == 0 ? ST_LIMIT : ST_BUG);
        assert_null(out);
        assert_int_equal(log.pulled, 0);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
    }
    free(pixels);
}

static size_t peak_of(uint32_t width, uint32_t height, double degrees, bool expand)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, LAYOUT_INDEX8), to;
    uint8_t *pixels = make_noise(&pic, 9);
    free(rotated(&cx, &pic, pixels, degrees, expand, &to));
    free(pixels);
    return cx.mem.peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    assert_int_equal(peak_of(1000, 600, 45, false), peak_of(1000, 9600, 45, false));
    /* the bands never stand at one time */
    size_t around = 16 * 64 * 64 + WINDOW_EDGE * WINDOW_EDGE + 8192;
    assert_true(peak_of(6000, 600, 45, false) <= 6000 * 65 + 8192);
    assert_true(peak_of(300, 6000, 45, true) <= 4455 * 32 + around);
}

static enum status open_rotated(struct rows *up, const void *arg, struct rows **out)
{
    (void)arg;
    return rotate_open(up, 45, true, RESAMPLE_NEAREST, fill, out);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    sweep_stage(700, 500, LAYOUT_INDEX8, false, open_rotated, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_pictures_are_exact),
        cmocka_unit_test(test_all_layouts_are_exact),
        cmocka_unit_test(test_larger_pictures_differ_by_rounding_only),
        cmocka_unit_test(test_diagonals_are_edges),
        cmocka_unit_test(test_extreme_shapes),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_expanded_canvas_holds_the_corners),
        cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_rewinding_gives_the_same),
        cmocka_unit_test(test_wide_bands),
        cmocka_unit_test(test_fill_can_be_named_late),
        cmocka_unit_test(test_limits_hold_before_any_row),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
