/* SPDX-License-Identifier: MIT */
/* Where to clear, by dynamic programming over the places where a clear may be. */
#ifndef GIFLOW_FORMATS_GIF_LZW_SEARCH_H
#define GIFLOW_FORMATS_GIF_LZW_SEARCH_H

#include "formats/gif/lzw_rollout.h"

/*
 * After a clear nothing of what was before matters: the fewest bits from a clear at pixel p to the
 * end, cost[p], are those of some parse from p to a clear at q, and cost[q]. So runs of a fresh
 * dictionary start at all places, the last one first, and each is compared at every place that it
 * comes by: a phrase may be cut there, as all that a string begins with is a string. This is what
 * flexiGIF does for every pixel of a picture.
 *
 * It need not be every pixel. A run that falls behind the best one from its place by more than its
 * dictionary can be worth ends there, which costs are known for from the end backwards. And
 * the first search has a coarse grid of places; each further one has places beside the clears that
 * the one before found, closer and closer. Which of two neighboring pixels is the better one
 * is a matter of luck, and many are tried.
 */
#define LZW_PLACES 12288
#define LZW_PATH 1024                 /* nodes of a path that is refined */
#define LZW_ROLLED_CODES (32u * 1024) /* room for phrases that are of no style */

struct lzw_node {
    uint32_t place;  /* a pixel of the view */
    uint32_t cost;   /* bits from here to the last node */
    uint16_t next;   /* the node where the best run from here ends */
    uint16_t least;  /* runs from here go on to that node at least */
    uint16_t styles; /* to run from here, a mask */
    uint8_t style;   /* of the best run */
    uint16_t rolled; /* so many codes of s->rolled, from `first` on; 0: those of the style */
    uint16_t first;
};

struct lzw_search {
    const struct lzw_codes *codes;
    const struct lzw_view *view;
    const struct lzw_parser *carry; /* what view begins with if not with a fresh table; or NULL */
    uint32_t behind;                /* bits by which a run may be behind, at most */
    uint64_t work;                  /* pixels that runs have gone through since it was set to 0 */
    uint32_t nodes;
    struct lzw_node node[LZW_PLACES]; /* by place; the first is 0, the last has no cost */
    struct lzw_node path[LZW_PATH];
    struct lzw_parser parser;
    struct lzw_rollout rollout;
    uint32_t rolled_full;
    uint16_t rolled[LZW_ROLLED_CODES];
    uint16_t list[4096];
};

/* The state in which a run from node a starts. */
void lzw_search_start(const struct lzw_search *s, uint32_t a, struct lzw_parser *parser);
/* Bits of a run from its start to a clear, or the end code, after `own` codes. */
uint32_t lzw_search_bits(const struct lzw_search *s, uint64_t own, uint64_t own_at_start);

/* Runs from every place, in the styles of its mask. */
void lzw_search_run(struct lzw_search *s);
/* Leaves only the nodes of the best way. */
void lzw_search_keep_path(struct lzw_search *s);
/* For each part of the path, the best of its own style and those of the mask. */
void lzw_search_styles(struct lzw_search *s, uint32_t style_mask);
/* For each part of the path the best rollout of its own style and those of the mask, if it pays. */
void lzw_search_rollouts(struct lzw_search *s, const struct lzw_foresight *f, uint32_t style_mask);
/*
 * Adds places beside those of the path, up to `around` on each side, step pixels apart. What the
 * path has stays possible, so that the next search finds nothing worse. The styles are the path's.
 */
void lzw_search_refine(struct lzw_search *s, uint32_t step, uint32_t around);

#endif
