/* SPDX-License-Identifier: MIT */
/* The PNG plugin: against libpng's own image reader, against files made chunk by chunk here. */
#include "codec_run.h"
#include "png_file.h"

#include <png.h>

#include "formats/png/png_guard.h"

static const struct encode_options plain = {.compression = 6};
static const struct encode_options adam7 = {.compression = 6, .interlace = true};

/* RGBA of 8 bits by libpng's simplified reader, which merges passes and palettes by itself. */
static void assert_libpng_agrees(const struct blob *b, const struct picture *pic,
                                 const uint8_t *pixels)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, b->data, b->bytes));
    assert_int_equal(image.width, pic->width);
    assert_int_equal(image.height, pic->height);
    image.format = PNG_FORMAT_RGBA;
    size_t n = (size_t)pic->width * pic->height;
    uint8_t *got = make_bytes(n * 4);
    assert_true(png_image_finish_read(&image, NULL, got, 0, NULL));
    const struct layout_info *info = layout_info(pic->layout);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *p = pixels + i * info->bytes;
        struct rgba8 want;
        if (pic->layout == LAYOUT_INDEX8)
            want = pic->palette.entry[p[0]];
        else
            want = (struct rgba8){p[0], p[info->color ? 1 : 0], p[info->color ? 2 : 0],
                                  info->alpha ? p[info->bytes - 1] : 255};
        assert_memory_equal(got + i * 4, &want, 4);
    }
    free(got);
}

static void test_all_layouts_and_sizes(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1},   {1, 7},     {7, 1},    {3, 5},
                                        {33, 21}, {65535, 1}, {1, 65535}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
            for (int interlace = 0; interlace < 2; interlace++) {
                struct picture pic = make_picture(sizes[i][0], sizes[i][1], layout);
                uint8_t *pixels = noise_pixels(&pic, (uint32_t)i + 1);
                struct blob b = encode(&format_png, &pic, interlace ? &adam7 : &plain, pixels);
                assert_int_equal(b.data[28], interlace);
                assert_decodes(&b, &pic, pixels);
                if (layout_info(layout)->bits == 8)
                    assert_libpng_agrees(&b, &pic, pixels);
                blob_free(&b);
                free(pixels);
            }
}

/* All ways in which passes of Adam7 can be empty. */
static void test_small_adam7(void **state)
{
    (void)state;
    for (uint32_t width = 1; width <= 9; width++)
        for (uint32_t height = 1; height <= 9; height++) {
            struct picture pic = make_picture(width, height, LAYOUT_RGB8);
            uint8_t *pixels = noise_pixels(&pic, width * 16 + height);
            struct blob b = encode(&format_png, &pic, &adam7, pixels);
            assert_decodes(&b, &pic, pixels);
            assert_libpng_agrees(&b, &pic, pixels);
            blob_free(&b);
            free(pixels);
        }
}

static void test_palettes_at_the_smallest_depth(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 256; count++)
        for (int alpha = 0; alpha < 3; alpha++) {
            struct picture pic = make_picture(13, 4, LAYOUT_INDEX8);
            pic.palette = noise_palette(count, false);
            if (alpha > 0) /* tRNS ends with the last entry that is not opaque */
                pic.palette.entry[alpha == 1 ? 0 : count - 1].a = 77;
            uint8_t *pixels = noise_pixels(&pic, count);
            struct blob b = encode(&format_png, &pic, count % 2 != 0 ? &plain : &adam7, pixels);
            assert_int_equal(b.data[24], count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8);
            assert_int_equal(b.data[25], PNG_COLOR_TYPE_PALETTE);
            size_t trns = find_chunk(&b, "tRNS", 0);
            assert_int_equal(trns != 0, alpha > 0);
            if (alpha > 0)
                assert_int_equal(b.data[trns + 2] << 8 | b.data[trns + 3], alpha == 1 ? 1 : count);
            struct decoded d = decode(&b, false);
            assert_int_equal(d.status, ST_END);
            assert_int_equal(d.frame.pic.palette.count, count);
            assert_memory_equal(d.frame.pic.palette.entry, pic.palette.entry, count * 4);
            assert_memory_equal(d.pixels, pixels, 13 * 4);
            decoded_free(&d);
            assert_libpng_agrees(&b, &pic, pixels);
            blob_free(&b);
            free(pixels);
        }
}

