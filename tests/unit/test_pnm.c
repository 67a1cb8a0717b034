/* SPDX-License-Identifier: MIT */
/* The PNM plugins: every kind and maxval against arithmetic, and what is written. */
#include "pnm_text.h"

static const struct encode_options plain = {0};

static void assert_text(const char *text, size_t bytes, uint32_t width, uint32_t height,
                        enum layout layout, const void *pixels)
{
    struct blob b = blob_of(text, bytes);
    struct picture pic = {.width = width, .height = height, .layout = layout};
    assert_decodes(&b, &pic, pixels);
    blob_free(&b);
}

#define GOOD(text, width, height, layout, ...) \
    assert_text(text, sizeof(text) - 1, width, height, layout, (const uint8_t[]){__VA_ARGS__})
#define GOOD16(text, width, height, layout, ...) \
    assert_text(text, sizeof(text) - 1, width, height, layout, (const uint16_t[]){__VA_ARGS__})

static void test_kinds(void **state)
{
    (void)state;
    GOOD("P1\n3 2\n1 0 1\n0 1 0", 3, 2, LAYOUT_GRAY8, 0, 255, 0, 255, 0, 255);
    GOOD("P1 3 2 101010", 3, 2, LAYOUT_GRAY8, 0, 255, 0, 255, 0, 255);
    GOOD("P2 2 1 255 7 255\n", 2, 1, LAYOUT_GRAY8, 7, 255);
    GOOD("P3 1 1 255 1 2 3 ", 1, 1, LAYOUT_RGB8, 1, 2, 3);
    GOOD("P4 3 2\n\xa0\x5f", 3, 2, LAYOUT_GRAY8, 0, 255, 0, 255, 0, 255);
    GOOD("P5 2 1 255\n\x07\xff", 2, 1, LAYOUT_GRAY8, 7, 255);
    GOOD("P6 1 1 255\n\1\2\3", 1, 1, LAYOUT_RGB8, 1, 2, 3);
    GOOD("P5 1 1 255\n\n", 1, 1, LAYOUT_GRAY8, 10);
    GOOD16("P2 2 1 65535 258 65535\n", 2, 1, LAYOUT_GRAY16, 258, 65535);
    GOOD16("P5 2 1 65535\n\1\2\xff\xff", 2, 1, LAYOUT_GRAY16, 258, 65535);
    GOOD16("P6 1 1 65535\n\1\2\3\4\5\6", 1, 1, LAYOUT_RGB16, 258, 772, 1286);
    GOOD16("P3 1 1 256 0 1 256 ", 1, 1, LAYOUT_RGB16, 0, 256, 65535);
}

