/* SPDX-License-Identifier: MIT */
/* The mask's evenness; mixes that average out and stand still; alpha by the mask. */
#include "support.h"

#include "color/blue_noise.h"
#include "color/nearest_cache.h"
#include "color/pattern.h"
#include "transforms/indexed.h"

/* Every threshold as often; and little energy in sums over blocks, where white noise has much. */
static void test_mask(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    static uint8_t mask[BLUE_SIZE][BLUE_SIZE], again[BLUE_SIZE][BLUE_SIZE];
    assert_int_equal(blue_noise_fill(&cx, mask), ST_OK);
    assert_int_equal(blue_noise_fill(&cx, again), ST_OK);
    assert_memory_equal(mask, again, sizeof mask);
    uint32_t often[256] = {0};
    for (uint32_t i = 0; i < BLUE_SIZE * BLUE_SIZE; i++)
        often[mask[i / BLUE_SIZE][i % BLUE_SIZE]]++;
    for (uint32_t i = 0; i < 256; i++)
        assert_int_equal(often[i], BLUE_SIZE * BLUE_SIZE / 256);

    /* of independent thresholds the variance of a sum of 64 is 64 * 65536 / 12 */
    double variance = 0;
    for (uint32_t block = 0; block < 64; block++) {
        double sum = -64 * 127.5;
        for (uint32_t i = 0; i < 64; i++)
            sum += mask[block / 8 * 8 + i / 8][block % 8 * 8 + i % 8];
        variance += sum * sum / 64;
    }
    assert_true(variance < 0.1 * 64 * 65536 / 12);
    /* at any level, neighbors share a side less often than by chance */
    for (unsigned level = 26; level <= 77; level += 51) {
        uint32_t set = 0, pairs = 0;
        for (uint32_t y = 0; y < BLUE_SIZE; y++)
            for (uint32_t x = 0; x < BLUE_SIZE; x++) {
                bool here = mask[y][x] < level;
                set += here;
                pairs += here && mask[y][(x + 1) % BLUE_SIZE] < level;
            }
        assert_true(pairs * (uint64_t)(BLUE_SIZE * BLUE_SIZE) < (uint64_t)set * set / 2);
    }
    assert_nothing_held(&cx);
}

static struct palette grays(unsigned a, unsigned b)
{
    return (struct palette){.count = 3,
                            .entry = {{0, 0, 0, 0},
                                      {(uint8_t)a, (uint8_t)a, (uint8_t)a, 255},
                                      {(uint8_t)b, (uint8_t)b, (uint8_t)b, 255}}};
}

/* Colors far apart that share a slot, and black before any other, are found as without a cache. */
static void test_cache(void **state)
{
    (void)state;
    struct context cx;
    struct nearest_cache cache = {0};
    context_init(&cx);
    const struct palette palette = {.count = 3,
                                    .entry = {{250, 0, 0, 255}, {0, 250, 0, 255}, {9, 9, 9, 255}}};
    assert_int_equal(nearest_cache_open(&cx, &palette, &cache), ST_OK);
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < 256 * 256 * 256; i += round == 0 ? 4099 : 257) {
            uint32_t r = i & 255, g = i >> 8 & 255, b = i >> 16;
            const uint8_t rgb[3] = {(uint8_t)r, (uint8_t)g, (uint8_t)b};
            assert_int_equal(nearest_cache_find(&cache, i, nearest_cache_place(r, g, b)),
                             candidates_nearest(cache.candidates, rgb));
        }
    nearest_cache_close(&cx, &cache);
    assert_nothing_held(&cx);
}

static void test_mean(void **state)
{
    (void)state;
    struct context cx;
    struct pattern *p;
    struct palette palette = grays(96, 112);
    context_init(&cx);
    assert_int_equal(pattern_open(&cx, &palette, 1, &p), ST_OK);
    assert_true(cx.mem.in_use < 975 * 1024);
    uint8_t row[BLUE_SIZE * 3], out[BLUE_SIZE];
    for (unsigned gray = 96; gray <= 112; gray++) {
        uint32_t bright = 0;
        memset(row, (int)gray, sizeof row);
        for (uint32_t y = 0; y < BLUE_SIZE; y++) {
            pattern_row(p, LAYOUT_RGB8, row, BLUE_SIZE, y, out);
            for (uint32_t x = 0; x < BLUE_SIZE; x++)
                bright += out[x] == 2;
        }
        double mean = 96 + 16.0 * bright / (BLUE_SIZE * BLUE_SIZE);
        assert_true(mean > gray - 1.1 && mean < gray + 1.1);
        if (gray == 96 || gray == 112) /* the palette's own */
            assert_true(bright == 0 || bright == BLUE_SIZE * BLUE_SIZE);
    }
    pattern_close(p);
    assert_nothing_held(&cx);
}

/* An index depends on its pixel and its place alone; alpha below 128 is the transparent entry. */
static void check_stands_still(uint8_t transparent)
{
    struct context cx;
    struct pattern *p;
    struct palette palette = grays(20, 220);
    uint64_t seed = 3;
    struct rgba8 clear = palette.entry[0];
    palette.entry[0] = palette.entry[transparent];
    palette.entry[transparent] = clear;
    enum { WIDTH = 150 };
    uint8_t a[WIDTH * 4], b[WIDTH * 4], out_a[WIDTH], out_b[WIDTH];
    context_init(&cx);
    assert_int_equal(pattern_open(&cx, &palette, 0.7, &p), ST_OK);
    for (uint32_t y = 0; y < 80; y++) {
        for (uint32_t i = 0; i < WIDTH * 4; i++) {
            a[i] = (uint8_t)noise(&seed);
            b[i] = i / 4 % 3 == 0 ? a[i] : (uint8_t)noise(&seed);
        }
        pattern_row(p, LAYOUT_RGBA8, a, WIDTH, y, out_a);
        pattern_row(p, LAYOUT_RGBA8, b, WIDTH, y, out_b);
        for (uint32_t x = 0; x < WIDTH; x++) {
            assert_int_equal(out_a[x] == transparent, a[4 * x + 3] < 128);
            if (x % 3 == 0)
                assert_int_equal(out_a[x], out_b[x]);
        }
    }
    pattern_close(p);
    assert_nothing_held(&cx);
}

