/* SPDX-License-Identifier: MIT */
/* The OKLab conversions: known colors, no color lost, agreement with the definition. */
#include "support.h"

#include <math.h>

#include "color/oklab.h"

static double decoded(unsigned code)
{
    double c = code / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* As defined, in double precision, scaled by OKLAB_ONE. */
static void definition(const unsigned rgb[3], double lab[3])
{
    double r = decoded(rgb[0]), g = decoded(rgb[1]), b = decoded(rgb[2]);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    lab[0] = OKLAB_ONE * (0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s);
    lab[1] = OKLAB_ONE * (1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s);
    lab[2] = OKLAB_ONE * (0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
}

static void test_agrees_with_definition(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1u << 24; i += 251) {
        const unsigned rgb[3] = {i >> 16, i >> 8 & 255, i & 255};
        double lab[3];
        definition(rgb, lab);
        struct oklab c = oklab_from_rgb(rgb[0], rgb[1], rgb[2]);
        assert_true(fabs(c.l - lab[0]) < 1 && fabs(c.a - lab[1]) < 1 && fabs(c.b - lab[2]) < 1);
    }
}

static void test_grays(void **state)
{
    (void)state;
    int last = -1;
    for (unsigned i = 0; i < 256; i++) {
        struct oklab c = oklab_from_rgb(i, i, i);
        assert_int_equal(c.a, 0);
        assert_int_equal(c.b, 0);
        assert_true(c.l > last);
        last = c.l;
    }
    assert_int_equal(oklab_from_rgb(0, 0, 0).l, 0);
    assert_int_equal(last, OKLAB_ONE);
}

/* There and back again: so no two colors are the same in OKLab either. */
static void test_round_trip(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1u << 24; i += 17) {
        unsigned r = i >> 16, g = i >> 8 & 255, b = i & 255;
        struct rgba8 c = oklab_to_rgb(oklab_from_rgb(r, g, b));
        assert_true(c.r == r && c.g == g && c.b == b && c.a == 255);
    }
}

static void test_fine(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1u << 24; i += 65521) {
        unsigned r = i >> 16, g = i >> 8 & 255, b = i & 255;
        struct oklab c = oklab_from_rgb(r, g, b), f = oklab_from_fine(r << 8, g << 8, b << 8);
        assert_int_equal(oklab_distance(c, f), 0);
        if (r == 255)
            continue;
        /* what is between two codes is between two colors */
        struct oklab next = oklab_from_rgb(r + 1, g, b),
                     half = oklab_from_fine((r << 8) + 128, g << 8, b << 8);
        assert_true(half.l >= c.l && half.l <= next.l);
    }
    assert_int_equal(oklab_from_fine(65280, 65280, 65280).l, OKLAB_ONE);
}

static void test_out_of_range(void **state)
{
    (void)state;
    struct rgba8 c = oklab_to_rgb((struct oklab){32767, 32767, 32767});
    assert_int_equal(c.r, 255);
    c = oklab_to_rgb((struct oklab){-32767, -32767, -32767});
    assert_int_equal(c.a, 255);
    c = oklab_to_rgb((struct oklab){0, -32767, 32767});
    assert_int_equal(c.b, 0);
}

static void test_distance(void **state)
{
    (void)state;
    const struct oklab black = {0, 0, 0}, white = {OKLAB_ONE, 0, 0};
    assert_int_equal(oklab_distance(black, white), 32767 * 32767);
    assert_int_equal(oklab_distance((struct oklab){1, -2, 3}, (struct oklab){-1, 2, -3}),
                     4 + 16 + 36);
}

static void test_square_root(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 70000; i++) {
        uint64_t root = square_root(i);
        assert_true(root * root <= i && (root + 1) * (root + 1) > i);
        assert_int_equal(square_root(i * i), i);
    }
    assert_int_equal(square_root(UINT64_MAX), UINT32_MAX);
    assert_int_equal(square_root(UINT64_C(0xfffffffe00000001)), UINT32_MAX);
    assert_int_equal(square_root(UINT64_C(0xfffffffe00000000)), UINT32_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_definition),
        cmocka_unit_test(test_grays),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_fine),
        cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_square_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