static void test_pam_types(void **state)
{
    (void)state;
    GOOD(PAM("TUPLTYPE BLACKANDWHITE\n", 1, 1) "\1", 1, 1, LAYOUT_GRAY8, 255);
    GOOD(PAM("TUPLTYPE BLACKANDWHITE_ALPHA\n", 2, 1) "\0\1", 1, 1, LAYOUT_GRAYA8, 0, 255);
    GOOD(PAM("TUPLTYPE GRAYSCALE\n", 1, 255) "\7", 1, 1, LAYOUT_GRAY8, 7);
    GOOD(PAM("TUPLTYPE GRAYSCALE_ALPHA\n", 2, 255) "\7\10", 1, 1, LAYOUT_GRAYA8, 7, 8);
    GOOD(PAM("TUPLTYPE RGB\n", 3, 255) "\1\2\3", 1, 1, LAYOUT_RGB8, 1, 2, 3);
    GOOD(PAM("TUPLTYPE RGB_ALPHA\n", 4, 255) "\1\2\3\4", 1, 1, LAYOUT_RGBA8, 1, 2, 3, 4);
    GOOD16(PAM("TUPLTYPE RGB_ALPHA\n", 4, 65535) "\0\1\0\2\0\3\0\4", 1, 1, LAYOUT_RGBA16, 1, 2, 3,
           4);
    GOOD16(PAM("TUPLTYPE GRAYSCALE_ALPHA\n", 2, 65535) "\1\0\2\0", 1, 1, LAYOUT_GRAYA16, 256, 512);
    GOOD(PAM("", 1, 255) "\1", 1, 1, LAYOUT_GRAY8, 1);
    GOOD(PAM("", 2, 255) "\1\2", 1, 1, LAYOUT_GRAYA8, 1, 2);
    GOOD(PAM("", 3, 255) "\1\2\3", 1, 1, LAYOUT_RGB8, 1, 2, 3);
    GOOD(PAM("", 4, 255) "\1\2\3\4", 1, 1, LAYOUT_RGBA8, 1, 2, 3, 4);
    GOOD(PAM("# a comment\n\n", 1, 255) "\1", 1, 1, LAYOUT_GRAY8, 1);
    GOOD("P7\r\nWIDTH\t1\r\nHEIGHT 1 \r\nDEPTH 1\r\nMAXVAL 255\r\nENDHDR\r\n\1", 1, 1, LAYOUT_GRAY8,
         1);
    /* inks: none of black, all of black, half of cyan on white */
    GOOD(PAM("TUPLTYPE CMYK\n", 4, 255) "\0\1\2\0", 1, 1, LAYOUT_RGB8, 255, 254, 253);
    GOOD(PAM("TUPLTYPE CMYK\n", 4, 255) "\0\0\0\377", 1, 1, LAYOUT_RGB8, 0, 0, 0);
    GOOD(PAM("TUPLTYPE CMYK\n", 4, 255) "\200\0\0\200", 1, 1, LAYOUT_RGB8, 63, 127, 127);
    GOOD16(PAM("TUPLTYPE CMYK\n", 4, 65535) "\0\1\0\2\0\3\0\0", 1, 1, LAYOUT_RGB16, 65534, 65533,
           65532);
}

static void test_comments_and_space(void **state)
{
    (void)state;
    GOOD("P5#c\n#d\r 1\t#e\n1\v#f 9\n255\n\7", 1, 1, LAYOUT_GRAY8, 7);
    GOOD("P5 1#c\n1 255#the end of line ends it\n\7", 1, 1, LAYOUT_GRAY8, 7);
    GOOD("P2 2 1 255 #c\n 7#d\n#e\n8#f\n", 2, 1, LAYOUT_GRAY8, 7, 8);
    GOOD("P1 2 1 1#0\n0", 2, 1, LAYOUT_GRAY8, 0, 255);
    GOOD("P5 1 1 255 #", 1, 1, LAYOUT_GRAY8, '#'); /* the raster begins behind one byte of space */
    GOOD("P5 0001 01 00000000000000255\n\7 \n", 1, 1, LAYOUT_GRAY8, 7);
}

/* The value nearest to v * full / maxval: |v * full - x * maxval| <= maxval / 2. */
static void assert_nearest(uint32_t v, uint32_t maxval, uint32_t full, uint32_t x)
{
    int64_t error = (int64_t)v * full - (int64_t)x * maxval;
    assert_true(2 * error <= maxval && -2 * error <= maxval);
}

static void test_every_maxval(void **state)
{
    (void)state;
    for (uint32_t maxval = 1; maxval <= 65535; maxval += maxval < 300 || maxval > 65500 ? 1 : 97) {
        uint32_t samples[5] = {0, 1, maxval / 2, maxval - 1, maxval};
        char text[120];
        int n = snprintf(text, sizeof text, "P2 5 1 %u", maxval);
        for (int i = 0; i < 5; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, " %u", samples[i]);
        text[n++] = '\n';
        struct blob b = blob_of(text, (size_t)n);
        n = snprintf(text, sizeof text, "P5 5 1 %u\n", maxval);
        for (int i = 0; i < 5; i++) {
            if (maxval > 255)
                text[n++] = (char)(samples[i] >> 8);
            text[n++] = (char)samples[i];
        }
        struct blob raw = blob_of(text, (size_t)n);
        struct decoded d = decode(&b, false), r = decode(&raw, false);
        assert_int_equal(d.status, ST_END);
        assert_int_equal(r.status, ST_END);
        assert_int_equal(d.frame.pic.layout, maxval > 255 ? LAYOUT_GRAY16 : LAYOUT_GRAY8);
        assert_memory_equal(d.pixels, r.pixels, maxval > 255 ? 10 : 5);
        for (int i = 0; i < 5; i++) {
            uint16_t wide;
            memcpy(&wide, d.pixels + (maxval > 255 ? 2 * i : 0), 2);
            assert_nearest(samples[i], maxval, maxval > 255 ? 65535 : 255,
                           maxval > 255 ? wide : d.pixels[i]);
        }
        decoded_free(&d);
        decoded_free(&r);
        blob_free(&b);
        blob_free(&raw);
    }
}

