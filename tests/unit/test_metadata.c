/* SPDX-License-Identifier: MIT */
/* Metadata from format to format: what passes, and what must not. */
#include "metadata_file.h"

/* Written, read, compared. profile_bytes beyond 65519 make JPEG cut it into pieces. */
static void round_trip(const struct format *format, enum layout layout, const char *space,
                       size_t profile_bytes, bool exif)
{
    struct context cx;
    struct metadata in = {0}, out = {0};
    context_init(&cx);
    uint8_t *profile = make_profile(space, profile_bytes);
    add(&cx, &in, METADATA_ICC, "", profile, profile_bytes);
    add(&cx, &in, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &in, METADATA_XMP, "", "<x:xmpmeta/>", 12);
    add(&cx, &in, METADATA_COMMENT, "", "one", 3);
    add(&cx, &in, METADATA_COMMENT, "", "zw\xc3\xb6lf", 6);
    add(&cx, &in, METADATA_COMMENT, "", "latin \xf6", 7);
    metadata_set_density(&in, (struct density){300, 150, DENSITY_INCH});
    struct blob b = write_blob(format, layout, &in);
    assert_int_equal(read_blob(&cx, &b, &out), ST_OK);
    assert_item(&out, METADATA_ICC, profile, profile_bytes);
    assert_item(&out, METADATA_XMP, "<x:xmpmeta/>", 12);
    assert_item(&out, METADATA_COMMENT, "one", 3);
    assert_int_equal(count_items(&out, METADATA_COMMENT), 3);
    assert_true(has_text(&out, "latin \xf6") && has_text(&out, "zw\xc3\xb6lf"));
    assert_int_equal(count_items(&out, METADATA_EXIF), exif);
    if (exif) {
        struct density d;
        assert_item(&out, METADATA_EXIF, tiff, sizeof tiff);
        assert_true(density_as(out.density, DENSITY_INCH, 1000, &d));
        assert_int_equal(d.x, 300);
        assert_int_equal(d.y, 150);
    }
    metadata_clear(&cx, &in);
    metadata_clear(&cx, &out);
    assert_int_equal(out.bytes + out.items, 0);
    assert_nothing_held(&cx);
    blob_free(&b);
    free(profile);
}

static void test_formats_keep_all(void **state)
{
    (void)state;
    static const size_t sizes[] = {132, 65519, 65520, 200000};
    for (size_t i = 0; i < 4; i++) {
        round_trip(&format_png, LAYOUT_RGB16, "RGB ", sizes[i], true);
        round_trip(&format_png, LAYOUT_INDEX8, "RGB ", sizes[i], true);
        round_trip(&format_png, LAYOUT_GRAYA8, "GRAY", sizes[i], true);
        round_trip(&format_jpeg, LAYOUT_RGB8, "RGB ", sizes[i], true);
        round_trip(&format_jpeg, LAYOUT_GRAY8, "GRAY", sizes[i], true);
        round_trip(&format_gif, LAYOUT_INDEX8, "RGB ", sizes[i], false);
    }
}

/* What a format cannot hold, or what contradicts the pixels, is not in the file. */
static void test_misfits_stay_out(void **state)
{
    (void)state;
    static const struct {
        const struct format *format;
        enum layout layout;
        const char *space;
    } cases[] = {
        {&format_png, LAYOUT_GRAY8, "RGB "},  {&format_png, LAYOUT_RGB8, "GRAY"},
        {&format_png, LAYOUT_INDEX8, "GRAY"}, {&format_png, LAYOUT_RGB8, "CMYK"},
        {&format_jpeg, LAYOUT_GRAY8, "RGB "}, {&format_jpeg, LAYOUT_RGB8, "GRAY"},
        {&format_jpeg, LAYOUT_RGB8, "CMYK"},  {&format_gif, LAYOUT_INDEX8, "GRAY"},
        {&format_gif, LAYOUT_INDEX8, "CMYK"},
    };
    static uint8_t large[65536];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct context cx;
        struct metadata in = {0}, out = {0};
        context_init(&cx);
        uint8_t *profile = make_profile(cases[i].space, 200);
        add(&cx, &in, METADATA_ICC, "", profile, 200);
        add(&cx, &in, METADATA_EXIF, "", "no TIFF", 7);
        memset(large, 'x', sizeof large);
        memcpy(large, "II*", 4);
        if (cases[i].format == &format_jpeg) /* whose markers end at 65535 */
            add(&cx, &in, METADATA_XMP, "", large, 65505);
        add(&cx, &in, METADATA_COMMENT, "Title", "key", 3);
        struct blob b = write_blob(cases[i].format, cases[i].layout, &in);
        assert_int_equal(read_blob(&cx, &b, &out), ST_OK);
        assert_null(metadata_find(&out, METADATA_ICC));
        assert_null(metadata_find(&out, METADATA_XMP));
        assert_int_equal(count_items(&out, METADATA_COMMENT), cases[i].format == &format_png);
        metadata_clear(&cx, &in);
        metadata_clear(&cx, &out);
        assert_nothing_held(&cx);
        blob_free(&b);
        free(profile);
    }
}

