/* SPDX-License-Identifier: MIT */
/* Filters of rows: their sums as the specification defines them, the choice as libpng makes it. */
#include "codec_run.h"

#include <png.h>
#include <setjmp.h>

#include "formats/png/png_filter.h"

static const size_t pixels_bytes[] = {1, 2, 3, 4, 6, 8};

static void test_sums_are_portable(void **state)
{
    (void)state;
    enum { ROOM = 200 };
    uint64_t seed = 3, fast[PNG_FILTERS], slow[PNG_FILTERS];
    for (int round = 0; round < 40; round++)
        for (size_t i = 0; i < sizeof pixels_bytes / sizeof *pixels_bytes; i++)
            for (size_t bytes = pixels_bytes[i]; bytes <= ROOM; bytes += pixels_bytes[i]) {
                uint8_t *row = make_bytes(bytes), *above = make_bytes(bytes);
                for (size_t k = 0; k < bytes; k++) {
                    /* extremes, near values, and any */
                    unsigned mask = round % 3 == 0 ? 0x80 : round % 3 == 1 ? 3 : 255;
                    unsigned rest = round % 3 == 0 ? 0x7f * (unsigned)(noise(&seed) & 1) : 0;
                    row[k] = (uint8_t)((noise(&seed) & mask) | rest);
                    above[k] = (uint8_t)(noise(&seed) & mask);
                }
                png_filter_sums(row, above, bytes, pixels_bytes[i], fast);
                png_filter_sums_portable(row, above, bytes, pixels_bytes[i], slow);
                assert_memory_equal(fast, slow, sizeof fast);
                free(row);
                free(above);
            }
}

static int nearest(int p, int a, int b, int c)
{
    int to_a = abs(p - a), to_b = abs(p - b), to_c = abs(p - c);
    return to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
}

/* Of three neighbors, what the specification (9.2, 9.4) guesses a byte from, which is 0. */
static void test_guesses(void **state)
{
    (void)state;
    for (int a = 0; a < 256; a += 3)
        for (int b = 0; b < 256; b += 5)
            for (int c = 0; c < 256; c += 5) {
                const uint8_t row[2] = {(uint8_t)a, 0}, above[2] = {(uint8_t)c, (uint8_t)b};
                const int want[PNG_FILTERS] = {0, a, b, (a + b) / 2, nearest(a + b - c, a, b, c)};
                uint64_t first[PNG_FILTERS], both[PNG_FILTERS];
                png_filter_sums(row, above, 1, 1, first);
                png_filter_sums(row, above, 2, 1, both);
                for (int f = 0; f < PNG_FILTERS; f++)
                    assert_int_equal(both[f] - first[f], abs((int8_t)(uint8_t)-want[f]));
            }
}

static void collect(png_structp png, png_bytep data, size_t bytes)
{
    blob_add(png_get_io_ptr(png), data, bytes);
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

/* As libpng writes it by itself, with the same settings of zlib. */
static struct blob by_libpng(const struct picture *pic, uint8_t *pixels, bool interlace)
{
    struct blob b = blob_of("", 0);
    const struct layout_info *info = layout_info(pic->layout);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop head = png_create_info_struct(png);
    assert_non_null(head);
    if (setjmp(png_jmpbuf(png)) != 0)
        assert_true(false);
    png_set_write_fn(png, &b, collect, flush_nothing);
    png_set_compression_buffer_size(png, 32768);
    png_set_compression_mem_level(png, 9);
    png_set_IHDR(png, head, pic->width, pic->height, info->bits,
                 (info->color ? PNG_COLOR_MASK_COLOR : 0) |
                     (info->alpha ? PNG_COLOR_MASK_ALPHA : 0),
                 interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, head);
    if (info->bits == 16)
        png_set_swap(png);
    int passes = interlace ? png_set_interlace_handling(png) : 1;
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < pic->height; y++)
            png_write_row(png, pixels + y * picture_stride(pic));
    png_write_end(png, head);
    png_destroy_write_struct(&png, &head);
    return b;
}

/* Rows of slopes, of noise, like the one above or the left pixel: each filter has its own. */
static uint8_t *mixed_pixels(const struct picture *pic)
{
    uint8_t *pixels = noise_pixels(pic, 9);
    size_t stride = picture_stride(pic), pixel = layout_info(pic->layout)->bytes;
    for (uint32_t y = 1; y < pic->height; y++)
        for (size_t x = pixel; x < stride; x++) {
            uint8_t *p = pixels + y * stride + x;
            unsigned a = p[-(ptrdiff_t)pixel], b = p[-(ptrdiff_t)stride], little = *p & 1;
            switch (y / 3 % 5) {
            case 0:
                *p = (uint8_t)(a + little);
                break;
            case 1:
                *p = (uint8_t)(b + little);
                break;
            case 2:
                *p = (uint8_t)((a + b) / 2 + little);
                break;
            case 3:
                *p = (uint8_t)(x / pixel * 3 + y * 2);
                break;
            default:
                *p &= 7;
                break;
            }
        }
    return pixels;
}

static void test_files_are_libpngs(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {2, 2}, {5, 8}, {67, 41}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
            for (int interlace = 0; interlace < 2 && layout != LAYOUT_INDEX8; interlace++) {
                const struct encode_options options = {.compression = 6, .interlace = interlace};
                struct picture pic = make_picture(sizes[i][0], sizes[i][1], layout);
                uint8_t *pixels = mixed_pixels(&pic);
                struct blob ours = encode(&format_png, &pic, &options, pixels);
                struct blob theirs = by_libpng(&pic, pixels, interlace);
                assert_int_equal(ours.bytes, theirs.bytes);
                assert_memory_equal(ours.data, theirs.data, ours.bytes);
                blob_free(&ours);
                blob_free(&theirs);
                free(pixels);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_portable),
        cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_files_are_libpngs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
