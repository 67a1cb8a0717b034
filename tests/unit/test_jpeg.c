/* SPDX-License-Identifier: MIT */
/* The JPEG plugin: the same pixels and the same bytes as libjpeg used plainly. */
#include "ink_profile.h"
#include "jpeg_file.h"

static void test_same_as_libjpeg(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1},   {1, 7},     {7, 1},     {3, 5},    {16, 16},
                                        {17, 33}, {65500, 1}, {1, 65500}, {501, 399}};
    static const struct encode_options *const options[] = {&plain, &small, &progressive};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int kind = 0; kind < 6; kind++) {
            bool gray = kind % 2 != 0;
            struct jpeg_recipe recipe = {.components = gray ? 1 : 3};
            recipe.progressive = options[kind / 2]->interlace;
            recipe.optimize = options[kind / 2]->optimize >= 2;
            struct picture pic =
                make_picture(sizes[i][0], sizes[i][1], gray ? LAYOUT_GRAY8 : LAYOUT_RGB8);
            uint8_t *pixels = make_noise(&pic, i + 1);
            struct blob ours = encode(&format_jpeg, &pic, options[kind / 2], pixels);
            struct blob theirs = jpeg_make(&recipe, pic.width, pic.height, pixels);
            assert_int_equal(ours.bytes, theirs.bytes);
            assert_memory_equal(ours.data, theirs.data, ours.bytes);
            size_t bytes;
            uint8_t *decoded = jpeg_reference_pixels(&theirs, &bytes);
            assert_int_equal(bytes, picture_size(&pic));
            assert_decodes(&ours, &pic, decoded);
            free(decoded);
            blob_free(&ours);
            blob_free(&theirs);
            free(pixels);
        }
}

static void test_inks_become_rgb(void **state)
{
    (void)state;
    enum { W = 21, H = 10 };
    for (int kind = 0; kind < 4; kind++) {
        struct jpeg_recipe recipe = {.components = 4,
                                     .stored = kind % 2 != 0 ? JCS_YCCK : JCS_CMYK,
                                     .progressive = kind >= 2,
                                     .unmarked = kind == 2};
        uint8_t pixels[W * H * 4];
        uint64_t seed = 7;
        for (size_t i = 0; i < sizeof pixels; i++)
            pixels[i] = (uint8_t)noise(&seed);
        struct blob b = jpeg_make(&recipe, W, H, pixels);
        size_t bytes;
        uint8_t *cmyk = jpeg_reference_pixels(&b, &bytes);
        uint8_t rgb[W * H * 3];
        for (int i = 0; i < W * H * 3; i++)
            rgb[i] = (uint8_t)(cmyk[i / 3 * 4 + i % 3] * cmyk[i / 3 * 4 + 3] / 255.0 + 0.5);
        struct picture pic = make_picture(W, H, LAYOUT_RGB8);
        assert_decodes(&b, &pic, rgb);
        free(cmyk);
        blob_free(&b);
    }
}

/* By the profile of a file, which then is gone; unless values are to stay, or none is there. */
static void test_inks_by_a_profile(void **state)
{
    (void)state;
    enum { W = 16, H = 8 };
    static uint8_t pixels[W * H * 4];
    memset(pixels, 255, sizeof pixels);
    for (int i = 0; i < W * H; i++)
        pixels[4 * i] = 0; /* cyan: a gray by the profile */
    static const struct jpeg_recipe recipe = {.components = 4};
    struct blob bare = jpeg_make(&recipe, W, H, pixels), b = blob_of(bare.data, 2);
    uint8_t body[14 + INK_PROFILE_BYTES] = "ICC_PROFILE\0\1\1"; /* piece 1 of 1 */
    ink_profile_make(body + 14);
    jpeg_add_marker(&b, 0xe2, body, sizeof body);
    blob_add(&b, bare.data + 2, bare.bytes - 2);
    for (int values = 0; values < 2; values++) {
        struct context cx;
        struct source *src;
        struct decoder *d;
        struct frame frame;
        struct metadata m = {.values = values};
        uint8_t row[W * 3];
        context_init(&cx);
        assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
        assert_int_equal(decoder_open(&cx, src, &m, &d), ST_OK);
        assert_non_null(metadata_find(&m, METADATA_ICC));
        assert_int_equal(decoder_frame(d, &frame), ST_OK);
        assert_int_equal(decoder_row(d, row), ST_OK);
        bool applied = metadata_find(&m, METADATA_ICC) == NULL;
        assert_int_equal(applied, !values && d->warning == NULL); /* else no library */
        assert_in_range(row[0], applied ? 186 : 0, applied ? 192 : 3);
        assert_in_range(row[1], applied ? 186 : 252, applied ? 192 : 255);
        decoder_close(d);
        source_close(src);
        metadata_clear(&cx, &m);
        assert_nothing_held(&cx);
    }
    blob_free(&bare);
    blob_free(&b);
}

