/* SPDX-License-Identifier: MIT */
/* Whether an input moves: of every format, from everywhere, and nothing of it is lost by looking. */
#include "gif_build.h"
#include "movie_check.h"
#include "png_file.h"

#include "pipeline/runs.h"

/* So many images of 3 x 3 pixels. */
static struct blob make_gif(unsigned images)
{
    struct blob b = new_gif(3, 3, 2);
    for (unsigned i = 0; i < images; i++) {
        add_image(&b, 0, 0, 3, 3, 0, 0);
        add_pixels(&b, 2, ramp, 9);
    }
    blob_add(&b, ";", 1);
    return b;
}

/* A gray pixel as zlib has it, behind so many bytes of room. */
static struct blob pack_pixel(size_t room)
{
    static const uint8_t line[2] = {0, 77};
    struct blob b = {0, make_bytes(room + 64)};
    uLongf bytes = 64;
    assert_int_equal(compress2(b.data + room, &bytes, line, sizeof line, 9), Z_OK);
    b.bytes = room + bytes;
    return b;
}

/* A pixel as PNG, and so many frames of an APNG, of which the default image may be the first. */
static struct blob make_png(uint32_t frames, bool default_is_first)
{
    struct blob b = begin(1, 1, 8, 0, false), still = pack_pixel(0);
    uint32_t sequence = 0;
    uint8_t animation[8] = {0}, control[26] = {0};
    put32(animation, frames);
    put32(control + 4, 1);
    put32(control + 8, 1);
    if (frames > 0)
        add_chunk(&b, "acTL", animation, sizeof animation);
    if (frames > 0 && default_is_first) {
        put32(control, sequence++);
        add_chunk(&b, "fcTL", control, sizeof control);
    }
    add_chunk(&b, "IDAT", still.data, still.bytes);
    for (uint32_t i = default_is_first; i < frames; i++) {
        struct blob data = pack_pixel(4);
        put32(control, sequence++);
        add_chunk(&b, "fcTL", control, sizeof control);
        put32(data.data, sequence++);
        add_chunk(&b, "fdAT", data.data, data.bytes);
        blob_free(&data);
    }
    add_chunk(&b, "IEND", "", 0);
    blob_free(&still);
    return b;
}

/* What is said of a file; all of its bytes must still come. temp: limit of temporary space */
static bool moves(const struct blob *b, enum from from, uint64_t temp)
{
    struct context cx;
    struct source *src;
    bool yes = true;
    context_init(&cx);
    cx.temp.limit = temp;
    int fd = from == FROM_FILE ? temp_fd(b->data, b->bytes) : from == FROM_PIPE ? pipe_fd(b) : -1;
    assert_int_equal(fd < 0 ? source_open_memory(&cx, b->data, b->bytes, &src)
                            : source_open_fd(&cx, fd, &src),
                     ST_OK);
    assert_int_equal(input_moves(&cx, src, &yes), ST_OK);
    assert_int_equal(cx.status, ST_OK);
    assert_int_equal(source_offset(src), 0);
    uint8_t *got = make_bytes(b->bytes);
    for (int again = 0; again <= yes; again++) { /* what moves can be read twice */
        size_t n;
        assert_int_equal(source_read(src, got, b->bytes + 1, &n), ST_OK);
        assert_int_equal(n, b->bytes);
        assert_memory_equal(got, b->data, n);
        if (again < yes)
            assert_int_equal(source_rewind(src), ST_OK);
    }
    free(got);
    source_close(src);
    if (fd >= 0)
        close(fd);
    assert_nothing_held(&cx);
    return yes;
}

/* The file is freed. pipe: whether that is told of a pipe, too */
static void expect(struct blob b, bool want, bool pipe)
{
    assert_int_equal(moves(&b, FROM_MEMORY, SIZE_UNLIMITED), want);
    assert_int_equal(moves(&b, FROM_FILE, 0), want);
    assert_int_equal(moves(&b, FROM_PIPE, SIZE_UNLIMITED), want && pipe);
    assert_false(moves(&b, FROM_PIPE, 0));
    blob_free(&b);
}

static void test_formats(void **state)
{
    (void)state;
    static const struct movie_recipe recipe = {30, 20, 40, 256, false, true, true, 3};
    expect(make_gif(1), false, true);
    expect(make_gif(2), true, true);
    expect(make_movie(&recipe), true, true); /* longer than what a source holds */
    expect(make_png(0, true), false, true);
    expect(make_png(1, true), false, true);
    expect(make_png(2, true), true, true);
    expect(make_png(1, false), true, true); /* what a viewer sees instead of the frame counts */
    expect(make_png(2, false), true, true);
    expect(blob_of("P5 1 1 255\n1", 12), false, false);
    expect(blob_of("P5 1 1 255\n1P5 1 1 255\n2", 24), true, false); /* pixels are not kept */
    struct picture pic = make_picture(8, 8, LAYOUT_GRAY8);
    uint8_t *pixels = make_noise(&pic, 1);
    expect(encode(&format_jpeg, &pic, &(struct encode_options){.quality = 90}, pixels), false,
           false);
    free(pixels);
    expect(blob_of("no picture at all", 17), false, false);
    expect(blob_of("", 0), false, false);
}

/* Damage is the run's to tell; up to it there may have been two pictures. */
static void test_damage(void **state)
{
    (void)state;
    struct blob whole = make_gif(2), still = make_gif(1);
    bool before = false;
    for (size_t n = 1; n <= whole.bytes; n++) {
        struct blob part = blob_of(whole.data, n);
        bool now = moves(&part, FROM_FILE, SIZE_UNLIMITED);
        assert_int_equal(moves(&part, FROM_PIPE, SIZE_UNLIMITED), now);
        assert_true(now >= before && (!now || n > still.bytes));
        before = now;
        blob_free(&part);
    }
    assert_true(before);
    blob_free(&whole);
    blob_free(&still);
}

static enum status look(struct context *cx, void *user)
{
    const struct blob *b = user;
    struct source *src = NULL;
    bool yes;
    int fd = pipe_fd(b);
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = input_moves(cx, src, &yes);
    source_close(src);
    close(fd);
    return st;
}

static void test_faults(void **state)
{
    (void)state;
    static const struct movie_recipe recipe = {300, 200, 2, 256, true, false, false, 3};
    struct blob gif = make_movie(&recipe), png = make_png(2, true);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, look, &gif) > 3);
    assert_true(sweep_kind(FAULT_READ, ST_IO, look, &gif) > 1);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, look, &png) > 3);
    blob_free(&gif);
    blob_free(&png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
