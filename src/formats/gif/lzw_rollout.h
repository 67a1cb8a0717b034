/* SPDX-License-Identifier: MIT */
/* A parse that tries out how the picture goes on after each phrase that could be shorter. */
#ifndef GIFLOW_FORMATS_GIF_LZW_ROLLOUT_H
#define GIFLOW_FORMATS_GIF_LZW_ROLLOUT_H

#include "formats/gif/lzw_parse.h"

/*
 * A style decides by the next two phrases. What its decision does to the dictionary shows much
 * later: a string that is made now is taken, extended and taken again, or never seen. So where the
 * style has a choice, the parse goes on from each candidate, with all that it adds to the
 * dictionary, for `horizon` codes in the same style, and the candidate that comes furthest is
 * taken; the dictionary forgets the others. This is a rollout of the style (Bertsekas, Tsitsiklis,
 * Wu: "Rollout Algorithms for Combinatorial Optimization", Journal of Heuristics 3, 1997).
 *
 * Candidates are the longest phrase, and those after which the next one reaches further than after
 * the style's own. As long as the style's own wins, which is mostly, the way on from it is walked
 * once for many phrases.
 */
#define LZW_HORIZON_MOST 1024
#define LZW_TRIES_MOST 4

struct lzw_foresight {
    uint32_t horizon; /* codes, at most LZW_HORIZON_MOST; 0: no rollout */
    uint32_t tries;   /* candidates beside the style's own, at most LZW_TRIES_MOST */
};

struct lzw_rollout {
    struct lzw_parser *parser;
    struct lzw_style style;
    struct lzw_foresight foresight;
    /* where the style comes to from here, by codes: way[passed], .. way[ways - 1] */
    uint32_t passed, ways;
    uint32_t way[2 * LZW_HORIZON_MOST];
};

/*
 * Parses from the parser's pixel to the end of its view. Returns how many codes that takes; where
 * it is not less than `most`, gives up and returns `most`.
 */
uint32_t lzw_rollout(struct lzw_rollout *r, uint16_t *codes, uint32_t most);

#endif
