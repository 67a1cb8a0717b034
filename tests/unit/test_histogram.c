/* SPDX-License-Identifier: MIT */
/* The histogram: exact totals on every level, cells that depend on the pixels only. */
#include "support.h"

#include "color/histogram.h"

static struct histogram *open_histogram(struct context *cx)
{
    struct histogram *h;
    context_init(cx);
    assert_int_equal(histogram_open(cx, &h), ST_OK);
    return h;
}

static void close_histogram(struct context *cx, struct histogram *h)
{
    histogram_close(h);
    assert_nothing_held(cx);
}

static struct color_cell total(struct histogram *h)
{
    struct color_cell t = {0, 0, 0, 0};
    uint32_t cells = histogram_cells(h);
    for (uint32_t i = 0; i < cells; i++) {
        struct color_cell c = histogram_cell(h, i);
        assert_true(c.count > 0);
        assert_true(c.r <= 255 * c.count && c.g <= 255 * c.count && c.b <= 255 * c.count);
        t.count += c.count;
        t.r += c.r;
        t.g += c.g;
        t.b += c.b;
    }
    return t;
}

static void count_pixels(struct color_cell *t, const uint8_t *p, uint32_t pixels)
{
    t->count += pixels;
    for (uint32_t i = 0; i < pixels; i++, p += 3) {
        t->r += p[0];
        t->g += p[1];
        t->b += p[2];
    }
}

static void assert_total(struct histogram *h, struct color_cell want)
{
    struct color_cell t = total(h);
    assert_int_equal(t.count, want.count);
    assert_int_equal(t.r, want.r);
    assert_int_equal(t.g, want.g);
    assert_int_equal(t.b, want.b);
}

static void test_nothing(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h = open_histogram(&cx);
    histogram_add(h, LAYOUT_RGB8, NULL, 0);
    assert_true(histogram_exact(h));
    assert_int_equal(histogram_cells(h), 0);
    assert_int_equal(histogram_colors(h), 0);
    assert_false(histogram_transparent(h));
    close_histogram(&cx, h);
    histogram_close(NULL);
}

/* Runs of every length around what blocks and entries of the front hold, of every kind of value. */
static void test_one_color(void **state)
{
    (void)state;
    static const uint8_t colors[][3] = {{0, 0, 0}, {255, 255, 255}, {1, 2, 3}, {240, 0, 16}};
    static uint8_t row[3 * 1300];
    for (size_t c = 0; c < 4; c++) {
        for (uint32_t i = 0; i < 1300; i++)
            memcpy(row + 3 * i, colors[c], 3);
        for (uint32_t n = 1; n < 1300; n += n < 600 ? 1 : 31) {
            struct context cx;
            struct histogram *h = open_histogram(&cx);
            histogram_add(h, LAYOUT_RGB8, row, n);
            assert_int_equal(histogram_cells(h), 1);
            assert_true(histogram_exact(h));
            struct color_cell got = histogram_cell(h, 0);
            assert_int_equal(got.count, n);
            assert_int_equal(got.r, n * colors[c][0]);
            assert_int_equal(got.g, n * colors[c][1]);
            assert_int_equal(got.b, n * colors[c][2]);
            close_histogram(&cx, h);
        }
    }
}

static void test_alpha(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h = open_histogram(&cx);
    uint8_t row[4 * 700];
    memset(row, 255, sizeof row);
    histogram_add(h, LAYOUT_RGBA8, row, 700);
    row[3] = 128;
    histogram_add(h, LAYOUT_RGBA8, row, 2);
    assert_false(histogram_transparent(h));
    row[3] = 127;
    histogram_add(h, LAYOUT_RGBA8, row, 1);
    assert_true(histogram_transparent(h));
    for (uint32_t i = 0; i < 700; i++)
        row[4 * i] = 77, row[4 * i + 3] = 0;
    histogram_add(h, LAYOUT_RGBA8, row, 700);
    assert_int_equal(histogram_cells(h), 1);
    assert_total(h, (struct color_cell){702, 702 * 255, 702 * 255, 702 * 255});
    close_histogram(&cx, h);
}