static void test_bits_of_every_width(void **state)
{
    (void)state;
    for (uint32_t width = 1; width <= 70; width++) {
        char text[2 * 70 + 32];
        uint8_t want[2 * 70], packed[2][9] = {{0}};
        uint64_t seed = width;
        for (uint32_t i = 0; i < 2 * width; i++) {
            bool black = noise(&seed) & 1;
            want[i] = black ? 0 : 255;
            packed[i / width][i % width / 8] |= (uint8_t)(black << (7 - i % width % 8));
        }
        size_t row = (width + 7) / 8;
        packed[0][row - 1] |= (uint8_t)(width % 8 != 0 ? 0xff >> width % 8 : 0); /* not ours */
        int n = snprintf(text, sizeof text, "P4\n%u 2\n", width);
        memcpy(text + n, packed[0], row);
        memcpy(text + n + row, packed[1], row);
        assert_text(text, (size_t)n + 2 * row, width, 2, LAYOUT_GRAY8, want);
        n = snprintf(text, sizeof text, "P1\n%u 2\n", width);
        for (uint32_t i = 0; i < 2 * width; i++)
            text[n++] = want[i] == 0 ? '1' : '0';
        assert_text(text, (size_t)n, width, 2, LAYOUT_GRAY8, want);
    }
}

static void test_several_pictures(void **state)
{
    (void)state;
    struct blob b = TEXT("P5 2 1 255\n12\n\nP3 2 1 255 1 2 3 4 5 6\nP4 2 1\n\x80 ");
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_END);
    assert_int_equal(d.frames, 3);
    decoded_free(&d);

    /* rows that nobody asks for are passed over */
    struct context cx;
    struct source *src;
    struct decoder *dec;
    struct frame frame;
    uint8_t row[6];
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &dec), ST_OK);
    assert_true(dec->info.may_move);
    assert_int_equal(decoder_frame(dec, &frame), ST_OK);
    assert_int_equal(decoder_frame(dec, &frame), ST_OK);
    assert_int_equal(frame.pic.layout, LAYOUT_RGB8);
    assert_int_equal(decoder_frame(dec, &frame), ST_OK);
    assert_int_equal(frame.pic.layout, LAYOUT_GRAY8);
    assert_int_equal(decoder_row(dec, row), ST_OK);
    assert_memory_equal(row, "\0\xff", 2);
    assert_int_equal(decoder_frame(dec, &frame), ST_END);
    assert_int_equal(decoder_frame(dec, &frame), ST_END);
    decoder_close(dec);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&b);
}

static void test_writers_of_all_layouts(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_ppm, &format_pgm, &format_pam};
    static const uint32_t sizes[][2] = {{1, 1}, {1, 7}, {7, 1}, {3, 5}, {65535, 1}, {1, 65535}};
    for (size_t f = 0; f < 3; f++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
            for (int alpha = 0; alpha < 2; alpha++) {
                enum layout chosen = formats[f]->choose(layout, alpha);
                const struct layout_info *from = layout_info(layout), *to = layout_info(chosen);
                assert_int_equal(to->bits, from->bits);
                assert_int_equal(to->alpha, f == 2 && alpha);
                assert_int_equal(to->color, f == 0 || (f == 2 && from->color));
                for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                    struct picture pic = make_picture(sizes[i][0], sizes[i][1], chosen);
                    uint8_t *pixels = make_noise(&pic, i + 1);
                    struct blob b = encode(formats[f], &pic, &plain, pixels);
                    assert_decodes(&b, &pic, pixels);
                    blob_free(&b);
                    free(pixels);
                }
            }
}

