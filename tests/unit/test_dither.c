/* SPDX-License-Identifier: MIT */
/* Error diffusion: means are kept, exact colors too, nothing crosses what is transparent. */
#include <math.h>

#include "support.h"

#include "transforms/indexed.h"

static struct palette black_and_white(void)
{
    return (struct palette){.count = 2, .entry = {{0, 0, 0, 255}, {255, 255, 255, 255}}};
}

/* The indices of a picture, dithered; the caller frees them. */
static uint8_t *dithered(struct context *cx, const struct picture *pic, const uint8_t *pixels,
                         const struct palette *palette, double strength)
{
    struct rows *rows;
    assert_int_equal(dither_open(array_rows(cx, pic, pixels, true, NULL), palette, strength, &rows),
                     ST_OK);
    assert_int_equal(rows->pic.layout, LAYOUT_INDEX8);
    uint8_t *out = malloc((size_t)pic->width * pic->height);
    for (uint32_t y = 0; y < pic->height; y++)
        assert_int_equal(rows_next(rows, out + (size_t)y * pic->width), ST_OK);
    assert_int_equal(rows_rewind(rows), ST_OK); /* the same comes again */
    uint8_t *row = malloc(pic->width);
    for (uint32_t y = 0; y < pic->height; y++) {
        assert_int_equal(rows_next(rows, row), ST_OK);
        assert_memory_equal(row, out + (size_t)y * pic->width, pic->width);
    }
    free(row);
    rows_close(rows);
    return out;
}

/* Between entries that are near, the mean is the color itself. */
static void test_fine_mean(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct palette palette = {.count = 2, .entry = {{90, 90, 90, 255}, {110, 110, 110, 255}}};
    struct picture pic = {.width = 200, .height = 150, .layout = LAYOUT_RGB8};
    size_t n = (size_t)pic.width * pic.height;
    uint8_t *pixels = malloc(3 * n);
    for (unsigned gray = 92; gray <= 108; gray += 4) {
        memset(pixels, (int)gray, 3 * n);
        uint8_t *out = dithered(&cx, &pic, pixels, &palette, 1);
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += out[i] == 0 ? 90 : 110;
        assert_true(fabs(sum / (double)n - gray) < 0.5);
        free(out);
    }
    free(pixels);
    assert_int_equal(cx.mem.in_use, 0);
}

/* Without strength it is the nearest color; colors that the palette holds are never touched. */
static void test_exact(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct palette palette = black_and_white();
    struct picture pic = {.width = 64, .height = 8, .layout = LAYOUT_RGB8};
    uint8_t pixels[64 * 8 * 3];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = i / 3 % 64 < 32 ? 70 : 255;
    uint8_t *plain = dithered(&cx, &pic, pixels, &palette, 0);
    uint8_t *spread = dithered(&cx, &pic, pixels, &palette, 1);
    for (size_t i = 0; i < 64 * 8; i++) {
        assert_int_equal(plain[i], i % 64 >= 32);
        if (i % 64 >= 32)
            assert_int_equal(spread[i], 1);
    }
    free(plain);
    free(spread);
    assert_int_equal(cx.mem.in_use, 0);
}

/* A column of transparent pixels: what stands right of it does not know what stands left. */
static void test_transparent(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct palette palette = {.count = 3,
                              .entry = {{0, 0, 0, 0}, {0, 0, 0, 255}, {255, 255, 255, 255}}};
    struct picture pic = {.width = 41, .height = 30, .layout = LAYOUT_RGBA8};
    uint8_t pixels[41 * 30 * 4];
    for (size_t left = 0; left < 2; left++) {
        static uint8_t first[41 * 30];
        for (size_t i = 0; i < 41 * 30; i++) {
            bool clear = i % 41 == 20;
            uint8_t gray = (uint8_t)(i % 41 < 20 ? 60 + 90 * left : 150);
            uint8_t *p = pixels + 4 * i;
            p[0] = p[1] = p[2] = gray;
            p[3] = clear ? 0 : 255;
        }
        uint8_t *out = dithered(&cx, &pic, pixels, &palette, 1);
        for (size_t i = 0; i < 41 * 30; i++) {
            assert_int_equal(out[i] == 0, i % 41 == 20);
            if (left == 0)
                first[i] = out[i];
            else if (i % 41 > 20)
                assert_int_equal(out[i], first[i]);
        }
        free(out);
    }
    assert_int_equal(cx.mem.in_use, 0);
}

