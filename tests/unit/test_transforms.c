/* SPDX-License-Identifier: MIT */
/* Windows, flips and turns against plain loops over the whole picture. */
#include "stage_check.h"

#include "raster/pixels.h"
#include "raster/tile_store.h"
#include "transforms/transform.h"
#include "transforms/transpose.h"

static const struct pixel fill = {{0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8}};

enum kind { WINDOW, FLIP_HORIZONTAL, FLIP_VERTICAL, TURN };

/* A transform and, for windows, its rectangle. */
struct step {
    enum kind kind;
    unsigned quarters;
    int64_t x, y;
    uint32_t width, height;
};

static enum status step_open(struct rows *up, const struct step *s, struct rows **out)
{
    switch (s->kind) {
    case WINDOW:
        return window_open(up, s->x, s->y, s->width, s->height, fill, out);
    case FLIP_HORIZONTAL:
        return flip_horizontal_open(up, out);
    case FLIP_VERTICAL:
        return flip_vertical_open(up, out);
    default:
        return turn_open(up, s->quarters, out);
    }
}

static struct picture result(const struct picture *from, const struct step *s)
{
    struct picture pic = *from;
    if (s->kind == WINDOW) {
        pic.width = s->width;
        pic.height = s->height;
    } else if (s->kind == TURN && s->quarters != 2) {
        pic.width = from->height;
        pic.height = from->width;
    }
    return pic;
}

/* Where output pixel (x, y) comes from, by the definition of each transform. */
static void origin(const struct picture *from, const struct step *s, int64_t x, int64_t y,
                   int64_t *from_x, int64_t *from_y)
{
    int64_t w = from->width, h = from->height;
    *from_x = x;
    *from_y = y;
    if (s->kind == WINDOW) {
        *from_x = s->x + x;
        *from_y = s->y + y;
    } else if (s->kind == FLIP_HORIZONTAL) {
        *from_x = w - 1 - x;
    } else if (s->kind == FLIP_VERTICAL) {
        *from_y = h - 1 - y;
    } else if (s->quarters == 1) {
        *from_x = y;
        *from_y = h - 1 - x;
    } else if (s->quarters == 2) {
        *from_x = w - 1 - x;
        *from_y = h - 1 - y;
    } else {
        *from_x = w - 1 - y;
        *from_y = x;
    }
}

static uint8_t *reference(const struct picture *from, const uint8_t *pixels, const struct step *s)
{
    struct picture pic = result(from, s);
    size_t pixel = layout_info(pic.layout)->bytes, stride = picture_stride(from);
    uint8_t *out = make_bytes(picture_size(&pic)), *to = out;
    for (uint32_t y = 0; y < pic.height; y++) {
        for (uint32_t x = 0; x < pic.width; x++, to += pixel) {
            int64_t a, b;
            origin(from, s, x, y, &a, &b);
            bool inside = a >= 0 && a < from->width && b >= 0 && b < from->height;
            memcpy(to, inside ? pixels + (size_t)b * stride + (size_t)a * pixel : fill.bytes,
                   pixel);
        }
    }
    return out;
}

static bool stores(const struct step *s)
{
    return s->kind == FLIP_VERTICAL || s->kind == TURN;
}

static void check(const struct picture *pic, const uint8_t *pixels, const struct step *s)
{
    struct context cx;
    context_init(&cx);
    struct picture want_pic = result(pic, s);
    size_t bytes = picture_size(&want_pic);
    uint8_t *want = reference(pic, pixels, s), *got = make_bytes(bytes);
    for (int rewinds = 0; rewinds < 2; rewinds++) {
        struct array_log log = {0};
        struct rows *r = array_rows(&cx, pic, pixels, rewinds, &log);
        assert_int_equal(step_open(r, s, &r), ST_OK);
        assert_int_equal(r->pic.width, want_pic.width);
        assert_int_equal(r->pic.height, want_pic.height);
        assert_int_equal(r->pic.layout, pic->layout);
        assert_memory_equal(&r->pic.palette, &pic->palette, sizeof pic->palette);
        if (stores(s))
            assert_int_equal(log.pulled, pic->height);
        assert_int_equal(log.closed, 0);
        assert_int_equal(r->kept, stores(s));
        assert_int_equal(rows_can_rewind(r), rewinds || stores(s));
        memset(got, 0, bytes);
        assert_int_equal(read_rows(r, got), ST_OK);
        assert_memory_equal(got, want, bytes);
        if (rows_can_rewind(r)) {
            assert_int_equal(rows_rewind(r), ST_OK);
            if (r->pic.height > 2) { /* in the middle, too */
                assert_int_equal(rows_next(r, got), ST_OK);
                assert_int_equal(rows_next(r, got), ST_OK);
                assert_int_equal(rows_rewind(r), ST_OK);
            }
            memset(got, 0, bytes);
            assert_int_equal(read_rows(r, got), ST_OK);
            assert_memory_equal(got, want, bytes);
        }
        rows_close(r);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
    }
    free(got);
    free(want);
}

