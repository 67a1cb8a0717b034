/* SPDX-License-Identifier: MIT */
/* GIF out: as small as it may be, and read back the same. */
#include "codec_run.h"

static const struct encode_options plain = {.optimize = 0};
static const struct encode_options laced = {.interlace = true, .optimize = 1};

static void round_trip(const struct picture *pic, const struct encode_options *options)
{
    uint8_t *pixels = noise_pixels(pic, pic->width + pic->height);
    struct blob b = encode(&format_gif, pic, options, pixels);
    assert_decodes(&b, pic, pixels);
    struct decoded d = decode(&b, false);
    assert_true(d.frame.pic.palette.count >= pic->palette.count);
    assert_memory_equal(d.frame.pic.palette.entry, pic->palette.entry,
                        pic->palette.count * sizeof *pic->palette.entry);
    assert_ptr_equal(d.frame.order, options->interlace ? &interlace_gif : &interlace_none);
    decoded_free(&d);
    blob_free(&b);
    free(pixels);
}

static void test_color_counts(void **state)
{
    (void)state;
    for (uint32_t colors = 1; colors <= 256; colors++) {
        struct picture pic = make_picture(17, 5, LAYOUT_INDEX8);
        pic.palette = noise_palette(colors, false);
        round_trip(&pic, colors % 2 ? &plain : &laced);
        pic.palette.entry[colors / 2] = (struct rgba8){1, 2, 3, 0};
        round_trip(&pic, colors % 2 ? &laced : &plain);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{1, 1}, {1, 65535}, {65535, 1}, {65535, 3}, {2, 4096}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct picture pic = make_picture(sides[i][0], sides[i][1], LAYOUT_INDEX8);
        round_trip(&pic, &plain);
        round_trip(&pic, &laced);
    }
    for (uint32_t height = 1; height < 20; height++) {
        struct picture pic = make_picture(3, height, LAYOUT_INDEX8);
        round_trip(&pic, &laced);
    }
}

/* No byte more than the specification wants. */
static void test_header(void **state)
{
    (void)state;
    struct picture pic = make_picture(258, 3, LAYOUT_INDEX8);
    uint8_t *pixels = calloc(1, picture_size(&pic));
    for (uint32_t colors = 1; colors <= 256; colors++) {
        pic.palette = noise_palette(colors, false);
        unsigned bits = 1;
        while (1u << bits < colors)
            bits++;
        struct blob b = encode(&format_gif, &pic, &plain, pixels);
        assert_memory_equal(b.data, "GIF87a\x02\x01\x03\x00", 10);
        assert_int_equal(b.data[10] & 0x87, 0x80 | (bits - 1));
        size_t at = 13 + ((size_t)3 << bits);
        assert_memory_equal(b.data + at, ",\0\0\0\0\x02\x01\x03\x00\0", 10);
        assert_int_equal(b.data[at + 10], bits < 2 ? 2 : bits);
        assert_int_equal(b.data[b.bytes - 1], ';');
        assert_int_equal(b.data[b.bytes - 2], 0);
        blob_free(&b);
        pic.palette.entry[colors - 1].a = 0;
        b = encode(&format_gif, &pic, &laced, pixels);
        assert_memory_equal(b.data, "GIF89a", 6);
        const uint8_t control[] = {0x21, 0xf9, 4, 1, 0, 0, (uint8_t)(colors - 1), 0};
        assert_memory_equal(b.data + at, control, sizeof control);
        assert_int_equal(b.data[at + sizeof control + 9], 0x40);
        blob_free(&b);
    }
    free(pixels);
}

/* From -O2 on a transparent index stands behind a table that it would double, else never. */
static void test_index_behind_table(void **state)
{
    (void)state;
    for (unsigned optimize = 0; optimize <= 3; optimize++)
        for (uint32_t colors = 2; colors <= 256; colors++)
            for (uint32_t at = colors - 2; at < colors; at++) {
                struct picture pic = make_picture(16, 16, LAYOUT_INDEX8);
                struct encode_options options = {.optimize = optimize};
                uint32_t opaque = colors - 1, size = 2;
                bool behind =
                    optimize >= 2 && at == opaque && opaque >= 2 && (opaque & (opaque - 1)) == 0;
                pic.palette = noise_palette(colors, false);
                pic.palette.entry[at].a = 0;
                uint8_t *pixels = noise_pixels(&pic, colors);
                struct blob b = encode(&format_gif, &pic, &options, pixels);
                while (size < (behind ? opaque : colors))
                    size *= 2;
                assert_int_equal(2u << (b.data[10] & 7), size);
                assert_int_equal(b.data[13 + 3 * size + 6], at); /* in the control block */
                assert_decodes(&b, &pic, pixels);
                blob_free(&b);
                free(pixels);
            }
}

static void test_not_written(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height, colors;
        enum status st;
    } c[] = {{65536, 1, 2, ST_UNSUPPORTED}, {1, 65536, 2, ST_UNSUPPORTED}, {1, 1, 0, ST_BUG}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct context cx;
        struct sink *sink;
        struct picture pic = make_picture(c[i].width, c[i].height, LAYOUT_INDEX8);
        uint8_t *pixels = calloc(1, picture_size(&pic));
        pic.palette.count = c[i].colors;
        context_init(&cx);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encode_to(&cx, &format_gif, &pic, &plain, pixels, sink), c[i].st);
        assert_int_equal(sink_offset(sink), 0);
        sink_close(sink);
        assert_nothing_held(&cx);
        free(pixels);
    }
}

static void test_cut_and_scrambled(void **state)
{
    (void)state;
    struct blob b;
    struct picture pic = make_picture(70, 40, LAYOUT_INDEX8);
    uint8_t *pixels = noise_pixels(&pic, 3);
    b = encode(&format_gif, &pic, &laced, pixels);
    cut_everywhere(&b, 7);
    scramble(&b, 1000, 10);
    blob_free(&b);
    free(pixels);
}

static void test_faults(void **state)
{
    (void)state;
    struct picture pic = make_picture(300, 200, LAYOUT_INDEX8);
    uint8_t *pixels = noise_pixels(&pic, 8);
    sweep_codec(&format_gif, &pic, &plain, pixels);
    sweep_codec(&format_gif, &pic, &laced, pixels);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_color_counts), cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_header),       cmocka_unit_test(test_index_behind_table),
        cmocka_unit_test(test_not_written),  cmocka_unit_test(test_cut_and_scrambled),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
