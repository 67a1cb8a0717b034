/* SPDX-License-Identifier: MIT */
/* Frames that had better stay: what is found out, and what a large canvas costs meanwhile. */
#include "support.h"

#include "animation/keeps.h"

#define SIDE 1000u

/* Plays a frame of one color, 2 x 2 pixels or all of the canvas, and shows it to keeps. */
static void show(struct keeps *k, struct player *p, struct delta *d, uint32_t x, uint32_t side,
                 enum disposal disposal)
{
    static const uint8_t row[SIDE];
    struct frame f = {.x = (int32_t)x, .order = &interlace_none, .disposal = disposal};
    f.pic = (struct picture){side, side, LAYOUT_INDEX8, {.count = 1}};
    f.pic.palette.entry[0] = (struct rgba8){1, 2, 3, 255};
    assert_int_equal(player_begin(p, &f), ST_OK);
    for (uint32_t y = 0; y < side; y++)
        assert_int_equal(player_row(p, &interlace_none.pass[0], y, row), ST_OK);
    assert_int_equal(keeps_frame(k, p, d), ST_OK);
}

struct run {
    struct context cx;
    struct player *player;
    struct keeps *keeps;
    struct delta delta;
};

static void begin(struct run *r, size_t plane_memory)
{
    *r = (struct run){.player = NULL};
    context_init(&r->cx);
    r->cx.limits.plane_memory = plane_memory;
    assert_int_equal(player_open(&r->cx, SIDE, SIDE, &r->player), ST_OK);
    assert_int_equal(keeps_open(&r->cx, &r->keeps), ST_OK);
}

static void end(struct run *r)
{
    keeps_close(r->keeps);
    delta_close(&r->delta);
    player_close(r->player);
    assert_nothing_held(&r->cx);
}

/* Frames of the same picture, taken away each time: they need not be drawn again. */
static void test_whole_pictures(void **state)
{
    (void)state;
    struct run r;
    struct rect part;
    begin(&r, SIZE_UNLIMITED);
    for (int i = 0; i < 4; i++)
        show(r.keeps, r.player, &r.delta, 0, SIDE, DISPOSAL_BACKGROUND);
    assert_true(keeps_pay(r.keeps));
    for (uint64_t i = 0; i < 3; i++) {
        assert_true(keeps_has(r.keeps, i, &part));
        assert_int_equal(part.width, 0);
    }
    assert_false(keeps_has(r.keeps, 3, &part));
    end(&r);
}

/* The picture before is known, too, after frames that stayed, whatever they drew meanwhile. */
static void test_after_others(void **state)
{
    (void)state;
    struct run r;
    struct rect part;
    begin(&r, SIZE_UNLIMITED);
    show(r.keeps, r.player, &r.delta, 0, 2, DISPOSAL_BACKGROUND);
    show(r.keeps, r.player, &r.delta, 500, 2, DISPOSAL_KEEP);
    show(r.keeps, r.player, &r.delta, 900, 2, DISPOSAL_KEEP);
    show(r.keeps, r.player, &r.delta, 0, SIDE, DISPOSAL_PREVIOUS);
    show(r.keeps, r.player, &r.delta, 0, SIDE, DISPOSAL_KEEP);
    assert_int_equal(r.delta.changes, 0);
    assert_false(keeps_has(r.keeps, 0, &part));
    assert_true(keeps_has(r.keeps, 3, &part));
    assert_int_equal(part.width, 0);
    end(&r);
}

/* Small frames on a large canvas in files: the rest of it is not gone over. */
static void test_small_parts(void **state)
{
    (void)state;
    struct run r;
    begin(&r, 0);
    r.cx.faults.read = r.cx.faults.write = MANY;
    for (uint32_t x = 0; x < 10; x++)
        show(r.keeps, r.player, &r.delta, 10 * x, 2,
             x % 3 == 0 ? DISPOSAL_KEEP : DISPOSAL_BACKGROUND);
    assert_true(calls(&r.cx.faults.read) < 100);
    assert_true(calls(&r.cx.faults.write) < 100);
    r.cx.faults = (struct faults){0};
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole_pictures),
                                       cmocka_unit_test(test_after_others),
                                       cmocka_unit_test(test_small_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
