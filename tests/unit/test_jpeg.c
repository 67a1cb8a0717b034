/* SPDX-License-Identifier: MIT */
/* The JPEG plugin: the same pixels and the same bytes as libjpeg used plainly, damage, limits. */
#include "codec_run.h"
#include "ink_profile.h"

#include <jpeglib.h>

/* what libjpeg does by itself */
static const struct encode_options plain = {.quality = 90, .sampling = SAMPLING_420};
static const struct encode_options small = {.quality = 90, .sampling = SAMPLING_420, .optimize = 2};
static const struct encode_options progressive = {
    .quality = 90, .sampling = SAMPLING_420, .interlace = true};

/* How the reference encoder differs from our own. */
struct recipe {
    J_COLOR_SPACE in, stored;
    int channels;
    bool progressive, adobe, optimize;
};

static const struct recipe gray_recipe = {
    .in = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .channels = 1};
static const struct recipe rgb_recipe = {.in = JCS_RGB, .stored = JCS_YCbCr, .channels = 3};

static void say_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

static struct blob reference_encode(const struct recipe *recipe, uint32_t width, uint32_t height,
                                    uint8_t *pixels)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &bytes);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = recipe->channels;
    jpeg.in_color_space = recipe->in;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, recipe->stored);
    jpeg_set_quality(&jpeg, 90, TRUE);
    if (recipe->channels == 4)
        jpeg.write_Adobe_marker = recipe->adobe;
    jpeg.optimize_coding = recipe->optimize;
    if (recipe->progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        JSAMPROW row = pixels + (size_t)y * width * (size_t)recipe->channels;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    struct blob b = blob_of(data, bytes);
    free(data);
    return b;
}

static uint8_t *reference_decode(const struct blob *b, J_COLOR_SPACE space, size_t *bytes)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr mgr;
    jpeg.err = jpeg_std_error(&mgr);
    mgr.output_message = say_nothing;
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, b->data, b->bytes);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = space;
    jpeg_start_decompress(&jpeg);
    size_t stride = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    *bytes = stride * jpeg.output_height;
    uint8_t *pixels = make_bytes(*bytes);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + stride * jpeg.output_scanline;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_destroy_decompress(&jpeg);
    return pixels;
}

static void same_as_libjpeg(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1},   {1, 7},     {7, 1},     {3, 5},    {16, 16},
                                        {17, 33}, {65500, 1}, {1, 65500}, {501, 399}};
    static const struct encode_options *const options[] = {&plain, &small, &progressive};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int kind = 0; kind < 6; kind++) {
            bool gray = kind % 2 != 0;
            struct recipe recipe = gray ? gray_recipe : rgb_recipe;
            recipe.progressive = options[kind / 2]->interlace;
            recipe.optimize = options[kind / 2]->optimize >= 2;
            struct picture pic =
                make_picture(sizes[i][0], sizes[i][1], gray ? LAYOUT_GRAY8 : LAYOUT_RGB8);
            uint8_t *pixels = make_noise(&pic, i + 1);
            struct blob ours = encode(&format_jpeg, &pic, options[kind / 2], pixels);
            struct blob theirs = reference_encode(&recipe, pic.width, pic.height, pixels);
            assert_int_equal(ours.bytes, theirs.bytes);
            assert_memory_equal(ours.data, theirs.data, ours.bytes);
            size_t bytes;
            uint8_t *decoded = reference_decode(&theirs, recipe.in, &bytes);
            assert_int_equal(bytes, picture_size(&pic));
            assert_decodes(&ours, &pic, decoded);
            free(decoded);
            blob_free(&ours);
            blob_free(&theirs);
            free(pixels);
        }
}

