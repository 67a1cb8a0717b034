/* SPDX-License-Identifier: MIT */
/* What is planned for lists of steps, and what turning does to a block of coefficients. */
#include "jpeg_recode_run.h"

#include <math.h>

#include "formats/jpeg/jpeg_block.h"
#include "formats/jpeg/jpeg_geometry.h"

static uint32_t units(uint32_t length, uint32_t unit)
{
    return (length + unit - 1) / unit;
}

static void test_plans(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height, unit;
        size_t count;
        struct recode_step step[4];
        enum recode_verdict verdict;
        uint32_t to_width, to_height;
    } cases[] = {
        {33, 48, 16, 1, {TURN(1)}, RECODE_EXACT, 48, 33},
        {33, 48, 16, 1, {TURN(3)}, RECODE_TRIMMED, 48, 32},
        {33, 47, 16, 1, {TURN(1)}, RECODE_TRIMMED, 32, 33},
        {33, 47, 16, 1, {TURN(2)}, RECODE_TRIMMED, 32, 32},
        {33, 47, 16, 2, {TURN(1), TURN(3)}, RECODE_EXACT, 33, 47},
        {33, 47, 16, 4, {TURN(5), TURN(1), TURN(1), TURN(1)}, RECODE_EXACT, 33, 47},
        {33, 47, 16, 2, {FLIP_H, FLIP_H}, RECODE_EXACT, 33, 47},
        {33, 48, 16, 2, {TURN(2), FLIP_H}, RECODE_EXACT, 33, 48}, /* which is to flip vertically */
        {33, 47, 16, 1, {TRANSPOSE}, RECODE_EXACT, 47, 33},
        {33, 47, 16, 2, {TRANSPOSE, FLIP_H}, RECODE_TRIMMED, 32, 33},
        {15, 47, 16, 1, {FLIP_H}, RECODE_IMPOSSIBLE, 15, 47},
        {15, 48, 16, 1, {FLIP_V}, RECODE_EXACT, 15, 48},
        {100, 100, 16, 1, {CROP(10, 10, 16, 96)}, RECODE_EXACT, 10, 4},
        {100, 100, 16, 1, {CROP(10, 10, 17, 96)}, RECODE_TRIMMED, 11, 4},
        {100, 100, 16, 1, {CROP(10, 10, 100, 0)}, RECODE_IMPOSSIBLE, 100, 100},
        {100, 100, 16, 1, {CROP(0, 10, 0, 0)}, RECODE_IMPOSSIBLE, 100, 100},
        {100, 100, 16, 2, {CROP(96, 64, 0, 0), TURN(2)}, RECODE_EXACT, 96, 64},
        {100, 100, 16, 2, {CROP(UINT32_MAX, UINT32_MAX, 96, 96), FLIP_H}, RECODE_IMPOSSIBLE, 4, 4},
        {96, 112, 16, 2, {TURN(2), CROP(40, 50, 32, 48)}, RECODE_EXACT, 40, 50},
        {96, 112, 16, 2, {FLIP_V, CROP(40, 50, 32, 49)}, RECODE_TRIMMED, 40, 51},
        {65500, 1, 8, 1, {FLIP_H}, RECODE_TRIMMED, 65496, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct jpeg_geometry g;
        jpeg_geometry_plan(&g, cases[i].width, cases[i].height, cases[i].unit, cases[i].unit,
                           cases[i].step, cases[i].count);
        assert_int_equal(g.verdict, cases[i].verdict);
        assert_int_equal(g.width, cases[i].to_width);
        assert_int_equal(g.height, cases[i].to_height);
        assert_int_equal(g.verdict == RECODE_EXACT, g.reason[0] == '\0');
        if (g.verdict != RECODE_IMPOSSIBLE) {
            uint32_t rows = g.transpose ? g.right - g.left : g.bottom - g.top;
            assert_int_equal(jpeg_geometry_columns(&g), units(g.width, cases[i].unit));
            assert_int_equal(rows, units(g.height, cases[i].unit));
        }
    }
}

static void samples_of(const JCOEF *coefficients, double *out)
{
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) {
            out[y * 8 + x] = 0;
            for (int v = 0; v < 8; v++)
                for (int u = 0; u < 8; u++)
                    out[y * 8 + x] += coefficients[v * 8 + u] * (u == 0 ? sqrt(0.5) : 1) *
                                      (v == 0 ? sqrt(0.5) : 1) * cos((2 * x + 1) * u * M_PI / 16) *
                                      cos((2 * y + 1) * v * M_PI / 16);
        }
}

static void test_blocks(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int filled = 0; filled <= 64; filled++) {
        JCOEF block[DCTSIZE2] = {0};
        for (int i = 0; i < filled; i++)
            block[filled == 64 ? (uint32_t)i : noise(&seed) % 64] =
                (JCOEF)(noise(&seed) % 4095 - 2047);
        uint8_t a[JPEG_BLOCK_BYTES_MAX], b[JPEG_BLOCK_BYTES_MAX];
        struct jpeg_block_reach reach[2] = {{0, 0, 0}, {0, 0, 0}};
        size_t bytes = (size_t)(jpeg_block_put(block, a, &reach[0]) - a);
        assert_int_equal(jpeg_block_put_portable(block, b, &reach[1]) - b, bytes);
        assert_memory_equal(a, b, bytes);
        assert_memory_equal(&reach[0], &reach[1], sizeof *reach);
        assert_ptr_equal(jpeg_block_skip(a), a + bytes);
        double want[64], got[64];
        samples_of(block, want);
        for (int way = 0; way < 8; way++) {
            struct jpeg_block_map map;
            JCOEF turned[DCTSIZE2] = {0};
            jpeg_block_map_make(&map, way & 1, way & 2, way & 4);
            assert_ptr_equal(jpeg_block_get(a, &map, turned), a + bytes);
            samples_of(turned, got);
            for (int i = 0; i < 64; i++) {
                int x = i % 8, y = i / 8;
                int u = way & 2 ? 7 - x : x, v = way & 4 ? 7 - y : y;
                assert_true(fabs(got[i] - want[way & 1 ? u * 8 + v : v * 8 + u]) < 1e-6);
            }
        }
    }
}

static void test_reach(void **state)
{
    (void)state;
    static const struct {
        int place, value[2]; /* of a coefficient of two blocks */
        bool codable;
    } cases[] = {
        {0, {0, 0}, true},         {0, {2047, 0}, true},       {0, {0, -2047}, true},
        {0, {2048, 0}, false},     {0, {-2048, -2048}, false}, {0, {1024, -1023}, true},
        {0, {-1024, 1024}, false}, {0, {32767, 32767}, false}, {0, {-32768, 0}, false},
        {1, {1023, -1023}, true},  {63, {0, 1024}, false},     {8, {-1024, 0}, false},
        {9, {-32768, 0}, false},   {7, {-32767, 1}, false},    {62, {0, 32767}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct jpeg_block_reach r = {0, 0, 0};
        uint8_t code[JPEG_BLOCK_BYTES_MAX];
        for (int n = 0; n < 2; n++) {
            JCOEF block[DCTSIZE2] = {0};
            block[cases[i].place] = (JCOEF)cases[i].value[n];
            jpeg_block_put(block, code, &r);
        }
        assert_int_equal(jpeg_block_reach_is_codable(&r), cases[i].codable);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
