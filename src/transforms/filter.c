/* SPDX-License-Identifier: MIT */
/* Filters and their weights. */
#include "transforms/filter.h"

#include <math.h>

#include "base/size.h"

/* sin(pi u), 0 <= u <= 1: the Taylor series to the term that no longer counts at pi / 2. */
static double sine_pi(double u)
{
    static const double term[] = {
        1.0 / 51090942171709440000.0,
        -1.0 / 121645100408832000.0,
        1.0 / 355687428096000.0,
        -1.0 / 1307674368000.0,
        1.0 / 6227020800.0,
        -1.0 / 39916800.0,
        1.0 / 362880.0,
        -1.0 / 5040.0,
        1.0 / 120.0,
        -1.0 / 6.0,
        1.0,
    };
    double x = (u > 0.5 ? 1.0 - u : u) * M_PI, square = x * x, sum = 0.0;
    for (unsigned k = 0; k < sizeof term / sizeof *term; k++)
        sum = sum * square + term[k];
    return sum * x;
}

/* The windowed sinc of three lobes: sinc(x) sinc(x / 3). C. Duchon, "Lanczos Filtering", 1979. */
static double lanczos3(double x)
{
    if (x < 1e-9)
        return 1.0;
    double s = sine_pi(x / 3.0), triple = (3.0 - 4.0 * s * s) * s; /* sin(pi x) */
    return 3.0 * s * triple / (M_PI * M_PI * x * x);
}

/* B = 0, C = 1/2 of D. Mitchell and A. Netravali, "Reconstruction filters", 1988. */
static double catmull_rom(double x)
{
    if (x < 1.0)
        return (1.5 * x - 2.5) * x * x + 1.0;
    return ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0;
}

static double reach(enum resample method)
{
    switch (method) {
    case RESAMPLE_BILINEAR:
        return 1.0;
    case RESAMPLE_BICUBIC:
        return 2.0;
    case RESAMPLE_LANCZOS3:
        return 3.0;
    default:
        return 0.5;
    }
}

double axis_filter(enum resample method, double x)
{
    x = x < 0.0 ? -x : x;
    if (x >= reach(method))
        return 0.0;
    switch (method) {
    case RESAMPLE_BILINEAR:
        return 1.0 - x;
    case RESAMPLE_BICUBIC:
        return catmull_rom(x);
    default:
        return lanczos3(x);
    }
}

void axis_init(struct axis *a, uint32_t in, uint32_t out, enum resample method)
{
    a->in = in;
    a->out = out;
    a->method = in == out ? RESAMPLE_NEAREST : method;
    a->stretch = in > out ? (double)in / out : 1.0;
    a->radius = reach(a->method) * a->stretch;
}

/* Where the center of new pixel i lies, in old pixels. */
static double center(const struct axis *a, uint32_t i)
{
    return (2.0 * i + 1.0) * a->in / (2.0 * a->out);
}

void axis_span(const struct axis *a, uint32_t i, uint32_t *first, uint32_t *end)
{
    if (a->method == RESAMPLE_NEAREST) {
        *first = (uint32_t)((2 * (uint64_t)i + 1) * a->in / (2 * (uint64_t)a->out));
        *end = *first + 1;
        return;
    }
    /* pixels whose centers are nearer than the radius */
    double low = center(a, i) - a->radius + 0.5, high = center(a, i) + a->radius - 0.5;
    *first = low > 0.0 ? (uint32_t)low : 0;
    *end = high < a->in ? (uint32_t)high : a->in;
    *end += *end < high && *end < a->in;
}

uint32_t axis_taps(const struct axis *a)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < a->out; i++) {
        uint32_t first, end;
        axis_span(a, i, &first, &end);
        most = max_u32(most, end - first);
    }
    return most;
}

double axis_weight(const struct axis *a, uint32_t i, uint32_t j)
{
    if (a->method == RESAMPLE_NEAREST)
        return 1.0;
    return axis_filter(a->method, (j + 0.5 - center(a, i)) / a->stretch);
}

double axis_sum(const struct axis *a, uint32_t i)
{
    uint32_t first, end;
    double sum = 0.0;
    axis_span(a, i, &first, &end);
    for (uint32_t j = first; j < end; j++)
        sum += axis_weight(a, i, j);
    return sum;
}

#define KEPT 32 /* weights that need not be found twice; more only where sizes shrink to a fifth */

void axis_weights(const struct axis *a, uint32_t i, float *weights)
{
    uint32_t first, end, top = 0;
    double kept[KEPT], sum = 0.0, rest = 1.0;
    axis_span(a, i, &first, &end);
    for (uint32_t k = 0; k < end - first; k++) {
        double weight = axis_weight(a, i, first + k);
        if (k < KEPT)
            kept[k] = weight;
        sum += weight;
    }
    double scale = 1.0 / sum;
    for (uint32_t k = 0; k < end - first; k++) {
        weights[k] = (float)((k < KEPT ? kept[k] : axis_weight(a, i, first + k)) * scale);
        rest -= weights[k];
        if (weights[k] > weights[top])
            top = k;
    }
    weights[top] += (float)rest; /* what rounding left over, where it shows least */
}
