/* SPDX-License-Identifier: MIT */
/* JPEG to JPEG: files and steps that only pixels can do, of which nothing is written. */
#include "jpeg_recode_reference.h"

static const struct jpeg_recipe baseline = {.components = 3},
                                progressive = {.components = 3, .progressive = true},
                                apart = {.components = 3, .scans = jpeg_apart, .scan_count = 3};

/* Nothing is written, and the pixels can still be had. */
static void test_refused(void **state)
{
    (void)state;
    static const struct recode_step flip = FLIP_H, crop = CROP(10, 10, 3, 3),
                                    off = CROP(1, 1, 999, 0);
    static const struct {
        const struct jpeg_recipe *recipe;
        uint32_t width;
        const struct recode_step *step;
        bool trim, plan;
        enum recode_verdict verdict;
    } cases[] = {
        {&baseline, 75, &flip, false, false, RECODE_TRIMMED},
        {&baseline, 64, &flip, false, true, RECODE_EXACT},
        {&baseline, 75, &flip, true, true, RECODE_TRIMMED},
        {&baseline, 12, &flip, true, false, RECODE_IMPOSSIBLE},
        {&baseline, 75, &crop, false, false, RECODE_TRIMMED},
        {&baseline, 75, &off, true, false, RECODE_IMPOSSIBLE},
        {&progressive, 75, &flip, false, false, RECODE_TRIMMED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct blob b = jpeg_make_slopes(cases[i].recipe, cases[i].width, 50);
        struct jpeg_decoded want = jpeg_reference(&b);
        struct context cx;
        struct source *src;
        struct sink *sink;
        struct decoder *d;
        struct frame frame;
        context_init(&cx);
        int fd = pipe_fd(&b);
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
    static jpeg_scan_info scans[1 + JPEG_SINGLE_SCANS] = {{3, {0, 1, 2}, 0, 0, 0, 0}};
    int n = 1 + jpeg_single_scans(scans + 1);
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
    int fd = pipe_fd(&b);
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
    struct jpeg_recipe recipe = apart;
    recipe.factors = "42 21 12";
    struct blob b = jpeg_make_slopes(&recipe, 64, 64), out = {0};
    struct context cx;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &b, -1, &q, NULL, &out), ST_OK);
    assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
    assert_int_equal(out.bytes, 0);
    blob_free(&out);
    blob_free(&b);
    assert_nothing_held(&cx);
}

/*
 * A gray file of one row of blocks with nothing in them but a coefficient at a place. Arithmetic
 * coding knows no bounds.
 */
static struct blob make_far(int place, const int *value, size_t count)
{
    struct jpeg_writer w;
    jpeg_writer_begin(&w);
    j_compress_ptr jpeg = &w.jpeg;
    jpeg->image_width = (JDIMENSION)(8 * count);
    jpeg->image_height = 8;
    jpeg->input_components = 1;
    jpeg->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(jpeg);
    jpeg->arith_code = TRUE;
    jvirt_barray_ptr array = jpeg->mem->request_virt_barray((j_common_ptr)jpeg, JPOOL_IMAGE, TRUE,
                                                            (JDIMENSION)count, 1, 1);
    jpeg_write_coefficients(jpeg, &array);
    JBLOCKROW row = jpeg->mem->access_virt_barray((j_common_ptr)jpeg, array, 0, 1, TRUE)[0];
    for (size_t i = 0; i < count; i++)
        row[i][place] = (JCOEF)value[i];
    return jpeg_writer_end(&w);
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
    struct blob b = jpeg_make_slopes(&apart, 64, 64), out = {0};
    struct blob changed = blob_insert(&b, jpeg_find(&b, 0xda, 2), table, sizeof table);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_many_blocks),
        cmocka_unit_test(test_too_many_scans),
        cmocka_unit_test(test_coefficients_that_have_no_code),
        cmocka_unit_test(test_tables_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
