/* SPDX-License-Identifier: MIT */
/* Profiles and XMP of JPEG that come in pieces; more markers than anybody wants. */
#include "jpeg_reference.h"
#include "metadata_file.h"

/* A JPEG whose profile comes in these pieces, each as "numbercount" with 66 bytes of it. */
static bool pieces_fit(const char *pieces)
{
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 132);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = blob_of("\xff\xd8", 2);
    jpeg_add_marker(&b, 0xfe, "with NUL\0\0", 10);
    jpeg_add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
    jpeg_add_marker(&b, 0xe1, "Exi", 3);
    jpeg_add_marker(&b, 0xe2, "ICC_PROFILE", 12);
    jpeg_add_marker(&b, 0xe2, "MPF", 4);
    for (; *pieces != '\0'; pieces += 2) {
        struct blob piece = blob_of("ICC_PROFILE", 12);
        const uint8_t number[2] = {(uint8_t)(pieces[0] - '0'), (uint8_t)(pieces[1] - '0')};
        blob_add(&piece, number, 2);
        blob_add(&piece, profile + (number[0] == 2 ? 66 : 0), 66);
        jpeg_add_marker(&b, 0xe2, piece.data, piece.bytes);
        blob_free(&piece);
    }
    blob_add(&b, whole.data + 2, whole.bytes - 2);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_item(&m, METADATA_COMMENT, "with NUL", 8);
    assert_item(&m, METADATA_XMP, "<x/>", 4);
    assert_null(metadata_find(&m, METADATA_EXIF));
    bool fits = metadata_find(&m, METADATA_ICC) != NULL;
    if (fits)
        assert_item(&m, METADATA_ICC, profile, 132);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
    free(profile);
    return fits;
}

static void test_jpeg_pieces(void **state)
{
    (void)state;
    assert_true(pieces_fit("1222"));
    assert_true(pieces_fit("2212"));
    assert_false(pieces_fit("12"));
    assert_false(pieces_fit("22"));
    assert_false(pieces_fit("1212"));
    assert_false(pieces_fit("122232"));
    assert_false(pieces_fit("1223"));
    assert_false(pieces_fit("0222"));
    assert_false(pieces_fit("0012"));
    assert_false(pieces_fit(""));
}

/* What is too long for a marker goes from JPEG to JPEG piece by piece, and nowhere else. */
static void test_extended_xmp(void **state)
{
    (void)state;
    static const char name[] = "http://ns.adobe.com/xmp/extension/";
    static const struct {
        const struct format *format;
        enum layout layout;
        bool more;
    } cases[] = {{&format_jpeg, LAYOUT_RGB8, true},
                 {&format_png, LAYOUT_RGB8, false},
                 {&format_gif, LAYOUT_INDEX8, false}};
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = blob_of("\xff\xd8", 2);
    for (int i = 0; i < 2; i++) { /* before and after the packet that they belong to */
        uint8_t piece[35 + 40 + 20];
        memcpy(piece, name, 35);
        memset(piece + 35, 'A' + i, sizeof piece - 35);
        piece[80] = 0;
        jpeg_add_marker(&b, 0xe1, piece, sizeof piece);
        if (i == 0)
            jpeg_add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
    }
    jpeg_add_marker(&b, 0xe1, name, 34); /* not quite the name */
    jpeg_add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/", 20);
    blob_add(&b, whole.data + 2, whole.bytes - 2);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_int_equal(count_items(&m, METADATA_XMP), 3);
    for (size_t i = 0; i < 3; i++) {
        struct metadata again = {0};
        struct blob out = write_blob(cases[i].format, cases[i].layout, &m);
        assert_int_equal(read_blob(&cx, &out, &again), ST_OK);
        const struct metadata_item *packet = metadata_find_key(&again, METADATA_XMP, "");
        assert_non_null(packet);
        assert_int_equal(packet->bytes, 4);
        assert_int_equal(count_items(&again, METADATA_XMP), cases[i].more ? 3 : 1);
        const struct metadata_item *item =
            metadata_find_key(&again, METADATA_XMP, METADATA_XMP_MORE);
        assert_true((item != NULL) == cases[i].more);
        if (item != NULL) {
            assert_int_equal(item->bytes, 60);
            assert_int_equal(item->data[0], 'A');
        }
        metadata_clear(&cx, &again);
        blob_free(&out);
    }
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
}

/* Photoshop's resources may be longer than a marker: all of them come along, in their order. */
static void test_iptc(void **state)
{
    (void)state;
    static const struct {
        const struct format *format;
        enum layout layout;
        size_t kept;
    } cases[] = {{&format_jpeg, LAYOUT_RGB8, 2},
                 {&format_png, LAYOUT_RGB8, 0},
                 {&format_gif, LAYOUT_INDEX8, 0}};
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = blob_of("\xff\xd8", 2);
    jpeg_add_marker(&b, 0xed, "Photoshop 3.0\0008BIM", 18);
    jpeg_add_marker(&b, 0xed, "Photoshop 2.5", 14); /* another form of it, of old */
    jpeg_add_marker(&b, 0xed, "Photoshop 3.0", 13); /* not quite the name */
    jpeg_add_marker(&b, 0xed, "Photoshop 3.0\000more", 18);
    blob_add(&b, whole.data + 2, whole.bytes - 2);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_int_equal(count_items(&m, METADATA_IPTC), 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct metadata again = {0};
        struct blob out = write_blob(cases[i].format, cases[i].layout, &m);
        assert_int_equal(read_blob(&cx, &out, &again), ST_OK);
        assert_int_equal(count_items(&again, METADATA_IPTC), cases[i].kept);
        if (cases[i].kept != 0) {
            assert_item(&again, METADATA_IPTC, "8BIM", 4);
            assert_memory_equal(again.last->data, "more", 4);
        }
        metadata_clear(&cx, &again);
        blob_free(&out);
    }
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
}

/* Each of them takes libjpeg a walk over those before it: no more than we want are kept. */
static void test_jpeg_many_markers(void **state)
{
    (void)state;
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = {0};
    const size_t markers = 300000;
    b.data = make_bytes(2 + markers * 5 + whole.bytes);
    memcpy(b.data, "\xff\xd8", 2);
    for (size_t i = 0; i < markers; i++)
        memcpy(b.data + 2 + i * 5, i % 2 != 0 ? "\xff\xfe\0\3x" : "\xff\xe1\0\3x", 5);
    memcpy(b.data + 2 + markers * 5, whole.data + 2, whole.bytes - 2);
    b.bytes = markers * 5 + whole.bytes;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_true(m.items <= METADATA_ITEMS);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_pieces),
        cmocka_unit_test(test_extended_xmp),
        cmocka_unit_test(test_iptc),
        cmocka_unit_test(test_jpeg_many_markers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
