/* SPDX-License-Identifier: MIT */
/* Palettes of fewer colors than there are: how near they come, and what they must hold. */
#include "quantize_run.h"

#include "color/diffuse.h"
#include "color/oklab.h"

/* In few cells and in many; far from other colors of its cluster or not. */
static void test_dominant_color_survives(void **state)
{
    (void)state;
    static const uint32_t max_colors[] = {2, 3, 16, 64, 256};
    for (uint32_t share = 32; share <= 192; share += 80)
        for (size_t k = 0; k < sizeof max_colors / sizeof *max_colors; k++)
            for (uint32_t side = 64; side <= 256; side *= 4) {
                uint8_t *p = make_photo(side, side, share);
                struct request q = request_of(LAYOUT_RGB8, p, side, side, max_colors[k], 1);
                for (; q.strength < 1; q.strength += 0.5) {
                    choose(&q);
                    assert_false(q.exact);
                    if (share >= 160 || max_colors[k] >= 16)
                        assert_true(holds(&q.palette, 17, 34, 51));
                }
                free(p);
            }
}

/* Squared distance of the nearest entry in OKLab. */
static uint32_t distance_to(const struct palette *p, struct oklab at)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t k = 0; k < p->count; k++) {
        const struct rgba8 *e = &p->entry[k];
        uint32_t d = oklab_distance(at, oklab_from_rgb(e->r, e->g, e->b));
        least = d < least ? d : least;
    }
    return least;
}

/* Mean squared error in OKLab. */
static double error_of(const struct request *q)
{
    double sum = 0;
    uint32_t pixels = q->width * q->height;
    for (uint32_t i = 0; i < pixels; i++) {
        const uint8_t *p = q->pixels + 3 * i;
        sum += distance_to(&q->palette, oklab_from_rgb(p[0], p[1], p[2]));
    }
    return sum / pixels;
}

/*
 * A plane of colors with noise: twice the colors make the squared error smaller by half or so,
 * and effort does not make it larger by more than chance.
 */
static void test_error(void **state)
{
    (void)state;
    uint8_t *p = make_photo(200, 200, 0);
    double last = 1e9;
    for (uint32_t max_colors = 4; max_colors <= 256; max_colors *= 2) {
        struct request q = request_of(LAYOUT_RGB8, p, 200, 200, max_colors, 0);
        choose(&q);
        double fast = error_of(&q);
        q.effort = 3;
        choose(&q);
        double slow = error_of(&q);
        assert_true(slow < fast * 1.002);
        assert_true(slow < last * 0.75);
        last = slow;
    }
    /* a palette that was not made for the picture */
    struct request cube = request_of(LAYOUT_RGB8, p, 200, 200, 216, 0);
    cube.palette.count = 216;
    for (uint32_t i = 0; i < 216; i++)
        cube.palette.entry[i] = (struct rgba8){(uint8_t)(i / 36 * 51), (uint8_t)(i / 6 % 6 * 51),
                                               (uint8_t)(i % 6 * 51), 255};
    assert_true(last * 5 < error_of(&cube));
    free(p);
}

/* All that there are: the histogram has to become coarse, the palette has to span the cube. */
static void test_every_color(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h;
    static uint8_t row[3 * 65536];
    context_init(&cx);
    for (unsigned dither = 0; dither < 2; dither++) {
        struct palette palette;
        bool exact = true;
        assert_int_equal(histogram_open(&cx, &h), ST_OK);
        for (uint32_t r = 0; r < 256; r++) {
            for (uint32_t i = 0; i < 65536; i++) {
                row[3 * i] = (uint8_t)r;
                row[3 * i + 1] = (uint8_t)(i >> 8);
                row[3 * i + 2] = (uint8_t)i;
            }
            histogram_add(h, LAYOUT_RGB8, row, 65536);
        }
        assert_int_equal(dither ? quantize_to_dither(&cx, h, 256, 0, 0.7, &palette, &exact)
                                : quantize(&cx, h, 256, 0, &palette, &exact),
                         ST_OK);
        histogram_close(h);
        assert_false(exact);
        assert_int_equal(palette.count, 256);
        for (uint32_t i = 0; i < 8; i++) { /* no corner is far from an entry */
            struct oklab corner = oklab_from_rgb(i & 1 ? 255 : 0, i & 2 ? 255 : 0, i & 4 ? 255 : 0);
            assert_true(square_root(distance_to(&palette, corner)) < OKLAB_ONE / 4);
        }
    }
    assert_true(cx.mem.peak < 1536 * 1024);
    assert_nothing_held(&cx);
}

