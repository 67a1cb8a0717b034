/* SPDX-License-Identifier: MIT */
/* Angles in degrees: quarter turns, sine and cosine. */
#ifndef GIFLOW_TRANSFORMS_ANGLE_H
#define GIFLOW_TRANSFORMS_ANGLE_H

#include <stdbool.h>

/* True where degrees, any finite number, are a multiple of 90: *quarters is then 0 .. 3. */
bool quarter_turns(double degrees, unsigned *quarters);

/* degrees: any finite number. Exact where the values are: at multiples of 90, 45 and 30. */
void sine_cosine(double degrees, double *s, double *c);

#endif
