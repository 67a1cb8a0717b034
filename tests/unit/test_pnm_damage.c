/* SPDX-License-Identifier: MIT */
/* PNM files that are bad or cut short: what is said of them, and what of them is kept. */
#include "pnm_text.h"

static void test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        const char *why;
    } cases[] = {
        {"P5 1 1 2", ST_DAMAGED, "the file ends early (header)"},
        {"P5 1 1 255", ST_DAMAGED, "the file ends early (header)"},
        {"P5 1 1 255\n", ST_DAMAGED, "the file ends early (row 0)"},
        {"P5 x 1 255\n1", ST_DAMAGED, "bad width (header)"},
        {"P5 1 -1 255\n1", ST_DAMAGED, "bad height (header)"},
        {"P5 1 1x 255\n1", ST_DAMAGED, "bad height (header)"},
        {"P5 0 1 255\n1", ST_DAMAGED, "a picture without pixels (header)"},
        {"P5 1 1 0\n1", ST_DAMAGED, "maxval is not in 1 .. 65535 (header)"},
        {"P5 1 1 65536\n11", ST_DAMAGED, "maxval is not in 1 .. 65535 (header)"},
        {"P5 4294967296 1 255\n1", ST_DAMAGED, "bad width (header)"},
        {"P5 99999999999999999999999999 1 255\n1", ST_DAMAGED, "bad width (header)"},
        {"P5 4294967295 1 255\n1", ST_LIMIT, NULL},
        {"P5 65536 65536 255\n1", ST_LIMIT, NULL},
        {"P5 2 2 255\n123", ST_DAMAGED, "the file ends early (row 1)"},
        {"P5 1 1 100\nz", ST_DAMAGED, "a sample above maxval (row 0)"},
        {"P2 1 1 100 101\n", ST_DAMAGED, "a sample above maxval (row 0)"},
        {"P2 2 1 255 1 x\n", ST_DAMAGED, "junk where a sample should be (row 0)"},
        {"P2 2 1 255 1x2\n", ST_DAMAGED, "junk where a sample should be (row 0)"},
        {"P2 2 1 255 1 9999999999\n", ST_DAMAGED, "junk where a sample should be (row 0)"},
        {"P2 2 1 255 1 ", ST_DAMAGED, "the file ends early (row 0)"},
        {"P2 2 1 255 1 2", ST_DAMAGED,
         "the file ends right behind a digit, another may be missing (row 0)"},
        {"P1 2 1 1 2", ST_DAMAGED, "junk where a sample should be (row 0)"},
        {"P1 2 1 1", ST_DAMAGED, "the file ends early (row 0)"},
        {"P5 1 1 255\n1x", ST_DAMAGED,
         "neither the end of the file nor another picture (header of picture 2)"},
        {"P5 1 1 255\n1P9", ST_DAMAGED,
         "neither the end of the file nor another picture (header of picture 2)"},
        {"P5 1 1 255\n1P5 1", ST_DAMAGED, "the file ends early (header of picture 2)"},
        {"P5 1 1 255\n1 P5 1 1 255\n", ST_DAMAGED, "the file ends early (row 0 of picture 2)"},
        {"P5 1 1 255\n1 P5 1 2 255\n1", ST_DAMAGED, "the file ends early (row 1 of picture 2)"},
        {"P7\nWIDTH 1\n", ST_DAMAGED, "the file ends early (header)"},
        {PAM("GARBAGE\n", 1, 255) "1", ST_DAMAGED, "an unknown line (header)"},
        {PAM("TUPLTYPE RGB\n", 4, 255) "1234", ST_DAMAGED,
         "the depth is not that of the tuple type (header)"},
        {PAM("TUPLTYPE x\nTUPLTYPE y\n", 4, 255) "1234", ST_UNSUPPORTED,
         "a PAM of an unknown tuple type (header)"},
        {PAM("", 5, 255) "12345", ST_UNSUPPORTED, "a PAM without type of this depth (header)"},
        {PAM("", 0, 255) "", ST_UNSUPPORTED, "a PAM without type of this depth (header)"},
        {PAM("", 1, 0) "1", ST_DAMAGED, "maxval is not in 1 .. 65535 (header)"},
        {PAM("WIDTH 1x\n", 1, 255) "1", ST_DAMAGED, "bad WIDTH (header)"},
        {PAM("DEPTH\n", 1, 255) "1", ST_DAMAGED, "bad DEPTH (header)"},
        {PAM("HEIGHT 4294967296\n", 1, 255) "1", ST_DAMAGED, "bad HEIGHT (header)"},
        {"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\n1", ST_DAMAGED,
         "WIDTH, HEIGHT, DEPTH or MAXVAL is missing (header)"},
        {"P7 332\n", ST_UNSUPPORTED, NULL},
        {"P8 1 1\n", ST_UNSUPPORTED, NULL},
        {"P5", ST_UNSUPPORTED, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct blob b = blob_of(cases[i].text, strlen(cases[i].text));
        struct decoded d = decode(&b, false);
        if (d.status != cases[i].status)
            print_error("%s\n", cases[i].text);
        assert_int_equal(d.status, cases[i].status);
        if (cases[i].why != NULL)
            assert_string_equal(d.text, cases[i].why);
        decoded_free(&d);
        blob_free(&b);
    }
}