static void test_sizes(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct palette palette = black_and_white();
    const uint32_t sizes[][2] = {{1, 1}, {1, 300}, {65535, 2}};
    for (size_t i = 0; i < 3; i++) {
        struct picture pic = {.width = sizes[i][0], .height = sizes[i][1], .layout = LAYOUT_RGB8};
        size_t n = (size_t)pic.width * pic.height;
        uint8_t *pixels = malloc(3 * n);
        memset(pixels, 99, 3 * n);
        free(dithered(&cx, &pic, pixels, &palette, 0.7));
        free(pixels);
    }
    assert_int_equal(cx.mem.in_use, 0);
}

/* Colors of a photograph and noise, flat runs, transparent pixels, entries that are met exactly. */
static void check_same_without_simd(uint32_t colors)
{
    uint64_t seed = 5;
    struct palette palette = {.count = colors};
    palette.entry[0] = (struct rgba8){0, 0, 0, 0};
    for (uint32_t i = 1; i < palette.count; i++) {
        uint32_t r = noise(&seed);
        palette.entry[i] = (struct rgba8){(uint8_t)r, (uint8_t)(r >> 8), (uint8_t)(r >> 16), 255};
    }
    for (unsigned alpha = 0; alpha < 2; alpha++) {
        struct picture pic = {
            .width = 301, .height = 90, .layout = alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8};
        const size_t bytes = 3 + alpha, n = (size_t)pic.width * pic.height;
        uint8_t *pixels = make_noise(&pic, 9);
        for (size_t i = 0; i < n; i++) {
            uint8_t *p = pixels + bytes * i;
            const struct rgba8 *e = &palette.entry[1 + i / 40 % (colors - 1)];
            if (i / pic.width < 60) /* smooth: the noise of a few code values on a slope */
                for (size_t k = 0; k < 3; k++)
                    p[k] = (uint8_t)(p[k] % 8 + i % pic.width / 2 + 30 * k);
            else if (i % 3 == 0)
                memcpy(p, (const uint8_t[]){e->r, e->g, e->b}, 3);
        }
        uint8_t *out[2];
        for (unsigned plain = 0; plain < 2; plain++) {
            struct context cx;
            context_init(&cx);
            if (plain)
                cx.simd = SIMD_NONE;
            out[plain] = dithered(&cx, &pic, pixels, &palette, 0.7);
            assert_nothing_held(&cx);
        }
        assert_memory_equal(out[0], out[1], n);
        free(out[0]);
        free(out[1]);
        free(pixels);
    }
}

static void test_same_without_simd(void **state)
{
    (void)state;
    check_same_without_simd(200);
    check_same_without_simd(17);
    check_same_without_simd(16);
    check_same_without_simd(2);
}

/* A row is as good as the first after a restart; black, like zeroed memory, is found. */
static void test_black(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct palette palette = {.count = 2, .entry = {{255, 255, 255, 255}, {9, 9, 9, 255}}};
    struct picture pic = {.width = 9, .height = 4, .layout = LAYOUT_RGB8};
    uint8_t pixels[9 * 4 * 3] = {0};
    uint8_t *out = dithered(&cx, &pic, pixels, &palette, 0.7);
    for (size_t i = 0; i < 9 * 4; i++)
        assert_int_equal(out[i], 1);
    free(out);
    assert_nothing_held(&cx);
}

static enum status open_and_close(struct context *cx, void *user)
{
    static const uint8_t pixels[7 * 3];
    struct picture pic = {.width = 7, .height = 1, .layout = LAYOUT_RGB8};
    struct rows *up = array_rows(cx, &pic, pixels, true, NULL), *rows;
    uint8_t out[7];
    if (up == NULL)
        return cx->status;
    enum status st = dither_open(up, user, 0.7, &rows);
    if (st != ST_OK)
        return st;
    st = rows_next(rows, out);
    rows_close(rows);
    return st;
}

static void test_no_memory(void **state)
{
    (void)state;
    struct palette palette = black_and_white();
    sweep_faults(open_and_close, &palette);
    palette.count = 200;
    sweep_faults(open_and_close, &palette);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fine_mean),         cmocka_unit_test(test_exact),
        cmocka_unit_test(test_transparent),       cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_same_without_simd), cmocka_unit_test(test_black),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
