/* SPDX-License-Identifier: MIT */
/* GIF in: the container read block by block, odd ones too. */
#include "gif_build.h"

static void assert_color(const struct palette *p, unsigned i, unsigned r, unsigned g, unsigned a)
{
    struct rgba8 c = {(uint8_t)r, (uint8_t)g, 0, (uint8_t)a};
    assert_memory_equal(&p->entry[i], &c, sizeof c);
}

static bool gif_like(const char *head, size_t bytes)
{
    return format_gif.sniff((const uint8_t *)head, bytes);
}

static void test_sniff(void **state)
{
    (void)state;
    assert_true(gif_like("GIF87a", 6));
    assert_true(gif_like("GIF89a", 6));
    assert_true(gif_like("GIF90a", 6));
    assert_false(gif_like("GIFx9a", 6));
    assert_false(gif_like("GIF89A", 6));
    assert_false(gif_like("GIF89a", 5));
    assert_false(gif_like("gif89a", 6));
}

static void test_plain(void **state)
{
    (void)state;
    struct blob b = plain_gif();
    struct decoded d = decode_whole(&b);
    assert_int_equal(d.frames, 1);
    assert_int_equal(d.frame.pic.width, 3);
    assert_int_equal(d.frame.pic.height, 3);
    assert_int_equal(d.frame.pic.palette.count, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_color(&d.frame.pic.palette, i, 10 + i, i, 255);
    assert_ptr_equal(d.frame.order, &interlace_none);
    assert_memory_equal(d.pixels, ramp, 9);
    decoded_free(&d);
}

static void test_palettes(void **state)
{
    (void)state;
    /* a local one goes before the global one, and may be the only one */
    for (unsigned global = 0; global <= 3; global += 3) {
        struct blob b = new_gif(3, 3, global);
        add_image(&b, 0, 0, 3, 3, 0, 2);
        add_pixels(&b, 2, ramp, 9);
        blob_add(&b, ";", 1);
        struct decoded d = decode_whole(&b);
        assert_int_equal(d.frame.pic.palette.count, 4);
        assert_color(&d.frame.pic.palette, 3, 103, 3, 255);
        decoded_free(&d);
    }
    /* none at all, and one with fewer entries than the code size allows: black */
    for (unsigned global = 0; global <= 1; global++) {
        struct blob b = new_gif(3, 3, global);
        add_image(&b, 0, 0, 3, 3, 0, 0);
        add_pixels(&b, 2, ramp, 9);
        blob_add(&b, ";", 1);
        struct decoded d = decode_whole(&b);
        assert_int_equal(d.frame.pic.palette.count, 4);
        assert_color(&d.frame.pic.palette, 0, global ? 10 : 0, 0, 255);
        assert_color(&d.frame.pic.palette, 2, 0, 0, 255);
        decoded_free(&d);
    }
    /* more entries than the code size allows */
    struct blob b = new_gif(3, 3, 8);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 9);
    blob_add(&b, ";", 1);
    struct decoded d = decode_whole(&b);
    assert_int_equal(d.frame.pic.palette.count, 256);
    decoded_free(&d);
}

/* Alpha of entry 2 after the blocks that the caller put before the image; the file is freed. */
static unsigned alpha_of_2(struct blob *b)
{
    add_image(b, 0, 0, 3, 3, 0, 0);
    add_pixels(b, 2, ramp, 9);
    blob_add(b, ";", 1);
    struct decoded d = decode_whole(b);
    unsigned alpha = d.frame.pic.palette.entry[2].a;
    assert_int_equal(palette_has_alpha(&d.frame.pic.palette), alpha == 0);
    decoded_free(&d);
    return alpha;
}

static void test_transparent(void **state)
{
    (void)state;
    struct blob b = new_gif(3, 3, 2);
    add_control(&b, 1, 0, 2);
    assert_int_equal(alpha_of_2(&b), 0);
    b = new_gif(3, 3, 2);
    add_control(&b, 0, 0, 2); /* not said to count */
    assert_int_equal(alpha_of_2(&b), 255);
    b = new_gif(3, 3, 2);
    add_control(&b, 1, 0, 200); /* beyond the palette */
    assert_int_equal(alpha_of_2(&b), 255);
    b = new_gif(3, 3, 2);
    add_control(&b, 1, 0, 1); /* the last one counts */
    add_control(&b, 1, 0, 2);
    assert_int_equal(alpha_of_2(&b), 0);
    b = new_gif(3, 3, 2);
    blob_add(&b, "\x21\xf9\x03\x01\x00\x00\x00", 7); /* too short to say anything */
    assert_int_equal(alpha_of_2(&b), 255);
    b = new_gif(3, 3, 2);
    blob_add(&b, "\x21\xf9\x05\x01\x00\x00\x02\x09\x00", 9); /* longer */
    assert_int_equal(alpha_of_2(&b), 0);
}

