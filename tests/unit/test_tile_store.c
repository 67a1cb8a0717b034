/* SPDX-License-Identifier: MIT */
/* The tiled store: every tile, any rectangle, what each costs. */
#include "support.h"

#include "base/spool.h"
#include "raster/store_fill.h"

static struct tile_store *filled(struct context *cx, const struct picture *pic,
                                 const uint8_t *pixels)
{
    struct tile_store *s;
    size_t stride = picture_stride(pic);
    assert_int_equal(tile_store_open(cx, pic, &s), ST_OK);
    for (uint32_t y = 0; y < pic->height; y++)
        assert_int_equal(tile_store_put(s, pixels + y * stride), ST_OK);
    return s;
}

static void expect_tile(struct tile_store *s, const struct picture *pic, const uint8_t *pixels,
                        uint32_t tile_x, uint32_t tile_y)
{
    uint32_t edge = tile_edge(pic);
    size_t pixel = layout_info(pic->layout)->bytes, stride = picture_stride(pic);
    uint32_t x = tile_x * edge, y = tile_y * edge;
    size_t wide = pic->width - x < edge ? pic->width - x : edge;
    size_t high = pic->height - y < edge ? pic->height - y : edge;
    const uint8_t *tile;
    assert_int_equal(tile_store_get(s, tile_x, tile_y, &tile), ST_OK);
    for (size_t j = 0; j < high; j++)
        assert_memory_equal(tile + j * wide * pixel, pixels + (y + j) * stride + x * pixel,
                            wide * pixel);
}

static void expect_rectangle(struct tile_store *s, const struct picture *pic, const uint8_t *pixels,
                             uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    size_t pixel = layout_info(pic->layout)->bytes, stride = picture_stride(pic);
    size_t out_stride = width * pixel + 5;
    uint8_t *out = make_bytes(out_stride * height);
    memset(out, 0x5a, out_stride * height);
    assert_int_equal(tile_store_copy(s, x, y, width, height, out, out_stride), ST_OK);
    for (uint32_t j = 0; j < height; j++) {
        assert_memory_equal(out + j * out_stride, pixels + (y + j) * stride + x * pixel,
                            width * pixel);
        assert_memory_equal(out + j * out_stride + width * pixel, "ZZZZZ", 5);
    }
    free(out);
}

static void check(uint32_t width, uint32_t height, enum layout layout)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, layout);
    uint8_t *pixels = make_noise(&pic, width + height);
    struct tile_store *s = filled(&cx, &pic, pixels);
    uint32_t edge = tile_edge(&pic);
    for (uint32_t y = 0; y * edge < height; y++)
        for (uint32_t x = 0; x * edge < width; x++)
            expect_tile(s, &pic, pixels, x, y);
    uint64_t state = 3;
    for (int i = 0; i < 60; i++) {
        uint32_t x = noise(&state) % width, y = noise(&state) % height;
        uint32_t w = noise(&state) % (width - x > 300 ? 300 : width - x) + 1;
        uint32_t h = noise(&state) % (height - y > 300 ? 300 : height - y) + 1;
        expect_rectangle(s, &pic, pixels, x, y, w, h);
    }
    tile_store_close(s);
    assert_nothing_held(&cx);
    free(pixels);
}

static void test_sizes_about_a_tile(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, 31, 63, 64, 65, 127, 128, 129, 200};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++)
            check(lengths[i], lengths[j], LAYOUT_INDEX8);
}

static void test_all_layouts(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        check(200, 131, layout);
        check(700, 500, layout);
    }
}

static void test_extreme_shapes(void **state)
{
    (void)state;
    check(1, 65535, LAYOUT_INDEX8);
    check(65535, 1, LAYOUT_INDEX8);
    check(65535, 33, LAYOUT_INDEX8);
    check(1, 65535, LAYOUT_RGBA16);
    check(65535, 1, LAYOUT_RGBA16);
    check(65535, 33, LAYOUT_RGBA16);
}

