/* SPDX-License-Identifier: MIT */
/* Sine and cosine by series, once the quarter turns are taken off. */
#include "transforms/angle.h"

#include <math.h>

bool quarter_turns(double degrees, unsigned *quarters)
{
    double n = degrees / 90.0;
    if (n != floor(n))
        return false;
    *quarters = (unsigned)(((int)fmod(n, 4.0) + 4) % 4);
    return true;
}

/*
 * Of -45 .. 45 degrees, by Taylor series until the terms vanish. Not the C library's: so output is
 * the same with every library, 45 degrees treat both axes alike, and no tables become resident for
 * the sake of two numbers.
 */
static void small_angle(double degrees, double *s, double *c)
{
    double x = degrees * (M_PI / 180.0), term = 1.0;
    *s = 0.0;
    *c = 1.0;
    for (int k = 1; k < 22; k += 2) {
        term *= x / k;
        *s += term;
        term *= -x / (k + 1);
        *c += term;
    }
}

void sine_cosine(double degrees, double *s, double *c)
{
    if (fabs(degrees) >= 360.0)
        degrees = fmod(degrees, 360.0);
    int quarter = (int)(degrees / 90.0 + (degrees < 0 ? -0.5 : 0.5));
    double rest = degrees - 90.0 * quarter, sine, cosine; /* exact; -45 .. 45 */
    small_angle(rest, &sine, &cosine);
    if (fabs(rest) == 45.0) {
        cosine = M_SQRT1_2;
        sine = copysign(M_SQRT1_2, rest);
    } else if (fabs(rest) == 30.0) {
        sine = copysign(0.5, rest);
    }
    switch (quarter & 3) {
    case 0:
        *s = sine;
        *c = cosine;
        break;
    case 1:
        *s = cosine;
        *c = -sine;
        break;
    case 2:
        *s = -sine;
        *c = -cosine;
        break;
    default:
        *s = -cosine;
        *c = sine;
        break;
    }
}