/* Gray and palette of 1, 2 and 4 bits, as other programs write them. */
static void test_low_depths(void **state)
{
    (void)state;
    for (unsigned bits = 1; bits <= 4; bits *= 2)
        for (int kind = 0; kind < 6; kind++) {
            bool indexed = kind % 3 == 2, interlace = kind >= 3, keyed = kind % 3 == 1;
            enum { W = 11, H = 9 };
            uint16_t samples[W * H];
            uint64_t seed = bits;
            uint32_t top = (1u << bits) - 1;
            for (int i = 0; i < W * H; i++)
                samples[i] = (uint16_t)(noise(&seed) & top);
            struct blob b = begin(W, H, bits, indexed ? 3 : 0, interlace);
            uint8_t colors[16 * 3];
            for (unsigned i = 0; i < sizeof colors; i++)
                colors[i] = (uint8_t)(i * 5);
            if (indexed)
                add_chunk(&b, "PLTE", colors, (top + 1) * 3);
            if (keyed)
                add_chunk(&b, "tRNS", "\0\1", 2);
            uint8_t lines[W * H * 2];
            size_t n =
                pack(interlace ? &interlace_adam7 : &interlace_none, W, H, bits, 1, samples, lines);
            end(&b, lines, n);
            struct decoded d = decode(&b, false);
            assert_int_equal(d.status, ST_END);
            assert_int_equal(d.frame.pic.layout, indexed ? LAYOUT_INDEX8
                                                 : keyed ? LAYOUT_GRAYA8
                                                         : LAYOUT_GRAY8);
            for (int i = 0; i < W * H; i++) {
                uint8_t value = (uint8_t)(indexed ? samples[i] : samples[i] * 255u / top);
                assert_int_equal(d.pixels[keyed ? 2 * i : i], value);
                if (keyed)
                    assert_int_equal(d.pixels[2 * i + 1], samples[i] == 1 ? 0 : 255);
            }
            decoded_free(&d);
            blob_free(&b);
        }
}

static void test_key_colors_become_alpha(void **state)
{
    (void)state;
    static const uint16_t rgb[6] = {1, 2, 3, 1, 2, 4};
    uint8_t lines[32];
    struct blob b = begin(2, 1, 8, 2, false);
    add_chunk(&b, "tRNS", "\0\1\0\2\0\3", 6);
    end(&b, lines, pack(&interlace_none, 2, 1, 8, 3, rgb, lines));
    struct picture pic = {.width = 2, .height = 1, .layout = LAYOUT_RGBA8};
    assert_decodes(&b, &pic, (const uint8_t[8]){1, 2, 3, 0, 1, 2, 4, 255});
    blob_free(&b);

    b = begin(2, 1, 16, 2, false);
    add_chunk(&b, "tRNS", "\0\1\0\2\0\3", 6);
    end(&b, lines, pack(&interlace_none, 2, 1, 16, 3, rgb, lines));
    pic.layout = LAYOUT_RGBA16;
    static const uint16_t wide[8] = {1, 2, 3, 0, 1, 2, 4, 65535};
    assert_decodes(&b, &pic, (const uint8_t *)wide);
    blob_free(&b);

    static const uint16_t gray[2] = {0x1234, 0x1235};
    b = begin(2, 1, 16, 0, false);
    add_chunk(&b, "tRNS", "\x12\x34", 2);
    end(&b, lines, pack(&interlace_none, 2, 1, 16, 1, gray, lines));
    pic.layout = LAYOUT_GRAYA16;
    static const uint16_t wide_gray[4] = {0x1234, 0, 0x1235, 65535};
    assert_decodes(&b, &pic, (const uint8_t *)wide_gray);
    blob_free(&b);
}

/* PNG, 5.6: tRNS follows PLTE. As in browsers, what stands before it does not count. */
static void test_key_before_suggested_palette(void **state)
{
    (void)state;
    static const uint16_t rgb[6] = {1, 2, 3, 1, 2, 4};
    uint8_t lines[32];
    struct blob b = begin(2, 1, 8, 2, false);
    add_chunk(&b, "tRNS", "\0\1\0\2\0\3", 6);
    add_chunk(&b, "PLTE", "aaabbb", 6);
    end(&b, lines, pack(&interlace_none, 2, 1, 8, 3, rgb, lines));
    struct picture pic = {.width = 2, .height = 1, .layout = LAYOUT_RGB8};
    assert_decodes(&b, &pic, (const uint8_t[6]){1, 2, 3, 1, 2, 4});
    blob_free(&b);
}

