/* SPDX-License-Identifier: MIT */
/* Delays rounded to hundredths: their sum stays, none is lost to the limits of others. */
#include "support.h"

#include <math.h>

#include "formats/delay.h"

/* A rate's frames begin where they should, to half a hundredth. */
static void test_sums(void **state)
{
    static const double exact[] = {100.0 / 3, 100 / 29.97, 7.5, 2.01, 2, 1, 0.4, 65534.7};
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        double owed = 0, sum = 0;
        for (int n = 1; n <= 1000; n++) {
            sum += delay_round(exact[i], &owed);
            assert_true(fabs(sum - n * exact[i]) < 0.5 + 1e-6);
        }
    }
}

/* Nothing is there of what limits gave or took; and what rounding took waits behind a 0. */
static void test_limits(void **state)
{
    static const struct {
        double exact;
        uint32_t delay;
    } cases[] = {{2.4, 2},
                 {0, 0},
                 {2.4, 3},
                 {1.2, 2},
                 {1.9, 2},
                 {1.01, 2},
                 {100000, DELAY_MAX},
                 {10, 10},
                 {1, 1},
                 {0.3, 0},
                 {0.3, 0},
                 {50, 50},
                 {6553500, DELAY_MAX},
                 {0.1, 1},
                 {65535, DELAY_MAX}};
    double owed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(delay_round(cases[i].exact, &owed), cases[i].delay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums), cmocka_unit_test(test_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
