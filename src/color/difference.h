/* SPDX-License-Identifier: MIT */
/* How far palette indices are from the colors that they stand for. */
#ifndef GIFLOW_COLOR_DIFFERENCE_H
#define GIFLOW_COLOR_DIFFERENCE_H

#include "raster/picture.h"

/* Distances in OKLab, times 100: white is 100 from black. */
struct color_difference {
    uint64_t pixels;  /* opaque ones */
    uint64_t changed; /* of another color now */
    double sum;       /* of all their distances */
    double largest;
};

/* A row and its indices; alpha below 128 does not count. layout: LAYOUT_RGB8 or LAYOUT_RGBA8. */
struct difference_meter;
enum status difference_meter_open(struct context *cx, const struct palette *palette,
                                  struct color_difference *total,
                                  struct difference_meter **out) MUST_CHECK;
void difference_meter_close(struct difference_meter *m);   /* m may be NULL; total stays */
void difference_meter_restart(struct difference_meter *m); /* total is zero again */
void difference_meter_row(struct difference_meter *m, enum layout layout, const uint8_t *row,
                          uint32_t width, const uint8_t *indices);

#endif