/* 40 x 1 of 8 bits and a palette of 5; the last pixel is index 5. */
static struct blob beyond_palette(void)
{
    uint8_t line[41];
    for (int i = 0; i < 41; i++)
        line[i] = (uint8_t)(i == 0 ? 0 : i % 5);
    line[40] = 5;
    struct blob b = begin(40, 1, 8, 3, false);
    add_chunk(&b, "PLTE", "aaabbbccc\1\1\1ddd", 15);
    end(&b, line, sizeof line);
    return b;
}

static void test_indices_beyond_the_palette(void **state)
{
    (void)state;
    struct blob b = beyond_palette();
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_string_equal(d.text, "an index beyond the palette (row 0)");
    decoded_free(&d);
    d = decode(&b, true);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_int_equal(d.rows, 1);
    assert_int_equal(d.pixels[38], 39 % 5);
    assert_int_equal(d.pixels[39], 3); /* the darkest */
    decoded_free(&d);
    blob_free(&b);

    for (uint32_t n = 0; n < 70; n++)
        for (uint32_t bad = 0; bad <= n; bad++) {
            uint8_t row[70];
            memset(row, 199, sizeof row);
            if (bad < n)
                row[bad] = 200;
            assert_int_equal(png_indices_below(row, n, 200), bad == n);
            assert_true(png_indices_below(row, n, 256));
        }
}

static struct blob small_file(void)
{
    struct picture pic = make_picture(19, 11, LAYOUT_INDEX8);
    uint8_t *pixels = noise_pixels(&pic, 3);
    struct blob b = encode(&format_png, &pic, &adam7, pixels);
    free(pixels);
    return b;
}

static void test_damage_is_noticed(void **state)
{
    (void)state;
    struct blob b = small_file();
    cut_everywhere(&b, 1);
    /* every byte stands in the signature, a length, a type, or under a CRC */
    size_t type = find_chunk(&b, "tRNS", 0) + 4; /* changed, a chunk that nobody needs */
    for (size_t i = 0; i < b.bytes; i++) {
        if (i >= type && i < type + 4)
            continue;
        b.data[i] ^= 1;
        struct decoded d = decode(&b, false);
        assert_true(d.status == ST_DAMAGED || d.status == ST_UNSUPPORTED || d.status == ST_LIMIT);
        decoded_free(&d);
        b.data[i] ^= 1;
    }
    scramble(&b, 500, 1);
    blob_free(&b);
}

static void test_lenient_passes_a_wrong_crc(void **state)
{
    (void)state;
    struct picture pic = make_picture(40, 30, LAYOUT_RGB8);
    uint8_t *pixels = noise_pixels(&pic, 9);
    struct blob b = encode(&format_png, &pic, &plain, pixels);
    b.data[b.bytes - 13] ^= 1; /* the last byte of the last IDAT's CRC */
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    decoded_free(&d);
    d = decode(&b, true);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_non_null(strstr(d.text, "CRC error"));
    assert_int_equal(d.rows, 30);
    assert_memory_equal(d.pixels, pixels, 40 * 30 * 3);
    decoded_free(&d);
    blob_free(&b);
    free(pixels);
}

/* Rows before the damage come, and the message names the row. */
static void test_rows_before_the_damage(void **state)
{
    (void)state;
    struct picture pic = make_picture(100, 100, LAYOUT_RGB8);
    uint8_t *pixels = noise_pixels(&pic, 5);
    struct blob b = encode(&format_png, &pic, &plain, pixels);
    b.bytes /= 2;
    struct decoded d = decode(&b, true);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_in_range(d.rows, 45, 50);
    char text[80];
    snprintf(text, sizeof text, "the file ends early (row %d)", (int)d.rows);
    assert_string_equal(d.text, text);
    assert_memory_equal(d.pixels, pixels, (size_t)d.rows * 300);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(d.pixels[d.rows * 300 + i], 0);
    decoded_free(&d);
    blob_free(&b);
    free(pixels);
}

static void test_other_chunks(void **state)
{
    (void)state;
    uint8_t line[2] = {0, 200};
    struct picture pic = {.width = 1, .height = 1, .layout = LAYOUT_GRAY8};
    struct blob b = begin(1, 1, 8, 0, false);
    add_chunk(&b, "acTL", "\0\0\0\2\0\0\0\0", 8); /* an APNG: its default image */
    add_chunk(&b, "gAMA", "\0\0\1\0", 4);         /* of no effect */
    add_chunk(&b, "iCCP", "broken", 6);
    add_chunk(&b, "tEXt", "a\0b", 3);
    b.data[b.bytes - 1] ^= 1; /* ancillary: a wrong CRC does not matter */
    end(&b, line, 2);
    blob_add(&b, "more", 4); /* behind IEND: not ours */
    assert_decodes(&b, &pic, line + 1);
    blob_free(&b);

    b = begin(1, 1, 8, 0, false);
    add_chunk(&b, "ABCD", "", 0); /* critical */
    end(&b, line, 2);
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);

    b = blob_of("\x89PNG\r\n\x1a\n", 8);
    add_chunk(&b, "CgBI", "\x50\0\x20\2", 4);
    assert_refused(&b, ST_UNSUPPORTED);
    blob_free(&b);

    b = blob_of("\x89PNG\r\n\x1a\n", 8);
    add_chunk(&b, "gAMA", "\0\0\1\0", 4);
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
}

