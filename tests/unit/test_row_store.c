/* SPDX-License-Identifier: MIT */
/* The row store: every order of putting against every order of getting, and what each costs. */
#include "support.h"

#include "base/spool.h"
#include "raster/row_store.h"

static const struct interlace *const orders[] = {&interlace_none, &interlace_gif, &interlace_adam7};

/* Puts the picture's rows in the order of the passes. */
static enum status put_all(struct row_store *s, const struct picture *pic, const uint8_t *pixels,
                           const struct interlace *order)
{
    size_t stride = picture_stride(pic), pixel = layout_info(pic->layout)->bytes;
    uint8_t *row = make_bytes(stride);
    enum status st = ST_OK;
    for (unsigned i = 0; i < order->count; i++) {
        const struct pass *p = &order->pass[i];
        uint32_t width = pass_width(p, pic->width);
        for (uint32_t y = p->y0; y < pic->height && width > 0 && st == ST_OK; y += p->dy) {
            memset(row, 0xee, stride);
            for (uint32_t j = 0; j < width; j++)
                memcpy(row + j * pixel, pixels + y * stride + (p->x0 + j * p->dx) * pixel, pixel);
            st = row_store_put(s, row);
        }
    }
    free(row);
    return st;
}

static void expect_row(struct row_store *s, const struct picture *pic, const uint8_t *pixels,
                       uint32_t y, uint8_t *row)
{
    size_t stride = picture_stride(pic);
    memset(row, 0x55, stride);
    assert_int_equal(row_store_get(s, y, row), ST_OK);
    assert_memory_equal(row, pixels + y * stride, stride);
}

static void check(uint32_t width, uint32_t height, enum layout layout,
                  const struct interlace *order)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, layout);
    uint8_t *pixels = make_noise(&pic, width * 3 + height);
    uint8_t *row = make_bytes(picture_stride(&pic));
    struct row_store *s;
    assert_int_equal(row_store_open(&cx, &pic, order, &s), ST_OK);
    assert_int_equal(put_all(s, &pic, pixels, order), ST_OK);
    for (uint32_t y = 0; y < height; y++)
        expect_row(s, &pic, pixels, y, row);
    for (uint32_t y = height; y-- > 0;)
        expect_row(s, &pic, pixels, y, row);
    for (uint32_t first = 0; first < 8; first++) /* as an interlaced file is written */
        for (uint32_t y = first; y < height; y += 8)
            expect_row(s, &pic, pixels, y, row);
    uint64_t state = 99;
    for (int i = 0; i < 200; i++) {
        uint32_t y = noise(&state) % height;
        expect_row(s, &pic, pixels, y, row);
        if (i % 3 == 0)
            expect_row(s, &pic, pixels, y, row);
        if (i % 5 == 0 && y > 0)
            expect_row(s, &pic, pixels, y - 1, row);
    }
    row_store_close(s);
    assert_nothing_held(&cx);
    free(row);
    free(pixels);
}

static void test_small_sizes(void **state)
{
    (void)state;
    for (uint32_t height = 1; height <= 17; height++)
        for (uint32_t width = 1; width <= 17; width++)
            for (unsigned o = 0; o < 3; o++)
                check(width, height, LAYOUT_RGB8, orders[o]);
}

static void test_layouts_in_files(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        unsigned bytes = layout_info(layout)->bytes;
        /* beyond what a spool keeps in memory, whatever the pixel */
        uint32_t height = SPOOL_MEMORY_BYTES / (300 * bytes) + 9;
        for (unsigned o = 0; o < 3; o++)
            check(300, height, layout, orders[o]);
    }
}

static void test_extreme_shapes(void **state)
{
    (void)state;
    for (unsigned o = 0; o < 3; o++) {
        check(1, 65535, LAYOUT_INDEX8, orders[o]);
        check(1, 65535, LAYOUT_RGBA16, orders[o]);
        check(2, 65535, LAYOUT_RGB8, orders[o]);
        check(65535, 1, LAYOUT_INDEX8, orders[o]);
        check(65535, 1, LAYOUT_RGBA16, orders[o]);
        check(65535, 9, LAYOUT_INDEX8, orders[o]);
        check(65536, 5, LAYOUT_INDEX8, orders[o]); /* rows of the buffer's size */
        check(65537, 5, LAYOUT_INDEX8, orders[o]);
        check(32768, 11, LAYOUT_INDEX8, orders[o]); /* of half of it */
        check(32769, 11, LAYOUT_INDEX8, orders[o]);
        check(9566, 41, LAYOUT_INDEX8, orders[o]);
    }
}

