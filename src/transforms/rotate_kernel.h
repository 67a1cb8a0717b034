/* SPDX-License-Identifier: MIT */
/* The inner loop of a rotation: pixels picked along a slanted line of a small window. */
#ifndef GIFLOW_TRANSFORMS_ROTATE_KERNEL_H
#define GIFLOW_TRANSFORMS_ROTATE_KERNEL_H

#include "base/context.h"

/* A window's rows are this many pixels apart, and it has as many rows. */
#define WINDOW_EDGE 80
/* Kernels may read, not use, up to here beyond the window's last pixel. */
#define WINDOW_SLACK 8

/* Where the line starts in the window and what each pixel adds; 24 bits of fraction. */
struct slant {
    uint32_t x, y;
    int32_t dx, dy;
};
#define SLANT_BITS 24

/* Writes count pixels; all lie in the window. Every kernel for a size of pixel gives the same. */
typedef void rotate_kernel(uint8_t *out, const uint8_t *window, struct slant line, uint32_t count);

/* bytes of a pixel: 1, 2, 3, 4, 6 or 8 */
rotate_kernel *rotate_kernel_for(unsigned bytes, enum simd simd);

#endif