/* The same in runs, which are counted at once. */
static void test_alpha_of_runs(void **state)
{
    (void)state;
    for (uint8_t alpha = 127; alpha <= 128; alpha++) {
        struct context cx;
        struct histogram *h = open_histogram(&cx);
        uint8_t row[4 * 700];
        memset(row, alpha, sizeof row);
        histogram_add(h, LAYOUT_RGBA8, row, 700);
        assert_int_equal(histogram_transparent(h), alpha < 128);
        assert_int_equal(histogram_cells(h), alpha < 128 ? 0 : 1);
        close_histogram(&cx, h);
    }
}

/* Colors numbered from 0, all different, scattered over the whole of RGB. */
static void color_of(uint32_t i, uint8_t out[3])
{
    uint32_t c = i * UINT32_C(0x9e3779b1) & 0xffffff; /* odd: a permutation */
    out[0] = (uint8_t)(c >> 16);
    out[1] = (uint8_t)(c >> 8);
    out[2] = (uint8_t)c;
}

static void test_exact_while_few(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h = open_histogram(&cx);
    struct color_cell want = {0, 0, 0, 0};
    uint8_t p[3];
    for (uint32_t twice = 0; twice < 2; twice++)
        for (uint32_t i = 0; i < 24576; i++) {
            color_of(i, p);
            histogram_add(h, LAYOUT_RGB8, p, 1);
            count_pixels(&want, p, 1);
        }
    assert_true(histogram_exact(h));
    assert_int_equal(histogram_colors(h), 24576);
    for (uint32_t i = 0; i < 24576; i++)
        assert_int_equal(histogram_cell(h, i).count, 2);
    assert_total(h, want);

    color_of(24576, p);
    histogram_add(h, LAYOUT_RGB8, p, 1);
    count_pixels(&want, p, 1);
    assert_false(histogram_exact(h));
    assert_true(histogram_cells(h) <= 24576);
    assert_total(h, want);
    close_histogram(&cx, h);
}

/* Every color there is: cells of 5 bits, each with 512 of them. */
static void test_all_colors(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h = open_histogram(&cx);
    static uint8_t row[3 * 4096];
    struct color_cell want = {0, 0, 0, 0};
    for (uint32_t i = 0; i < 1u << 24; i += 4096) {
        for (uint32_t k = 0; k < 4096; k++)
            color_of(i + k, row + 3 * k);
        histogram_add(h, LAYOUT_RGB8, row, 4096);
        count_pixels(&want, row, 4096);
    }
    assert_false(histogram_exact(h));
    assert_int_equal(histogram_cells(h), 32768);
    assert_int_equal(histogram_colors(h), 32768);
    static bool seen[32768];
    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < 32768; i++) {
        struct color_cell c = histogram_cell(h, i);
        assert_int_equal(c.count, 512);
        uint64_t r = c.r / 512, g = c.g / 512, b = c.b / 512;
        assert_int_equal(c.r, 512 * (r / 8 * 8) + 512 * 7 / 2);
        assert_int_equal(c.g, 512 * (g / 8 * 8) + 512 * 7 / 2);
        assert_int_equal(c.b, 512 * (b / 8 * 8) + 512 * 7 / 2);
        uint64_t place = r / 8 << 10 | g / 8 << 5 | b / 8;
        assert_false(seen[place]);
        seen[place] = true;
    }
    assert_total(h, want);
    close_histogram(&cx, h);
}

/* Something like a photograph: smooth, with noise of so many bits. Some of it is flat. */
static uint8_t *make_photo(uint32_t width, uint32_t height, unsigned bits)
{
    uint8_t *photo = make_bytes((size_t)width * height * 3), *p = photo;
    uint64_t seed = 4711;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++, p += 3) {
            uint32_t n = noise(&seed), mask = (1u << bits) - 1;
            bool flat = y % 64 < 9;
            p[0] = (uint8_t)(flat ? 12 : x * 223 / width + (n & mask));
            p[1] = (uint8_t)(flat ? 200 : y * 223 / height + (n >> 8 & mask));
            p[2] = (uint8_t)(flat ? 99 : (x + y) * 223 / (width + height) + (n >> 16 & mask));
        }
    return photo;
}

static int compare_cells(const void *x, const void *y)
{
    return memcmp(x, y, sizeof(struct color_cell));
}

