/* SPDX-License-Identifier: MIT */
/* Densities from unit to unit. */
#include "formats/density.h"

bool density_as(struct density in, enum density_unit unit, uint32_t most, struct density *out)
{
    static const uint64_t unit_length[] = {1, 254, 100, 10000}; /* in parts of 0.1 mm */
    if (in.x == 0 || in.y == 0 || (in.unit == DENSITY_ASPECT) != (unit == DENSITY_ASPECT))
        return false;
    uint64_t from = unit_length[in.unit], to = unit_length[unit];
    uint64_t x = (in.x * to + from / 2) / from, y = (in.y * to + from / 2) / from;
    *out = (struct density){(uint32_t)x, (uint32_t)y, unit};
    return x != 0 && y != 0 && x <= most && y <= most;
}
