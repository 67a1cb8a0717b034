/* SPDX-License-Identifier: MIT */
/* GIF in: broken files, and what they claim. */
#include "gif_build.h"

static void assert_damaged(struct blob *b, const char *words)
{
    struct decoded d = decode(b, false);
    assert_int_equal(d.status, ST_DAMAGED);
    if (strstr(d.text, words) == NULL)
        print_error("%s, not: %s\n", d.text, words);
    assert_non_null(strstr(d.text, words));
    decoded_free(&d);
    blob_free(b);
}

static void test_code_sizes(void **state)
{
    (void)state;
    static const uint8_t sizes[] = {0, 9, 11, 12, 13, 255};
    for (size_t i = 0; i < sizeof sizes; i++) {
        struct blob b = new_gif(3, 3, 2);
        add_image(&b, 0, 0, 3, 3, 0, 0);
        blob_add(&b, &sizes[i], 1);
        blob_add(&b, "\x04\x00\x00\x00\x00\x00;", 7);
        assert_damaged(&b, "minimum code size");
    }
    /* 1: clear 2, 1, then three bits wide, end 3 */
    struct blob b = new_gif(1, 1, 1);
    add_image(&b, 0, 0, 1, 1, 0, 0);
    blob_add(&b, "\x01\x01\x36\x00;", 5);
    struct decoded d = decode_whole(&b);
    assert_int_equal(d.pixels[0], 1);
    decoded_free(&d);
}

static void test_damage(void **state)
{
    (void)state;
    struct blob b = blob_of("GIF89a", 6);
    assert_damaged(&b, "the file ends too soon");
    b = new_gif(3, 3, 2);
    blob_add(&b, ";", 1);
    assert_damaged(&b, "no image");
    b = new_gif(3, 3, 2);
    blob_add(&b, "?", 1);
    assert_damaged(&b, "a block of unknown kind");
    b = new_gif(3, 3, 2);
    add_image(&b, 0, 0, 3, 0, 0, 0);
    add_pixels(&b, 2, ramp, 0);
    blob_add(&b, ";", 1);
    assert_damaged(&b, "no pixels");
    b = new_gif(3, 3, 2);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 8);
    blob_add(&b, ";", 1);
    assert_damaged(&b, "the end code comes before the last pixel (row 3 of frame 1)");
    b = new_gif(3, 3, 2);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    blob_add(&b, "\x02\x00;", 3);
    assert_damaged(&b, "the data ends before the last pixel (row 1 of frame 1)");
    /* in the second image, and instead of one */
    b = plain_gif();
    b.bytes--;
    add_image(&b, 0, 0, 3, 3, 0, 0);
    blob_add(&b, "\x02\x00;", 3);
    assert_damaged(&b, "row 1 of frame 2");
    b = plain_gif();
    b.bytes--;
    assert_damaged(&b, "the file ends too soon (frame 2");
}

/* Of the damaged row what could be decoded, and zeroes; a next frame may follow. */
static void test_damaged_row(void **state)
{
    (void)state;
    struct blob b = new_gif(3, 3, 2);
    struct read_gif r;
    struct frame f;
    uint8_t row[3] = {9, 9, 9};
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 5);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 9);
    blob_add(&b, ";", 1);
    assert_int_equal(read_open(&r, &b), ST_OK);
    assert_int_equal(decoder_frame(r.d, &f), ST_OK);
    assert_int_equal(decoder_row(r.d, row), ST_OK);
    assert_int_equal(decoder_row(r.d, row), ST_DAMAGED);
    assert_memory_equal(row, ((const uint8_t[]){3, 3, 0}), 3);
    r.cx.status = ST_OK;
    assert_int_equal(decoder_frame(r.d, &f), ST_OK);
    assert_int_equal(decoder_row(r.d, row), ST_OK);
    assert_memory_equal(row, ramp, 3);
    assert_int_equal(decoder_frame(r.d, &f), ST_END);
    read_close(&r, &b);
}

/* A header that claims much costs nothing until pixels come. */
static void test_large_claim(void **state)
{
    (void)state;
    struct blob b = new_gif(65535, 65535, 1);
    struct read_gif r;
    struct frame f;
    add_image(&b, 0, 0, 65535, 65535, 0, 0);
    blob_add(&b, "\x02\x00", 2);
    assert_int_equal(read_open(&r, &b), ST_OK);
    assert_int_equal(decoder_frame(r.d, &f), ST_OK);
    assert_true(r.cx.mem.peak < 128 * 1024);
    uint8_t *row = make_bytes(65535);
    assert_int_equal(decoder_row(r.d, row), ST_DAMAGED);
    free(row);
    read_close(&r, &b);

    b = new_gif(65535, 65535, 1);
    context_init(&r.cx);
    r.cx.limits.max_pixels = UINT64_C(65535) * 65534;
    add_image(&b, 0, 0, 1, 1, 0, 0);
    blob_add(&b, "\x02\x00", 2);
    assert_int_equal(source_open_memory(&r.cx, b.data, b.bytes, &r.src), ST_OK);
    assert_int_equal(decoder_open(&r.cx, r.src, NULL, &r.d), ST_LIMIT);
    r.d = NULL;
    read_close(&r, &b);
}

static struct blob busy_gif(void)
{
    struct blob b = new_gif(9, 9, 3);
    blob_add(&b, "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00\x21\xfe\x02hi\x00", 25);
    for (unsigned i = 0; i < 3; i++) {
        add_control(&b, 1 | i << 2, i, i);
        add_image(&b, i, i, 3, 3, i % 2 ? 0x40 : 0, i);
        add_pixels(&b, 2 + i, ramp, 9);
    }
    blob_add(&b, ";", 1);
    return b;
}

static void test_cut_and_scrambled(void **state)
{
    (void)state;
    struct blob b = busy_gif();
    struct decoded d = decode(&b, false);
    assert_int_equal(d.status, ST_END);
    assert_int_equal(d.frames, 3);
    decoded_free(&d);
    cut_everywhere(&b, 1);
    scramble(&b, 3000, 9);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_sizes),        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_damaged_row),       cmocka_unit_test(test_large_claim),
        cmocka_unit_test(test_cut_and_scrambled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