/* Into order. The caller frees them. */
static struct color_cell *list(struct histogram *h, uint32_t *count)
{
    *count = histogram_cells(h);
    struct color_cell *all = (struct color_cell *)(void *)make_bytes(*count * sizeof *all);
    for (uint32_t i = 0; i < *count; i++)
        all[i] = histogram_cell(h, i);
    qsort(all, *count, sizeof *all, compare_cells);
    return all;
}

static void assert_same(struct histogram *one, struct histogram *other)
{
    uint32_t n, m;
    struct color_cell *a = list(one, &n), *b = list(other, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n * sizeof *a);
    free(a);
    free(b);
}

/* Levels of all kinds, pixels in rows, in odd pieces, backwards, with alpha: the same cells. */
static void test_any_order(void **state)
{
    (void)state;
    enum { WIDTH = 700, HEIGHT = 500, PIXELS = WIDTH * HEIGHT };
    for (unsigned bits = 0; bits < 6; bits++) {
        uint8_t *photo = make_photo(WIDTH, HEIGHT, bits);
        struct context cx[4];
        struct histogram *h[4];
        struct color_cell want = {0, 0, 0, 0};
        count_pixels(&want, photo, PIXELS);
        for (unsigned i = 0; i < 4; i++)
            h[i] = open_histogram(&cx[i]);
        for (uint32_t y = 0; y < HEIGHT; y++)
            histogram_add(h[0], LAYOUT_RGB8, photo + y * WIDTH * 3, WIDTH);
        uint64_t seed = 1;
        for (uint32_t at = 0, n; at < PIXELS; at += n) {
            n = noise(&seed) % 1500;
            n = n < PIXELS - at ? n : PIXELS - at;
            histogram_add(h[1], LAYOUT_RGB8, photo + at * 3, n);
        }
        for (uint32_t at = PIXELS; at-- > 0;)
            histogram_add(h[2], LAYOUT_RGB8, photo + at * 3, 1);
        uint8_t *rgba = make_bytes(PIXELS * 4);
        for (uint32_t i = 0; i < PIXELS; i++) {
            memcpy(rgba + 4 * i, photo + 3 * i, 3);
            rgba[4 * i + 3] = 255;
        }
        histogram_add(h[3], LAYOUT_RGBA8, rgba, PIXELS);
        assert_total(h[0], want);
        for (unsigned i = 1; i < 4; i++)
            assert_same(h[0], h[i]);

        /* pieces of rows do not even change what the votes say */
        static struct frequent_color a[HISTOGRAM_FREQUENT], b[HISTOGRAM_FREQUENT];
        memset(a, 0, sizeof a);
        memset(b, 0, sizeof b);
        uint32_t n = histogram_frequent(h[0], a);
        assert_int_equal(histogram_frequent(h[1], b), n);
        assert_memory_equal(a, b, sizeof a);
        for (unsigned i = 0; i < 4; i++)
            close_histogram(&cx[i], h[i]);
        free(photo);
        free(rgba);
    }
}

/* The flat part of a noisy picture, 14 % of it, is known exactly. */
static void test_frequent(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 6; bits++) {
        uint8_t *photo = make_photo(700, 500, bits);
        struct context cx;
        struct histogram *h = open_histogram(&cx);
        histogram_add(h, LAYOUT_RGB8, photo, 700 * 500);
        static struct frequent_color f[HISTOGRAM_FREQUENT];
        histogram_cells(h);
        uint32_t n = histogram_frequent(h, f), found = 0;
        for (uint32_t i = 0; i < n; i++) {
            assert_true(f[i].count >= 700 * 500 / HISTOGRAM_FREQUENT);
            assert_int_equal(f[i].color.a, 255);
            if (f[i].color.r == 12 && f[i].color.g == 200 && f[i].color.b == 99) {
                found++;
                assert_in_range(f[i].count, 40000, 50400);
            }
        }
        assert_int_equal(found, 1);
        close_histogram(&cx, h);
        free(photo);
    }
}

