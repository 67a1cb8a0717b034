/* SPDX-License-Identifier: MIT */
/* JPEGs that are too much: scans, memory, temporary space, time, size. */
#include "jpeg_file.h"

/* The last scan again and again: each would cost a walk over the picture. */
static void test_too_many_scans(void **state)
{
    (void)state;
    struct picture pic = make_picture(8, 8, LAYOUT_GRAY8);
    uint8_t pixels[64] = {0};
    for (int scans = 480; scans <= 10000; scans += 9520) {
        struct blob b = encode(&format_jpeg, &pic, &progressive, pixels);
        size_t last = 0;
        for (size_t i = 2; i + 1 < b.bytes; i++)
            if (b.data[i] == 0xff && b.data[i + 1] == 0xda)
                last = i;
        struct blob scan = blob_of(b.data + last, b.bytes - 2 - last);
        b.bytes -= 2;
        for (int i = 0; i < scans; i++)
            blob_add(&b, scan.data, scan.bytes);
        blob_add(&b, "\xff\xd9", 2);
        struct decoded d = decode(&b, true);
        if (scans > 500) {
            assert_int_equal(d.status, ST_LIMIT);
            assert_string_equal(d.text, "more than 500 scans");
        } else {
            assert_int_equal(d.rows, 8);
        }
        decoded_free(&d);
        blob_free(&scan);
        blob_free(&b);
    }
}

/* Coefficients go to a temporary file, a row of MCUs is all that is in memory. */
static void test_memory_of_passes(void **state)
{
    (void)state;
    static const struct encode_options *const options[] = {&small, &progressive};
    for (int kind = 0; kind < 2; kind++) {
        size_t peak[2];
        uint64_t temp[2];
        for (unsigned i = 0; i < 2; i++) {
            struct context cx;
            struct sink *sink;
            context_init(&cx);
            struct picture pic = make_picture(500, 1000 * (3 * i + 1), LAYOUT_RGB8);
            uint8_t *pixels = make_noise(&pic, 3);
            int fd = temp_fd("", 0);
            assert_int_equal(sink_open_fd(&cx, fd, &sink), ST_OK);
            assert_int_equal(encode_to(&cx, &format_jpeg, &pic, options[kind], pixels, sink),
                             ST_OK);
            sink_close(sink);
            close(fd);
            assert_nothing_held(&cx);
            free(pixels);
            peak[i] = cx.mem.peak;
            temp[i] = cx.temp.peak;
        }
        assert_int_equal(peak[1], peak[0]);
        assert_in_range(temp[1], temp[0] * 7 / 2, temp[0] * 9 / 2);
    }
}

/* Without temporary space the standard's tables have to do; a progressive file cannot be. */
static void test_no_temporary_space(void **state)
{
    (void)state;
    static const struct {
        uint32_t width;
        const struct encode_options *options, *as;
    } cases[] = {
        {30, &small, &small},
        {700, &small, &plain},
        {30, &progressive, &progressive},
        {700, &progressive, NULL},
    };
    for (int i = 0; i < 4; i++) {
        struct context cx;
        struct sink *sink;
        struct picture pic = make_picture(cases[i].width, 400, LAYOUT_RGB8);
        uint8_t *pixels = make_noise(&pic, 3);
        context_init(&cx);
        cx.temp.limit = 0;
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encode_to(&cx, &format_jpeg, &pic, cases[i].options, pixels, sink),
                         cases[i].as != NULL ? ST_OK : ST_LIMIT);
        if (cases[i].as != NULL) {
            struct blob want = encode(&format_jpeg, &pic, cases[i].as, pixels);
            size_t bytes;
            const uint8_t *data = sink_data(sink, &bytes);
            assert_int_equal(bytes, want.bytes);
            assert_memory_equal(data, want.data, bytes);
            blob_free(&want);
        }
        sink_close(sink);
        assert_nothing_held(&cx);
        free(pixels);
    }
}

static void test_a_signal_ends_the_passes(void **state)
{
    (void)state;
    static volatile sig_atomic_t stop = 0;
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct picture pic = make_picture(100, 100, LAYOUT_GRAY8);
    static const uint8_t row[100];
    context_init(&cx);
    cx.stop = &stop;
    stop = 0;
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_open(&cx, &format_jpeg, sink, &pic, &progressive, NULL, &e), ST_OK);
    for (int i = 0; i < 100; i++)
        assert_int_equal(encoder_write(e, row), ST_OK);
    stop = 15;
    assert_int_equal(encoder_finish(e), ST_STOPPED);
    encoder_close(e);
    sink_close(sink);
    assert_nothing_held(&cx);
}

static volatile sig_atomic_t stop;

static void test_a_signal_ends_it(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&progressive, &pic);
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame frame;
    context_init(&cx);
    cx.stop = &stop;
    stop = 0;
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    stop = 15;
    assert_int_equal(d->format->frame(d, &frame), ST_STOPPED);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&b);
}

static void test_too_large_to_write(void **state)
{
    (void)state;
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    for (int tall = 0; tall < 2; tall++) {
        context_init(&cx);
        struct picture pic = make_picture(tall ? 1 : 65501, tall ? 65501 : 1, LAYOUT_GRAY8);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encoder_open(&cx, &format_jpeg, sink, &pic, &plain, NULL, &e),
                         ST_UNSUPPORTED);
        assert_int_equal(sink_offset(sink), 0);
        sink_close(sink);
        assert_nothing_held(&cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_many_scans),     cmocka_unit_test(test_memory_of_passes),
        cmocka_unit_test(test_no_temporary_space), cmocka_unit_test(test_a_signal_ends_the_passes),
        cmocka_unit_test(test_a_signal_ends_it),   cmocka_unit_test(test_too_large_to_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