static void inks_become_rgb(void **state)
{
    (void)state;
    enum { W = 21, H = 10 };
    for (int kind = 0; kind < 4; kind++) {
        struct recipe recipe = {.in = JCS_CMYK,
                                .stored = kind % 2 != 0 ? JCS_YCCK : JCS_CMYK,
                                .channels = 4,
                                .progressive = kind >= 2,
                                .adobe = kind != 2};
        uint8_t pixels[W * H * 4];
        uint64_t seed = 7;
        for (size_t i = 0; i < sizeof pixels; i++)
            pixels[i] = (uint8_t)noise(&seed);
        struct blob b = reference_encode(&recipe, W, H, pixels);
        size_t bytes;
        uint8_t *cmyk = reference_decode(&b, JCS_CMYK, &bytes);
        uint8_t rgb[W * H * 3];
        for (int i = 0; i < W * H * 3; i++)
            rgb[i] = (uint8_t)(cmyk[i / 3 * 4 + i % 3] * cmyk[i / 3 * 4 + 3] / 255.0 + 0.5);
        struct picture pic = make_picture(W, H, LAYOUT_RGB8);
        assert_decodes(&b, &pic, rgb);
        free(cmyk);
        blob_free(&b);
    }
}

/* By the profile that a file has, which then is gone; unless values are to stay, or none is there. */
static void inks_by_a_profile(void **state)
{
    (void)state;
    enum { W = 16, H = 8 };
    static uint8_t pixels[W * H * 4];
    memset(pixels, 255, sizeof pixels);
    for (int i = 0; i < W * H; i++)
        pixels[4 * i] = 0; /* cyan: a gray by the profile */
    struct recipe recipe = {.in = JCS_CMYK, .stored = JCS_CMYK, .channels = 4, .adobe = true};
    struct blob bare = reference_encode(&recipe, W, H, pixels), b = blob_of(bare.data, 2);
    uint8_t head[18] = "\xff\xe2..ICC_PROFILE", profile[INK_PROFILE_BYTES];
    head[2] = (uint8_t)((INK_PROFILE_BYTES + 16) >> 8);
    head[3] = (uint8_t)(INK_PROFILE_BYTES + 16);
    head[16] = head[17] = 1; /* piece 1 of 1 */
    ink_profile_make(profile);
    blob_add(&b, head, sizeof head);
    blob_add(&b, profile, sizeof profile);
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

static struct blob noise_file(const struct encode_options *options, struct picture *pic)
{
    *pic = make_picture(70, 50, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(pic, 11);
    struct blob b = encode(&format_jpeg, pic, options, pixels);
    free(pixels);
    return b;
}

/* Where a marker's FF stands, from a place on. */
static size_t find_marker(const struct blob *b, uint8_t marker, size_t from)
{
    for (size_t i = from; i + 1 < b->bytes; i++)
        if (b->data[i] == 0xff && b->data[i + 1] == marker)
            return i;
    assert_true(false);
    return 0;
}

static void cut_and_scrambled(void **state)
{
    (void)state;
    struct picture pic;
    for (int kind = 0; kind < 2; kind++) {
        struct blob b = noise_file(kind ? &progressive : &plain, &pic);
        cut_everywhere(&b, 1 + b.bytes / 300);
        scramble(&b, 300, 5);
        blob_free(&b);
    }
}

static void oddities_are_no_damage(void **state)
{
    (void)state;
    struct picture pic;
    size_t bytes;
    struct blob b = noise_file(&plain, &pic);
    uint8_t *pixels = reference_decode(&b, JCS_RGB, &bytes);
    assert_int_equal(b.data[11], 1);
    b.data[11] = 9; /* JFIF's major version */
    assert_decodes(&b, &pic, pixels);
    blob_add(&b, "behind EOI: not ours", 20);
    assert_decodes(&b, &pic, pixels);
    free(pixels);
    blob_free(&b);
}

static unsigned notes;

static void count_note(void *user, enum note_level level, const char *text)
{
    (void)user;
    (void)text;
    notes += level == NOTE_WARNING;
}

static void lenient_goes_on(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&plain, &pic);
    size_t scan = find_marker(&b, 0xda, 2);
    b.bytes = scan + (b.bytes - scan) / 2;
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_in_range(d.rows, 1, 49);
    assert_non_null(strstr(d.text, "Premature end of JPEG file (row "));
    decoded_free(&d);

    size_t bytes;
    notes = 0;
    struct context cx;
    struct source *src;
    context_init(&cx);
    cx.lenient = true;
    cx.on_note = count_note;
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    d = decode_from(&cx, src);
    source_close(src);
    assert_nothing_held(&cx);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_int_equal(d.rows, 50);
    assert_int_equal(notes, 1);
    blob_add(&b, "\xff\xd9", 2); /* keeps the reference quiet; libjpeg makes up the same */
    uint8_t *pixels = reference_decode(&b, JCS_RGB, &bytes);
    assert_memory_equal(d.pixels, pixels, bytes);
    free(pixels);
    decoded_free(&d);
    blob_free(&b);
}

static void damage_behind_the_pixels(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&plain, &pic);
    b.bytes -= 2;
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    decoded_free(&d);
    for (int i = 0; i < 100; i++) /* libjpeg does not miss those few that it has read ahead */
        blob_add(&b, "x", 1);
    blob_add(&b, "\xff\xd9", 2);
    d = decode(&b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_int_equal(d.rows, 50);
    assert_non_null(strstr(d.text, "extraneous bytes before marker 0xd9 (after the last row)"));
    decoded_free(&d);
    blob_free(&b);
}

static void unsupported_kinds(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&plain, &pic);
    size_t sof = find_marker(&b, 0xc0, 2);
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

/* The last scan again and again: each would cost a walk over the picture. */
static void too_many_scans(void **state)
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
static void memory_of_passes(void **state)
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
static void no_temporary_space(void **state)
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

static void a_signal_ends_the_passes(void **state)
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

static void too_large_to_write(void **state)
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

static void misuse_is_a_bug(void **state)
{
    (void)state;
    static uint8_t row[8];
    for (int rows = 1; rows <= 3; rows += 2) {
        struct context cx;
        struct sink *sink;
        struct encoder *e;
        context_init(&cx);
        struct picture pic = make_picture(8, 2, LAYOUT_GRAY8);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encoder_open(&cx, &format_jpeg, sink, &pic, &plain, NULL, &e), ST_OK);
        for (int i = 0; i < rows; i++)
            assert_int_equal(encoder_write(e, row), i < 2 ? ST_OK : ST_BUG);
        if (rows == 1)
            assert_int_equal(encoder_finish(e), ST_BUG);
        encoder_close(e);
        sink_close(sink);
        assert_nothing_held(&cx);
    }
}

