/* SPDX-License-Identifier: MIT */
/* Where a color is counted: cells of every level, and what of it is above its cell's base. */
#include "support.h"

#include "color/cell_code.h"

/* Levels only ever merge cells, and what is above a base value is small. */
static void test_codes(void **state)
{
    (void)state;
    static struct cell_code fine, coarse;
    for (unsigned level = 0; level + 1 < CELL_LEVELS; level++) {
        cell_code_fill(&fine, level);
        cell_code_fill(&coarse, level + 1);
        for (uint32_t i = 0; i < 1u << 24; i += 997) {
            const uint32_t rgb[3] = {i >> 16, i >> 8 & 255, i & 255};
            uint32_t base[3], above[4];
            uint64_t word = cell_code_word(&fine, rgb[0], rgb[1], rgb[2]);
            assert_int_equal(word >> CODE_FULL & 1, 0);
            cell_code_bases(&fine, cell_code_key(word), base);
            cell_code_sums(word, above);
            assert_int_equal(above[0], 1);
            for (unsigned k = 0; k < 3; k++) {
                assert_int_equal(base[k] + above[k + 1], rgb[k]);
                assert_true(above[k + 1] <= 7);
            }
            assert_int_equal(cell_code_key(cell_code_word(&coarse, base[0], base[1], base[2])),
                             cell_code_key(cell_code_word(&coarse, rgb[0], rgb[1], rgb[2])));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
