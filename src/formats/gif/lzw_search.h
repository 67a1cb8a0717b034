/* SPDX-License-Identifier: MIT */
/* Where to clear, and which parse to use in between, by dynamic programming. */
#ifndef GIFLOW_FORMATS_GIF_LZW_SEARCH_H
#define GIFLOW_FORMATS_GIF_LZW_SEARCH_H

#include "formats/gif/lzw_parse.h"

/*
 * After a clear nothing of what was before matters, so the fewest bits up to a clear at pixel p,
 * best[p], lead to all that follows. From each place allowed, in order, a parse runs with a fresh
 * table and lowers best[] at the places that it comes by: a phrase may be cut there, as all that a
 * string begins with is a string. It ends where its table is full and others are far ahead.
 *
 * Not every pixel can be a place. The first search has a coarse grid, and each further one has
 * places near the clears that the one before found, closer and closer.
 */
#define LZW_PLACES 1024

struct lzw_node {
    uint32_t place;  /* a pixel of the view */
    uint16_t from;   /* node of the clear before */
    uint8_t style;   /* of the parse in between */
    uint16_t styles; /* to run from here, a mask */
    uint64_t best;
};

struct lzw_search {
    const struct lzw_codes *codes;
    const struct lzw_view *view;
    const struct lzw_parser *carry; /* what view begins with if not with a fresh table; or NULL */
    uint32_t nodes;
    struct lzw_node node[LZW_PLACES]; /* by place; the first is 0 */
    struct lzw_parser parser;
    uint16_t list[4096];
};

/* Runs from every place, in the styles of its mask. */
void lzw_search_run(struct lzw_search *s);
/* Leaves only the clears of the best way, node 0 and the last. */
void lzw_search_keep_path(struct lzw_search *s);
/* For each part of the path, the best style of the mask. */
void lzw_search_styles(struct lzw_search *s, uint32_t style_mask);
/* Adds places beside those of the path, up to `around` on each side, step pixels apart. */
void lzw_search_refine(struct lzw_search *s, uint32_t step, uint32_t around);

#endif
