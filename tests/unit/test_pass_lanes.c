/* SPDX-License-Identifier: MIT */
/* Interlaced pictures that no store holds: the same rows, again after a rewind, in less memory. */
#include "codec_run.h"

#include "pipeline/stages/input.h"

static const struct encode_options interlaced = {.compression = 1, .interlace = true};

/* Pixels that a spool does not keep in memory: see SPOOL_MEMORY_BYTES. */
static const uint32_t sizes[][2] = {{520, 510}, {1, 270000}, {65535, 5}, {3, 90001}, {5, 60000}};

struct reading {
    const struct blob *b;
    const uint8_t *want; /* NULL: not looked at */
    size_t stride;
    bool lenient;
    unsigned times;
};

/* Reads it from a file, without temporary space. */
static enum status read_picture(struct context *cx, void *user)
{
    const struct reading *r = user;
    struct input_report report = {0};
    struct progress progress = {0};
    struct source *src = NULL;
    struct rows *rows = NULL;
    int fd = temp_fd(r->b->data, r->b->bytes);
    uint8_t *row = make_bytes(r->stride);
    cx->temp.limit = 0;
    cx->lenient = r->lenient;
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = input_open(cx, src, &report, &progress, &rows);
    for (unsigned n = 0; n < r->times && st == ST_OK; n++) {
        if (n > 0)
            st = rows_rewind(rows);
        for (uint32_t y = 0; st == ST_OK && y < rows->pic.height; y++) {
            st = rows_next(rows, row);
            if (st == ST_OK && r->want != NULL)
                assert_memory_equal(row, r->want + y * r->stride, r->stride);
        }
    }
    rows_close(rows);
    source_close(src);
    metadata_clear(cx, &report.metadata);
    close(fd);
    free(row);
    return st;
}

static enum status run(const struct reading *r, size_t *peak)
{
    struct context cx;
    struct reading mine = *r;
    context_init(&cx);
    enum status st = read_picture(&cx, &mine);
    assert_int_equal(cx.temp.peak, 0);
    assert_nothing_held(&cx);
    if (peak != NULL)
        *peak = cx.mem.peak;
    return st;
}

static void test_same_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
            if (i != 0 && layout != LAYOUT_INDEX8 && layout != LAYOUT_RGB16)
                continue;
            bool gif = layout == LAYOUT_INDEX8 && sizes[i][1] <= 65535;
            struct picture pic = make_picture(sizes[i][0], sizes[i][1], layout);
            uint8_t *pixels = noise_pixels(&pic, i + 1);
            struct blob b = encode(gif ? &format_gif : &format_png, &pic, &interlaced, pixels);
            struct reading r = {&b, pixels, picture_stride(&pic), false, 2};
            assert_int_equal(run(&r, NULL), ST_OK);
            blob_free(&b);
            free(pixels);
        }
}

static void test_memory_is_of_the_width(void **state)
{
    (void)state;
    size_t peak[2];
    for (unsigned i = 0; i < 2; i++) {
        struct picture pic = make_picture(900, i == 0 ? 600 : 2400, LAYOUT_RGBA8);
        uint8_t *pixels = noise_pixels(&pic, 3);
        struct blob b = encode(&format_png, &pic, &interlaced, pixels);
        struct reading r = {&b, pixels, picture_stride(&pic), false, 1};
        assert_int_equal(run(&r, &peak[i]), ST_OK);
        blob_free(&b);
        free(pixels);
    }
    assert_int_equal(peak[1], peak[0]);
    assert_true(peak[0] < 600 * 1024);
}

/* Wherever a file ends, that is noticed; what is to be filled takes a store. */
static void test_damage(void **state)
{
    (void)state;
    struct picture pic = make_picture(600, 500, LAYOUT_RGB8);
    uint8_t *pixels = noise_pixels(&pic, 3);
    struct blob b = encode(&format_png, &pic, &interlaced, pixels);
    struct reading r = {&b, NULL, picture_stride(&pic), true, 1};
    assert_int_equal(run(&r, NULL), ST_LIMIT);
    r.lenient = false;
    size_t whole = b.bytes;
    for (size_t part = 1; part < 20; part++) {
        b.bytes = whole * part / 20;
        assert_int_equal(run(&r, NULL), ST_DAMAGED);
    }
    b.bytes = whole - 12; /* IEND */
    assert_int_equal(run(&r, NULL), ST_DAMAGED);
    blob_free(&b);
    free(pixels);
}

static void test_faults(void **state)
{
    (void)state;
    struct picture pic = make_picture(520, 520, LAYOUT_GRAY8);
    uint8_t *pixels = noise_pixels(&pic, 3);
    struct blob b = encode(&format_png, &pic, &interlaced, pixels);
    struct reading r = {&b, pixels, picture_stride(&pic), false, 2};
    sweep_kind(FAULT_ALLOC, ST_NOMEM, read_picture, &r);
    sweep_kind(FAULT_READ, ST_IO, read_picture, &r);
    blob_free(&b);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_rows),
        cmocka_unit_test(test_memory_is_of_the_width),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
