/* SPDX-License-Identifier: MIT */
/* How much is searched: clears from coarse to fine, and then the styles. */
#ifndef GIFLOW_FORMATS_GIF_LZW_EFFORT_H
#define GIFLOW_FORMATS_GIF_LZW_EFFORT_H

#include "formats/gif/lzw_search.h"

#define LZW_MARK_CODES 64 /* from one mark to the next */

/* Passes: so many times about all pixels are parsed. */
struct lzw_effort {
    uint32_t first_passes;              /* for the first, coarse search */
    uint32_t rounds, passes;            /* of refinement, and for each of them */
    double reach;                       /* of the first, in parts of the mean way between clears */
    uint32_t look;                      /* shortenings of a phrase that are tried */
    uint32_t short_styles, long_styles; /* where greedy phrases are short, and long */
    uint32_t stretches, most_stretches; /* of a part, see lzw_stretch.h; 1: none */
};

/* Of level 2; of level 3, and for its pictures that take several windows, and so take long. */
extern const struct lzw_effort lzw_effort_2, lzw_effort_3, lzw_effort_3_long;

/*
 * The best clears and styles for the first n pixels of s->view, as far as the effort goes: what
 * is left in s->node.
 *
 * mark  pixels at which another LZW_MARK_CODES codes of a greedy parse are complete
 */
void lzw_effort_search(struct lzw_search *s, const struct lzw_effort *e, uint32_t n,
                       const uint32_t *mark, uint32_t marks);

#endif