/* What stands before an image counts for this image only; rows not asked for are skipped. */
static void test_frames(void **state)
{
    (void)state;
    struct blob b = new_gif(9, 9, 2);
    add_control(&b, 1 | 3 << 2, 7, 0);
    add_image(&b, 1, 2, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 9);
    add_image(&b, 65535, 0, 9, 1, 0x40, 2);
    add_pixels(&b, 2, ramp, 9);
    add_control(&b, 7 << 2, 65535, 0);
    add_image(&b, 0, 8, 1, 9, 0x40, 0);
    add_pixels(&b, 3, ramp, 9);
    blob_add(&b, ";trailing", 9);
    for (unsigned rows = 0; rows <= 3; rows++) { /* of the first image that are asked for */
        struct read_gif r;
        struct frame f;
        uint8_t row[9];
        assert_int_equal(read_open(&r, &b), ST_OK);
        assert_int_equal(r.d->info.width, 9);
        assert_true(r.d->info.may_move);
        assert_int_equal(decoder_frame(r.d, &f), ST_OK);
        assert_true(f.x == 1 && f.y == 2 && f.pic.width == 3 && f.pic.height == 3);
        assert_int_equal(f.delay_cs, 7);
        assert_int_equal(f.disposal, DISPOSAL_PREVIOUS);
        assert_int_equal(palette_transparent(&f.pic.palette), 0);
        for (unsigned i = 0; i < rows; i++) {
            assert_int_equal(decoder_row(r.d, row), ST_OK);
            assert_memory_equal(row, ramp + 3 * i, 3);
        }
        if (rows == 3) {
            assert_int_equal(decoder_row(r.d, row), ST_BUG);
            r.cx.status = ST_OK;
        }
        assert_int_equal(decoder_frame(r.d, &f), ST_OK);
        assert_true(f.x == 65535 && f.y == 0 && f.pic.width == 9 && f.pic.height == 1);
        assert_true(f.delay_cs == 0 && f.disposal == DISPOSAL_NONE);
        assert_int_equal(palette_transparent(&f.pic.palette), -1);
        assert_ptr_equal(f.order, &interlace_gif);
        assert_int_equal(decoder_row(r.d, row), ST_OK);
        assert_memory_equal(row, ramp, 9);
        assert_int_equal(decoder_frame(r.d, &f), ST_OK);
        assert_int_equal(f.delay_cs, 65535);
        assert_int_equal(f.disposal, DISPOSAL_NONE); /* 7 means nothing */
        assert_int_equal(f.pic.palette.count, 8);
        assert_int_equal(decoder_frame(r.d, &f), ST_END);
        assert_int_equal(r.d->frames, 3);
        struct blob none = {0};
        read_close(&r, &none);
    }
    blob_free(&b);
}

/* The loop count after the blocks, told once the end has been reached. */
static int loop_of(const void *blocks, size_t bytes)
{
    struct blob b = new_gif(3, 3, 2);
    struct read_gif r;
    struct frame f;
    blob_add(&b, blocks, bytes);
    add_image(&b, 0, 0, 3, 3, 0, 0);
    add_pixels(&b, 2, ramp, 9);
    blob_add(&b, ";", 1);
    assert_int_equal(read_open(&r, &b), ST_OK);
    assert_int_equal(decoder_frame(r.d, &f), ST_OK);
    assert_int_equal(decoder_frame(r.d, &f), ST_END);
    int loop = r.d->loop;
    read_close(&r, &b);
    return loop;
}

static void test_loop(void **state)
{
    (void)state;
    assert_int_equal(loop_of("", 0), LOOP_ABSENT);
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00", 19), LOOP_FOREVER);
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE2.0\x03\x01\x34\x12\x00", 19), 0x1234);
    assert_int_equal(loop_of("\x21\xff\x0b"
                             "ANIMEXTS1.0\x03\x01\x05\x00\x00",
                             19),
                     5);
    /* a buffer size; another program's; without a block; too short */
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE2.0\x05\x02\x01\x02\x03\x04\x00", 21),
                     LOOP_ABSENT);
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE3.0\x03\x01\x05\x00\x00", 19), LOOP_ABSENT);
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE2.0\x00", 15), LOOP_ABSENT);
    assert_int_equal(loop_of("\x21\xff\x0bNETSCAPE2.0\x02\x01\x05\x00", 18), LOOP_ABSENT);
}

/* Blocks that say nothing of the picture: comments, plain text, kinds that nobody knows. */
static void test_extensions(void **state)
{
    (void)state;
    static const char *const blocks[] = {"\x21\xfe\x05hello\x03you",
                                         "\x21\x01\x0c............\x02hi",
                                         "\x21\x42",
                                         "\x21\xff\x0bXMP DataXMP\x01!",
                                         "\x21\xff\3abc",
                                         "\x21\xfe"};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct blob b = new_gif(3, 3, 2);
        blob_add(&b, blocks[i], strlen(blocks[i]) + 1); /* with the terminator */
        add_image(&b, 0, 0, 3, 3, 0, 0);
        add_pixels(&b, 2, ramp, 9);
        blob_add(&b, blocks[i], strlen(blocks[i]) + 1);
        blob_add(&b, ";", 1);
        struct decoded d = decode_whole(&b);
        assert_memory_equal(d.pixels, ramp, 9);
        decoded_free(&d);
    }
}

/* A canvas of no width or height is as wide or high as the first image reaches. */
static void test_canvas_of_no_size(void **state)
{
    (void)state;
    for (unsigned k = 1; k < 4; k++) {
        struct blob b = new_gif(k & 1 ? 0 : 7, k & 2 ? 0 : 8, 2);
        struct read_gif r;
        add_image(&b, 5, 6, 3, 3, 0, 0);
        add_pixels(&b, 2, ramp, 9);
        blob_add(&b, ";", 1);
        assert_int_equal(read_open(&r, &b), ST_OK);
        assert_int_equal(r.d->info.width, k & 1 ? 8 : 7);
        assert_int_equal(r.d->info.height, k & 2 ? 9 : 8);
        read_close(&r, &b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),      cmocka_unit_test(test_plain),
        cmocka_unit_test(test_palettes),   cmocka_unit_test(test_transparent),
        cmocka_unit_test(test_frames),     cmocka_unit_test(test_loop),
        cmocka_unit_test(test_extensions), cmocka_unit_test(test_canvas_of_no_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
