/* SPDX-License-Identifier: MIT */
/* A walk of a full table that gives up the last pixel of a phrase where the next gains by it. */
#ifndef GIFLOW_FORMATS_GIF_LZW_FLEXIBLE_H
#define GIFLOW_FORMATS_GIF_LZW_FLEXIBLE_H

#include "formats/gif/lzw_walker.h"

/*
 * A table that no longer grows gains nothing by long phrases but that they are long. So where a
 * greedy phrase is followed by a short one, the string that begins one pixel earlier is tried: if
 * it reaches further than the two phrases did, the first one is shortened, whose code is then that
 * of its prefix. This is flexible parsing (see lzw_parse.h) at a part of its cost: tries where
 * the second one has more than FLEXIBLE_NEXT pixels mostly fail, and are left out.
 */
#define FLEXIBLE_NEXT 2
#define FLEXIBLE_NEXT_RUNS 1 /* the same in pictures with runs, where greedy phrases cost less */

/*
 * Walks from p until `codes` codes are complete or the pixels end; returns where, *codes is then
 * what is left of them. They are appended to *list. Phrases at the end are greedy, as what follows
 * is not known. Two kinds: with and without looking for runs, w->jump or not.
 */
const uint8_t *lzw_flexible_plain(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                  uint32_t *codes, uint16_t **list);
const uint8_t *lzw_flexible_runs(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                 uint32_t *codes, uint16_t **list);

#endif
