/* SPDX-License-Identifier: MIT */
/* What an ICC profile says of itself, and what of it is kept from Little CMS. */
#ifndef GIFLOW_COLOR_ICC_TAGS_H
#define GIFLOW_COLOR_ICC_TAGS_H

#include "base/context.h"

/* Header, count and one tag: all of these functions need so many. */
#define ICC_BYTES_MIN 144

/*
 * The description, which ICC.1:2022, 9.2.41, wants there to be, names sRGB, and no curve or primary
 * that there is tells of another: "Linear sRGB" names it too.
 */
bool icc_says_srgb(const uint8_t *profile, size_t bytes);

/* Of a class for pixels: no link of two profiles, no list of named colors. ICC.1:2022, 7.2.5 */
bool icc_is_for_pixels(const uint8_t *profile);

/*
 * A copy without tags that would keep Little CMS busy, or hold much memory; *out is NULL where
 * there are none, else to be freed.
 *
 * Floating-point stages: a few MB of them take minutes, as it runs all of them over each of some
 * 80000 colors. They only ever come beside tables (DToBx and AToBx: ICC.1:2022, 8.3 to 8.7).
 * Tables of more entries than the tag has bytes for: it makes room for them before it looks.
 */
enum status icc_without_bombs(struct context *cx, const uint8_t *profile, size_t bytes,
                              uint8_t **out) MUST_CHECK;

#endif
