/* SPDX-License-Identifier: MIT */
/* Palettes: exact where they can be, within bounds, and the same everywhere. */
#include "quantize_run.h"

/* count different colors of RGBA, some pixels of each. */
static uint8_t *make_colors(uint32_t count)
{
    uint8_t *p = make_bytes((size_t)count * 3 * 4);
    for (uint32_t i = 0; i < count * 3; i++) {
        uint32_t c = (i % count) * UINT32_C(0x9e3779b1) & 0xffffff;
        p[4 * i] = (uint8_t)(c >> 16);
        p[4 * i + 1] = (uint8_t)(c >> 8);
        p[4 * i + 2] = (uint8_t)c;
        p[4 * i + 3] = 255;
    }
    return p;
}

static void test_few_colors_are_exact(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 3, 16, 255, 256};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        uint32_t n = counts[k];
        uint8_t *p = make_colors(n);
        struct request q = request_of(LAYOUT_RGBA8, p, n, 3, 256, 1);
        choose(&q);
        assert_true(q.exact);
        assert_int_equal(q.palette.count, n);
        for (uint32_t i = 0; i < n; i++)
            assert_true(holds(&q.palette, p[4 * i], p[4 * i + 1], p[4 * i + 2]));
        if (n >= 2) {
            q.max_colors = n;
            choose(&q);
            assert_true(q.exact);
            assert_int_equal(q.palette.count, n);
        }
        if (n >= 3) {
            q.max_colors = n - 1;
            choose(&q);
            assert_false(q.exact);
            assert_true(q.palette.count > 0);
        }
        free(p);
    }
}

static void test_one_too_many(void **state)
{
    (void)state;
    uint8_t *p = make_colors(257);
    struct request q = request_of(LAYOUT_RGBA8, p, 257, 3, 256, 1);
    choose(&q);
    assert_false(q.exact);
    assert_int_equal(q.palette.count, 256);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < 257; i++)
        kept += holds(&q.palette, p[4 * i], p[4 * i + 1], p[4 * i + 2]);
    assert_true(kept >= 255); /* two merged, the rest are as they were */
    free(p);
}

static void test_transparent(void **state)
{
    (void)state;
    for (uint32_t n = 254; n <= 256; n++) {
        uint8_t *p = make_colors(n);
        p[4 * (2 * n) + 3] = 127; /* also in another row */
        p[4 * (2 * n)] = 1;
        struct request q = request_of(LAYOUT_RGBA8, p, n, 3, 256, 1);
        choose(&q);
        assert_int_equal(q.exact, n <= 255);
        assert_int_equal(q.palette.count, n <= 255 ? n + 1 : 256);
        assert_memory_equal(&q.palette.entry[0], (&(struct rgba8){0, 0, 0, 0}),
                            sizeof(struct rgba8));
        q.max_colors = 2;
        choose(&q);
        assert_int_equal(q.palette.count, 2);
        assert_int_equal(q.palette.entry[0].a, 0);
        free(p);
    }
    uint8_t clear[4 * 9] = {9, 8, 7, 0};
    struct request q = request_of(LAYOUT_RGBA8, clear, 3, 3, 2, 1);
    choose(&q);
    assert_true(q.exact);
    assert_int_equal(q.palette.count, 1);
    assert_int_equal(q.palette.entry[0].a, 0);
    assert_int_equal(q.palette.entry[0].r, 0);
}

/* Black is not taken for the transparent entry, nor the other way round. */
static void test_transparent_and_black(void **state)
{
    (void)state;
    uint8_t p[] = {0, 0, 0, 255, 0, 0, 0, 0};
    struct request q = request_of(LAYOUT_RGBA8, p, 2, 1, 2, 1);
    choose(&q);
    assert_true(q.exact);
    assert_int_equal(q.palette.count, 2);
    assert_int_equal(q.palette.entry[0].a, 0);
    assert_true(holds(&q.palette, 0, 0, 0));
}

