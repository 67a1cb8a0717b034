/* SPDX-License-Identifier: MIT */
/* Weights of colors: in proportion, tempered where rare, less where dark; what palettes do with it. */
#include "support.h"

#include <math.h>

#include "color/quantize.h"
#include "color/weigh.h"

#define GRAYS 4

/* Counts grays, each so many times, and weighs them; out[i] is of gray[i]. */
static unsigned weigh(const uint8_t gray[GRAYS], const uint32_t count[GRAYS], bool dither,
                      struct color_point out[GRAYS])
{
    struct context cx;
    struct histogram *h;
    context_init(&cx);
    assert_int_equal(histogram_open(&cx, &h), ST_OK);
    for (unsigned i = 0; i < GRAYS; i++) {
        uint8_t *row = make_bytes((size_t)count[i] * 3);
        memset(row, gray[i], (size_t)count[i] * 3);
        histogram_add(h, LAYOUT_RGB8, row, count[i]);
        free(row);
    }
    assert_int_equal(histogram_cells(h), GRAYS);
    struct color_point got[GRAYS];
    unsigned shift = weigh_cells(h, GRAYS, dither, got);
    for (unsigned i = 0; i < GRAYS; i++) {
        int32_t want = oklab_from_rgb(gray[i], gray[i], gray[i]).l;
        unsigned k = 0;
        while (k < GRAYS && got[k].at.l != want)
            k++;
        assert_true(k < GRAYS);
        assert_int_equal(got[k].pixels, count[i]);
        out[i] = got[k];
    }
    histogram_close(h);
    assert_nothing_held(&cx);
    return shift;
}

static void test_pixels(void **state)
{
    (void)state;
    static const uint8_t gray[GRAYS] = {0, 10, 100, 255};
    static const uint32_t count[GRAYS] = {1, 7, 100000, 3};
    struct color_point p[GRAYS];
    assert_int_equal(weigh(gray, count, false, p), 0);
    for (unsigned i = 0; i < GRAYS; i++) {
        assert_int_equal(p[i].weight, count[i]);
        assert_int_equal(p[i].cluster, 0);
    }
}

static void assert_ratio(uint32_t a, uint32_t b, double want)
{
    assert_true(fabs((double)a / b - want) < want / 100);
}

/*
 * Up to 1/512 of 512000 pixels the weight is a power of how many they are, but all of these weigh
 * no more than their part; then it is even.
 */
static void test_rare_and_frequent(void **state)
{
    (void)state;
    static const uint8_t gray[GRAYS] = {100, 150, 200, 255};
    static const uint32_t count[GRAYS] = {1000, 10, 101000, 409990};
    struct color_point p[GRAYS];
    assert_int_equal(weigh(gray, count, true, p), 0);
    assert_ratio(p[0].weight, p[1].weight, pow(100, 13.0 / 16));
    assert_ratio(p[2].weight, p[0].weight + p[1].weight, 101000.0 / 1010);
    assert_ratio(p[3].weight, p[2].weight, 409990.0 / 101000);
}

static void test_dark(void **state)
{
    (void)state;
    static const uint8_t gray[GRAYS] = {0, 12, 60, 255};
    static const uint32_t count[GRAYS] = {50000, 50000, 50000, 50000};
    struct color_point p[GRAYS];
    assert_int_equal(weigh(gray, count, true, p), 0);
    assert_int_equal(p[2].weight, p[3].weight);
    assert_ratio(p[0].weight, p[3].weight, 1.0 / 16);
    assert_ratio(p[1].weight, p[3].weight, p[1].at.l / (OKLAB_ONE * 0.3));
}

/* Many pixels of many colors: weights are finer than pixels then. */
static void test_sum(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h;
    context_init(&cx);
    assert_int_equal(histogram_open(&cx, &h), ST_OK);
    uint8_t *row = make_bytes(3 * 8192);
    for (uint32_t color = 0; color < 24000; color++) {
        uint32_t rgb = color * UINT32_C(0x9e3779b1) & 0xffffff;
        for (uint32_t x = 0; x < 8192; x++) {
            row[3 * x] = (uint8_t)(rgb >> 16 | 128);
            row[3 * x + 1] = (uint8_t)(rgb >> 8);
            row[3 * x + 2] = (uint8_t)rgb;
        }
        histogram_add(h, LAYOUT_RGB8, row, 8192);
    }
    uint32_t n = histogram_cells(h);
    assert_true(n > 12000);
    struct color_point *points = calloc(n, sizeof *points);
    assert_non_null(points);
    for (unsigned dither = 0; dither < 2; dither++) {
        uint64_t sum = 0;
        weigh_cells(h, n, dither != 0, points);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(points[i].weight > 0);
            sum += points[i].weight;
        }
        assert_true(sum <= CLUSTER_WEIGHT);
    }
    free(points);
    free(row);
    histogram_close(h);
    assert_nothing_held(&cx);
}

#define SIDE 400

/* A palette of 16 for dithering a square picture. */
static struct palette palette_of(const uint8_t *rgb)
{
    struct context cx;
    struct histogram *h;
    struct palette palette;
    bool exact;
    context_init(&cx);
    assert_int_equal(histogram_open(&cx, &h), ST_OK);
    for (uint32_t y = 0; y < SIDE; y++)
        histogram_add(h, LAYOUT_RGB8, rgb + (size_t)3 * SIDE * y, SIDE);
    assert_int_equal(quantize_to_dither(&cx, h, 16, 1, 0.7, &palette, &exact), ST_OK);
    histogram_close(h);
    assert_nothing_held(&cx);
    return palette;
}

/* How far the nearest entry is, 100 for white from black. */
static double distance_to(const struct palette *p, unsigned r, unsigned g, unsigned b)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t d = oklab_distance(oklab_from_rgb(r, g, b),
                                    oklab_from_rgb(p->entry[i].r, p->entry[i].g, p->entry[i].b));
        least = d < least ? d : least;
    }
    return sqrt((double)least) * 100 / OKLAB_ONE;
}

/*
 * A town at night: pixels in 1000 that are white letters, lit windows, black, and dark. Black and
 * the dark are as far apart in OKLab as white and the windows are.
 */
static void test_letters_on_dark(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 5; seed++) {
        uint8_t *rgb = make_bytes(3 * SIDE * SIDE);
        uint64_t noise_state = seed;
        for (uint32_t i = 0; i < SIDE * SIDE; i++) {
            uint32_t kind = noise(&noise_state) % 1000, value = noise(&noise_state);
            for (uint32_t k = 0; k < 3; k++) {
                uint32_t hue = value >> (8 + 4 * k) & 15;
                rgb[3 * i + k] = (uint8_t)(kind < 5     ? 255
                                           : kind < 85  ? 225 + hue - 14 * k
                                           : kind < 95  ? 0
                                           : kind < 795 ? 6 + value % 48 + hue
                                                        : 60 + value % 128 + 2 * hue);
            }
        }
        struct palette p = palette_of(rgb);
        assert_true(distance_to(&p, 255, 255, 255) < 1);
        free(rgb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels),
        cmocka_unit_test(test_rare_and_frequent),
        cmocka_unit_test(test_dark),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_letters_on_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
