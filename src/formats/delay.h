/* SPDX-License-Identifier: MIT */
/* Delays of any fraction in the hundredths of a second that a GIF counts. */
#ifndef GIFLOW_FORMATS_DELAY_H
#define GIFLOW_FORMATS_DELAY_H

#include <stdint.h>

#define DELAY_MAX 65535u /* that a GIF can hold */

/*
 * exact in hundredths of a second, 0 or more; the result at most DELAY_MAX. *owed, 0 at first, is
 * what rounding has taken so far: the delays that follow get it back. 0 stays 0, and what is longer
 * than 1 gets at least 2: browsers take what is shorter for 10.
 */
uint32_t delay_round(double exact, double *owed);

#endif
