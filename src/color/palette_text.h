/* SPDX-License-Identifier: MIT */
/* Palettes as text. */
#ifndef GIFLOW_COLOR_PALETTE_TEXT_H
#define GIFLOW_COLOR_PALETTE_TEXT_H

#include "base/source.h"
#include "raster/picture.h"

/*
 * Reads a list of colors, in their order:
 *
 *   #rrggbb or rrggbb, #rgb   one a line; empty lines and those that begin with ';' are none
 *   GIMP Palette              "GIMP Palette", then lines "red green blue name", 0 .. 255
 *   JASC-PAL                  "JASC-PAL", a version, how many, then lines "red green blue"
 *
 * Errors: ST_DAMAGED (which says the line: no color, more than 256, none at all), ST_IO.
 */
enum status palette_read_text(struct context *cx, struct source *src,
                              struct palette *out) MUST_CHECK;

#endif
