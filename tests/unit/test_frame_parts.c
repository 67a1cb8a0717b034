/* SPDX-License-Identifier: MIT */
/* What frames are made of: runs, what a frame changes, indices for it, the shared palette. */
#include "support.h"

#include "animation/frame_pixels.h"
#include "animation/runs.h"
#include "animation/survey.h"
#include "canvas_pair.h"

#define N 500
#define T 3

/* --- runs --- */

static uint32_t count(const uint8_t *own, const uint8_t *hide, uint32_t at, bool hidden)
{
    uint32_t n = at;
    while (n < N && (hidden ? hide[n] != 0 : own[n] == own[at]))
        n++;
    return n - at;
}

/* Each index is allowed, and each run as long as the rule has it. */
static void test_runs(void **state)
{
    (void)state;
    uint64_t seed = 1;
    uint8_t own[N], hide[N], out[N];
    for (unsigned round = 0; round < 300; round++) {
        for (uint32_t i = 0; i < N; i++) {
            bool on = i > 0 && noise(&seed) % (1 + round % 20) != 0;
            own[i] = on ? own[i - 1] : (uint8_t)(noise(&seed) % 6);
            hide[i] = own[i] == T || noise(&seed) % 3 != 0 ? 0xff : 0;
        }
        int before = (int)(noise(&seed) % 8) - 1, last = before;
        int end = choose_by_runs(own, hide, N, T, before, out);
        assert_int_equal(end, out[N - 1]);
        for (uint32_t i = 0; i < N;) {
            uint32_t hidden = hide[i] != 0 ? count(own, hide, i, true) : 0;
            uint32_t shown = own[i] != T ? count(own, hide, i, false) : 0;
            bool want = hidden != 0 && last == T            ? true
                        : shown != 0 && last == (int)own[i] ? false
                                                            : hidden > shown;
            for (uint32_t n = want ? hidden : shown; n > 0; n--, i++)
                assert_int_equal(out[i], want ? T : own[i]);
            last = out[i - 1];
        }
    }
}

/* --- what changes --- */

/* Runs of pixels of one color, that are to stay or not; a run of 1: noise. */
static void draw_noise(struct canvases *c, uint32_t colors, uint32_t run, uint64_t *seed)
{
    uint32_t left = 0;
    struct rgba8 color = {0}, before = {0};
    assert_int_equal(color_pool_reserve(c->pool, colors), ST_OK);
    for (uint32_t y = 0; y < c->base->height; y++)
        for (uint32_t x = 0; x < c->base->width; x++, left--) {
            if (left == 0) {
                left = 1 + noise(seed) % run;
                color = color_number(noise(seed) % colors);
                before = noise(seed) % 2 == 0 ? color : color_number(noise(seed) % colors);
                color.a = before.a = 255;
                if (noise(seed) % 5 == 0)
                    color.a = 0;
                if (noise(seed) % 5 == 0)
                    before.a = 0;
            }
            set(c->target, x, y, color);
            set(c->base, x, y, before);
        }
}

/* So many values that colors have that come later. */
static void use_values(struct color_pool *pool, uint32_t n)
{
    assert_int_equal(color_pool_reserve(pool, POOL_COLORS / 2), ST_OK);
    for (uint32_t i = 0; i < n && !pool->wide; i++)
        color_pool_value(pool,
                         (struct rgba8){(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16), 254});
}

