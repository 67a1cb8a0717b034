/* SPDX-License-Identifier: MIT */
/* JPEG to JPEG: the bytes that moving whole coefficient arrays gives; what is refused; markers. */
#include "jpeg_recode_reference.h"

static void assert_recodes(const struct blob *b, struct recode *q)
{
    struct blob want = reference_recode(b, q);
    for (int way = 0; way < 3; way++) {
        struct context cx;
        struct blob out = {0};
        context_init(&cx);
        int fd = way == 0 ? -1 : way == 1 ? temp_fd(b->data, b->bytes) : jpeg_pipe(b);
        assert_int_equal(run(&cx, b, fd, q, NULL, &out), ST_OK);
        assert_int_not_equal(q->verdict, RECODE_IMPOSSIBLE);
        assert_false(q->damaged);
        assert_int_equal(out.bytes, want.bytes);
        assert_memory_equal(out.data, want.data, want.bytes);
        if (fd >= 0)
            close(fd);
        blob_free(&out);
        assert_nothing_held(&cx);
    }
    blob_free(&want);
}

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

static const jpeg_scan_info apart[] = {
    {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};

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
    {.components = 3, .scans = apart, .scan_count = 3},
    {.components = 4},
};

static struct blob make(size_t recipe, uint32_t width, uint32_t height)
{
    const struct jpeg_recipe *r = &recipes[recipe];
    uint8_t *pixels = jpeg_pixels(width, height, r->components);
    struct blob b = jpeg_make(r, width, height, pixels);
    free(pixels);
    return b;
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
        {{.components = 3, .scans = apart, .scan_count = 3}, 0},
        {{.components = 3, .scans = apart, .scan_count = 3, .optimize = true}, 2},
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

/* Nothing is written, and the pixels can still be had. */
static void test_refused(void **state)
{
    (void)state;
    static const struct recode_step flip = FLIP_H, crop = CROP(10, 10, 3, 3),
                                    off = CROP(1, 1, 999, 0);
    static const struct {
        size_t recipe;
        uint32_t width;
        const struct recode_step *step;
        bool trim, plan;
        enum recode_verdict verdict;
    } cases[] = {
        {2, 75, &flip, false, false, RECODE_TRIMMED},
        {2, 64, &flip, false, true, RECODE_EXACT},
        {2, 75, &flip, true, true, RECODE_TRIMMED},
        {2, 12, &flip, true, false, RECODE_IMPOSSIBLE},
        {2, 75, &crop, false, false, RECODE_TRIMMED},
        {2, 75, &off, true, false, RECODE_IMPOSSIBLE},
        {7, 75, &flip, false, false, RECODE_TRIMMED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct blob b = make(cases[i].recipe, cases[i].width, 50);
        struct jpeg_decoded want = jpeg_reference(&b);
        struct context cx;
        struct source *src;
        struct sink *sink;
        struct decoder *d;
        struct frame frame;
        context_init(&cx);
        int fd = jpeg_pipe(&b);
        struct recode q = {.steps = cases[i].step, .count = 1};
        q.trim = cases[i].trim;
        q.plan = cases[i].plan;
        assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
        assert_int_equal(d->format->recode(d, &q, sink), ST_OK);
        assert_int_equal(q.verdict, cases[i].verdict);
        assert_int_equal(q.reason[0] == '\0', q.verdict == RECODE_EXACT);
        assert_int_equal(sink_offset(sink), 0);
        assert_int_equal(decoder_frame(d, &frame), ST_OK);
        uint8_t *row = make_bytes(want.stride);
        for (uint32_t y = 0; y < want.height; y++) {
            assert_int_equal(decoder_row(d, row), ST_OK);
            assert_memory_equal(row, want.pixels + y * want.stride, want.stride);
        }
        assert_int_equal(decoder_frame(d, &frame), ST_END);
        free(row);
        free(want.pixels);
        decoder_close(d);
        sink_close(sink);
        source_close(src);
        close(fd);
        assert_nothing_held(&cx);
        blob_free(&b);
    }
}

/* What cannot be decoded side by side: the scans have been sought, and the pixels still come. */
static void test_too_many_scans(void **state)
{
    (void)state;
    static jpeg_scan_info scans[1 + 63 * 3];
    int n = 0;
    scans[n++] = (jpeg_scan_info){3, {0, 1, 2}, 0, 0, 0, 0};
    for (int c = 0; c < 3; c++)
        for (int k = 1; k < 64; k++)
            scans[n++] = (jpeg_scan_info){1, {c}, k, k, 0, 0};
    struct jpeg_recipe recipe = {.components = 3, .scans = scans, .scan_count = n};
    uint8_t *pixels = jpeg_pixels(32, 32, 3);
    struct blob b = jpeg_make(&recipe, 32, 32, pixels);
    struct jpeg_decoded want = jpeg_reference(&b);
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame frame;
    struct recode q = {0};
    context_init(&cx);
    int fd = jpeg_pipe(&b);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    assert_int_equal(d->format->recode(d, &q, NULL), ST_OK);
    assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
    assert_string_equal(q.reason, "it has too many scans");
    assert_int_equal(decoder_frame(d, &frame), ST_OK);
    for (uint32_t y = 0; y < 32; y++) {
        assert_int_equal(decoder_row(d, pixels), ST_OK);
        assert_memory_equal(pixels, want.pixels + y * want.stride, want.stride);
    }
    assert_int_equal(decoder_frame(d, &frame), ST_END);
    decoder_close(d);
    source_close(src);
    close(fd);
    assert_nothing_held(&cx);
    free(want.pixels);
    free(pixels);
    blob_free(&b);
}

/* More blocks in an MCU than a scan may have: only apart. */
static void test_too_many_blocks(void **state)
{
    (void)state;
    struct jpeg_recipe recipe = {
        .components = 3, .scans = apart, .scan_count = 3, .factors = "42 21 12"};
    uint8_t *pixels = jpeg_pixels(64, 64, 3);
    struct blob b = jpeg_make(&recipe, 64, 64, pixels), out = {0};
    struct context cx;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &b, -1, &q, NULL, &out), ST_OK);
    assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
    assert_int_equal(out.bytes, 0);
    blob_free(&out);
    blob_free(&b);
    free(pixels);
}