static void test_bytes_written(void **state)
{
    (void)state;
    struct picture pic = make_picture(2, 1, LAYOUT_RGB8);
    struct blob b = encode(&format_ppm, &pic, &plain, (uint8_t[]){1, 2, 3, 4, 5, 6});
    assert_int_equal(b.bytes, 17);
    assert_memory_equal(b.data, "P6\n2 1\n255\n\1\2\3\4\5\6", 17);
    blob_free(&b);
    pic.layout = LAYOUT_GRAY16;
    b = encode(&format_pgm, &pic, &plain, (uint8_t *)(uint16_t[]){0x1234, 0xfedc});
    assert_int_equal(b.bytes, 17);
    assert_memory_equal(b.data, "P5\n2 1\n65535\n\x12\x34\xfe\xdc", 17);
    blob_free(&b);
    pic.layout = LAYOUT_GRAYA8;
    b = encode(&format_pam, &pic, &plain, (uint8_t[]){1, 2, 3, 4});
    static const char pam[] =
        "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\1\2\3\4";
    assert_int_equal(b.bytes, sizeof pam - 1);
    assert_memory_equal(b.data, pam, sizeof pam - 1);
    blob_free(&b);
}

/* A plain raster of several windows of a file; numbers and comments stand across their edges. */
static void test_across_windows(void **state)
{
    (void)state;
    struct picture pic = make_picture(150, 100, LAYOUT_RGB16);
    uint8_t *pixels = make_noise(&pic, 8);
    struct blob b = TEXT("P3 150 100 65535\n");
    for (size_t i = 0; i < 150 * 100 * 3; i++) {
        uint16_t v;
        char text[64];
        memcpy(&v, pixels + 2 * i, 2);
        int n = snprintf(text, sizeof text, "%u%s", v,
                         i % 11 == 0  ? "#comment 1 2 3\n"
                         : i % 7 == 0 ? " \n\t"
                                      : " ");
        blob_add(&b, text, (size_t)n);
    }
    int fd = temp_fd(b.data, b.bytes);
    struct context cx;
    struct source *src;
    context_init(&cx);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    struct decoded d = decode_from(&cx, src);
    assert_int_equal(d.status, ST_END);
    assert_memory_equal(d.pixels, pixels, picture_size(&pic));
    decoded_free(&d);
    source_close(src);
    close(fd);
    assert_nothing_held(&cx);
    struct coding c = {.in = &b};
    sweep_faults(decode_job, &c);
    blob_free(&b);
    free(pixels);
}

static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    assert_counts_rows(&format_ppm, LAYOUT_RGB8, &plain);
}

static void test_failures(void **state)
{
    (void)state;
    struct picture pic = make_picture(100, 90, LAYOUT_RGBA16);
    uint8_t *pixels = make_noise(&pic, 1);
    sweep_codec(&format_pam, &pic, &plain, pixels);
    free(pixels);
    struct blob b = TEXT(PAM("TUPLTYPE CMYK\n", 4, 255) "1234");
    struct coding c = {.in = &b};
    sweep_faults(decode_job, &c);
    blob_free(&b);
}

static void test_names(void **state)
{
    (void)state;
    assert_ptr_equal(format_by_suffix("x.pnm"), &format_ppm);
    assert_ptr_equal(format_by_suffix("x.ppm"), &format_ppm);
    assert_ptr_equal(format_by_suffix("x.PGM"), &format_pgm);
    assert_ptr_equal(format_by_suffix("x.pam"), &format_pam);
    assert_null(format_by_suffix("x.pbm"));
    assert_true(format_pam.holds_alpha);
    assert_false(format_ppm.holds_alpha || format_pgm.holds_alpha);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_pam_types),
        cmocka_unit_test(test_comments_and_space),
        cmocka_unit_test(test_every_maxval),
        cmocka_unit_test(test_bits_of_every_width),
        cmocka_unit_test(test_several_pictures),
        cmocka_unit_test(test_writers_of_all_layouts),
        cmocka_unit_test(test_bytes_written),
        cmocka_unit_test(test_across_windows),
        cmocka_unit_test(test_misuse_is_a_bug),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
