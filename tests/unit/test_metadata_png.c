/* SPDX-License-Identifier: MIT */
/* Texts and profiles of PNG, packed or not, whole or not, and of any size. */
#include "metadata_file.h"

#include "base/size.h"

/* A chunk of a head and, behind it, packed bytes, of which the last few may be missing. */
static void add_packed(struct blob *b, const char *type, const char *head, size_t head_bytes,
                       const void *text, size_t bytes, size_t missing)
{
    struct blob body = blob_of(head, head_bytes);
    uLongf room = compressBound(bytes);
    uint8_t *packed = make_bytes(room);
    assert_int_equal(compress2(packed, &room, text, bytes, 9), Z_OK);
    blob_add(&body, packed, room);
    add_chunk(b, type, body.data, body.bytes - missing);
    blob_free(&body);
    free(packed);
}

static void finish_png(struct blob *b)
{
    static const uint8_t line[2] = {0, 7};
    end(b, line, 2);
}

static void test_png_texts(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    struct blob b = begin(1, 1, 8, 0, false);
    add_chunk(&b, "tEXt", "Comment\0plain", 13);
    add_packed(&b, "zTXt", "Comment\0\0", 9, "zipped", 6, 0);
    add_chunk(&b, "iTXt", "Comment\0\0\0de\0Kommentar\0here", 27);
    add_packed(&b, "iTXt", "XML:com.adobe.xmp\0\1\0\0\0", 22, "<x/>", 4, 0);
    add_chunk(&b, "tEXt", "Title\0T", 7);
    add_chunk(&b, "eXIf", "Exif\0\0MM\0*\0\0\0\x08\0\0", 16);
    add_chunk(&b, "pHYs", "\0\0\x0b\x13\0\0\x0b\x13\1", 9);
    add_chunk(&b, "gAMA", "\0\1\x86\xa0", 4);
    /* none of these is whole, or makes sense */
    add_chunk(&b, "tEXt", "Comment", 7);
    add_chunk(&b, "tEXt", "\0text without a key", 19);
    add_chunk(&b, "tEXt", " Comment\0x", 10);
    add_chunk(&b, "zTXt", "Comment\0\1xyz", 12);
    add_chunk(&b, "zTXt", "Comment\0\0xyz", 12);
    add_chunk(&b, "iTXt", "Comment\0\2\0\0\0x", 13);
    add_chunk(&b, "pHYs", "\0\0\0\1\0\0\0\2\0\0", 10);
    add_chunk(&b, "gAMA", "", 0);
    add_chunk(&b, "gAMA", "\0\0\0\0", 4);
    add_chunk(&b, "gAMA", "\x80\0\0\0", 4);
    add_chunk(&b, "sRGB", "\4", 1);
    add_chunk(&b, "eXIf", "", 0);
    add_packed(&b, "zTXt", "Comment\0\0", 9, "never to its end", 16, 6);
    add_chunk(&b, "tEXt", "Comment\0bad CRC", 15);
    b.data[b.bytes - 1] ^= 1;
    finish_png(&b);
    b.bytes -= 12; /* before IEND */
    add_chunk(&b, "tEXt", "Comment\0late", 12);
    add_chunk(&b, "IEND", "", 0);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    static const char *const want[] = {"plain", "zipped", "here", "T", "late"};
    size_t n = 0;
    for (const struct metadata_item *item = m.first; item != NULL; item = item->next)
        if (item->kind == METADATA_COMMENT) {
            assert_true(n < 5);
            assert_int_equal(item->bytes, strlen(want[n]));
            assert_memory_equal(item->data, want[n], item->bytes);
            assert_string_equal(item->key, n == 3 ? "Title" : "");
            n++;
        }
    assert_int_equal(n, 5);
    assert_item(&m, METADATA_XMP, "<x/>", 4);
    assert_item(&m, METADATA_EXIF, "MM\0*\0\0\0\x08\0\0", 10);
    assert_item(&m, METADATA_COLOR, "\0\1\x86\xa0", 4);
    assert_int_equal(count_items(&m, METADATA_COLOR), 1);
    assert_int_equal(m.density.x, 2835);
    metadata_clear(&cx, &m);
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        m.skip[kind] = true;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_null(m.first);
    assert_int_equal(m.density.x, 0);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
}

/*
 * Chains of bombs, and what is too large by one: what they would inflate to is a thousand times as
 * much as is ever kept.
 */
static void test_png_bombs(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    size_t bytes = METADATA_BYTES + 1;
    uint8_t *zeroes = calloc(bytes, 1);
    assert_non_null(zeroes);
    struct blob b = begin(1, 1, 8, 0, false);
    for (unsigned i = 0; i < METADATA_ITEMS + 50; i++)
        add_chunk(&b, "tEXt", "Comment\0x", 9);
    struct blob bomb = blob_of("", 0);
    add_packed(&bomb, "iCCP", "icc\0\0", 5, zeroes, bytes, 0);
    for (int i = 0; i < 300; i++)
        blob_add(&b, bomb.data, bomb.bytes);
    add_chunk(&b, "eXIf", zeroes, bytes);
    finish_png(&b);
    assert_int_equal(read_blob(&cx, &b, &m), ST_LIMIT);
    assert_true(cx.mem.peak < 3 * METADATA_BYTES);
    metadata_clear(&cx, &m);
    take_back(&cx);
    cx.lenient = true;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_int_equal(m.items, METADATA_ITEMS);
    assert_null(metadata_find(&m, METADATA_ICC));
    assert_null(metadata_find(&m, METADATA_EXIF));
    assert_true(cx.mem.peak < 3 * METADATA_BYTES);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&bomb);
    free(zeroes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png_texts),
        cmocka_unit_test(test_png_bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