static void test_endless_headers(void **state)
{
    (void)state;
    struct blob b = TEXT("P5#");
    char many[1000];
    memset(many, 'x', sizeof many);
    for (int i = 0; i < 1100; i++)
        blob_add(&b, many, sizeof many);
    assert_refused(&b, ST_DAMAGED);
    b.data[2] = ' ';
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
    b = TEXT("P7\n");
    blob_add(&b, many, sizeof many);
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
    b = TEXT("P7\nTUPLTYPE ");
    blob_add(&b, many, 200);
    blob_add(&b, "\nTUPLTYPE ", 10);
    blob_add(&b, many, 200);
    blob_add(&b, "\n", 1);
    assert_refused(&b, ST_DAMAGED);
    blob_free(&b);
}

static void test_lenient_keeps_what_there_is(void **state)
{
    (void)state;
    struct blob b = TEXT("P6 2 2 255\n123456789");
    struct decoded d = decode(&b, true);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_int_equal(d.rows, 1);
    assert_memory_equal(d.pixels, "123456789\0\0\0", 12);
    decoded_free(&d);
    b.bytes--; /* a pixel is whole or not at all */
    d = decode(&b, true);
    assert_memory_equal(d.pixels, "123456\0\0\0\0\0\0", 12);
    decoded_free(&d);
    blob_free(&b);
    b = TEXT("P4 20 1\n\xf0");
    d = decode(&b, true);
    assert_memory_equal(d.pixels, "\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    decoded_free(&d);
    blob_free(&b);
    b = TEXT("P2 4 1 255 9 8");
    d = decode(&b, true);
    assert_memory_equal(d.pixels, "\11\10\0\0", 4);
    decoded_free(&d);
    blob_free(&b);
    b = TEXT("P5 2 2 100\n\1\377\2\144 P5 2 2 100\n\1\2\3\4");
    d = decode(&b, true);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_string_equal(d.text, "a sample above maxval (row 0)");
    assert_int_equal(d.rows, 4);
    assert_memory_equal(d.pixels, "\3\xff\5\xff", 4);
    decoded_free(&d);
    blob_free(&b);
}

static void test_cut_and_scrambled(void **state)
{
    (void)state;
    struct picture pic = make_picture(9, 5, LAYOUT_RGBA16);
    uint8_t *pixels = make_noise(&pic, 2);
    struct blob b = encode(&format_pam, &pic, &(struct encode_options){0}, pixels);
    cut_everywhere(&b, 1);
    scramble(&b, 300, 3);
    blob_free(&b);
    free(pixels);
    b = TEXT(
        "P3 4 3 300 1 2 3 4 5 6 7 8 9 10 11 12 300 299 298 297 296 295 294 293 292 291 290 289 "
        "1 1 2 2 3 3 4 4 5 5 6 6\n");
    cut_everywhere(&b, 1);
    scramble(&b, 300, 4);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_endless_headers),
        cmocka_unit_test(test_lenient_keeps_what_there_is),
        cmocka_unit_test(test_cut_and_scrambled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
