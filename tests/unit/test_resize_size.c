/* SPDX-License-Identifier: MIT */
/* What size a resizing makes: fitted, exact, one way only, in percent; rounding and ends. */
#include "support.h"

#include <math.h>

#include "transforms/transform.h"

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        struct resize_to to;
        uint32_t width, height, want_width, want_height;
    } cases[] = {
        {{.width = 100, .height = 100}, 400, 300, 100, 75},
        {{.width = 100, .height = 100}, 300, 400, 75, 100},
        {{.width = 100, .height = 50}, 400, 200, 100, 50},
        {{.width = 100, .height = 100}, 10, 1000, 1, 100},
        {{.width = 100, .height = 100}, 1, 65535, 1, 100},
        {{.width = 100, .height = 100}, 65535, 1, 100, 1},
        {{.width = 800, .height = 900}, 400, 300, 800, 600},
        {{.width = 3}, 2, 1, 3, 2}, /* 1.5 */
        {{.width = 100}, 400, 302, 100, 76},
        {{.width = 100}, 400, 301, 100, 75},
        {{.height = 30}, 400, 300, 40, 30},
        {{.height = 1}, 65535, 65535, 1, 1},
        {{.width = 65535}, 1, 1, 65535, 65535},
        {{.width = 100, .height = 100, .exact = true}, 400, 300, 100, 100},
        {{.width = 100, .height = 900, .exact = true, .shrink_only = true}, 400, 300, 100, 300},
        {{.width = 100, .height = 900, .exact = true, .enlarge_only = true}, 400, 300, 400, 900},
        {{.width = 100, .exact = true}, 400, 300, 100, 75},
        {{.width = 500, .height = 500, .shrink_only = true}, 400, 300, 400, 300},
        {{.width = 500, .height = 200, .shrink_only = true}, 400, 300, 267, 200},
        {{.width = 500, .height = 200, .enlarge_only = true}, 400, 300, 400, 300},
        {{.width = 500, .height = 500, .enlarge_only = true}, 400, 300, 500, 375},
        {{.width = 500, .shrink_only = true}, 400, 300, 400, 300},
        {{.percent = 50}, 9566, 3909, 4783, 1955},
        {{.percent = 100}, 9566, 3909, 9566, 3909},
        {{.percent = 0.001}, 9566, 3909, 1, 1},
        {{.percent = 12.5}, 100, 8, 13, 1},
        {{.percent = 50, .enlarge_only = true}, 100, 8, 100, 8},
        {{.percent = 150, .shrink_only = true}, 100, 8, 100, 8},
        {{.width = INT32_MAX}, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t w, h;
        assert_true(resize_size(&cases[i].to, cases[i].width, cases[i].height, &w, &h));
        assert_int_equal(w, cases[i].want_width);
        assert_int_equal(h, cases[i].want_height);
    }
    static const struct resize_to beyond[] = {{.width = 65535},
                                              {.percent = 4e12},
                                              {.percent = INFINITY},
                                              {.width = UINT32_MAX, .height = 1},
                                              {.width = 1, .height = UINT32_MAX, .exact = true}};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        uint32_t w, h;
        assert_false(resize_size(&beyond[i], 1, 65535, &w, &h));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