static void test_limits(void **state)
{
    (void)state;
    struct blob b =
        begin(0x7fffffff, 0x7fffffff, 16, 6, true); /* costs nothing until pixels come */
    add_chunk(&b, "IDAT", "x", 1);
    assert_refused(&b, ST_LIMIT);
    blob_free(&b);
    b = begin(0, 1, 8, 0, false);
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
}

static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct picture pic = make_picture(2, 2, LAYOUT_INDEX8);
    pic.palette.count = 3;
    for (int kind = 0; kind < 4; kind++) {
        context_init(&cx);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        struct picture p = pic;
        p.palette.count = kind == 3 ? 0 : 3;
        enum status st = encoder_open(&cx, &format_png, sink, &p, &plain, NULL, &e);
        if (kind == 3) {
            assert_int_equal(st, ST_BUG);
            sink_close(sink);
            continue;
        }
        assert_int_equal(st, ST_OK);
        assert_int_equal(encoder_write(e, (const uint8_t *)"\0\2"), ST_OK);
        if (kind == 0) {
            assert_int_equal(encoder_finish(e), ST_BUG);
        } else if (kind == 1) {
            assert_int_equal(encoder_write(e, (const uint8_t *)"\0\3"), ST_BUG);
        } else {
            assert_int_equal(encoder_write(e, (const uint8_t *)"\0\1"), ST_OK);
            assert_int_equal(encoder_write(e, (const uint8_t *)"\0\1"), ST_BUG);
        }
        encoder_close(e);
        sink_close(sink);
        assert_nothing_held(&cx);
    }
}

static void test_failures(void **state)
{
    (void)state;
    struct picture pic = make_picture(300, 200, LAYOUT_RGBA8);
    uint8_t *pixels = noise_pixels(&pic, 1);
    sweep_codec(&format_png, &pic, &adam7, pixels);
    free(pixels);
}

static void test_compression_levels(void **state)
{
    (void)state;
    struct picture pic = make_picture(200, 50, LAYOUT_GRAY8);
    uint8_t *pixels = noise_pixels(&pic, 1);
    for (size_t i = 0; i < 200 * 50; i++)
        pixels[i] &= 7;
    size_t bytes[10];
    for (unsigned level = 0; level <= 9; level++) {
        struct encode_options options = {.compression = level};
        struct blob b = encode(&format_png, &pic, &options, pixels);
        assert_decodes(&b, &pic, pixels);
        bytes[level] = b.bytes;
        blob_free(&b);
    }
    assert_true(bytes[0] > 200 * 50);
    assert_true(bytes[9] < bytes[0] && bytes[1] < bytes[0]);
    free(pixels);
}

static void test_choices(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++) {
        assert_int_equal(format_png.choose(layout, true), layout);
        const struct layout_info *info = layout_info(layout);
        enum layout opaque = info->alpha ? layout_of(info->color, false, info->bits) : layout;
        assert_int_equal(format_png.choose(layout, false), opaque);
    }
    assert_ptr_equal(format_by_suffix("a/b.PNG"), &format_png);
    assert_null(format_by_content((const uint8_t *)"\x89PNG\r\n\x1a", 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_layouts_and_sizes),
        cmocka_unit_test(test_small_adam7),
        cmocka_unit_test(test_palettes_at_the_smallest_depth),
        cmocka_unit_test(test_low_depths),
        cmocka_unit_test(test_key_colors_become_alpha),
        cmocka_unit_test(test_key_before_suggested_palette),
        cmocka_unit_test(test_indices_beyond_the_palette),
        cmocka_unit_test(test_damage_is_noticed),
        cmocka_unit_test(test_lenient_passes_a_wrong_crc),
        cmocka_unit_test(test_rows_before_the_damage),
        cmocka_unit_test(test_other_chunks),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_misuse_is_a_bug),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_compression_levels),
        cmocka_unit_test(test_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