/*
 * A gray file of one row of blocks with nothing in them but a coefficient at a place. Arithmetic
 * coding knows no bounds.
 */
static struct blob make_far(int place, const int *value, size_t count)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &bytes);
    jpeg.image_width = (JDIMENSION)(8 * count);
    jpeg.image_height = 8;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg.arith_code = TRUE;
    jvirt_barray_ptr array = jpeg.mem->request_virt_barray((j_common_ptr)&jpeg, JPOOL_IMAGE, TRUE,
                                                           (JDIMENSION)count, 1, 1);
    jpeg_write_coefficients(&jpeg, &array);
    JBLOCKROW row = jpeg.mem->access_virt_barray((j_common_ptr)&jpeg, array, 0, 1, TRUE)[0];
    for (size_t i = 0; i < count; i++)
        row[i][place] = (JCOEF)value[i];
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    struct blob b = blob_of(data, bytes);
    free(data);
    return b;
}

/* Without tables of their own such files would be garbage, and no table can reach much further. */
static void test_coefficients_that_have_no_code(void **state)
{
    (void)state;
    static const struct {
        int place, value[3];
        bool codable;
    } cases[] = {
        {0, {1000, -1047, 1000}, true}, {0, {1000, -1048, 0}, false}, {0, {2047, 0, 2047}, true},
        {0, {0, 2048, 0}, false},       {1, {1023, -1023, 0}, true},  {1, {0, 0, 1024}, false},
        {63, {-1024, 0, 0}, false},     {5, {9000, 0, 0}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int way = 0; way < 4; way++) {
            static const struct recode_step turn = TURN(1);
            struct blob b = make_far(cases[i].place, cases[i].value, 3), out = {0};
            struct context cx;
            struct recode q = {.steps = &turn, .count = 1};
            q.optimize = way & 1 ? 2 : 0;
            q.interlace = way & 2;
            context_init(&cx);
            if (cases[i].codable) {
                assert_recodes(&b, &q);
            } else {
                assert_int_equal(run(&cx, &b, -1, &q, NULL, &out), ST_OK);
                assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
                assert_string_equal(q.reason,
                                    "it has coefficients that Huffman codes do not reach");
                assert_int_equal(out.bytes, 0);
                blob_free(&out);
                assert_nothing_held(&cx);
            }
            blob_free(&b);
        }
}

/* The table that a component begins with is not the one that another begins with. */
static void test_tables_change(void **state)
{
    (void)state;
    uint8_t table[69] = {0xff, 0xdb, 0, 67, 0};
    for (int i = 5; i < 69; i++)
        table[i] = (uint8_t)i;
    struct blob b = make(9, 64, 64), out = {0}, changed;
    size_t at = b.bytes;
    while (b.data[at - 2] != 0xff || b.data[at - 1] != 0xda) /* the last scan */
        at--;
    changed = blob_of(b.data, at - 2);
    blob_add(&changed, table, sizeof table);
    blob_add(&changed, b.data + at - 2, b.bytes - at + 2);
    struct context cx;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &changed, -1, &q, NULL, &out), ST_OK);
    assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
    assert_string_equal(q.reason, "its quantization tables change");
    assert_int_equal(out.bytes, 0);
    blob_free(&out);
    blob_free(&changed);
    blob_free(&b);
    assert_nothing_held(&cx);
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
    struct task t = {make(2, 1100, 800), TURN(2), true}; /* with a temporary file */
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
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_many_blocks),
        cmocka_unit_test(test_tables_follow_the_file),
        cmocka_unit_test(test_too_many_scans),
        cmocka_unit_test(test_coefficients_that_have_no_code),
        cmocka_unit_test(test_tables_change),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_a_signal_ends_it),
        cmocka_unit_test(test_memory_is_of_the_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