static void test_few_calls(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(1, 65535, LAYOUT_RGBA16);
    uint8_t *pixels = make_noise(&pic, 5);
    uint64_t bytes = picture_size(&pic), blocks = bytes / 65536 + 1;
    uint8_t row[8];
    struct row_store *s;
    cx.faults.write = cx.faults.read = MANY;
    assert_int_equal(row_store_open(&cx, &pic, &interlace_gif, &s), ST_OK);
    assert_int_equal(put_all(s, &pic, pixels, &interlace_gif), ST_OK);
    assert_true(MANY - cx.faults.write <= blocks);
    for (uint32_t y = 0; y < pic.height; y++)
        expect_row(s, &pic, pixels, y, row);
    assert_true(MANY - cx.faults.read <= 4 * (blocks + 1)); /* four passes share the window */
    cx.faults.read = MANY;
    for (uint32_t y = pic.height; y-- > 0;)
        expect_row(s, &pic, pixels, y, row);
    assert_true(MANY - cx.faults.read <= 4 * (blocks + 1));
    row_store_close(s);
    free(pixels);
}

static void test_wide_rows_are_not_read_ahead_for_leaps(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(9566, 64, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 5), *row = make_bytes(9566);
    struct row_store *s;
    assert_int_equal(row_store_open(&cx, &pic, &interlace_none, &s), ST_OK);
    assert_int_equal(put_all(s, &pic, pixels, &interlace_none), ST_OK);
    expect_row(s, &pic, pixels, 0, row);
    expect_row(s, &pic, pixels, 40, row); /* alone */
    cx.faults.read = MANY;
    expect_row(s, &pic, pixels, 1, row); /* so the first window still stands */
    assert_int_equal(cx.faults.read, MANY);
    row_store_close(s);
    free(row);
    free(pixels);
}

static size_t peak_of(uint32_t width, uint32_t height, enum layout layout,
                      const struct interlace *order, bool read)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, layout);
    uint8_t *pixels = make_noise(&pic, 1), *row = make_bytes(picture_stride(&pic));
    struct row_store *s;
    assert_int_equal(row_store_open(&cx, &pic, order, &s), ST_OK);
    assert_int_equal(put_all(s, &pic, pixels, order), ST_OK);
    if (read) {
        cx.mem.peak = cx.mem.in_use;
        for (uint32_t y = 0; y < height; y++)
            expect_row(s, &pic, pixels, y, row);
    }
    row_store_close(s);
    free(row);
    free(pixels);
    return cx.mem.peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    for (unsigned o = 0; o < 3; o++) {
        for (int read = 0; read < 2; read++) {
            size_t peak = peak_of(1000, 600, LAYOUT_INDEX8, orders[o], read);
            assert_int_equal(peak, peak_of(1000, 9600, LAYOUT_INDEX8, orders[o], read));
            assert_true(peak <= 65536 + 500 + 2048);
        }
        /* rows too wide for windows are read straight to where they belong */
        size_t peak = peak_of(60000, 40, LAYOUT_RGB8, orders[o], true);
        assert_true(peak <= 65536 + 90000 + 2048);
        if (orders[o] == &interlace_none)
            assert_true(peak <= 2048);
    }
}

