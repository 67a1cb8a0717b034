/* SPDX-License-Identifier: MIT */
/* The color map finds what a search of the whole palette finds, whatever it has seen before. */
#include "support.h"

#include "color/oklab.h"
#include "color/color_map.h"

/* The first of the nearest opaque entries. */
static uint8_t nearest_entry(const struct palette *p, const uint8_t *rgb)
{
    struct oklab at = oklab_from_rgb(rgb[0], rgb[1], rgb[2]);
    uint32_t least = UINT32_MAX;
    uint8_t best = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *e = &p->entry[i];
        uint32_t d = oklab_distance(at, oklab_from_rgb(e->r, e->g, e->b));
        if (e->a != 0 && d < least) {
            least = d;
            best = (uint8_t)i;
        }
    }
    return best;
}

static struct color_map *open_map(struct context *cx, const struct palette *p, bool exact)
{
    struct color_map *m;
    context_init(cx);
    assert_int_equal(color_map_open(cx, p, exact, &m), ST_OK);
    assert_true(cx->mem.in_use < 600 * 1024);
    return m;
}

static void close_map(struct context *cx, struct color_map *m)
{
    color_map_close(m);
    assert_nothing_held(cx);
}

/* Entries all over, or near each other within 2^bits. */
static struct palette make_palette(uint32_t count, unsigned bits, uint64_t seed)
{
    struct palette p = {.count = count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = noise(&seed), mask = (1u << bits) - 1;
        p.entry[i] = (struct rgba8){(uint8_t)(n & mask), (uint8_t)(40 + (n >> 8 & mask)),
                                    (uint8_t)(80 + (n >> 16 & mask)), 255};
    }
    return p;
}

static void assert_row(struct color_map *m, const struct palette *p, const uint8_t *row,
                       uint32_t width)
{
    static uint8_t out[1 << 16];
    assert_true(width <= sizeof out);
    color_map_row(m, LAYOUT_RGB8, row, width, out);
    for (uint32_t x = 0; x < width; x++)
        assert_int_equal(out[x], nearest_entry(p, row + 3 * x));
}

/* A grid over all of RGB with its corners; then what lies around every entry; then both again. */
static void check_palette_with(const struct palette *p, enum simd most)
{
    struct context cx;
    context_init(&cx);
    cx.simd = most < cx.simd ? most : cx.simd;
    struct color_map *m;
    assert_int_equal(color_map_open(&cx, p, false, &m), ST_OK);
    uint8_t row[3 * 27];
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned r = 0; r < 16; r++)
            for (unsigned g = 0; g < 16; g++) {
                for (unsigned b = 0; b < 16; b++) {
                    row[3 * b] = (uint8_t)(r * 255 / 15);
                    row[3 * b + 1] = (uint8_t)(g * 255 / 15);
                    row[3 * b + 2] = (uint8_t)(b * 255 / 15);
                }
                assert_row(m, p, row, 16);
            }
        for (uint32_t i = 0; i < p->count; i++) {
            uint32_t n = 0;
            for (int k = 0; k < 27; k++) {
                int r = p->entry[i].r + k / 9 - 1, g = p->entry[i].g + k / 3 % 3 - 1,
                    b = p->entry[i].b + k % 3 - 1;
                if (((unsigned)r | (unsigned)g | (unsigned)b) > 255)
                    continue;
                row[3 * n] = (uint8_t)r;
                row[3 * n + 1] = (uint8_t)g;
                row[3 * n++ + 2] = (uint8_t)b;
            }
            assert_row(m, p, row, n);
        }
    }
    close_map(&cx, m);
}

static void check_palette(const struct palette *p)
{
    check_palette_with(p, SIMD_NONE);
    check_palette_with(p, SIMD_AVX2);
}

static void test_like_a_full_search(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 3, 16, 255, 256};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        for (unsigned bits = 2; bits <= 8; bits += 3) {
            struct palette p = make_palette(counts[k], bits, 17 + k);
            check_palette(&p);
        }
}

/* Where OKLab is steepest and cells are the least like boxes. */
static void test_dark(void **state)
{
    (void)state;
    struct palette p = {.count = 216};
    for (uint32_t i = 0; i < 216; i++)
        p.entry[i] = (struct rgba8){(uint8_t)(i / 36 * 2), (uint8_t)(i / 6 % 6 * 2),
                                    (uint8_t)(i % 6 * 2), 255};
    struct context cx;
    struct color_map *m = open_map(&cx, &p, false);
    static uint8_t row[3 * 4096];
    for (uint32_t i = 0; i < 32 * 32 * 32; i++) {
        row[3 * (i % 4096)] = (uint8_t)(i >> 10);
        row[3 * (i % 4096) + 1] = (uint8_t)(i >> 5 & 31);
        row[3 * (i % 4096) + 2] = (uint8_t)(i & 31);
        if (i % 4096 == 4095)
            assert_row(m, &p, row, 4096);
    }
    close_map(&cx, m);
}

/* Equal entries, and entries equally far: the first one wins. */
static void test_ties(void **state)
{
    (void)state;
    struct palette p = make_palette(200, 8, 5);
    for (uint32_t i = 100; i < 200; i++)
        p.entry[i] = p.entry[i - 100];
    check_palette(&p);
    for (uint32_t i = 0; i < 200; i++)
        p.entry[i] = p.entry[0];
    check_palette(&p);
}

