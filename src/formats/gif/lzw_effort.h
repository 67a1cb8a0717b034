/* SPDX-License-Identifier: MIT */
/* How much is searched: clears from coarse to fine, and then the styles. */
#ifndef GIFLOW_FORMATS_GIF_LZW_EFFORT_H
#define GIFLOW_FORMATS_GIF_LZW_EFFORT_H

#include "formats/gif/lzw_search.h"

#define LZW_MARK_CODES 64 /* from one mark to the next */

/* Passes: so many times about all pixels are parsed. */
struct lzw_effort {
    uint32_t first_passes;          /* for the first, coarse search */
    uint32_t rounds, passes;        /* of refinement, and for each of them */
    double reach;                   /* of the first, in parts of the mean way between clears */
    uint32_t look;                  /* shortenings of a phrase that are tried */
    uint32_t styles, rolled_styles; /* that are tried, and of which there are rollouts as well */
    struct lzw_foresight foresight; /* of these, and of the best style; horizon 0: no rollouts */
};

/*
 * Of level 2 or 3, or 1 for frames, for a window of so many pixels, and codes of a greedy parse;
 * more: there is another window before or after this one.
 */
const struct lzw_effort *lzw_effort(unsigned level, size_t pixels, size_t codes, bool more);

/*
 * The best clears and styles for the first n pixels of s->view, as far as the effort goes: what
 * is left in s->node.
 *
 * mark  pixels at which another LZW_MARK_CODES codes of a greedy parse are complete
 */
void lzw_effort_search(struct lzw_search *s, const struct lzw_effort *e, uint32_t n,
                       const uint32_t *mark, uint32_t marks);
/* Then rollouts, for the parts of the path that are still wanted. */
void lzw_effort_roll_out(struct lzw_search *s, const struct lzw_effort *e);

#endif