static void check_flips_and_turns(uint32_t width, uint32_t height, enum layout layout)
{
    static const struct step steps[] = {
        {.kind = FLIP_HORIZONTAL},     {.kind = FLIP_VERTICAL},       {.kind = TURN, .quarters = 1},
        {.kind = TURN, .quarters = 2}, {.kind = TURN, .quarters = 3},
    };
    struct picture pic = make_picture(width, height, layout);
    uint8_t *pixels = make_noise(&pic, width + height);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        check(&pic, pixels, &steps[i]);
    free(pixels);
}

static void test_flips_and_turns(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 127, 128, 129, 200};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++)
            check_flips_and_turns(lengths[i], lengths[j], LAYOUT_INDEX8);
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        check_flips_and_turns(1, 1, layout);
        check_flips_and_turns(13, 21, layout);
        check_flips_and_turns(200, 131, layout);
        check_flips_and_turns(65, 700, layout);
        check_flips_and_turns(700, 501, layout);
    }
}

static void test_flips_and_turns_of_extreme_shapes(void **state)
{
    (void)state;
    check_flips_and_turns(1, 65535, LAYOUT_INDEX8);
    check_flips_and_turns(65535, 1, LAYOUT_INDEX8);
    check_flips_and_turns(1, 65535, LAYOUT_RGBA16);
    check_flips_and_turns(65535, 1, LAYOUT_RGBA16);
    /* bands over 2 MiB before, and after: half as high */
    check_flips_and_turns(65535, 70, LAYOUT_INDEX8);
    check_flips_and_turns(70, 65535, LAYOUT_INDEX8);
    check_flips_and_turns(97, 33333, LAYOUT_INDEX8);
    check_flips_and_turns(4200, 70, LAYOUT_RGBA16);
    check_flips_and_turns(70, 4200, LAYOUT_RGBA16);
}

static void test_turning_four_times_is_nothing(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        for (unsigned quarters = 1; quarters <= 3; quarters++) {
            struct context cx;
            context_init(&cx);
            struct picture pic = make_picture(301, 207, layout);
            size_t bytes = picture_size(&pic);
            uint8_t *pixels = make_noise(&pic, 8), *got = make_bytes(bytes);
            struct rows *r = array_rows(&cx, &pic, pixels, false, NULL);
            for (int i = 0; i < 4; i++)
                assert_int_equal(turn_open(r, quarters, &r), ST_OK);
            assert_int_equal(read_rows(r, got), ST_OK);
            assert_memory_equal(got, pixels, bytes);
            rows_close(r);
            assert_nothing_held(&cx);
            free(got);
            free(pixels);
        }
    }
}

static void test_blocks_transpose_as_loops_do(void **state)
{
    (void)state;
    enum { EDGE = 64, STRIDE = EDGE * 8 + 16 };
    static const unsigned sizes[] = {1, 2, 3, 4, 6, 8};
    uint8_t *from = make_bytes(EDGE * STRIDE), *a = make_bytes(EDGE * STRIDE),
            *b = make_bytes(EDGE * STRIDE);
    uint64_t seed = 5;
    for (size_t i = 0; i < EDGE * STRIDE; i++)
        from[i] = (uint8_t)noise(&seed);
    for (int i = 0; i < 3000; i++) {
        unsigned pixel = sizes[noise(&seed) % 6];
        uint32_t columns = noise(&seed) % (EDGE + 1), rows = noise(&seed) % (EDGE + 1);
        bool up = noise(&seed) % 2, back = noise(&seed) % 2;
        ptrdiff_t step = up ? -STRIDE : STRIDE, to = back ? -STRIDE : STRIDE;
        const uint8_t *start = from + (up ? (EDGE - 1) * STRIDE : 0);
        size_t out = back ? (EDGE - 1) * STRIDE : 0;
        memset(a, 0, EDGE * STRIDE);
        memset(b, 0, EDGE * STRIDE);
        transpose_pixels(a + out, to, start, step, columns, rows, pixel);
        transpose_portable(b + out, to, start, step, columns, rows, pixel);
        assert_memory_equal(a, b, EDGE * STRIDE);
    }
    free(from);
    free(a);
    free(b);
}

