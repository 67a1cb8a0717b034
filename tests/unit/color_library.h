/* SPDX-License-Identifier: MIT */
/* Whether Little CMS is installed, which is loaded only when a profile wants it. */
#ifndef GIFLOW_TESTS_COLOR_LIBRARY_H
#define GIFLOW_TESTS_COLOR_LIBRARY_H

#include "support.h"

#include "color/icc.h"

static inline bool have_library(void)
{
    struct context cx;
    struct icc *icc;
    enum icc_verdict verdict;
    const struct colorants c = {.exponent = 1, .x = {0.3127}, .y = {0.329}}; /* linear light */
    context_init(&cx);
    assert_int_equal(icc_open_colorants(&cx, &c, LAYOUT_GRAY8, &verdict, &icc), ST_OK);
    icc_close(icc);
    assert_nothing_held(&cx);
    return verdict != ICC_NO_LIBRARY;
}

#endif
