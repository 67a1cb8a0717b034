/* SPDX-License-Identifier: MIT */
/* Comments and application markers that go from one JPEG to another. */
#include "jpeg_recode_run.h"

#include "formats/exif.h"

static struct blob make(bool progressive, uint32_t width, uint32_t height)
{
    struct jpeg_recipe recipe = {.components = 3, .progressive = progressive};
    return jpeg_make_slopes(&recipe, width, height);
}

static const uint8_t exif[] = {
    'E',  'x',  'i',  'f',  0, 0, 'M', 'M', 0, 42, 0, 0,  0, 8, 0, 2, /* two entries */
    0x01, 0x12, 0,    3,    0, 0, 0,   1,   0, 6,  0, 0,              /* orientation 6 */
    0x87, 0x69, 0,    4,    0, 0, 0,   1,   0, 0,  0, 38, 0, 0, 0, 0, /* directory at 38 */
    0,    2,    0xa0, 0x02, 0, 3, 0,   0,   0, 1,  0, 99, 0, 0,       /* width */
    0xa0, 0x03, 0,    4,    0, 0, 0,   1,   0, 0,  0, 98, 0, 0, 0, 0, /* height */
};

static const char xmp[] = "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation='6'/>";

/* Which of the markers stand in a file, one digit each, in their order. */
static const char *markers_of(const struct blob *b)
{
    static char out[32];
    static const char *const names[] = {"JFIF", "Exif",  "one", "ICC_PROFILE",
                                        "http", "other", "two", "three"};
    size_t n = 0;
    for (size_t i = 2; i + 3 < b->bytes && b->data[i + 1] != 0xda;
         i += 2u + b->data[i + 3] + 256u * b->data[i + 2])
        for (unsigned k = 0; k < COUNT(names); k++)
            if (memcmp(b->data + i + 4, names[k], strlen(names[k])) == 0)
                out[n++] = (char)('0' + k);
    out[n] = '\0';
    return out;
}

static void test_markers(void **state)
{
    (void)state;
    static const struct recode_step turn = TURN(1);
    static const struct {
        bool jfif, ask, skip[METADATA_KINDS];
        const char *want;
    } cases[] = {
        {true, true, {false}, "01234567"},
        {false, true, {false}, "1234567"}, /* Exif is first: no JFIF is made */
        {true, false, {false}, "0"},
        {true, true, {[METADATA_COMMENT] = true}, "0134"},
        {true, true, {[METADATA_EXIF] = true}, "023467"},
        {true,
         true,
         {[METADATA_EXIF] = true, [METADATA_ICC] = true, [METADATA_XMP] = true},
         "0267"},
    };
    for (int progressive = 0; progressive < 2; progressive++)
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct blob plain = make(progressive, 64, 96),
                        b = blob_of(plain.data, cases[i].jfif ? 20 : 2);
            size_t gap = plain.bytes - 2; /* or between scans */
            for (size_t k = plain.bytes - 2; progressive && k > 20; k--)
                if (plain.data[k] == 0xff && plain.data[k + 1] == 0xc4) {
                    gap = k;
                    break;
                }
            jpeg_add_marker(&b, 0xe1, exif, sizeof exif);
            jpeg_add_marker(&b, 0xfe, "one", 3);
            jpeg_add_marker(&b, 0xe2, "ICC_PROFILE\0\1\1abc", 17);
            jpeg_add_marker(&b, 0xe1, xmp, sizeof xmp - 1);
            jpeg_add_marker(&b, 0xed, "other", 5);
            blob_add(&b, plain.data + 20, gap - 20);
            jpeg_add_marker(&b, 0xfe, "two", 3);
            blob_add(&b, plain.data + gap, plain.bytes - 2 - gap);
            jpeg_add_marker(&b, 0xfe, "three", 5);
            blob_add(&b, "\xff\xd9", 2);
            struct context cx;
            struct metadata m = {0};
            struct blob out = {0};
            struct recode q = {.steps = &turn, .count = 1, .upright = true};
            memcpy(q.skip, cases[i].skip, sizeof q.skip);
            context_init(&cx);
            assert_int_equal(run(&cx, &b, -1, &q, cases[i].ask ? &m : NULL, &out), ST_OK);
            assert_string_equal(markers_of(&out), cases[i].want);
            uint8_t *copy = memmem(out.data, out.bytes, "Exif", 4);
            if (copy != NULL) {
                assert_int_equal(copy[6 + 8 + 2 + 8 + 1], 1); /* upright */
                assert_memory_equal(copy + 6 + 38 + 2 + 2, "\0\4\0\0\0\1\0\0\0\x60", 10);
                assert_memory_equal(copy + 6 + 38 + 14 + 2, "\0\4\0\0\0\1\0\0\0\x40", 10);
            }
            copy = memmem(out.data, out.bytes, "Orientation", 11);
            if (copy != NULL)
                assert_int_equal(copy[13], '1');
            blob_free(&out);
            blob_free(&b);
            blob_free(&plain);
            assert_nothing_held(&cx);
        }
}

