/* SPDX-License-Identifier: MIT */
/* The sRGB curve and the filters, by the C library in double precision. */
#ifndef GIFLOW_TESTS_LIGHT_REFERENCE_H
#define GIFLOW_TESTS_LIGHT_REFERENCE_H

#include <math.h>

#include "transforms/transform.h"

static inline double to_linear(double code)
{
    return code <= 0.04045 ? code / 12.92 : pow((code + 0.055) / 1.055, 2.4);
}

static inline double to_code(double linear)
{
    if (linear <= 0)
        return 0;
    if (linear >= 1)
        return 1;
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static inline double sinc(double x)
{
    const double pi = acos(-1);
    return x == 0 ? 1 : sin(pi * x) / (pi * x);
}

static inline double filter_at(enum resample method, double x)
{
    x = fabs(x);
    if (method == RESAMPLE_BILINEAR)
        return x < 1 ? 1 - x : 0;
    if (method == RESAMPLE_LANCZOS3)
        return x < 3 ? sinc(x) * sinc(x / 3) : 0;
    return x < 1   ? 1.5 * x * x * x - 2.5 * x * x + 1
           : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
                   : 0;
}

#endif
