/* SPDX-License-Identifier: MIT */
/* How large pixels are meant to be seen. */
#ifndef GIFLOW_FORMATS_DENSITY_H
#define GIFLOW_FORMATS_DENSITY_H

#include <stdbool.h>
#include <stdint.h>

enum density_unit { DENSITY_ASPECT, DENSITY_INCH, DENSITY_CENTIMETER, DENSITY_METER };

/* Pixels to a unit of length, of DENSITY_ASPECT only their proportion; 0 x 0: not told. */
struct density {
    uint32_t x, y;
    enum density_unit unit;
};

/* The same in another unit, rounded. false: it is not known, or a number is over most or 0 */
bool density_as(struct density in, enum density_unit unit, uint32_t most, struct density *out);

#endif