static void check_windows(uint32_t width, uint32_t height, enum layout layout)
{
    struct picture pic = make_picture(width, height, layout);
    uint8_t *pixels = make_noise(&pic, 4);
    int64_t w = width, h = height;
    const struct step steps[] = {
        {WINDOW, 0, 0, 0, width, height},
        {WINDOW, 0, 1, 2, width, height},
        {WINDOW, 0, -1, -2, width, height},
        {WINDOW, 0, -3, -3, width + 6, height + 6},
        {WINDOW, 0, -3, 0, width + 3, height},
        {WINDOW, 0, 0, h - 1, width, 1},
        {WINDOW, 0, w - 1, h - 1, 1, 1},
        {WINDOW, 0, w - 1, -5, 9, height + 9},
        {WINDOW, 0, w / 2, h / 2, 3, 3},
        {WINDOW, 0, w, 0, 4, 4},
        {WINDOW, 0, 0, h, 4, 4},
        {WINDOW, 0, -4, 0, 4, 4},
        {WINDOW, 0, 0, -4, 4, 4},
        {WINDOW, 0, INT64_MIN, INT64_MAX, 4, 4},
        {WINDOW, 0, INT64_MAX, INT64_MIN, 4, 4},
        {WINDOW, 0, 0, INT64_MAX, 4, 4},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        /* the reference adds without a check: far outside is far outside */
        struct step s = steps[i];
        if (s.x == INT64_MAX)
            s.x -= 8;
        if (s.y == INT64_MAX)
            s.y -= 8;
        check(&pic, pixels, &s);
    }
    free(pixels);
}

static void test_windows(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        check_windows(1, 1, layout);
        check_windows(20, 11, layout);
        check_windows(200, 131, layout);
    }
    check_windows(1, 65535, LAYOUT_INDEX8);
    check_windows(65535, 1, LAYOUT_INDEX8);
}

