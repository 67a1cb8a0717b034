/* SPDX-License-Identifier: MIT */
/* Palettes made smaller, and facts about palettes and passes. */
#include "support.h"

#include "color/palette_fit.h"

static struct palette make_palette(uint32_t count, const struct rgba8 *entry)
{
    struct palette p = {.count = count};
    memcpy(p.entry, entry, count * sizeof *entry);
    return p;
}

static void assert_entry(const struct palette *p, uint32_t i, struct rgba8 c)
{
    assert_memory_equal(&p->entry[i], &c, sizeof c);
}

static void test_use(void **state)
{
    (void)state;
    struct palette_use use = {{false}};
    palette_use_row(&use, (const uint8_t[]){0, 7, 255, 7}, 4);
    palette_use_row(&use, (const uint8_t[]){9}, 0);
    palette_use_row(&use, (const uint8_t[]){8}, 1);
    for (unsigned i = 0; i < 256; i++)
        assert_int_equal(use.used[i], i == 0 || i == 7 || i == 8 || i == 255);
}

static void test_threshold(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{1, 2, 3, 0}, {4, 5, 6, 127}, {7, 8, 9, 128}, {1, 1, 1, 255}};
    struct palette p = make_palette(4, e);
    palette_threshold(&p);
    assert_int_equal(p.entry[0].a, 0);
    assert_int_equal(p.entry[1].a, 0);
    assert_int_equal(p.entry[2].a, 255);
    assert_int_equal(p.entry[3].a, 255);
    assert_int_equal(p.entry[1].r, 4);
}

static void test_compact(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{9, 9, 9, 255}, {1, 2, 3, 255}, {5, 5, 5, 0},  {1, 2, 3, 255},
                              {6, 6, 6, 0},   {1, 2, 3, 128}, {8, 8, 8, 255}};
    struct palette in = make_palette(7, e), out;
    struct palette_use use = {{false}};
    struct palette_map map;
    assert_true(palette_compact(&in, NULL, &out, &map));
    assert_int_equal(out.count, 5);
    static const uint8_t all[] = {0, 1, 2, 1, 2, 3, 4};
    assert_memory_equal(map.to, all, sizeof all);
    for (unsigned i = 0; i < 7; i++)
        if (e[i].a != 0)
            assert_entry(&out, all[i], e[i]);

    use.used[3] = use.used[4] = use.used[6] = true;
    assert_true(palette_compact(&in, &use, &out, &map));
    assert_int_equal(out.count, 3);
    assert_entry(&out, 0, e[3]);
    assert_int_equal(out.entry[1].a, 0);
    assert_entry(&out, 2, e[6]);
    assert_true(map.to[3] == 0 && map.to[4] == 1 && map.to[6] == 2);

    struct palette again; /* in place, and nothing left to do */
    assert_false(palette_compact(&out, NULL, &again, &map));
    assert_int_equal(again.count, 3);
    assert_false(palette_compact(&out, NULL, &out, &map));
}

/* Entries at the end that nobody uses go without an index changing. */
static void test_compact_tail(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{9, 9, 9, 255}, {1, 2, 3, 255}, {5, 5, 5, 255}};
    struct palette in = make_palette(3, e), out;
    struct palette_use use = {{true, true}};
    struct palette_map map;
    assert_false(palette_compact(&in, &use, &out, &map));
    assert_int_equal(out.count, 2);
}

static void test_compact_edges(void **state)
{
    (void)state;
    struct palette in = {.count = 256}, out;
    struct palette_use none = {{false}};
    struct palette_map map;
    palette_compact(&in, &none, &out, &map); /* no pixel at all: one entry stays */
    assert_int_equal(out.count, 1);
    assert_entry(&out, 0, (struct rgba8){0, 0, 0, 255});
    for (unsigned i = 0; i < 256; i++)
        in.entry[i] = (struct rgba8){(uint8_t)i, 0, 0, 255};
    assert_false(palette_compact(&in, NULL, &out, &map));
    assert_int_equal(out.count, 256);
    in.entry[255] = in.entry[0];
    assert_true(palette_compact(&in, NULL, &out, &map));
    assert_int_equal(out.count, 255);
    assert_int_equal(map.to[255], 0);
    assert_int_equal(map.to[254], 254);
    in.count = 0;
    assert_false(palette_compact(&in, NULL, &out, &map));
    assert_int_equal(out.count, 1);
}

static void test_merge_transparent(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{9, 9, 9, 255}, {1, 2, 3, 0}, {5, 5, 5, 255}, {7, 7, 7, 0}};
    struct palette p = make_palette(4, e);
    struct palette_map map;
    assert_true(palette_merge_transparent(&p, &map));
    assert_int_equal(p.count, 4);
    for (unsigned i = 0; i < 256; i++)
        assert_int_equal(map.to[i], i == 3 ? 1 : i);
    assert_int_equal(palette_transparent(&p), 1);
    assert_int_equal(p.entry[3].a, 255);
    assert_false(palette_merge_transparent(&p, &map));
    p = make_palette(1, e);
    assert_false(palette_merge_transparent(&p, &map));
}

