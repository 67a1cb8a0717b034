/* SPDX-License-Identifier: MIT */
/* JPEG to JPEG: the bytes that moving whole arrays of coefficients gives; damage; memory. */
#include "jpeg_recode_reference.h"

static const struct {
    size_t count;
    struct recode_step step[4];
} lists[] = {
    {0, {TURN(0)}},
    {1, {TURN(1)}},
    {1, {TURN(2)}},
    {1, {TURN(3)}},
    {1, {FLIP_H}},
    {1, {FLIP_V}},
    {1, {TRANSPOSE}},
    {2, {TURN(2), TRANSPOSE}},
    {1, {CROP(33, 21, 16, 32)}},
    {1, {CROP(1000, 1000, 16, 16)}},
    {1, {CROP(20, 20, 19, 37)}}, /* not at the corner of a block */
    {3, {CROP(50, 50, 32, 32), TURN(1), CROP(20, 30, 16, 0)}},
    {3, {FLIP_H, CROP(41, 37, 16, 16), TRANSPOSE}},
    {4, {TURN(3), CROP(48, 48, 0, 16), FLIP_V, CROP(17, 19, 16, 16)}},
};

static const struct jpeg_recipe recipes[] = {
    {.components = 1},
    {.components = 1, .factors = "22"},
    {.components = 3},
    {.components = 3, .factors = "11 11 11"},
    {.components = 3, .factors = "21 11 11"},
    {.components = 3, .factors = "12 11 12", .restart = 3},
    {.components = 3, .factors = "41 11 21", .arithmetic = true},
    {.components = 3, .progressive = true},
    {.components = 3, .progressive = true, .factors = "21 11 11", .arithmetic = true},
    {.components = 3, .scans = jpeg_apart, .scan_count = 3},
    {.components = 4},
};

static struct blob make(size_t recipe, uint32_t width, uint32_t height)
{
    return jpeg_make_slopes(&recipes[recipe], width, height);
}

static void test_same_bytes(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{160, 128}, {133, 117}};
    for (size_t r = 0; r < COUNT(recipes); r++)
        for (size_t i = 0; i < COUNT(sizes); i++) {
            struct blob b = make(r, sizes[i][0], sizes[i][1]);
            for (size_t k = 0; k < COUNT(lists); k++) {
                struct recode q = {.steps = lists[k].step, .count = lists[k].count, .trim = true};
                q.optimize = k % 3 == 1 ? 2 : 0;
                q.interlace = k % 3 == 2;
                assert_recodes(&b, &q);
            }
            blob_free(&b);
        }
}

/* The temporary file, runs longer than their buffers. */
static void test_large(void **state)
{
    (void)state;
    struct blob b = make(2, 1200, 900);
    for (size_t k = 1; k < 4; k++) {
        struct recode q = {.steps = lists[k].step, .count = 1, .trim = true, .interlace = k == 1};
        assert_recodes(&b, &q);
    }
    blob_free(&b);
}

/* At the usual level a file keeps the standard's tables, or gets its own again. */
static void test_tables_follow_the_file(void **state)
{
    (void)state;
    static const struct {
        struct jpeg_recipe recipe;
        unsigned as;
    } cases[] = {
        {{.components = 3}, 0},
        {{.components = 1}, 0},
        {{.components = 3, .optimize = true}, 2},
        {{.components = 1, .optimize = true}, 2},
        {{.components = 3, .progressive = true}, 2},
        {{.components = 3, .arithmetic = true}, 2},
        {{.components = 3, .scans = jpeg_apart, .scan_count = 3}, 0},
        {{.components = 3, .scans = jpeg_apart, .scan_count = 3, .optimize = true}, 2},
    };
    static const struct recode_step turn = TURN(1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t *pixels = jpeg_pixels(96, 64, cases[i].recipe.components);
        struct blob b = jpeg_make(&cases[i].recipe, 96, 64, pixels), ours = {0};
        struct recode q = {.steps = &turn, .count = 1, .optimize = cases[i].as};
        struct blob want = reference_recode(&b, &q);
        struct context cx;
        context_init(&cx);
        q.optimize = 1;
        assert_int_equal(run(&cx, &b, -1, &q, NULL, &ours), ST_OK);
        assert_int_equal(ours.bytes, want.bytes);
        assert_memory_equal(ours.data, want.data, want.bytes);
        assert_nothing_held(&cx);
        blob_free(&ours);
        blob_free(&want);
        blob_free(&b);
        free(pixels);
    }
}