static void check_delta(struct canvases *c, const struct delta *d, struct rect r)
{
    uint8_t numbers[256], place[64], same[64];
    uint64_t changes = 0;
    bool blank = false, kept = false, cleared = false;
    for (unsigned i = 0; i < 256; i++)
        numbers[i] = (uint8_t)i;
    delta_index(d, DELTA_TABLES - 1, numbers);
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        delta_row(d, DELTA_TABLES - 1, y, place);
        delta_same(d, y, same);
        for (uint32_t x = 0; x < r.width; x++) {
            uint32_t b = canvas_at(c->base, r.x + x, y), t = canvas_at(c->target, r.x + x, y);
            assert_int_equal(same[x], t == b ? 0xff : 0);
            changes += t != b;
            blank |= t == POOL_CLEAR;
            kept |= t != POOL_CLEAR && t == b;
            cleared |= t == POOL_CLEAR && t != b;
            if (t == POOL_CLEAR) {
                assert_int_equal(place[x], 0);
            } else {
                assert_in_range(place[x], 1, d->colors);
                assert_int_equal(d->value[place[x] - 1], t);
                if (t != b)
                    assert_in_range(place[x], 1, d->changed);
            }
        }
    }
    assert_int_equal(d->changes, changes);
    assert_int_equal(d->blank, blank);
    assert_int_equal(d->kept, kept);
    assert_int_equal(d->cleared, cleared);
}

static void test_delta(void **state)
{
    (void)state;
    static const struct rect rects[] = {
        {0, 0, 37, 11}, {1, 2, 7, 3}, {36, 10, 1, 1}, {3, 0, 4, 11}, {5, 5, 17, 2}};
    uint64_t seed = 3;
    for (int wide = 0; wide < 2; wide++)
        for (uint32_t colors = 1; colors < 90; colors += 11) {
            struct canvases c;
            open_canvases(&c, 37, 11, wide);
            struct delta d = {0};
            use_values(c.pool, colors % 4 * 20000);
            draw_noise(&c, colors, 1 + colors % 3 * 15, &seed);
            for (size_t i = 0; i < sizeof rects / sizeof *rects; i++) {
                assert_int_equal(delta_look(&d, c.base, c.target, rects[i]), ST_OK);
                assert_false(d.over);
                check_delta(&c, &d, rects[i]);
            }
            delta_close(&d);
            close_canvases(&c);
        }
}

/* Transparent pixels that stay so are seen wherever they stand, after others that change. */
static void test_blank(void **state)
{
    (void)state;
    for (uint32_t from = 0; from <= 16; from++)
        for (int wide = 0; wide < 2; wide++) {
            struct canvases c;
            struct delta d = {0};
            open_canvases(&c, 16, 1, wide != 0);
            assert_int_equal(color_pool_reserve(c.pool, 4), ST_OK);
            for (uint32_t x = 0; x < from; x++)
                set(c.target, x, 0, color_number(x % 3));
            assert_int_equal(delta_look(&d, c.base, c.target, (struct rect){0, 0, 16, 1}), ST_OK);
            assert_int_equal(d.blank, from < 16);
            assert_int_equal(d.changes, from);
            delta_close(&d);
            close_canvases(&c);
        }
}

/* More colors than a palette holds are noticed. */
static void test_many_colors(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++)
        for (uint32_t colors = 255; colors < 259; colors++) {
            struct canvases c;
            open_canvases(&c, 20, 20, wide);
            struct delta d = {0};
            assert_int_equal(color_pool_reserve(c.pool, colors), ST_OK);
            for (uint32_t i = 0; i < 400; i++)
                set(c.target, i % 20, i / 20,
                    (struct rgba8){(uint8_t)(i % colors), (uint8_t)(i % colors >> 8), 9, 255});
            assert_int_equal(delta_look(&d, c.base, c.target, (struct rect){0, 0, 20, 20}), ST_OK);
            assert_int_equal(d.over, colors > 256);
            assert_int_equal(d.colors, colors < 256 ? colors : 256);
            delta_close(&d);
            close_canvases(&c);
        }
}