static void test_window_pulls_no_row_below_it(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(20, 50, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(&pic, 4), got[20 * 3 * 10];
    struct array_log log = {.fail_at = 18};
    struct rows *r = array_rows(&cx, &pic, pixels, true, &log);
    assert_int_equal(window_open(r, 2, 7, 5, 10, fill, &r), ST_OK);
    assert_int_equal(log.pulled, 0);
    assert_int_equal(read_rows(r, got), ST_OK);
    assert_int_equal(log.pulled, 17);
    rows_close(r);
    /* nor any where none is seen */
    log = (struct array_log){.fail_at = 1};
    r = array_rows(&cx, &pic, pixels, true, &log);
    assert_int_equal(window_open(r, 20, 7, 5, 10, fill, &r), ST_OK);
    assert_int_equal(read_rows(r, got), ST_OK);
    assert_int_equal(log.pulled, 0);
    rows_close(r);
    assert_nothing_held(&cx);
    free(pixels);
}

static void test_window_keeps_the_limits(void **state)
{
    (void)state;
    struct picture pic = make_picture(4, 4, LAYOUT_INDEX8);
    uint8_t pixels[16] = {0};
    static const struct {
        uint32_t width, height;
        enum status want;
    } cases[] = {
        {0, 1, ST_DAMAGED}, {1, 0, ST_DAMAGED}, {UINT32_MAX, 1, ST_LIMIT}, {1001, 1000, ST_LIMIT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct context cx;
        context_init(&cx);
        cx.limits.max_pixels = 1000000;
        struct array_log log = {0};
        struct rows *r = array_rows(&cx, &pic, pixels, true, &log), *out = NULL;
        assert_int_equal(window_open(r, 0, 0, cases[i].width, cases[i].height, fill, &out),
                         cases[i].want);
        assert_null(out);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
    }
}

static void test_bad_turns_are_refused(void **state)
{
    (void)state;
    struct picture pic = make_picture(4, 4, LAYOUT_INDEX8);
    uint8_t pixels[16] = {0};
    static const unsigned quarters[] = {0, 4, 1000};
    for (int i = 0; i < 3; i++) {
        struct context cx;
        context_init(&cx);
        struct array_log log = {0};
        struct rows *r = array_rows(&cx, &pic, pixels, true, &log), *out = NULL;
        assert_int_equal(turn_open(r, quarters[i], &out), ST_BUG);
        assert_null(out);
        assert_int_equal(log.closed, 1);
        assert_nothing_held(&cx);
    }
}

static size_t peak_of(uint32_t width, uint32_t height, const struct step *s)
{
    struct context cx;
    context_init(&cx);
    struct picture pic = make_picture(width, height, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 4);
    struct rows *r = array_rows(&cx, &pic, pixels, true, NULL);
    assert_int_equal(step_open(r, s, &r), ST_OK);
    uint8_t *got = make_bytes(picture_size(&r->pic));
    assert_int_equal(read_rows(r, got), ST_OK);
    rows_close(r);
    free(got);
    free(pixels);
    return cx.mem.peak;
}

static void test_memory_does_not_grow_with_height(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {.kind = FLIP_HORIZONTAL},          {.kind = FLIP_VERTICAL},
        {.kind = TURN, .quarters = 2},      {WINDOW, 0, 10, 10, 500, 500},
        {WINDOW, 0, -10, -10, 1500, 11000},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_int_equal(peak_of(1000, 600, &steps[i]), peak_of(1000, 9600, &steps[i]));
    for (unsigned quarters = 1; quarters <= 3; quarters += 2) {
        const struct step turn = {.kind = TURN, .quarters = quarters};
        /* one band before or one after, never both, and the cache */
        size_t around = 16 * 64 * 64 + 8192;
        assert_true(peak_of(1000, 9600, &turn) <= 9600 * 64 + around);
        assert_true(peak_of(9600, 1000, &turn) <= 9600 * 65 + 8192);
        /* wide and high pictures have bands of half the height */
        assert_true(peak_of(50, 40000, &turn) <= 40000 * 32 + around);
        assert_true(peak_of(40000, 50, &turn) <= 40000 * 33 + 8192);
    }
}

static enum status open_step(struct rows *up, const void *arg, struct rows **out)
{
    return step_open(up, arg, out);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {WINDOW, 0, 10, 10, 500, 300}, {.kind = FLIP_HORIZONTAL},     {.kind = FLIP_VERTICAL},
        {.kind = TURN, .quarters = 1}, {.kind = TURN, .quarters = 2}, {.kind = TURN, .quarters = 3},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        sweep_stage(700, 500, LAYOUT_INDEX8, steps[i].kind == WINDOW, open_step, &steps[i]);
}

static void test_runs_can_be_stopped_and_timed(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    volatile sig_atomic_t stop = 0;
    cx.stop = &stop;
    cx.timed = true;
    struct picture pic = make_picture(700, 500, LAYOUT_INDEX8);
    uint8_t *pixels = make_noise(&pic, 4);
    for (unsigned quarters = 1; quarters <= 3; quarters++) {
        struct rows *r = array_rows(&cx, &pic, pixels, true, NULL);
        assert_int_equal(turn_open(r, quarters, &r), ST_OK);
        assert_non_null(r->up);
        assert_true(r->cpu_ns >= r->up->cpu_ns); /* what filling took counts */
        rows_close(r);
    }
    stop = 15;
    struct rows *r = array_rows(&cx, &pic, pixels, true, NULL);
    assert_int_equal(turn_open(r, 1, &r), ST_STOPPED);
    assert_nothing_held(&cx);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flips_and_turns),
        cmocka_unit_test(test_flips_and_turns_of_extreme_shapes),
        cmocka_unit_test(test_turning_four_times_is_nothing),
        cmocka_unit_test(test_blocks_transpose_as_loops_do),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_window_pulls_no_row_below_it),
        cmocka_unit_test(test_window_keeps_the_limits),
        cmocka_unit_test(test_bad_turns_are_refused),
        cmocka_unit_test(test_memory_does_not_grow_with_height),
        cmocka_unit_test(test_every_fault_is_clean),
        cmocka_unit_test(test_runs_can_be_stopped_and_timed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
