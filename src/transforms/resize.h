/* SPDX-License-Identifier: MIT */
/* The part of resizing that filters nothing. */
#ifndef GIFLOW_TRANSFORMS_RESIZE_H
#define GIFLOW_TRANSFORMS_RESIZE_H

#include "transforms/transform.h"

/* resize_open for RESAMPLE_NEAREST; the size has been checked. */
enum status resize_nearest_open(struct rows *up, uint32_t width, uint32_t height,
                                struct rows **out) MUST_CHECK;

#endif