static void test_difference(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct canvases c;
        open_canvases(&c, 40, 30, wide);
        const struct rect all = {0, 0, 40, 30}, part = {5, 6, 20, 10};
        uint64_t seed = 5;
        assert_int_equal(rect_difference(c.base, c.target, all).width, 0);
        for (unsigned round = 0; round < 200; round++) {
            struct rect want = {0};
            canvas_clear(c.target, all);
            for (unsigned k = 1 + round % 4; k > 0; k--) {
                uint32_t x = part.x + noise(&seed) % part.width,
                         y = part.y + noise(&seed) % part.height;
                set(c.target, x, y, color_number(1));
                want = rect_union(want, (struct rect){x, y, 1, 1});
            }
            struct rect got = rect_difference(c.base, c.target, part);
            assert_memory_equal(&got, &want, sizeof got);
            got = rect_difference(c.base, c.target, all);
            assert_memory_equal(&got, &want, sizeof got);
            assert_true(rect_holds(all, got) && !rect_holds(got, all));
        }
        close_canvases(&c);
    }
}

/* --- indices --- */

/* Whatever the way, each pixel's index has its color, or is transparent where that does. */
static void check_way(struct canvases *c, const struct delta *d, const struct way *w)
{
    uint8_t indices[64], same[64];
    delta_index(d, w->choice, w->index);
    for (uint32_t y = 0; y < d->r.height; y++) {
        delta_row(d, w->choice, y, indices);
        delta_same(d, y, same);
        for (uint32_t x = 0; x < d->r.width; x++) {
            unsigned index = indices[x];
            struct rgba8 want = color_pool_color(c->pool, canvas_at(c->target, x, y));
            assert_true(index <= w->top && w->top < 1u << w->size);
            if ((int)index == w->transparent)
                assert_true(same[x] || want.a == 0);
            else
                assert_memory_equal(&w->palette.entry[index], &want, 4);
        }
    }
}

static void test_ways(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (uint32_t colors = 1; colors < 60; colors += 3)
        for (uint32_t shared = 0; shared < 70; shared += 5) {
            struct canvases c;
            open_canvases(&c, 37, 11, false);
            struct palette palette = {.count = shared};
            struct indexing s;
            struct delta d = {0};
            struct way w;
            for (uint32_t i = 0; i < shared; i++)
                palette.entry[i] = color_number(i);
            draw_noise(&c, colors, 1, &seed);
            for (uint32_t i = 0; i < 37 * 11; i++) /* what is opaque stays so */
                if (canvas_at(c.target, i % 37, i / 37) == POOL_CLEAR)
                    canvas_put(c.base, i % 37, i / 37, POOL_CLEAR);
            assert_int_equal(delta_look(&d, c.base, c.target, (struct rect){0, 0, 37, 11}), ST_OK);
            indexing_share(&s, &palette);
            indexing_look(&s, &d);
            for (int choice = 0; choice < CHOICES; choice++)
                for (int local = 0; local < 2; local++) {
                    bool can = indexing_way(&s, (enum choice)choice, local, choice == 1, &w);
                    if (can)
                        check_way(&c, &d, &w);
                    if (local)
                        assert_int_equal(can, choice != CHOOSE_NEVER || !d.blank);
                    else if (shared >= colors + 1 && choice != CHOOSE_NEVER)
                        assert_true(can);
                }
            delta_close(&d);
            close_canvases(&c);
        }
}

/* --- the shared palette --- */

/* A frame whose pixels change to these colors. */
static void survey(struct survey *s, uint32_t from, uint32_t to, uint32_t pixels)
{
    struct canvases c;
    open_canvases(&c, 64, 64, false);
    struct delta d = {0};
    assert_int_equal(color_pool_reserve(c.pool, to - from), ST_OK);
    for (uint32_t i = 0; i < pixels; i++)
        set(c.target, i % 64, i / 64, color_number(from + i % (to - from)));
    uint32_t rows = (pixels + 63) / 64;
    assert_int_equal(delta_look(&d, c.base, c.target, (struct rect){0, 0, 64, rows}), ST_OK);
    survey_frame(s, &d);
    delta_close(&d);
    close_canvases(&c);
}

