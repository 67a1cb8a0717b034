/* SPDX-License-Identifier: MIT */
/* The inner loop of a smooth rotation: weighted pixels along a slanted line of a window. */
#ifndef GIFLOW_TRANSFORMS_SMOOTH_KERNEL_H
#define GIFLOW_TRANSFORMS_SMOOTH_KERNEL_H

#include "transforms/lanes.h"
#include "transforms/rotate_kernel.h"

/*
 * Between two pixels there are this many phases. A place is off by half of one at most, which
 * changes the light at a sharp edge by 1/2000 of its step.
 */
#define PHASE_BITS 10
#define PHASES (1 << PHASE_BITS)

/* Of the pixels at -1, 0, 1 and 2 from the one at or before the place. */
struct phase {
    float weight[4];
};

/*
 * Where in the source pixel centers are the whole numbers, rounded to a phase. The line's own
 * whole numbers are the corners of pixels; it may be started anew from the result.
 */
static inline struct slant phase_line(struct slant line)
{
    const uint32_t back = (1u << (SLANT_BITS - 1)) - (1u << (SLANT_BITS - PHASE_BITS - 1));
    line.x -= back;
    line.y -= back;
    return line;
}

/*
 * Writes count pixels of four floats. line: from phase_line. window: WINDOW_EDGE pixels of four
 * floats a row; a pixel to the left and above, two to the right and below, are in it.
 */
typedef void smooth_kernel(float *out, const float *window, const struct phase *phases,
                           struct slant line, uint32_t count);

/* taps: 2 (the middle two of the weights) or 4 */
smooth_kernel *smooth_kernel_for(unsigned taps, enum simd simd);

#endif
