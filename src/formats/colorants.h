/* SPDX-License-Identifier: MIT */
/* What the chunks about colors that METADATA_COLOR holds say, taken together. */
#ifndef GIFLOW_FORMATS_COLORANTS_H
#define GIFLOW_FORMATS_COLORANTS_H

#include "color/icc.h"
#include "formats/metadata.h"

/*
 * False where the values are sRGB, as far as anybody can see, or nothing is said. The order of
 * precedence is that of PNG specification, third edition, 4.3: cICP, iCCP, sRGB, then cHRM and
 * gAMA, each of which may stand alone: then the other is that of sRGB. So browsers have it.
 *
 * Of cICP the primaries of sRGB, BT.2020 and both P3 are known, with power curves, and with those
 * of television, which are taken for sRGB's. What it says of others, PQ and HLG among them, is
 * passed over: the values stay as they are.
 */
bool colorants_differ(const struct metadata *m, struct colorants *out);
/* Whether cICP tells what is known, so that an ICC profile is not asked. */
bool colorants_outrank_profile(const struct metadata *m);

#endif
