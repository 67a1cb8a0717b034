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
 */
bool colorants_differ(const struct metadata *m, struct colorants *out);

#endif
