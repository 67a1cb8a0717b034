/* SPDX-License-Identifier: MIT */
/* What an ICC profile says of itself, and what of it is kept from Little CMS. */
#ifndef GIFLOW_COLOR_ICC_TAGS_H
#define GIFLOW_COLOR_ICC_TAGS_H

#include "base/context.h"

/* Header, count and one tag: all of these functions need so many. */
#define ICC_BYTES_MIN 144

/* The description, which ICC.1:2022, 9.2.41, wants there to be, names sRGB. */
bool icc_says_srgb(const uint8_t *profile, size_t bytes);

/* Of a class for pixels: no link of two profiles, no list of named colors. ICC.1:2022, 7.2.5 */
bool icc_is_for_pixels(const uint8_t *profile);

/*
 * A copy without the tags of floating-point stages; *out is NULL where there are none, else to be
 * freed. A few MB of such stages keep Little CMS busy for minutes, as it runs all of them over each
 * of some 80000 colors. They only ever come beside tables (DToBx and AToBx: ICC.1:2022, 8.3 to 8.7).
 */
enum status icc_without_floats(struct context *cx, const uint8_t *profile, size_t bytes,
                               uint8_t **out) MUST_CHECK;

#endif
