/* SPDX-License-Identifier: MIT */
/* Angles: what is a quarter turn, and sines and cosines that are exact. */
#include "support.h"

#include <math.h>

#include "transforms/angle.h"

static void test_quarters(void **state)
{
    static const struct {
        double degrees;
        int quarters; /* -1: none */
    } cases[] = {
        {0, 0},        {90, 1},          {180, 2},        {270, 3},  {360, 0},  {450, 1},
        {-90, 3},      {-180, 2},        {-270, 1},       {-360, 0}, {-450, 3}, {1e9, -1},
        {9e9, 0},      {9e15 + 90, 1},   {-9e15 - 90, 3}, {45, -1},  {-0.0, 0}, {1e-300, -1},
        {89.9999, -1}, {-90.000001, -1}, {8.1e17, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned quarters = 4;
        assert_int_equal(quarter_turns(cases[i].degrees, &quarters), cases[i].quarters >= 0);
        assert_int_equal(quarters, cases[i].quarters >= 0 ? cases[i].quarters : 4);
    }
}

static void test_exact(void **state)
{
    (void)state;
    for (int n = -9; n <= 9; n++) {
        double s, c;
        sine_cosine(90.0 * n, &s, &c);
        assert_true(s == (n % 2 == 0 ? 0 : (n & 3) == 1 ? 1 : -1));
        assert_true(c == (n % 2 != 0 ? 0 : (n & 3) == 0 ? 1 : -1));
        sine_cosine(90.0 * n + 45, &s, &c);
        assert_true(fabs(s) == M_SQRT1_2 && fabs(c) == M_SQRT1_2);
        sine_cosine(360.0 * n + 30, &s, &c);
        assert_true(s == 0.5);
        sine_cosine(360.0 * n + 60, &s, &c);
        assert_true(c == 0.5);
    }
}

static void test_everywhere(void **state)
{
    (void)state;
    for (int n = -36000; n <= 36000; n++) {
        double s, c, degrees = n / 50.0;
        long double radians = (long double)degrees * acosl(-1.0L) / 180;
        sine_cosine(degrees, &s, &c);
        assert_true(fabsl(s - sinl(radians)) < 4e-16L && fabsl(c - cosl(radians)) < 4e-16L);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quarters),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
