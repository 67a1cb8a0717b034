/* SPDX-License-Identifier: MIT */
/* What it costs to see one color of a palette in place of another. */
#ifndef GIFLOW_FORMATS_GIF_LZW_COLORS_H
#define GIFLOW_FORMATS_GIF_LZW_COLORS_H

#include "raster/picture.h"

#define LOSSY_MAX 100 /* the strongest */

/*
 * Errors are measured in bits of code: so many of them are worth one bit. What they stand for
 * grows with the square of the strength, see lzw_colors_init.
 */
#define LZW_ERROR_PER_BIT 680u
/* The most that a pixel may cost, as much as a code of 12 bits; and what lies beyond. */
#define LZW_ERROR_CAP (12 * LZW_ERROR_PER_BIT)
#define LZW_ERROR_NEVER UINT16_MAX

struct lzw_colors {
    uint16_t error[256][256]; /* [wanted][seen]; LZW_ERROR_NEVER beyond LZW_ERROR_CAP */
    uint8_t near[256][256];   /* the colors that may be seen in place of one, best first */
    uint16_t near_count[256];
    uint64_t near_set[256][4]; /* the same as sets */
};

/*
 * The error of a pixel is a mean of squares: one third the distance in OKLab, two thirds that of
 * code values, both as parts of the distance from black to white. OKLab is fair to what is seen;
 * code values to what is computed, and they keep dark places from being held too dear.
 *
 * strength  1 .. LOSSY_MAX. A code of 12 bits is worth an error of strength / 1000 squared,
 *           and that much a pixel may err: at 10 by 1 % of the distance from black to white, at
 *           100 by 10 %.
 *
 * An entry of alpha 0 neither is replaced nor replaces. Entries of one color differ by nothing.
 */
void lzw_colors_init(struct lzw_colors *c, const struct palette *p, unsigned strength);

#endif