/*
 * Exif data cut short anywhere, and then changed: nothing is touched but whole entries. In memory
 * of just that size, so that a sanitizer sees what is read behind it.
 */
static void test_odd_exif(void **state)
{
    (void)state;
    enum { HEAD = 6, ENTRIES = 38 + 2, ENTRY = 12 }; /* of width and height */
    uint64_t seed = 3;
    for (size_t bytes = 0; bytes <= sizeof exif - HEAD; bytes++) {
        struct blob cut = {bytes, malloc(bytes != 0 ? bytes : 1)};
        assert_non_null(cut.data);
        memcpy(cut.data, exif + HEAD, bytes);
        exif_set_size(cut.data, bytes, 0x01020304, 0x02020304);
        size_t whole = bytes < ENTRIES ? 0 : (bytes - ENTRIES) / ENTRY;
        for (size_t i = 0; i < bytes; i++)
            if (i < ENTRIES || i >= ENTRIES + whole * ENTRY)
                assert_int_equal(cut.data[i], exif[HEAD + i]);
        for (size_t side = 0; side < whole && side < 2; side++) {
            const uint8_t want[] = {0, 4, 0, 0, 0, 1, (uint8_t)(1 + side), 2, 3, 4};
            assert_memory_equal(cut.data + ENTRIES + side * ENTRY + 2, want, sizeof want);
        }
        for (int i = 0; i < 200 && bytes > 0; i++) {
            cut.data[noise(&seed) % bytes] = (uint8_t)noise(&seed);
            exif_set_size(cut.data, bytes, 1, 2);
        }
        blob_free(&cut);
    }
}

/* The lowest byte first: a directory with Exif's, which has the height and nothing else. */
static void test_little_endian(void **state)
{
    (void)state;
    uint8_t tiff[] = {
        'I',  'I',  42, 0,    8, 0, 0, 0, 1,  0,                         /* one entry */
        0x69, 0x87, 4,  0,    1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,       /* directory at 26 */
        1,    0,    3,  0xa0, 3, 0, 1, 0, 0,  0, 9, 0, 0, 0, 0, 0, 0, 0, /* a SHORT */
    };
    static const uint8_t want[] = {3, 0xa0, 4, 0, 1, 0, 0, 0, 4, 3, 2, 1};
    exif_set_size(tiff, sizeof tiff, 77, 0x01020304);
    assert_memory_equal(tiff + 28, want, sizeof want);
}

static void test_too_many_markers(void **state)
{
    (void)state;
    struct blob plain = make(false, 32, 32), b = blob_of(plain.data, 20);
    uint8_t *comment = make_bytes(65533);
    memset(comment, 'x', 65533);
    for (int i = 0; i < 200; i++)
        jpeg_add_marker(&b, 0xfe, comment, 65533);
    blob_add(&b, plain.data + 20, plain.bytes - 20);
    struct context cx;
    struct metadata m = {0};
    struct blob out = {0};
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &b, -1, &q, &m, &out), ST_OK);
    /* each counts for its bytes and for one of METADATA_ITEMS */
    size_t kept = METADATA_BYTES / (65533 + METADATA_BYTES / METADATA_ITEMS);
    assert_in_range(out.bytes, kept * 65537, (kept + 1) * 65537 + plain.bytes);
    blob_free(&out);
    blob_free(&b);
    blob_free(&plain);
    free(comment);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markers),
        cmocka_unit_test(test_odd_exif),
        cmocka_unit_test(test_little_endian),
        cmocka_unit_test(test_too_many_markers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