static void test_every_size_of_palette(void **state)
{
    (void)state;
    uint8_t *p = make_photo(40, 40, 0);
    struct request q = request_of(LAYOUT_RGB8, p, 40, 40, 0, 0);
    for (q.max_colors = 2; q.max_colors <= 256; q.max_colors++) {
        choose(&q);
        assert_false(q.exact);
        assert_int_equal(q.palette.count, q.max_colors);
    }
    free(p);
    struct context cx;
    context_init(&cx);
    q.max_colors = 1;
    q.height = 0;
    assert_int_equal(run(&cx, &q), ST_BUG);
    assert_nothing_held(&cx);
}

/* A pixel of each gray: the smallest weights there are must not keep clusters from being cut. */
static void test_one_pixel_a_color(void **state)
{
    (void)state;
    uint8_t p[256 * 3];
    for (unsigned i = 0; i < sizeof p; i++)
        p[i] = (uint8_t)(i / 3);
    struct request q = request_of(LAYOUT_RGB8, p, 16, 16, 0, 1);
    for (q.max_colors = 2; q.max_colors < 256; q.max_colors += 31) {
        choose(&q);
        assert_int_equal(q.palette.count, q.max_colors);
    }
}

static uint32_t checksum(const struct palette *p)
{
    uint32_t sum = 2166136261u; /* FNV-1a */
    for (uint32_t i = 0; i < p->count; i++) {
        const uint8_t bytes[4] = {p->entry[i].r, p->entry[i].g, p->entry[i].b, p->entry[i].a};
        for (unsigned k = 0; k < 4; k++)
            sum = (sum ^ bytes[k]) * 16777619u;
    }
    return sum;
}

/* These palettes are the same on every machine, with every compiler and every option. */
static void test_same_everywhere(void **state)
{
    (void)state;
    static const struct {
        uint32_t max_colors, effort;
        double strength;
        uint32_t sum;
    } want[] = {{256, 0, 0, UINT32_C(0x0c504ee7)},   {256, 1, 0, UINT32_C(0x51492edb)},
                {256, 3, 0, UINT32_C(0xb44ad117)},   {64, 1, 0, UINT32_C(0x1e1cf12d)},
                {16, 1, 0, UINT32_C(0x4cf539b0)},    {2, 1, 0, UINT32_C(0x63a5353d)},
                {256, 1, 0.7, UINT32_C(0x2472c7c7)}, {16, 1, 0.7, UINT32_C(0x6de0b490)},
                {2, 3, 1, UINT32_C(0xde6d431e)}};
    uint8_t *p = make_photo(300, 200, 20);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct request q = request_of(LAYOUT_RGB8, p, 300, 200, want[i].max_colors, want[i].effort);
        q.strength = want[i].strength;
        choose(&q);
        assert_int_equal(checksum(&q.palette), want[i].sum);
        q.width = 60000; /* other rows, same pixels */
        q.height = 1;
        choose(&q);
        assert_int_equal(checksum(&q.palette), want[i].sum);
    }
    free(p);
}

static void test_no_memory(void **state)
{
    (void)state;
    uint8_t *p = make_photo(60, 60, 0);
    struct request q = request_of(LAYOUT_RGB8, p, 60, 60, 256, 1);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q) > 6);
    q.strength = 1;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q) > 7);
    q.width = q.height = 3;
    sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q);
    free(p);
}

/* At any one time: what the histogram says it takes, and what comes after it is less. */
static void test_memory(void **state)
{
    (void)state;
    uint8_t *p = make_photo(512, 512, 0);
    struct context cx;
    context_init(&cx);
    struct request q = request_of(LAYOUT_RGB8, p, 512, 512, 256, 1);
    assert_int_equal(run(&cx, &q), ST_OK);
    assert_true(cx.mem.peak < 1024 * 1024);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_colors_are_exact),
        cmocka_unit_test(test_one_too_many),
        cmocka_unit_test(test_transparent),
        cmocka_unit_test(test_transparent_and_black),
        cmocka_unit_test(test_every_size_of_palette),
        cmocka_unit_test(test_one_pixel_a_color),
        cmocka_unit_test(test_same_everywhere),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
