/* SPDX-License-Identifier: MIT */
/* Frames coded as small as they can be, and the input's own pixels with other indices. */
#include "support.h"

#include "animation/frame_coder.h"
#include "canvas_pair.h"
#include "raster/picture.h"

#define COLORS 64

static struct palette palette_of(uint32_t first, uint32_t count)
{
    struct palette p = {.count = count};
    for (uint32_t i = 0; i < count; i++)
        p.entry[i] = color_number(first + i);
    return p;
}

/* A row of which the first pixel and the last change, to a color of a low index. */
static void draw_row(struct canvases *c)
{
    assert_int_equal(color_pool_reserve(c->pool, COLORS), ST_OK);
    for (uint32_t x = 0; x < c->base->width; x++) {
        bool changes = x == 0 || x + 1 == c->base->width;
        set(c->base, x, 0, color_number(COLORS - 1));
        set(c->target, x, 0, color_number(changes ? 1 : COLORS - 1));
    }
}

/* Four pixels in a row of high indices are worth fewer than the eight bytes of a control block. */
static void test_control(void **state)
{
    (void)state;
    struct palette shared = palette_of(0, COLORS);
    for (unsigned effort = 1; effort <= 3; effort++)
        for (int controlled = 0; controlled < 2; controlled++) {
            struct canvases c;
            struct frame_coder *k;
            struct frame f = {.delay_cs = 4};
            struct sink *coded;
            uint64_t bytes;
            open_canvases(&c, 6, 1, false);
            draw_row(&c);
            assert_int_equal(
                frame_coder_open(&c.cx, 6, &shared, &(struct frame_effort){effort, 0, 0}, &k),
                ST_OK);
            assert_int_equal(
                frame_coder_look(k, c.base, c.target, (struct rect){0, 0, 6, 1}, controlled != 0),
                ST_OK);
            assert_int_equal(frame_coder_code(k, false, &f, &coded, &bytes), ST_OK);
            assert_int_equal(palette_transparent(&f.pic.palette) >= 0, controlled != 0);
            assert_int_equal(bytes, sink_offset(coded));
            assert_false(f.local);
            frame_coder_close(k);
            close_canvases(&c);
        }
}

/*
 * A transparent entry that no pixel has is one of the shared palette where that has room for it,
 * else of one of the frame's own; with 256 colors there is none.
 */
static void test_flag(void **state)
{
    (void)state;
    static const uint32_t colors[] = {3, 4, 255, 256};
    for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
        for (unsigned lossy = 0; lossy <= 10; lossy += 10) {
            struct canvases c;
            struct frame_coder *k;
            struct frame f = {.delay_cs = 4};
            struct sink *coded;
            uint64_t bytes;
            struct palette shared = palette_of(0, colors[i]);
            open_canvases(&c, colors[i], 1, false);
            assert_int_equal(color_pool_reserve(c.pool, colors[i]), ST_OK);
            for (uint32_t x = 0; x < colors[i]; x++)
                set(c.target, x, 0, color_number(x));
            assert_int_equal(frame_coder_open(&c.cx, colors[i], &shared,
                                              &(struct frame_effort){1, lossy, 0}, &k),
                             ST_OK);
            assert_int_equal(
                frame_coder_look(k, c.base, c.target, (struct rect){0, 0, colors[i], 1}, true),
                ST_OK);
            assert_int_equal(frame_coder_code(k, true, &f, &coded, &bytes), ST_OK);
            assert_int_equal(palette_transparent(&f.pic.palette) >= 0, colors[i] < 256);
            assert_int_equal(f.local, colors[i] == 4);
            frame_coder_close(k);
            close_canvases(&c);
        }
}

/* --- the input's pixels --- */

/* Six pixels of indices 5, 4 (hidden), 5, 5, 4, 7 of eight colors, in codes of four bits. */
static const uint8_t theirs[] = {3, 4, 0x58, 0x54, 0x45, 0x97, 0};
/* And of indices 5, 4, 6, 5, 4, 7. */
static const uint8_t opaque[sizeof theirs] = {3, 4, 0x58, 0x64, 0x45, 0x97, 0};

