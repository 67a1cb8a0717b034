/* SPDX-License-Identifier: MIT */
/* Rounding that is made up for. What limits take is not: a long delay would eat up those around. */
#include "formats/delay.h"

#include <math.h>

uint32_t delay_round(double exact, double *owed)
{
    if (exact == 0)
        return 0;
    if (exact > 1 && exact < 2)
        exact = 2;
    if (exact > DELAY_MAX)
        exact = DELAY_MAX;
    double due = exact + *owed, whole = floor(due + 0.5);
    *owed = due - whole; /* -0.5 .. 0.5, so that the limits hold for the next one, too */
    return (uint32_t)whole;
}