/* Noise in all cells, more than lists have room for, and a cache too small for it. */
static void test_noise(void **state)
{
    (void)state;
    struct palette p = make_palette(256, 8, 1234);
    struct context cx;
    struct color_map *m = open_map(&cx, &p, false);
    enum { WIDTH = 1 << 14 };
    static uint8_t row[3 * WIDTH], out[WIDTH];
    uint64_t seed = 77;
    for (uint32_t y = 0; y < 64; y++) {
        for (uint32_t i = 0; i < 3 * WIDTH; i++)
            row[i] = (uint8_t)(noise(&seed) >> 7);
        color_map_row(m, LAYOUT_RGB8, row, WIDTH, out);
        for (uint32_t x = 0; x < WIDTH; x += 61)
            assert_int_equal(out[x], nearest_entry(&p, row + 3 * x));
    }
    close_map(&cx, m);
}

/* Every entry by its own color, and nothing lost where other colors come too. */
static void test_exact(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 256; count += 51) {
        struct palette p = {.count = count};
        static uint8_t row[3 * 512], out[512];
        for (uint32_t i = 0; i < 512; i++) {
            uint32_t c = i % count * UINT32_C(0x9e3779b1) >> 8;
            row[3 * i] = (uint8_t)(c >> 16);
            row[3 * i + 1] = (uint8_t)(c >> 8);
            row[3 * i + 2] = (uint8_t)c;
            if (i < count)
                p.entry[i] = (struct rgba8){(uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c, 255};
        }
        struct context cx;
        struct color_map *m = open_map(&cx, &p, true);
        for (unsigned pass = 0; pass < 2; pass++) {
            color_map_row(m, LAYOUT_RGB8, row, 512, out);
            for (uint32_t i = 0; i < 512; i++)
                assert_int_equal(out[i], i % count);
            uint64_t seed = 3;
            static uint8_t other[3 * 4096];
            for (uint32_t i = 0; i < sizeof other; i++)
                other[i] = (uint8_t)noise(&seed);
            assert_row(m, &p, other, 4096);
        }
        close_map(&cx, m);
    }
}

static void test_alpha(void **state)
{
    (void)state;
    struct palette p = {.count = 3, .entry = {{9, 9, 9, 255}, {0, 0, 0, 0}, {200, 200, 200, 255}}};
    const uint8_t row[] = {0,   0,   0,   255, 0, 0, 0, 128, 0,   0,   0,   127,
                           255, 255, 255, 0,   1, 1, 1, 255, 255, 255, 255, 255};
    const uint8_t want[] = {0, 0, 1, 1, 0, 2};
    uint8_t out[512], flat[4 * 512];
    struct context cx;
    struct color_map *m = open_map(&cx, &p, false);
    color_map_row(m, LAYOUT_RGBA8, row, 6, out);
    assert_memory_equal(out, want, 6);
    memset(flat, 0, sizeof flat);
    color_map_row(m, LAYOUT_RGBA8, flat, 512, out);
    for (unsigned i = 0; i < 512; i++)
        assert_int_equal(out[i], 1);
    memset(flat, 255, sizeof flat);
    color_map_row(m, LAYOUT_RGBA8, flat, 512, out);
    for (unsigned i = 0; i < 512; i++)
        assert_int_equal(out[i], 2);
    close_map(&cx, m);

    /* without a transparent entry colors count, whatever their alpha */
    p.entry[1].a = 255;
    m = open_map(&cx, &p, false);
    color_map_row(m, LAYOUT_RGBA8, row, 6, out);
    assert_memory_equal(out, ((const uint8_t[]){1, 1, 1, 2, 1, 2}), 6);
    close_map(&cx, m);

    /* with nothing else there is no choice */
    struct palette clear = {.count = 1, .entry = {{0, 0, 0, 0}}};
    m = open_map(&cx, &clear, true);
    color_map_row(m, LAYOUT_RGBA8, row, 6, out);
    assert_memory_equal(out, ((const uint8_t[]){0, 0, 0, 0, 0, 0}), 6);
    close_map(&cx, m);
}

/* Runs of all lengths, at all places in a row. */
static void test_runs(void **state)
{
    (void)state;
    struct palette p = make_palette(16, 8, 8);
    struct context cx;
    struct color_map *m = open_map(&cx, &p, false);
    static uint8_t row[3 * 1000];
    uint64_t seed = 6;
    for (unsigned y = 0; y < 200; y++) {
        uint32_t x = 0;
        while (x < 1000) {
            uint32_t n = noise(&seed), run = noise(&seed) % 300;
            for (; x < 1000 && run > 0; run--, x++) {
                row[3 * x] = (uint8_t)n;
                row[3 * x + 1] = (uint8_t)(n >> 8);
                row[3 * x + 2] = (uint8_t)(n >> 16);
            }
        }
        for (uint32_t width = 1000; width > 0; width /= 3)
            assert_row(m, &p, row, width);
    }
    color_map_row(m, LAYOUT_RGB8, row, 0, NULL);
    close_map(&cx, m);
}

static enum status open_and_close(struct context *cx, void *user)
{
    struct color_map *m;
    enum status st = color_map_open(cx, user, false, &m);
    if (st != ST_OK)
        assert_null(m);
    color_map_close(m);
    return st;
}

static void test_no_memory(void **state)
{
    (void)state;
    struct palette p = make_palette(256, 8, 1);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, open_and_close, &p), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_a_full_search),
        cmocka_unit_test(test_dark),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_alpha),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
