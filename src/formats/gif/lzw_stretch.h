/* SPDX-License-Identifier: MIT */
/* How to parse between two clears: styles that change on the way. */
#ifndef GIFLOW_FORMATS_GIF_LZW_STRETCH_H
#define GIFLOW_FORMATS_GIF_LZW_STRETCH_H

#include "formats/gif/lzw_search.h"

/*
 * Divides each part of the path into `stretches` of equal size, as far as there is room for nodes,
 * and finds a style for each one, of its part's own and those of the mask. From the first stretch
 * on, each style is tried with the rest of the part as it is, and the one with which the whole part
 * has the fewest codes stays: what a style does to the dictionary counts, and not just how many
 * codes it takes at once.
 */
void lzw_stretch(struct lzw_search *s, uint32_t stretches, uint32_t style_mask);

#endif
