/* SPDX-License-Identifier: MIT */
/* EXIF's orientation: found in any TIFF that has one, done once, and then told to be upright. */
#include "codec_run.h"

#include "formats/exif.h"
#include "pipeline/job.h"

static void put(uint8_t *p, bool big_endian, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[big_endian ? bytes - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

#define TIFF_BYTES 42

/* A directory at offset 10 of two entries, the second one the orientation. */
static void make_tiff(uint8_t out[TIFF_BYTES], bool big_endian, uint32_t type, uint32_t value)
{
    memset(out, 0, TIFF_BYTES);
    memcpy(out, big_endian ? "MM\0*" : "II*", 4);
    put(out + 4, big_endian, 10, 4);
    put(out + 10, big_endian, 2, 2);
    put(out + 12, big_endian, 0x010f, 2);
    put(out + 24, big_endian, 0x0112, 2);
    put(out + 26, big_endian, type, 2);
    put(out + 28, big_endian, 1, 4);
    put(out + 32, big_endian, value, type == 3 ? 2 : 4);
}

/* In memory of just that size, so that a sanitizer sees reads behind it. */
static unsigned look(const uint8_t *data, size_t bytes)
{
    uint8_t *copy = malloc(bytes);
    struct metadata_item item = {.kind = METADATA_EXIF, .bytes = bytes, .data = copy};
    struct metadata m = {.first = &item, .last = &item};
    if (bytes > 0)
        memcpy(copy, data, bytes);
    unsigned found = exif_orientation(&item);
    exif_set_upright(&m);
    assert_int_equal(exif_orientation(&item), 1);
    size_t differ = 0;
    for (size_t i = 0; i < bytes; i++)
        differ += copy[i] != data[i];
    assert_true(found == 1 || differ == 1);
    free(copy);
    return found;
}

static void test_walks(void **state)
{
    (void)state;
    uint8_t tiff[TIFF_BYTES];
    for (int big_endian = 0; big_endian < 2; big_endian++)
        for (uint32_t type = 3; type <= 4; type++)
            for (uint32_t value = 0; value < 12; value++) {
                make_tiff(tiff, big_endian, type, value);
                assert_int_equal(look(tiff, TIFF_BYTES), value >= 1 && value <= 8 ? value : 1);
            }
    assert_int_equal(exif_orientation(NULL), 1);
}

static void test_hostile(void **state)
{
    (void)state;
    uint8_t tiff[TIFF_BYTES];
    uint64_t seed = 3;
    make_tiff(tiff, true, 3, 6);
    for (size_t n = 0; n < TIFF_BYTES; n++)
        assert_int_equal(look(tiff, n), n >= 36 ? 6 : 1);
    static const uint32_t offsets[] = {0,          7,          TIFF_BYTES - 2, TIFF_BYTES - 1,
                                       TIFF_BYTES, 0x7fffffff, 0xfffffffe,     0xffffffff};
    for (size_t i = 0; i < 8; i++) {
        make_tiff(tiff, false, 3, 6);
        put(tiff + 4, false, offsets[i], 4);
        assert_int_equal(look(tiff, TIFF_BYTES), 1);
    }
    make_tiff(tiff, false, 3, 6);
    put(tiff + 10, false, 0xffff, 2); /* entries that are not there */
    assert_int_equal(look(tiff, TIFF_BYTES), 6);
    put(tiff + 28, false, 2, 4); /* two orientations */
    assert_int_equal(look(tiff, TIFF_BYTES), 1);
    make_tiff(tiff, false, 5, 6); /* RATIONAL */
    assert_int_equal(look(tiff, TIFF_BYTES), 1);
    for (int i = 0; i < 20000; i++) {
        make_tiff(tiff, i % 2 != 0, 3, 6);
        for (int k = 0; k < 3; k++)
            tiff[noise(&seed) % TIFF_BYTES] = (uint8_t)noise(&seed);
        look(tiff, TIFF_BYTES);
    }
}

static void test_upright_xmp(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"<a tiff:Orientation=\"6\"/>", "<a tiff:Orientation=\"1\"/>"},
        {"tiff:Orientation='8' tiff:Orientation = '3'",
         "tiff:Orientation='1' tiff:Orientation = '1'"},
        {"<tiff:Orientation>2</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"},
        {"tiff:Orientation=", "tiff:Orientation="},
        {"tiff:Orientation", "tiff:Orientation"},
        {"tiff:Orientation=\"1\"", "tiff:Orientation=\"1\""},
    };
    for (size_t i = 0; i < 6; i++) {
        struct blob b = blob_of(texts[i][0], strlen(texts[i][0]));
        struct metadata_item item = {.kind = METADATA_XMP, .bytes = b.bytes, .data = b.data};
        struct metadata m = {.first = &item, .last = &item};
        exif_set_upright(&m);
        assert_memory_equal(b.data, texts[i][1], b.bytes);
        blob_free(&b);
    }
}

/*
 * Where the pixel at (column, row) of the stored picture stands in the upright one of width x
 * height: EXIF 2.32 tells which of its sides the 0th row and the 0th column are.
 */
static void place(unsigned orientation, uint32_t column, uint32_t row, uint32_t width,
                  uint32_t height, uint32_t *x, uint32_t *y)
{
    uint32_t c = column, r = row;
    const uint32_t at[9][2] = {{c, r},
                               {c, r},                          /* top, left */
                               {width - 1 - c, r},              /* top, right */
                               {width - 1 - c, height - 1 - r}, /* bottom, right */
                               {c, height - 1 - r},             /* bottom, left */
                               {r, c},                          /* left, top */
                               {width - 1 - r, c},              /* right, top */
                               {width - 1 - r, height - 1 - c}, /* right, bottom */
                               {r, height - 1 - c}};            /* left, bottom */
    *x = at[orientation][0];
    *y = at[orientation][1];
}

