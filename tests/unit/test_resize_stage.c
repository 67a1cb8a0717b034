/* SPDX-License-Identifier: MIT */
/* Resizing as a stage: memory, rewinding, misuse, faults. */
#include "stage_check.h"

#include "transforms/transform.h"

static void test_same_size_is_the_same_stream(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(31, 7, LAYOUT_RGBA8);
    uint8_t *pixels = make_noise(&pic, 1);
    for (enum resample m = RESAMPLE_NEAREST; m <= RESAMPLE_LANCZOS3; m++) {
        struct rows *up = array_rows(&cx, &pic, pixels, false, NULL), *out = NULL;
        assert_int_equal(resize_open(up, 31, 7, m, &out), ST_OK);
        assert_ptr_equal(up, out);
        rows_close(out);
    }
    free(pixels);
}

static size_t peak_of(uint32_t w, uint32_t h, uint32_t ow, uint32_t oh, enum layout layout)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(w, h, layout);
    uint8_t *pixels = make_noise(&pic, 9);
    struct rows *r = array_rows(&cx, &pic, pixels, false, NULL);
    assert_int_equal(resize_open(r, ow, oh, RESAMPLE_LANCZOS3, &r), ST_OK);
    assert_int_equal(r->pic.width, ow);
    assert_int_equal(r->pic.height, oh);
    free(take_rows(r));
    free(pixels);
    assert_nothing_held(&cx);
    return cx.mem.peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    assert_int_equal(peak_of(300, 200, 130, 90, LAYOUT_RGB8),
                     peak_of(300, 8000, 130, 3600, LAYOUT_RGB8));
    assert_int_equal(peak_of(130, 90, 300, 200, LAYOUT_RGBA16),
                     peak_of(130, 3600, 300, 8000, LAYOUT_RGBA16));
    /* nor with how much the height shrinks */
    assert_true(peak_of(300, 8000, 130, 2, LAYOUT_RGB8) <= peak_of(300, 200, 130, 90, LAYOUT_RGB8));
    assert_true(peak_of(9566, 20, 4783, 10, LAYOUT_RGB8) < 1300 * 1024);
    /* one row takes 0.5 MiB, or 1 MiB as floats */
    assert_true(peak_of(65535, 20, 30000, 10, LAYOUT_RGBA16) < 12u * 1024 * 1024);
    assert_true(peak_of(30000, 10, 65535, 20, LAYOUT_RGBA16) < 16u * 1024 * 1024);
}

static void test_rewinding_gives_the_same(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{20, 30}, {90, 70}};
    for (enum resample m = RESAMPLE_NEAREST; m <= RESAMPLE_LANCZOS3; m++)
        for (int i = 0; i < 2; i++) {
            struct context cx;
            context_init(&cx);
            struct picture pic = make_picture(50, 60, LAYOUT_RGB8);
            uint8_t *pixels = make_noise(&pic, 9);
            struct array_log log = {0};
            struct rows *r = array_rows(&cx, &pic, pixels, true, &log);
            assert_int_equal(resize_open(r, sizes[i][0], sizes[i][1], m, &r), ST_OK);
            assert_int_equal(log.pulled, 0);
            size_t bytes = picture_size(&r->pic);
            uint8_t *a = make_bytes(bytes), *b = make_bytes(bytes);
            assert_int_equal(read_rows(r, a), ST_OK);
            for (int rows = 0; rows < 30; rows += 7) {
                assert_int_equal(rows_rewind(r), ST_OK);
                for (int k = 0; k < rows; k++)
                    assert_int_equal(rows_next(r, b), ST_OK);
                assert_int_equal(rows_rewind(r), ST_OK);
                memset(b, 0, bytes);
                assert_int_equal(read_rows(r, b), ST_OK);
                assert_memory_equal(a, b, bytes);
            }
            rows_close(r);
            r = array_rows(&cx, &pic, pixels, false, NULL);
            assert_int_equal(resize_open(r, 20, 30, m, &r), ST_OK);
            assert_false(rows_can_rewind(r));
            rows_close(r);
            assert_nothing_held(&cx);
            free(a);
            free(b);
            free(pixels);
        }
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum layout layout;
        uint32_t width, height;
        enum resample method;
        enum status want;
    } cases[] = {
        {LAYOUT_INDEX8, 20, 30, RESAMPLE_BILINEAR, ST_BUG},
        {LAYOUT_INDEX8, 10, 10, RESAMPLE_LANCZOS3, ST_BUG},
        {LAYOUT_RGB8, 20, 30, RESAMPLE_AUTO, ST_BUG},
        {LAYOUT_RGB8, 0, 30, RESAMPLE_LANCZOS3, ST_DAMAGED},
        {LAYOUT_RGB8, 1000, 1000, RESAMPLE_NEAREST, ST_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct context cx;
        context_init(&cx);
        cx.limits.max_pixels = 999999;
        struct picture pic = make_picture(10, 10, cases[i].layout);
        uint8_t *pixels = make_noise(&pic, 9);
        struct array_log log = {0};
        struct rows *out = NULL;
        assert_int_equal(resize_open(array_rows(&cx, &pic, pixels, false, &log), cases[i].width,
                                     cases[i].height, cases[i].method, &out),
                         cases[i].want);
        assert_null(out);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
        free(pixels);
    }
}

struct resizing {
    uint32_t width, height;
    enum resample method;
};

static enum status open_resized(struct rows *up, const void *arg, struct rows **out)
{
    const struct resizing *to = arg;
    return resize_open(up, to->width, to->height, to->method, out);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    static const enum layout layouts[] = {LAYOUT_RGB8, LAYOUT_GRAYA16};
    for (enum resample m = RESAMPLE_NEAREST; m <= RESAMPLE_LANCZOS3; m++)
        for (int i = 0; i < 4; i++) {
            struct resizing to = {30, i % 2 ? 100 : 20, m};
            sweep_stage(70, 50, layouts[i / 2], m == RESAMPLE_NEAREST, open_resized, &to);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_size_is_the_same_stream),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_rewinding_gives_the_same),
        cmocka_unit_test(test_misuse_is_refused),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
