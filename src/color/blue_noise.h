/* SPDX-License-Identifier: MIT */
/* A threshold mask without low frequencies. */
#ifndef GIFLOW_COLOR_BLUE_NOISE_H
#define GIFLOW_COLOR_BLUE_NOISE_H

#include "base/context.h"

#define BLUE_SIZE 64 /* it tiles */

/*
 * Fills a mask with thresholds 0 .. 255, each as often as any other, those near each other as
 * different as can be. The same on every machine. Some 5 ms of work. ST_NOMEM.
 * Source: R. Ulichney, "The void-and-cluster method for dither array generation", 1993
 */
enum status blue_noise_fill(struct context *cx, uint8_t mask[BLUE_SIZE][BLUE_SIZE]) MUST_CHECK;

#endif