static void test_stands_still(void **state)
{
    (void)state;
    check_stands_still(0);
    check_stands_still(2);
}

static void test_alpha(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = {.width = BLUE_SIZE, .height = BLUE_SIZE, .layout = LAYOUT_RGBA8};
    uint8_t *pixels = calloc(BLUE_SIZE * BLUE_SIZE, 4), row[BLUE_SIZE * 4];
    for (unsigned alpha = 0; alpha < 256; alpha += 51) {
        for (uint32_t i = 0; i < BLUE_SIZE * BLUE_SIZE; i++)
            pixels[4 * i + 3] = (uint8_t)alpha;
        struct rows *rows;
        uint32_t opaque = 0;
        assert_int_equal(alpha_dither_open(array_rows(&cx, &pic, pixels, true, NULL), &rows),
                         ST_OK);
        for (uint32_t y = 0; y < BLUE_SIZE; y++) {
            assert_int_equal(rows_next(rows, row), ST_OK);
            for (uint32_t x = 0; x < BLUE_SIZE; x++) {
                assert_true(row[4 * x + 3] == 0 || row[4 * x + 3] == 255);
                opaque += row[4 * x + 3] == 255;
            }
        }
        rows_close(rows);
        uint32_t want = alpha == 255 ? 4096 : alpha * 16;
        assert_int_equal(opaque, want);
    }
    free(pixels);
    assert_nothing_held(&cx);
}

/* A map of colors serves stage after stage, which leave it as it is. */
static void test_shared_map(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(40, 9, LAYOUT_RGBA8);
    struct palette palette = {.count = 3, .entry = {{9, 80, 200, 255}, {250, 99, 3, 255}}};
    uint8_t *pixels = make_noise(&pic, 4), first[40 * 9], out[40 * 9];
    struct color_map *map;
    struct rows *rows;
    assert_int_equal(color_map_open(&cx, &palette, false, &map), ST_OK);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(nearest_open(array_rows(&cx, &pic, pixels, true, NULL), &palette, false,
                                      i == 0 ? NULL : map, &rows),
                         ST_OK);
        assert_int_equal(read_rows(rows, i == 0 ? first : out), ST_OK);
        if (i > 0)
            assert_memory_equal(out, first, sizeof out);
        rows_close(rows);
    }
    color_map_close(map);
    free(pixels);
    assert_nothing_held(&cx);
}

/* Distances that arithmetic knows: black is 100 from white. */
static void test_difference(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    static const uint8_t pixels[4 * 4 * 2] = {0, 0, 0,   255, 255, 255, 255, 255, 0, 0,
                                              0, 0, 255, 255, 255, 255, 0,   0,   0, 255};
    struct picture pic = {.width = 4, .height = 2, .layout = LAYOUT_RGBA8};
    struct palette palette = {.count = 2, .entry = {{255, 255, 255, 255}, {0, 0, 0, 0}}};
    struct color_difference total = {9, 9, 9, 9};
    struct rows *rows;
    uint8_t out[4];
    assert_int_equal(
        nearest_open(array_rows(&cx, &pic, pixels, true, NULL), &palette, false, NULL, &rows),
        ST_OK);
    assert_int_equal(mapper_measure(rows, &total), ST_OK);
    for (unsigned pass = 0; pass < 2; pass++) {
        if (pass == 1)
            assert_int_equal(rows_rewind(rows), ST_OK);
        assert_int_equal(total.pixels, 0);
        assert_int_equal(rows_next(rows, out), ST_OK);
        assert_int_equal(total.pixels, 3);
        assert_int_equal(total.changed, 1);
        assert_int_equal(rows_next(rows, out), ST_OK);
        assert_int_equal(total.pixels, 4);
        assert_int_equal(total.changed, 2);
        assert_true(total.sum > 199.99 && total.sum < 200.01);
        assert_true(total.largest > 99.99 && total.largest < 100.01);
    }
    rows_close(rows);
    assert_nothing_held(&cx);
}

static enum status open_all(struct context *cx, void *user)
{
    static const uint8_t pixels[7 * 4];
    struct picture pic = {.width = 7, .height = 1, .layout = LAYOUT_RGBA8};
    struct color_difference total;
    struct rows *rows = array_rows(cx, &pic, pixels, true, NULL);
    uint8_t out[7];
    if (rows == NULL)
        return cx->status;
    enum status st = alpha_dither_open(rows, &rows);
    if (st == ST_OK)
        st = dither_blue_open(rows, user, 0.7, NULL, &rows);
    if (st != ST_OK)
        return st;
    st = mapper_measure(rows, &total);
    if (st == ST_OK)
        st = rows_next(rows, out);
    rows_close(rows);
    return st;
}

static void test_no_memory(void **state)
{
    (void)state;
    struct palette palette = grays(1, 2);
    sweep_faults(open_all, &palette);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mask),       cmocka_unit_test(test_cache),
        cmocka_unit_test(test_mean),       cmocka_unit_test(test_stands_still),
        cmocka_unit_test(test_alpha),      cmocka_unit_test(test_shared_map),
        cmocka_unit_test(test_difference), cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