/* Segments longer than the source's window are skipped, and read, across its edges. */
static void across_windows(void **state)
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
    uint8_t *want = reference_decode(&b, JCS_RGB, &bytes);
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

static void failures(void **state)
{
    (void)state;
    struct picture pic = make_picture(400, 300, LAYOUT_RGB8); /* coefficients in a file */
    uint8_t *pixels = make_noise(&pic, 1);
    sweep_codec(&format_jpeg, &pic, &plain, pixels);
    sweep_codec(&format_jpeg, &pic, &small, pixels);
    sweep_codec(&format_jpeg, &pic, &progressive, pixels);
    free(pixels);
    struct recipe recipe = {.in = JCS_CMYK, .stored = JCS_YCCK, .channels = 4, .adobe = true};
    static uint8_t inks[200 * 4 * 3];
    struct blob b = reference_encode(&recipe, 200, 3, inks);
    struct coding c = {.in = &b};
    sweep_faults(decode_job, &c);
    blob_free(&b);
}

static volatile sig_atomic_t stop;

static void a_signal_ends_it(void **state)
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

static void choices(void **state)
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
        cmocka_unit_test(same_as_libjpeg),          cmocka_unit_test(inks_become_rgb),
        cmocka_unit_test(inks_by_a_profile),        cmocka_unit_test(cut_and_scrambled),
        cmocka_unit_test(oddities_are_no_damage),   cmocka_unit_test(lenient_goes_on),
        cmocka_unit_test(damage_behind_the_pixels), cmocka_unit_test(unsupported_kinds),
        cmocka_unit_test(too_many_scans),           cmocka_unit_test(memory_of_passes),
        cmocka_unit_test(no_temporary_space),       cmocka_unit_test(a_signal_ends_the_passes),
        cmocka_unit_test(too_large_to_write),       cmocka_unit_test(misuse_is_a_bug),
        cmocka_unit_test(across_windows),           cmocka_unit_test(failures),
        cmocka_unit_test(a_signal_ends_it),         cmocka_unit_test(choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