static void add_item(struct context *cx, struct metadata *m, const void *data, size_t bytes)
{
    assert_int_equal(metadata_begin(cx, m, METADATA_EXIF), ST_OK);
    assert_int_equal(metadata_append(cx, m, data, bytes), ST_OK);
    metadata_end(cx, m);
}

static struct blob run(const struct job *job, const struct blob *in, struct outcome *outcome)
{
    struct context cx;
    struct source *src;
    struct sink *sink;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, in->data, in->bytes, &src), ST_OK);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    enum status st = job_run(&cx, job, src, sink, outcome);
    assert_string_equal(cx.text, "");
    assert_int_equal(st, ST_OK);
    struct blob b = blob_of_sink(sink);
    sink_close(sink);
    source_close(src);
    assert_nothing_held(&cx);
    return b;
}

/* What a PNG tells of its orientation and density. */
static unsigned orientation_of(const struct blob *b, struct density *density)
{
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct metadata m = {0};
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b->data, b->bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, &m, &d), ST_OK);
    decoder_close(d);
    source_close(src);
    unsigned found = exif_orientation(metadata_find(&m, METADATA_EXIF));
    *density = m.density;
    metadata_clear(&cx, &m);
    return found;
}

/* The stored picture with its EXIF and a density of 100 along its rows, 200 along its columns. */
static struct blob store(const struct picture *pic, const uint8_t *pixels, unsigned orientation)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    struct metadata m = {0};
    const struct encode_options options = {.compression = 6};
    uint8_t tiff[TIFF_BYTES];
    context_init(&cx);
    make_tiff(tiff, orientation % 2 != 0, 3, orientation);
    add_item(&cx, &m, tiff, TIFF_BYTES);
    m.density = (struct density){100, 200, DENSITY_METER};
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_open(&cx, &format_png, sink, pic, &options, &m, &e), ST_OK);
    for (uint32_t y = 0; y < pic->height; y++)
        assert_int_equal(encoder_write(e, pixels + y * picture_stride(pic)), ST_OK);
    struct blob b = finish_file(e, sink);
    metadata_clear(&cx, &m);
    return b;
}

static void test_all_upright(void **state)
{
    (void)state;
    const uint32_t width = 7, height = 4;
    struct job job = {.format = &format_png,
                      .colors = 256,
                      .auto_orient = true,
                      .may_keep = true,
                      .expand = true,
                      .encode = {.compression = 6, .optimize = 1}};
    for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
        for (unsigned n = 1; n <= 8; n++) {
            struct picture want = make_picture(width, height, layout), pic = want;
            if (n >= 5) {
                pic.width = height;
                pic.height = width;
            }
            uint8_t *upright = noise_pixels(&want, layout + 1), *pixels = noise_pixels(&pic, 1);
            size_t each = layout_info(layout)->bytes;
            for (uint32_t r = 0; r < pic.height; r++)
                for (uint32_t c = 0; c < pic.width; c++) {
                    uint32_t x, y;
                    place(n, c, r, width, height, &x, &y);
                    memcpy(pixels + ((size_t)r * pic.width + c) * each,
                           upright + ((size_t)y * width + x) * each, each);
                }
            struct blob in = store(&pic, pixels, n);
            struct outcome outcome;
            struct density density;
            job.auto_orient = true;
            job.encode.optimize = 0; /* pixels as they come */
            struct blob out = run(&job, &in, &outcome);
            assert_decodes(&out, &want, upright);
            assert_int_equal(orientation_of(&out, &density), 1);
            assert_int_equal(density.x, n >= 5 ? 200 : 100);
            assert_int_equal(density.y, n >= 5 ? 100 : 200);
            blob_free(&out);
            job.encode.optimize = 1; /* the input's own bytes would be as small */
            out = run(&job, &in, &outcome);
            assert_int_equal(outcome.orientation, n == 1 ? 0 : n);
            assert_true(n == 1 || !outcome.kept);
            assert_int_equal(orientation_of(&out, &density), 1);
            blob_free(&out);
            job.auto_orient = false;
            job.encode.optimize = 0;
            out = run(&job, &in, &outcome);
            assert_decodes(&out, &pic, pixels);
            assert_int_equal(orientation_of(&out, &density), n);
            assert_int_equal(density.x, 100);
            blob_free(&out);
            blob_free(&in);
            free(upright);
            free(pixels);
        }
}

/* Turns that the user asks for count too, and what lies askew has no density. */
static void test_density_turns(void **state)
{
    (void)state;
    static const struct {
        unsigned orientation;
        double degrees;
        uint32_t x;
    } cases[] = {{1, 90, 200},   {6, 90, 100}, {6, 180, 200},
                 {8, -270, 100}, {1, 45, 0},   {1, 720, 100}};
    struct picture pic = make_picture(3, 2, LAYOUT_RGB8);
    uint8_t *pixels = noise_pixels(&pic, 9);
    for (size_t i = 0; i < 6; i++) {
        struct op op = {.kind = OP_ROTATE, .degrees = cases[i].degrees};
        struct job job = {.ops = &op,
                          .op_count = 1,
                          .format = &format_png,
                          .colors = 256,
                          .auto_orient = true,
                          .expand = true,
                          .encode = {.compression = 6}};
        struct blob in = store(&pic, pixels, cases[i].orientation);
        struct outcome outcome;
        struct density density;
        struct blob out = run(&job, &in, &outcome);
        orientation_of(&out, &density);
        assert_int_equal(density.x, cases[i].x);
        blob_free(&out);
        blob_free(&in);
    }
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walks),         cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_upright_xmp),   cmocka_unit_test(test_all_upright),
        cmocka_unit_test(test_density_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