static void test_edge_follows_the_band(void **state)
{
    (void)state;
    struct picture pic = make_picture(32768, 1, LAYOUT_INDEX8); /* 64 rows are 2 MiB */
    assert_int_equal(tile_edge(&pic), 64);
    pic.width++;
    assert_int_equal(tile_edge(&pic), 32);
    pic = make_picture(4096, 1, LAYOUT_RGBA16);
    assert_int_equal(tile_edge(&pic), 64);
    pic.width++;
    assert_int_equal(tile_edge(&pic), 32);
}

static void test_one_write_a_band_and_one_read_a_tile(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(1000, 1000, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 1);
    cx.faults.write = cx.faults.read = MANY;
    struct tile_store *s = filled(&cx, &pic, pixels);
    assert_int_equal(MANY - cx.faults.write, 16);
    assert_int_equal(cx.temp.peak, 1000 * 1000); /* tiles have no padding */
    for (int again = 0; again < 3; again++)      /* four by four tiles fit the cache, wherever */
        expect_rectangle(s, &pic, pixels, 65, 200, 250, 240);
    assert_int_equal(MANY - cx.faults.read, 16);
    tile_store_close(s);
    free(pixels);
}

static void test_least_recently_used_goes(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(1000, 1000, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct tile_store *s = filled(&cx, &pic, pixels);
    cx.faults.read = MANY;
    for (uint32_t x = 0; x < 8; x += 2) /* one set of four */
        expect_tile(s, &pic, pixels, x, 0);
    expect_tile(s, &pic, pixels, 0, 0);
    assert_int_equal(MANY - cx.faults.read, 4);
    expect_tile(s, &pic, pixels, 8, 0); /* in the place of 2 */
    expect_tile(s, &pic, pixels, 0, 0);
    expect_tile(s, &pic, pixels, 4, 0);
    assert_int_equal(MANY - cx.faults.read, 5);
    expect_tile(s, &pic, pixels, 2, 0);
    assert_int_equal(MANY - cx.faults.read, 6);
    tile_store_close(s);
    free(pixels);
}

static size_t peak_of(uint32_t height, size_t *reading)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(1000, height, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct tile_store *s = filled(&cx, &pic, pixels);
    size_t peak = cx.mem.peak;
    cx.mem.peak = cx.mem.in_use;
    expect_rectangle(s, &pic, pixels, 3, 5, 900, 300);
    *reading = cx.mem.peak;
    tile_store_close(s);
    free(pixels);
    return peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    size_t reading, reading_more, peak = peak_of(600, &reading);
    assert_int_equal(peak, peak_of(9600, &reading_more));
    assert_int_equal(reading, reading_more);
    assert_true(peak <= 64 * 1000 + 2048);
    assert_true(reading <= 16 * 64 * 64 + 2048); /* the band is gone */
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    struct picture pic = make_picture(65, 2, LAYOUT_INDEX8);
    uint8_t row[65] = {0}, out[300];
    const uint8_t *tile;
    for (int i = 0; i < 8; i++) {
        struct context cx;
        context_init(&cx);
        struct tile_store *s;
        assert_int_equal(tile_store_open(&cx, &pic, &s), ST_OK);
        assert_int_equal(tile_store_put(s, row), ST_OK);
        if (i == 0)
            assert_int_equal(tile_store_get(s, 0, 0, &tile), ST_BUG);
        if (i == 1)
            assert_int_equal(tile_store_copy(s, 0, 0, 1, 1, out, 100), ST_BUG);
        if (i >= 2)
            assert_int_equal(tile_store_put(s, row), ST_OK);
        if (i == 2)
            assert_int_equal(tile_store_put(s, row), ST_BUG);
        if (i == 3)
            assert_int_equal(tile_store_get(s, 2, 0, &tile), ST_BUG);
        if (i == 4)
            assert_int_equal(tile_store_get(s, 0, 1, &tile), ST_BUG);
        if (i == 5)
            assert_int_equal(tile_store_copy(s, 64, 0, 2, 1, out, 100), ST_BUG);
        if (i == 6)
            assert_int_equal(tile_store_copy(s, 0, 1, 1, 2, out, 100), ST_BUG);
        if (i == 7)
            assert_int_equal(tile_store_copy(s, UINT32_MAX, 0, 2, 1, out, 100), ST_BUG);
        tile_store_close(s);
        assert_nothing_held(&cx);
    }
    tile_store_close(NULL);
}

static void test_too_large_is_refused(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(INT32_MAX, INT32_MAX, LAYOUT_RGBA16);
    struct tile_store *s;
    assert_int_equal(tile_store_open(&cx, &pic, &s), ST_LIMIT);
    assert_nothing_held(&cx);
    context_init(&cx);
    cx.temp.limit = 999999;
    pic = make_picture(1000, 1000, LAYOUT_INDEX8);
    assert_int_equal(tile_store_open(&cx, &pic, &s), ST_LIMIT);
    assert_nothing_held(&cx);
}

struct fault_job {
    struct picture pic;
    const uint8_t *pixels;
};

static enum status fault_job(struct context *cx, void *user)
{
    const struct fault_job *job = user;
    struct rows *r = array_rows(cx, &job->pic, job->pixels, false, NULL);
    if (r == NULL)
        return cx->status;
    struct tile_store *s;
    uint64_t cpu_ns;
    enum status st = tile_store_fill(r, &s, &cpu_ns);
    if (st == ST_OK) {
        uint8_t *out = make_bytes(300 * 300);
        st = tile_store_copy(s, 100, 100, 300, 300, out, 300);
        free(out);
        tile_store_close(s);
    }
    rows_close(r);
    return st;
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    struct fault_job job = {make_picture(700, 500, LAYOUT_INDEX8), NULL};
    uint8_t *pixels = make_noise(&job.pic, 3);
    job.pixels = pixels;
    sweep_faults(fault_job, &job);
    assert_int_equal(sweep_kind(FAULT_WRITE, ST_IO, fault_job, &job), 8);
    free(pixels);
}

/* A tile that could not be read must not be taken for one that was. */
static void test_failed_read_is_not_cached(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(700, 500, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct tile_store *s = filled(&cx, &pic, pixels);
    const uint8_t *tile;
    cx.faults.read = 1;
    assert_int_equal(tile_store_get(s, 1, 1, &tile), ST_IO);
    expect_tile(s, &pic, pixels, 1, 1);
    tile_store_close(s);
    free(pixels);
}

static void test_filling_passes_errors_on(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(100, 200, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 1);
    struct array_log log = {.fail_at = 150};
    struct rows *r = array_rows(&cx, &pic, pixels, true, &log);
    struct tile_store *tiles;
    struct row_store *store;
    uint64_t cpu_ns;
    assert_int_equal(tile_store_fill(r, &tiles, &cpu_ns), ST_DAMAGED);
    assert_int_equal(log.pulled, 150);
    assert_int_equal(rows_rewind(r), ST_OK);
    assert_int_equal(row_store_fill(r, &store, &cpu_ns), ST_DAMAGED);
    assert_int_equal(log.closed, 0);
    rows_close(r);
    assert_int_equal(log.closed, 1);
    assert_nothing_held(&cx);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_about_a_tile),
        cmocka_unit_test(test_all_layouts),
        cmocka_unit_test(test_extreme_shapes),
        cmocka_unit_test(test_edge_follows_the_band),
        cmocka_unit_test(test_one_write_a_band_and_one_read_a_tile),
        cmocka_unit_test(test_least_recently_used_goes),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_misuse_is_refused),
        cmocka_unit_test(test_too_large_is_refused),
        cmocka_unit_test(test_every_fault_is_clean),
        cmocka_unit_test(test_failed_read_is_not_cached),
        cmocka_unit_test(test_filling_passes_errors_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