static enum status reuse_of(const uint8_t *codes, struct canvases *c, const struct palette *shared,
                            const struct palette *given, bool flag, uint64_t ours, struct frame *f,
                            uint64_t *bytes)
{
    struct frame_coder *k;
    struct source *src;
    struct sink *coded = NULL;
    const struct frame in = {.pic = {6, 1, LAYOUT_INDEX8, *given}, .order = &interlace_none};
    struct coded_pixels pixels = {NULL, 0, sizeof theirs};
    assert_int_equal(source_open_memory(&c->cx, codes, sizeof theirs, &src), ST_OK);
    pixels.source = src;
    assert_int_equal(frame_coder_open(&c->cx, 6, shared, &(struct frame_effort){1, 0, 0}, &k),
                     ST_OK);
    assert_int_equal(frame_coder_look(k, c->base, c->target, (struct rect){0, 0, 6, 1}, true),
                     ST_OK);
    *bytes = ours;
    enum status st = frame_coder_reuse(k, &pixels, &in, flag, f, &coded, bytes);
    if (st == ST_OK && *bytes < ours) {
        uint8_t size;
        assert_int_equal(*bytes, sink_offset(coded));
        assert_int_equal(sink_read(coded, 0, &size, 1), ST_OK);
        assert_int_equal(size, 2);
    }
    frame_coder_close(k);
    source_close(src);
    return st;
}

static enum status reuse(struct canvases *c, const struct palette *shared,
                         const struct palette *given, bool flag, uint64_t ours, struct frame *f,
                         uint64_t *bytes)
{
    return reuse_of(theirs, c, shared, given, flag, ours, f, bytes);
}

/* They get the indices of the shared palette, and shorter codes where these are low. */
static void test_reuse(void **state)
{
    (void)state;
    struct canvases c;
    struct frame f = {0};
    uint64_t bytes;
    open_canvases(&c, 6, 1, false);
    draw_row(&c);
    struct palette given = palette_of(0, 8), shared = palette_of(5, 3);
    given.entry[4].a = 0;
    assert_int_equal(reuse(&c, &shared, &given, false, 100, &f, &bytes), ST_OK);
    assert_in_range(bytes, 5, sizeof theirs);
    assert_int_equal(palette_transparent(&f.pic.palette), 1); /* free: color 6 is not used */
    assert_int_equal(f.pic.palette.entry[0].r, color_number(5).r);
    assert_false(f.local);

    /* not where ours are smaller, nor where a color is missing */
    assert_int_equal(reuse(&c, &shared, &given, false, sizeof theirs, &f, &bytes), ST_OK);
    assert_int_equal(bytes, sizeof theirs);
    shared = palette_of(4, 2);
    assert_int_equal(reuse(&c, &shared, &given, false, 100, &f, &bytes), ST_OK);
    assert_int_equal(bytes, 100);

    /* nor where none is left for transparency */
    shared = palette_of(5, 2);
    shared.entry[1] = color_number(7);
    assert_int_equal(reuse(&c, &shared, &given, false, 100, &f, &bytes), ST_OK);
    assert_int_equal(bytes, 100);

    /* nor where none is left for an entry that is wanted, and ours has one */
    given = palette_of(0, 8);
    shared = palette_of(4, 4);
    assert_int_equal(reuse_of(opaque, &c, &shared, &given, true, 100, &f, &bytes), ST_OK);
    assert_int_equal(bytes, 100);
    f = (struct frame){0};
    assert_int_equal(reuse_of(opaque, &c, &shared, &given, true, 100, &f, &bytes), ST_OK);
    assert_in_range(bytes, 5, sizeof opaque);
    close_canvases(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control),
        cmocka_unit_test(test_flag),
        cmocka_unit_test(test_reuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