static void test_transparent_last(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{9, 9, 9, 255}, {0, 0, 0, 0}, {5, 5, 5, 255}, {7, 7, 7, 255}};
    struct palette p = make_palette(3, e);
    struct palette_map map = {{2, 1, 0, 1, 2}};
    assert_true(palette_transparent_doubles(&p));
    assert_true(palette_transparent_last(&p, &map));
    assert_entry(&p, 0, e[0]);
    assert_entry(&p, 1, e[2]);
    assert_entry(&p, 2, e[1]);
    assert_memory_equal(map.to, "\1\2\0\2\1", 5);
    assert_false(palette_transparent_last(&p, &map));
    assert_true(palette_transparent_doubles(&p));
    for (uint32_t count = 0; count <= 256; count++) {
        p = make_palette(1, e + 1);
        p.count = count;
        for (uint32_t i = 1; i < count; i++)
            p.entry[i] = e[0];
        assert_int_equal(palette_transparent_doubles(&p), count == 3 || count == 5 || count == 9 ||
                                                              count == 17 || count == 33 ||
                                                              count == 65 || count == 129);
    }
    p = make_palette(2, e + 2);
    assert_false(palette_transparent_last(&p, &map));
    p = make_palette(1, e);
    p.count = 3;
    p.entry[1] = p.entry[2] = e[2];
    assert_false(palette_transparent_doubles(&p));
}

static void test_palette_facts(void **state)
{
    (void)state;
    const struct rgba8 e[] = {{0, 0, 0, 254}, {10, 0, 0, 255}, {12, 0, 0, 255}, {11, 0, 0, 0}};
    struct palette p = make_palette(4, e), none = {.count = 0};
    assert_int_equal(palette_transparent(&p), 3);
    assert_int_equal(palette_transparent(&none), -1);
    assert_true(palette_has_alpha(&p));
    assert_false(palette_has_alpha(&none));
    assert_int_equal(palette_nearest(&p, (struct rgba8){0, 0, 0, 255}), 1);
    assert_int_equal(palette_nearest(&p, (struct rgba8){11, 0, 0, 255}), 1); /* the first of two */
    assert_int_equal(palette_nearest(&p, (struct rgba8){255, 255, 255, 255}), 2);
    p.count = 1;
    assert_int_equal(palette_nearest(&p, (struct rgba8){0, 0, 0, 255}), -1);
}

static void test_layouts(void **state)
{
    (void)state;
    for (enum layout l = LAYOUT_GRAY8; l < LAYOUT_COUNT; l++) {
        const struct layout_info *i = layout_info(l);
        assert_int_equal(layout_of(i->color, i->alpha, i->bits), l);
        assert_int_equal(i->bytes, i->channels * i->bits / 8);
        assert_int_equal(i->channels, (i->color ? 3 : 1) + i->alpha);
    }
    struct picture pic = {.width = INT32_MAX, .height = 1, .layout = LAYOUT_RGBA16};
    assert_true(picture_stride(&pic) == (size_t)INT32_MAX * 8);
    assert_true(picture_has_alpha(&pic));
}

static void test_picture_check(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        uint64_t most;
        enum status st;
    } c[] = {{1, 1, 1, ST_OK},
             {0, 1, 0, ST_DAMAGED},
             {1, 0, 0, ST_DAMAGED},
             {2, 1, 1, ST_LIMIT},
             {65535, 65535, UINT64_C(65535) * 65535, ST_OK},
             {65535, 65535, UINT64_C(65535) * 65535 - 1, ST_LIMIT},
             {INT32_MAX, INT32_MAX, 0, ST_OK},
             {UINT32_C(1) << 31, 1, 0, ST_LIMIT},
             {1, UINT32_MAX, 0, ST_LIMIT}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct context cx;
        context_init(&cx);
        cx.limits.max_pixels = c[i].most;
        assert_int_equal(picture_check(&cx, c[i].width, c[i].height), c[i].st);
    }
}

/* Each pixel of every size is in one pass only. */
static void test_passes(void **state)
{
    (void)state;
    static const struct interlace *const orders[] = {&interlace_none, &interlace_gif,
                                                     &interlace_adam7};
    for (size_t o = 0; o < 3; o++)
        for (uint32_t w = 1; w < 18; w++)
            for (uint32_t h = 1; h < 18; h++) {
                uint8_t seen[18][18] = {{0}};
                for (unsigned i = 0; i < orders[o]->count; i++) {
                    const struct pass *p = &orders[o]->pass[i];
                    for (uint32_t y = 0; y < pass_height(p, h); y++)
                        for (uint32_t x = 0; x < pass_width(p, w); x++)
                            seen[p->y0 + y * p->dy][p->x0 + x * p->dx]++;
                }
                for (uint32_t y = 0; y < 18; y++)
                    for (uint32_t x = 0; x < 18; x++)
                        assert_int_equal(seen[y][x], x < w && y < h);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_use),
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_compact),
        cmocka_unit_test(test_compact_tail),
        cmocka_unit_test(test_compact_edges),
        cmocka_unit_test(test_merge_transparent),
        cmocka_unit_test(test_transparent_last),
        cmocka_unit_test(test_palette_facts),
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_picture_check),
        cmocka_unit_test(test_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
