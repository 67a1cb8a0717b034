/* SPDX-License-Identifier: MIT */
/* Cells of few entries: what they tell is what a search of the palette finds, for every color. */
#include "support.h"

#include "color/nearest_few.h"

/* The bound that cells are judged by holds for all 2^24 colors. */
static void test_radius(void **state)
{
    (void)state;
    for (uint32_t cell = 0; cell < FEW_CELLS; cell++) {
        const uint32_t r = cell >> 12, g = cell >> 6 & 63, b = cell & 63;
        struct oklab middle = oklab_from_fine(r * 1024 + 384, g * 1024 + 384, b * 1024 + 384);
        uint32_t most = 0;
        for (uint32_t i = 0; i < 64; i++) {
            uint32_t d = oklab_distance(
                middle, oklab_from_rgb(r * 4 + (i >> 4), g * 4 + (i >> 2 & 3), b * 4 + (i & 3)));
            most = d > most ? d : most;
        }
        uint32_t radius = nearest_few_radius(r, g, b);
        assert_true(most <= radius * radius);
    }
}

/* The first of the nearest opaque entries. */
static uint32_t nearest_entry(const struct palette *p, const struct oklab *entry, uint32_t color)
{
    struct oklab at = oklab_from_rgb(color & 255, color >> 8 & 255, color >> 16);
    uint32_t least = UINT32_MAX, best = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t d = oklab_distance(at, entry[i]);
        if (p->entry[i].a != 0 && d < least) {
            least = d;
            best = i;
        }
    }
    return best;
}

/* One color in 13: of each cell some, in no order that cells have. */
static void check_palette(const struct palette *p, enum simd most)
{
    struct context cx;
    context_init(&cx);
    cx.simd = most < cx.simd ? most : cx.simd;
    struct nearest_few few = {NULL};
    struct oklab entry[NEAREST_FEW];
    for (uint32_t i = 0; i < p->count; i++)
        entry[i] = oklab_from_rgb(p->entry[i].r, p->entry[i].g, p->entry[i].b);
    assert_int_equal(nearest_few_open(&cx, p, &few), ST_OK);
    assert_true(cx.mem.in_use < 300 * 1024);
    for (uint32_t color = 0; color < 1u << 24; color += 13) {
        uint32_t place = nearest_few_place(color & 255, color >> 8 & 255, color >> 16);
        assert_true(place < FEW_CELLS);
        assert_int_equal(nearest_few_find(&few, color, place), nearest_entry(p, entry, color));
    }
    nearest_few_close(&cx, &few);
    assert_nothing_held(&cx);
}

/* Entries all over or, with less bits, dark and near each other; some twice, some transparent. */
static void test_same_as_search(void **state)
{
    (void)state;
    static const struct {
        uint32_t count, mask;
    } set[] = {{1, 0xffffff}, {2, 0xffffff}, {7, 0x3f3f3f}, {16, 0xffffff}, {16, 0x070707}};
    uint64_t seed = 3;
    for (size_t k = 0; k < sizeof set / sizeof *set; k++) {
        struct palette p = {.count = set[k].count};
        for (uint32_t i = 0; i < p.count; i++) {
            uint32_t n = noise(&seed) & set[k].mask;
            p.entry[i] = (struct rgba8){(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), 255};
            if (i % 6 == 5)
                p.entry[i] = p.entry[i - 3];
            if (i == 0 && p.count > 2)
                p.entry[i].a = 0;
        }
        check_palette(&p, SIMD_NONE);
        check_palette(&p, SIMD_AVX2);
    }
}

/* Nothing opaque: entry 0 it is. */
static void test_transparent(void **state)
{
    (void)state;
    struct palette p = {.count = 2, .entry = {{9, 9, 9, 0}, {200, 0, 0, 0}}};
    check_palette(&p, SIMD_AVX2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_radius),
        cmocka_unit_test(test_same_as_search),
        cmocka_unit_test(test_transparent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