/* Mean squared error in code values of the means of blocks of 4 x 4, dithered. */
static double mixed_error_of(const struct request *q)
{
    struct context cx;
    struct diffuser *d;
    context_init(&cx);
    uint8_t *index = make_bytes((size_t)q->width * q->height);
    uint8_t *row = make_bytes((size_t)q->width * 3 + 1);
    assert_int_equal(diffuser_open(&cx, &q->palette, q->width, 0.7, &d), ST_OK);
    for (uint32_t y = 0; y < q->height; y++) {
        memcpy(row, q->pixels + (size_t)y * q->width * 3, (size_t)q->width * 3);
        diffuser_row(d, LAYOUT_RGB8, row, index + (size_t)y * q->width);
    }
    diffuser_close(d);
    double sum = 0;
    for (uint32_t y = 0; y + 4 <= q->height; y += 4)
        for (uint32_t x = 0; x + 4 <= q->width; x += 4) {
            int off[3] = {0};
            for (uint32_t i = 0; i < 16; i++) {
                size_t at = (size_t)(y + i / 4) * q->width + x + i % 4;
                const struct rgba8 *e = &q->palette.entry[index[at]];
                off[0] += e->r - q->pixels[3 * at];
                off[1] += e->g - q->pixels[3 * at + 1];
                off[2] += e->b - q->pixels[3 * at + 2];
            }
            sum += off[0] * off[0] + off[1] * off[1] + off[2] * off[2];
        }
    free(row);
    free(index);
    return sum;
}

/* What is mixed from colors chosen for it comes nearer than what is mixed from others. */
static void test_mixes(void **state)
{
    (void)state;
    uint8_t *p = make_photo(200, 200, 0);
    for (uint32_t max_colors = 4; max_colors <= 256; max_colors *= 4) {
        struct request q = request_of(LAYOUT_RGB8, p, 200, 200, max_colors, 1);
        choose(&q);
        double plain = mixed_error_of(&q);
        q.strength = 0.7;
        choose(&q);
        assert_true(mixed_error_of(&q) < plain * 0.8);
    }
    free(p);
}

/* Of 27 colors, far from each other. */
static void flat_color(uint32_t i, uint8_t rgb[3])
{
    for (uint32_t k = 0; k < 3; k++, i /= 3)
        rgb[k] = (uint8_t)(i % 3 * 95 + 60);
}

/*
 * A card of flat colors, one fewer than there are entries, and among them grays of many shades, as
 * where lines are drawn: to dither, too, no flat color is given up for their sake.
 */
static void test_flat_colors_survive(void **state)
{
    (void)state;
    enum { SIDE = 160, FLAT = 15, RARE = 20 };
    uint8_t *pixels = make_bytes(SIDE * SIDE * 3), flat[3];
    uint64_t seed = 11;
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        const uint32_t n = noise(&seed), gray = 40 + n / RARE % 200;
        flat_color(i / SIDE % FLAT, flat);
        for (uint32_t k = 0; k < 3; k++)
            pixels[3 * i + k] =
                n % RARE != 0 ? flat[k] : (uint8_t)(gray + (n >> (20 + 4 * k)) % 16);
    }
    struct request q = request_of(LAYOUT_RGB8, pixels, SIDE, SIDE, FLAT + 1, 1);
    q.strength = 0.7;
    choose(&q);
    for (uint32_t i = 0; i < FLAT; i++) {
        flat_color(i, flat);
        assert_true(holds(&q.palette, flat[0], flat[1], flat[2]));
    }
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_color),
        cmocka_unit_test(test_dominant_color_survives),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_mixes),
        cmocka_unit_test(test_flat_colors_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
