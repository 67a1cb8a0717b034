/* SPDX-License-Identifier: MIT */
/* JPEGs that are cut short, scrambled, or odd: what of it is damage. */
#include "jpeg_file.h"

static void test_cut_and_scrambled(void **state)
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

static void test_oddities_are_no_damage(void **state)
{
    (void)state;
    struct picture pic;
    size_t bytes;
    struct blob b = noise_file(&plain, &pic);
    uint8_t *pixels = jpeg_reference_pixels(&b, &bytes);
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

static void test_lenient_goes_on(void **state)
{
    (void)state;
    struct picture pic;
    struct blob b = noise_file(&plain, &pic);
    size_t scan = jpeg_find(&b, 0xda, 0);
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
    uint8_t *pixels = jpeg_reference_pixels(&b, &bytes);
    assert_memory_equal(d.pixels, pixels, bytes);
    free(pixels);
    decoded_free(&d);
    blob_free(&b);
}

static void test_damage_behind_the_pixels(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_and_scrambled),
        cmocka_unit_test(test_oddities_are_no_damage),
        cmocka_unit_test(test_lenient_goes_on),
        cmocka_unit_test(test_damage_behind_the_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
