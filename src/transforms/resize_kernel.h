/* SPDX-License-Identifier: MIT */
/*
 * The inner loops of resizing. Filtering along rows works on eight rows at a time, one a lane: so
 * all kinds of pixels take the same path, with no lane unused. Filtering along columns works on
 * eight samples of a row.
 */
#ifndef GIFLOW_TRANSFORMS_RESIZE_KERNEL_H
#define GIFLOW_TRANSFORMS_RESIZE_KERNEL_H

#include "base/context.h"
#include "transforms/lanes.h"

/* Most output rows that a batch of eight source rows has a share in while shrinking. */
#define MOST_SHARES 24

/* What a batch of rows counts for in each of the output rows that it has a share in. */
struct shares {
    uint32_t count;
    lanes weight[MOST_SHARES][LANES]; /* the same in all lanes; [i][r]: row r in output row i */
    float *row[MOST_SHARES];
};

/* Weights of a run of output pixels; pixel i is made of taps source pixels from first[i] on. */
struct taps {
    const float *weights; /* taps for each pixel */
    const uint32_t *first;
    uint32_t taps;
    uint32_t origin; /* the source pixel that the window starts with */
};

struct resize_kernel {
    /* Adds to count output pixels, of all channels, what a window of eight rows gives. */
    void (*filter)(lanes *out, const lanes *window, const struct taps *t, uint32_t count,
                   unsigned channels);
    /* Adds count samples of eight rows, a multiple of 8, to the output rows from sample at on. */
    void (*spread)(const struct shares *s, const lanes *samples, size_t at, size_t count);
    /* Puts them down as the rows that they are. */
    void (*store)(float *const *rows, const lanes *samples, size_t at, size_t count);
    /* The weighted sum of rows; count may be any. */
    void (*gather)(float *out, const float *const *rows, const float *weights, uint32_t taps,
                   size_t count);
};

const struct resize_kernel *resize_kernel_for(enum simd simd);

#endif
