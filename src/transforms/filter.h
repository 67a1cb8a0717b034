/* SPDX-License-Identifier: MIT */
/* Filters, and the weights that one gives to pixels along a direction of a resizing. */
#ifndef GIFLOW_TRANSFORMS_FILTER_H
#define GIFLOW_TRANSFORMS_FILTER_H

#include "transforms/transform.h"

/* A filter's value at x, in pixels of its unstretched self; not for RESAMPLE_NEAREST. */
double axis_filter(enum resample method, double x);

struct axis {
    enum resample method; /* RESAMPLE_NEAREST where in == out: each pixel is itself */
    uint32_t in, out;
    double stretch; /* the filter's, at least 1: what shrinking needs not to alias */
    double radius;  /* in old pixels */
};

void axis_init(struct axis *a, uint32_t in, uint32_t out, enum resample method);

/* New pixel i is made of the old ones *first .. *end - 1, at least one. Both grow with i. */
void axis_span(const struct axis *a, uint32_t i, uint32_t *first, uint32_t *end);
/* The most that any new pixel is made of. */
uint32_t axis_taps(const struct axis *a);

/* What old pixel j counts for in new pixel i, in parts of what axis_sum says. */
double axis_weight(const struct axis *a, uint32_t i, uint32_t j);
double axis_sum(const struct axis *a, uint32_t i);
/* The weights of all of new pixel i's, which add up to 1 as exactly as floats do. */
void axis_weights(const struct axis *a, uint32_t i, float *weights);

#endif
