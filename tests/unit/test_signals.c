/* SPDX-License-Identifier: MIT */
/* Signals that end a run leave it the time to clean up; those that were ignored stay so. */
#include "support.h"

#include "cli/signals.h"

static void test_ends_are_noted(void **state)
{
    (void)state;
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        signal(ends[i], SIG_DFL);
    signals_install();
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        signals_stop = 0;
        raise(ends[i]);
        assert_int_equal(signals_stop, ends[i]);
    }
    signals_stop = 0;
    raise(SIGPIPE); /* a write fails instead */
    raise(SIGXFSZ);
    assert_int_equal(signals_stop, 0);
}

static void test_ignored_stay_ignored(void **state)
{
    (void)state;
    signal(SIGHUP, SIG_IGN);
    signals_install();
    signals_stop = 0;
    raise(SIGHUP);
    assert_int_equal(signals_stop, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends_are_noted),
        cmocka_unit_test(test_ignored_stay_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