/* A frame of rows of which so many pixels, each of another color, are all that changes. */
static void survey_kept(struct survey *s, uint32_t colors, uint32_t rows)
{
    struct canvases c;
    open_canvases(&c, 64, 64, false);
    struct delta d = {0};
    assert_int_equal(color_pool_reserve(c.pool, colors), ST_OK);
    for (uint32_t i = 0; i < 64 * rows; i++) {
        set(c.target, i % 64, i / 64, color_number(i < colors ? i : 0));
        set(c.base, i % 64, i / 64, color_number(i < colors ? i + 1 : 0));
    }
    assert_int_equal(delta_look(&d, c.base, c.target, (struct rect){0, 0, 64, rows}), ST_OK);
    assert_int_equal(d.changes, colors);
    survey_frame(s, &d);
    delta_close(&d);
    close_canvases(&c);
}

static uint32_t place_in(const struct palette *p, uint32_t number)
{
    struct rgba8 want = color_number(number);
    for (uint32_t i = 0; i < p->count; i++)
        if (memcmp(&p->entry[i], &want, 4) == 0)
            return i;
    return UINT32_MAX;
}

static void test_survey(void **state)
{
    (void)state;
    struct context cx;
    struct survey *s;
    struct palette p, given = {.count = 256};
    context_init(&cx);
    for (uint32_t i = 0; i < 256; i++)
        given.entry[i] = color_number(i);

    /* colors of frames that need few come first, what nobody needs is left out */
    assert_int_equal(survey_open(&cx, &given, &s), ST_OK);
    survey(s, 0, 100, 4096);
    for (unsigned i = 0; i < 20; i++)
        survey(s, 90, 93, 600);
    survey_palette(s, false, true, &p);
    assert_in_range(p.count, 100, 101);
    for (uint32_t i = 90; i < 93; i++)
        assert_in_range(place_in(&p, i), 0, 3);
    survey_close(s);

    /* but frames that were not seen may need it */
    assert_int_equal(survey_open(&cx, &given, &s), ST_OK);
    survey(s, 0, 100, 4096);
    for (unsigned i = 0; i < 20; i++)
        survey(s, 90, 93, 600);
    survey_palette(s, false, false, &p);
    assert_int_equal(p.count, 256);
    for (uint32_t i = 0; i < 256; i++)
        assert_in_range(place_in(&p, i), 0, 255);
    survey_close(s);

    /* where that brings nothing, and pixels are to be copied, the order stays */
    assert_int_equal(survey_open(&cx, &given, &s), ST_OK);
    survey(s, 0, 200, 4096);
    survey_palette(s, true, true, &p);
    assert_int_equal(p.count, 256);
    assert_memory_equal(p.entry, given.entry, sizeof p.entry);
    survey_close(s);

    /* more colors than fit: the palette of most frames */
    assert_int_equal(survey_open(&cx, NULL, &s), ST_OK);
    survey(s, 0, 200, 4096);
    for (unsigned i = 0; i < 5; i++)
        survey(s, 300 + i, 500 + i, 4096);
    survey_palette(s, false, true, &p);
    assert_in_range(p.count, 204, 205);
    for (uint32_t i = 300; i < 504; i++)
        assert_in_range(place_in(&p, i), 0, 203);
    survey_close(s);

    /* a place for transparency, where many unchanged pixels need it */
    for (uint32_t rows = 1; rows <= 64; rows *= 64) {
        assert_int_equal(survey_open(&cx, NULL, &s), ST_OK);
        survey_kept(s, 8, rows);
        survey_palette(s, false, true, &p);
        assert_int_equal(p.count, rows > 1 ? 9 : 8);
        survey_close(s);
    }

    /* nothing ever changes: a palette nevertheless */
    assert_int_equal(survey_open(&cx, NULL, &s), ST_OK);
    survey_palette(s, false, true, &p);
    assert_int_equal(p.count, 2);
    survey_close(s);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),       cmocka_unit_test(test_delta),
        cmocka_unit_test(test_blank),      cmocka_unit_test(test_many_colors),
        cmocka_unit_test(test_difference), cmocka_unit_test(test_ways),
        cmocka_unit_test(test_survey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