/* More pixels of a color than 32 bits can count, exact and in a coarse cell; and long rows. */
static void test_billions(void **state)
{
    (void)state;
    enum { WIDTH = 1 << 22 };
    const uint64_t rows = 1026; /* 4.3e9 pixels */
    uint8_t *row = make_bytes(3 * WIDTH);
    for (uint32_t i = 0; i < WIDTH; i++)
        row[3 * i] = 255, row[3 * i + 1] = 7, row[3 * i + 2] = 254;
    for (unsigned coarse = 0; coarse < 2; coarse++) {
        struct context cx;
        struct histogram *h = open_histogram(&cx);
        struct color_cell want = {0, 0, 0, 0};
        if (coarse)
            for (uint32_t i = 0; i < 1u << 20; i++) {
                uint8_t p[3];
                color_of(i, p);
                histogram_add(h, LAYOUT_RGB8, p, 1);
                count_pixels(&want, p, 1);
            }
        for (uint64_t y = 0; y < rows; y++)
            histogram_add(h, LAYOUT_RGB8, row, WIDTH);
        assert_int_equal(histogram_exact(h), !coarse);
        if (!coarse)
            assert_int_equal(histogram_colors(h), 1);
        want.count += rows * WIDTH;
        want.r += rows * WIDTH * 255;
        want.g += rows * WIDTH * 7;
        want.b += rows * WIDTH * 254;
        assert_total(h, want);

        /* and again with cells merging */
        for (uint32_t i = 0; i < 1u << 21; i++) {
            uint8_t p[3];
            color_of(i, p);
            histogram_add(h, LAYOUT_RGB8, p, 1);
            count_pixels(&want, p, 1);
        }
        assert_total(h, want);
        close_histogram(&cx, h);
    }
    free(row);
}

static void test_release(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h = open_histogram(&cx);
    uint8_t p[3] = {1, 2, 3};
    assert_true(cx.mem.in_use < 900 * 1024);
    histogram_add(h, LAYOUT_RGB8, p, 1);
    size_t all = cx.mem.in_use;
    assert_int_equal(histogram_cells(h), 1);
    histogram_release(h, false);
    assert_true(cx.mem.in_use < all);
    assert_int_equal(histogram_cells(h), 1);
    assert_int_equal(histogram_cell(h, 0).b, 3);
    histogram_release(h, true);
    assert_int_equal(histogram_cells(h), 0);
    close_histogram(&cx, h);
}

static enum status open_and_close(struct context *cx, void *user)
{
    (void)user;
    struct histogram *h;
    enum status st = histogram_open(cx, &h);
    if (st != ST_OK)
        assert_null(h);
    else
        histogram_close(h);
    return st;
}

static void test_no_memory(void **state)
{
    (void)state;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, open_and_close, NULL) > 2);
}

/* Several levels at once give the cells that one after the other gives, in the same order. */
static void test_shrink(void **state)
{
    (void)state;
    static const uint32_t most[] = {1, 100, 900, 2500, 4096, 6000, 8192, 16384};
    for (unsigned bits = 2; bits < 7; bits += 2)
        for (size_t k = 0; k < sizeof most / sizeof *most; k++) {
            struct context cx[2];
            struct histogram *h[2];
            uint8_t *photo = make_photo(300, 300, bits);
            for (unsigned i = 0; i < 2; i++) {
                h[i] = open_histogram(&cx[i]);
                histogram_add(h[i], LAYOUT_RGB8, photo, 300 * 300);
            }
            free(photo);
            histogram_shrink(h[0], most[k]);
            for (uint32_t n = UINT32_MAX; histogram_cells(h[1]) > most[k] && n != 0;) {
                n = histogram_cells(h[1]);
                histogram_shrink(h[1], n - 1);
                n = histogram_cells(h[1]) < n ? n : 0; /* the last level stays as it is */
            }
            const uint32_t cells = histogram_cells(h[0]);
            assert_int_equal(cells, histogram_cells(h[1]));
            for (uint32_t i = 0; i < cells; i++) {
                struct color_cell a = histogram_cell(h[0], i), b = histogram_cell(h[1], i);
                assert_memory_equal(&a, &b, sizeof a);
            }
            close_histogram(&cx[0], h[0]);
            close_histogram(&cx[1], h[1]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),         cmocka_unit_test(test_one_color),
        cmocka_unit_test(test_alpha),           cmocka_unit_test(test_alpha_of_runs),
        cmocka_unit_test(test_exact_while_few), cmocka_unit_test(test_all_colors),
        cmocka_unit_test(test_shrink),          cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_frequent),        cmocka_unit_test(test_billions),
        cmocka_unit_test(test_release),         cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
