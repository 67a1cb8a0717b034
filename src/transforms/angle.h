/* SPDX-License-Identifier: MIT */
/* Sine and cosine of degrees. */
#ifndef GIFLOW_TRANSFORMS_ANGLE_H
#define GIFLOW_TRANSFORMS_ANGLE_H

/* degrees: any finite number. Exact where the values are: at multiples of 90, 45 and 30. */
void sine_cosine(double degrees, double *s, double *c);

#endif