static void test_damage(void **state)
{
    (void)state;
    static const struct recode_step turn = TURN(1);
    for (size_t recipe = 2; recipe <= 7; recipe += 5) {
        struct blob b = make(recipe, 128, 128);
        for (size_t n = 100; n < b.bytes; n += 97)
            for (int lenient = 0; lenient < 2; lenient++) {
                struct blob part = blob_of(b.data, n), out = {0};
                struct context cx;
                struct recode q = {.steps = &turn, .count = 1};
                context_init(&cx);
                cx.lenient = lenient;
                enum status st = run(&cx, &part, -1, &q, NULL, &out);
                if (!lenient) {
                    assert_int_equal(st, ST_DAMAGED);
                    assert_int_equal(out.bytes, 0); /* all is read before anything is written */
                } else if (st == ST_OK && q.verdict == RECODE_EXACT) {
                    assert_true(q.damaged);
                    assert_true(strlen(q.damage) > 0);
                    struct jpeg_decoded d = jpeg_reference(&out);
                    assert_false(d.fatal);
                    assert_int_equal(d.damage, 0);
                    free(d.pixels);
                } else if (st == ST_OK) { /* pixels can be had, with what is missing smoothed */
                    assert_string_equal(q.reason, "it is cut short");
                }
                blob_free(&out);
                blob_free(&part);
                assert_nothing_held(&cx);
            }
        blob_free(&b);
    }
}

struct task {
    struct blob b;
    struct recode_step step;
    bool interlace;
};

static enum status recode_job(struct context *cx, void *user)
{
    struct task *t = user;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct decoder *d = NULL;
    struct metadata m = {0};
    struct recode q = {.steps = &t->step, .count = 1, .trim = true, .interlace = t->interlace};
    int in = temp_fd(t->b.data, t->b.bytes), out = temp_fd("", 0);
    enum status st = source_open_fd(cx, in, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, out, &sink);
    if (st == ST_OK)
        st = decoder_open(cx, src, &m, &d);
    if (st == ST_OK)
        st = d->format->recode(d, &q, sink);
    if (st == ST_OK)
        st = sink_flush(sink);
    decoder_close(d);
    sink_close(sink);
    source_close(src);
    metadata_clear(cx, &m);
    close(in);
    close(out);
    return st;
}

static void test_failures(void **state)
{
    (void)state;
    static const size_t recipe[] = {2, 7, 9};
    for (size_t i = 0; i < COUNT(recipe); i++) {
        struct task t = {make(recipe[i], 150, 130), TURN(1), i == 1};
        sweep_faults(recode_job, &t);
        blob_free(&t.b);
    }
    struct task t = {make(2, 1100, 300), TURN(2), true}; /* with a temporary file */
    assert_true(sweep_kind(FAULT_WRITE, ST_IO, recode_job, &t) > 50);
    assert_true(sweep_kind(FAULT_READ, ST_IO, recode_job, &t) > 50);
    blob_free(&t.b);
}

static size_t peak(uint32_t width, uint32_t height, const struct recode_step *step)
{
    struct task t = {make(2, width, height), *step, false};
    struct context cx;
    context_init(&cx);
    assert_int_equal(recode_job(&cx, &t), ST_OK);
    assert_true(cx.temp.peak > 0);
    blob_free(&t.b);
    return cx.mem.peak;
}

static void test_memory_is_of_the_width(void **state)
{
    (void)state;
    static const struct recode_step flip = FLIP_V, turn = TURN(1);
    size_t low = peak(640, 1600, &flip), high = peak(640, 6400, &flip);
    assert_int_equal(high, low + 300 * sizeof(uint64_t)); /* where 300 more runs begin */
    low = peak(640, 1600, &turn);                         /* the width of the result is 6400 then */
    assert_in_range(peak(640, 6400, &turn), low, low + 300 * (8 + 2 * 6 * 128 + 1020 + 16));
}

static volatile sig_atomic_t stop = 15;

static void test_a_signal_ends_it(void **state)
{
    (void)state;
    struct blob b = make(2, 64, 64);
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    cx.stop = &stop;
    assert_int_equal(d->format->recode(d, &q, NULL), ST_STOPPED);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_tables_follow_the_file),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_a_signal_ends_it),
        cmocka_unit_test(test_memory_is_of_the_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