static void test_density_units(void **state)
{
    (void)state;
    struct density d;
    assert_true(density_as((struct density){72, 72, DENSITY_INCH}, DENSITY_METER, 9999, &d));
    assert_int_equal(d.x, 2835);
    assert_int_equal(d.unit, DENSITY_METER);
    assert_true(density_as(d, DENSITY_INCH, 72, &d));
    assert_int_equal(d.y, 72);
    assert_false(density_as(d, DENSITY_INCH, 71, &d));
    assert_true(density_as((struct density){118, 1, DENSITY_CENTIMETER}, DENSITY_METER, 11800, &d));
    assert_int_equal(d.x, 11800);
    assert_false(density_as((struct density){UINT32_MAX, UINT32_MAX, DENSITY_INCH}, DENSITY_METER,
                            UINT32_MAX, &d));
    assert_false(density_as((struct density){1, 1, DENSITY_METER}, DENSITY_INCH, 9, &d));
    assert_false(density_as((struct density){2, 1, DENSITY_ASPECT}, DENSITY_INCH, 9, &d));
    assert_false(density_as((struct density){0, 1, DENSITY_INCH}, DENSITY_INCH, 9, &d));
}

/* A whole copy, in which every call fails once. */
struct copying {
    const struct blob *in;
    const struct format *to;
};

static enum status copy_job(struct context *cx, void *user)
{
    const struct copying *c = user;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct encoder *e = NULL;
    struct metadata m = {0};
    struct picture pic = make_picture(3, 2, c->to == &format_gif ? LAYOUT_INDEX8 : LAYOUT_RGB8);
    uint8_t row[9] = {0};
    int in = temp_fd(c->in->data, c->in->bytes), out = temp_fd("", 0);
    enum status st = source_open_fd(cx, in, &src);
    if (st == ST_OK)
        st = read_all(cx, src, &m);
    if (st == ST_OK)
        st = sink_open_fd(cx, out, &sink);
    if (st == ST_OK)
        st = encoder_open(cx, c->to, sink, &pic, &plain, &m, &e);
    for (int y = 0; st == ST_OK && y < 2; y++)
        st = encoder_write(e, row);
    if (st == ST_OK)
        st = encoder_finish(e);
    encoder_close(e);
    sink_close(sink);
    source_close(src);
    metadata_clear(cx, &m);
    close(in);
    close(out);
    return st;
}

static void test_faults(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_png, &format_jpeg, &format_gif};
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 70000);
    add(&cx, &m, METADATA_ICC, "", profile, 70000);
    add(&cx, &m, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &m, METADATA_COMMENT, "", "comment", 7);
    add(&cx, &m, METADATA_XMP, "", "<x:xmpmeta/>", 12);
    for (int i = 0; i < 3; i++) {
        struct blob b = write_blob(formats[i], i == 2 ? LAYOUT_INDEX8 : LAYOUT_RGB8, &m);
        for (int k = 0; k < 3; k++) {
            struct copying c = {&b, formats[k]};
            sweep_faults(copy_job, &c);
        }
        blob_free(&b);
    }
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    free(profile);
}

/* Any bytes: no crash, nothing left over. */
static void test_scrambled(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    uint64_t seed = 5;
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 300);
    add(&cx, &m, METADATA_ICC, "", profile, 300);
    add(&cx, &m, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &m, METADATA_COMMENT, "", "comment", 7);
    for (int i = 0; i < 4000; i++) {
        const struct format *format = i % 2 != 0 ? &format_png : &format_jpeg;
        struct blob b = write_blob(format, LAYOUT_RGB8, &m);
        struct metadata got = {0};
        struct context other;
        context_init(&other);
        other.lenient = i % 4 >= 2;
        other.limits.max_pixels = 1 << 16;
        for (uint32_t n = 1 + noise(&seed) % 3; n > 0; n--)
            b.data[noise(&seed) % b.bytes] = (uint8_t)noise(&seed);
        assert_int_not_equal(read_blob(&other, &b, &got), ST_BUG);
        metadata_clear(&other, &got);
        assert_nothing_held(&other);
        blob_free(&b);
    }
    metadata_clear(&cx, &m);
    free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats_keep_all), cmocka_unit_test(test_misfits_stay_out),
        cmocka_unit_test(test_density_units),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_scrambled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