static void test_streams_forwards_and_backwards(void **state)
{
    (void)state;
    for (int backwards = 0; backwards < 2; backwards++) {
        struct context cx;
        context_init(&cx);
        struct picture pic = make_picture(700, 500, LAYOUT_INDEX8);
        size_t stride = picture_stride(&pic);
        uint8_t *pixels = make_noise(&pic, 7), *got = make_bytes(picture_size(&pic));
        struct row_store *s;
        struct rows *r;
        assert_int_equal(row_store_open(&cx, &pic, &interlace_adam7, &s), ST_OK);
        assert_int_equal(put_all(s, &pic, pixels, &interlace_adam7), ST_OK);
        assert_int_equal(row_store_rows(&cx, "spool", &pic, s, backwards, &r), ST_OK);
        assert_string_equal(r->name, "spool");
        assert_int_equal(r->pic.palette.count, 256);
        assert_true(r->kept);
        for (int turn = 0; turn < 2; turn++) {
            assert_int_equal(read_rows(r, got), ST_OK);
            for (uint32_t y = 0; y < pic.height; y++)
                assert_memory_equal(got + y * stride,
                                    pixels + (backwards ? pic.height - 1 - y : y) * stride, stride);
            assert_true(rows_can_rewind(r));
            assert_int_equal(rows_rewind(r), ST_OK);
        }
        rows_close(r);
        assert_nothing_held(&cx);
        free(got);
        free(pixels);
    }
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    struct picture pic = make_picture(3, 2, LAYOUT_INDEX8);
    uint8_t row[3] = {1, 2, 3};
    for (int i = 0; i < 3; i++) {
        struct context cx;
        context_init(&cx);
        struct row_store *s;
        assert_int_equal(row_store_open(&cx, &pic, &interlace_none, &s), ST_OK);
        assert_int_equal(row_store_put(s, row), ST_OK);
        if (i == 0) {
            assert_int_equal(row_store_get(s, 0, row), ST_BUG);
        } else {
            assert_int_equal(row_store_put(s, row), ST_OK);
            assert_int_equal(i == 1 ? row_store_get(s, 2, row) : row_store_put(s, row), ST_BUG);
        }
        row_store_close(s);
        assert_nothing_held(&cx);
    }
    row_store_close(NULL);
}

static void test_too_large_is_refused(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(INT32_MAX, INT32_MAX, LAYOUT_RGBA16);
    struct row_store *s;
    assert_int_equal(row_store_open(&cx, &pic, &interlace_none, &s), ST_LIMIT);
    assert_nothing_held(&cx);
    context_init(&cx);
    cx.temp.limit = 0;
    pic = make_picture(1000, 1000, LAYOUT_INDEX8);
    assert_int_equal(row_store_open(&cx, &pic, &interlace_none, &s), ST_LIMIT);
    assert_nothing_held(&cx);
}

struct fault_job {
    struct picture pic;
    const uint8_t *pixels;
    const struct interlace *order;
};

static enum status fault_job(struct context *cx, void *user)
{
    struct fault_job *job = user;
    struct row_store *s;
    struct rows *r;
    enum status st = row_store_open(cx, &job->pic, job->order, &s);
    if (st != ST_OK)
        return st;
    st = put_all(s, &job->pic, job->pixels, job->order);
    if (st != ST_OK) {
        row_store_close(s);
        return st;
    }
    st = row_store_rows(cx, "spool", &job->pic, s, true, &r);
    if (st != ST_OK)
        return st;
    uint8_t *got = make_bytes(picture_size(&job->pic));
    st = read_rows(r, got);
    free(got);
    rows_close(r);
    return st;
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    for (unsigned o = 0; o < 3; o++) {
        struct fault_job job = {make_picture(4000, 80, LAYOUT_INDEX8), NULL, orders[o]};
        uint8_t *pixels = make_noise(&job.pic, 3);
        job.pixels = pixels;
        sweep_faults(fault_job, &job);
        job.pic = make_picture(70000, 9, LAYOUT_INDEX8);
        free(pixels);
        job.pixels = pixels = make_noise(&job.pic, 3);
        sweep_faults(fault_job, &job);
        assert_true(sweep_kind(FAULT_READ, ST_IO, fault_job, &job) >= 9);
        assert_true(sweep_kind(FAULT_WRITE, ST_IO, fault_job, &job) >= 9);
        free(pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_sizes),
        cmocka_unit_test(test_layouts_in_files),
        cmocka_unit_test(test_extreme_shapes),
        cmocka_unit_test(test_few_calls),
        cmocka_unit_test(test_wide_rows_are_not_read_ahead_for_leaps),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_streams_forwards_and_backwards),
        cmocka_unit_test(test_misuse_is_refused),
        cmocka_unit_test(test_too_large_is_refused),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
