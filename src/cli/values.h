/* SPDX-License-Identifier: MIT */
/* The values of options, read strictly: all of the text or nothing, the same in every locale. */
#ifndef GIFLOW_CLI_VALUES_H
#define GIFLOW_CLI_VALUES_H

#include "pipeline/job.h"

/* All return false, and leave *out alone, where the text is anything but such a value. */

/* Decimal digits only. */
bool parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *out);
/* A count and perhaps a unit: K M G T or KiB .. TiB (powers of 1024), KB .. TB (of 1000), B. */
bool parse_bytes(const char *text, uint64_t *out);
/* 45, -22.5, +.5, 1e2; never infinite, hexadecimal or not a number. */
bool parse_decimal(const char *text, double *out);
/* WxH+X+Y or X,Y+WxH; X and Y may be negative, W and H may not be 0. */
bool parse_crop(const char *text, struct op *out);
/* WxH, Wx, xH or N%, each with !, > or < behind it or not. */
bool parse_resize(const char *text, struct resize_to *out);
/* WxH, and then +X+Y or not, as above. */
bool parse_canvas(const char *text, struct op *out);
/* Hundredths of a second, 0 .. 65535: a decimal number and cs, ms, s or nothing (cs) behind it. */
bool parse_delay(const char *text, uint32_t *out_cs);
/* forever, once or a count of 1 .. 65535. */
bool parse_loop(const char *text, int *out);
/*
 * Frames such as 0-9,-1,5-0. The ranges go to out, the first room of them, out may be NULL; *count
 * is how many there are.
 */
bool parse_frames(const char *text, struct frame_range *out, size_t room, size_t *count);
/* transparent, none, #rgb, #rgba, #rrggbb, #rrggbbaa, or a name of CSS Color Module Level 4. */
bool parse_color(const char *text, struct rgba8 *out);

/* The names of CSS, in any case. */
bool color_by_name(const char *name, struct rgba8 *out);

#endif