static void test_unsupported_kinds(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&plain, &pic);
    size_t sof = jpeg_find(&b, 0xc0, 0);
    b.data[sof + 1] = 0xc3; /* lossless */
    assert_refused(&b, ST_UNSUPPORTED);
    b.data[sof + 1] = 0xc0;
    b.data[sof + 4] = 12; /* bits of a sample */
    assert_refused(&b, ST_UNSUPPORTED);
    b.data[sof + 4] = 8;
    b.data[sof + 5] = 0xff; /* 65330 rows are possible, 65500 the most */
    b.data[sof + 6] = 0xff;
    assert_refused(&b, ST_UNSUPPORTED);
    b.data[sof + 5] = b.data[sof + 6] = 0; /* the height comes later */
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
}

static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    assert_counts_rows(&format_jpeg, LAYOUT_GRAY8, &plain);
}

/* Segments longer than the source's window are skipped, and read, across its edges. */
static void test_across_windows(void **state)
{
    (void)state;
    struct picture pic = make_picture(400, 300, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(&pic, 4);
    struct blob b = encode(&format_jpeg, &pic, &plain, pixels);
    struct blob whole = blob_of(b.data, 2);
    static uint8_t segment[65537] = {0xff, 0xe5, 0xff, 0xff};
    for (int i = 0; i < 5; i++)
        blob_add(&whole, segment, sizeof segment);
    blob_add(&whole, b.data + 2, b.bytes - 2);
    size_t bytes;
    uint8_t *want = jpeg_reference_pixels(&b, &bytes);
    struct context cx;
    struct source *src;
    context_init(&cx);
    int fd = temp_fd(whole.data, whole.bytes);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    struct decoded d = decode_from(&cx, src);
    assert_int_equal(d.status, ST_END);
    assert_memory_equal(d.pixels, want, bytes);
    assert_int_equal(source_offset(src), whole.bytes);
    decoded_free(&d);
    source_close(src);
    close(fd);
    whole.bytes = 100000; /* ends within what is skipped */
    assert_refused(&whole, ST_DAMAGED);
    free(want);
    free(pixels);
    blob_free(&whole);
    blob_free(&b);
}

static void test_failures(void **state)
{
    (void)state;
    struct picture pic = make_picture(400, 300, LAYOUT_RGB8); /* coefficients in a file */
    uint8_t *pixels = make_noise(&pic, 1);
    sweep_codec(&format_jpeg, &pic, &plain, pixels);
    sweep_codec(&format_jpeg, &pic, &small, pixels);
    sweep_codec(&format_jpeg, &pic, &progressive, pixels);
    free(pixels);
    static const struct jpeg_recipe recipe = {.components = 4, .stored = JCS_YCCK};
    static uint8_t inks[200 * 4 * 3];
    struct blob b = jpeg_make(&recipe, 200, 3, inks);
    struct coding c = {.in = &b};
    sweep_faults(decode_job, &c);
    blob_free(&b);
}

static void test_choices(void **state)
{
    (void)state;
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
        assert_int_equal(format_jpeg.choose(layout, true),
                         layout_info(layout)->color ? LAYOUT_RGB8 : LAYOUT_GRAY8);
    assert_false(format_jpeg.holds_alpha);
    assert_ptr_equal(format_by_suffix("a.jpeg"), &format_jpeg);
    assert_ptr_equal(format_by_name("jpg"), &format_jpeg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_libjpeg),   cmocka_unit_test(test_inks_become_rgb),
        cmocka_unit_test(test_inks_by_a_profile), cmocka_unit_test(test_unsupported_kinds),
        cmocka_unit_test(test_misuse_is_a_bug),   cmocka_unit_test(test_across_windows),
        cmocka_unit_test(test_failures),          cmocka_unit_test(test_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
