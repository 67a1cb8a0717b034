/* SPDX-License-Identifier: MIT */
/* The greedy parse: walks pixels through a dictionary that grows, or through a full one. */
#ifndef GIFLOW_FORMATS_GIF_LZW_WALKER_H
#define GIFLOW_FORMATS_GIF_LZW_WALKER_H

#include "formats/gif/lzw_runs.h"

/*
 * Always the longest string known. Every phrase that ends while the table has room makes a new
 * string, so the codes so far are dict.prefix[first .. next).
 *
 * Looking for runs costs photographs time, so it is done only after phrases that were long,
 * measured a segment of codes at a time.
 */
struct lzw_walker {
    uint32_t prefix; /* code of the string that is being extended; LZW_NO_CODE: none yet */
    uint32_t first, next, table_end; /* codes for new strings; the table is full at table_end */
    bool jump;
    uint32_t segment_codes; /* still to come */
    uint64_t segment_pixels;
    struct lzw_runs runs; /* kept while jump */
    struct lzw_dict dict;
};

#define LZW_NO_CODE UINT32_MAX

/* An empty dictionary; the first pixel is still to come. jump: what to begin with. */
void lzw_walker_clear(struct lzw_walker *w, uint32_t first, uint32_t table_end, bool jump);
/* The same, where the dictionary is empty already. */
void lzw_walker_begin(struct lzw_walker *w, uint32_t first, uint32_t table_end, bool jump);

/* Forgets the string that is being extended, as pixels may be others, and runs of colors. */
void lzw_walker_rest(struct lzw_walker *w);

/* Goes on from p until the table is full or the pixels end, and returns how far it came. */
const uint8_t *lzw_walker_grow(struct lzw_walker *w, const uint8_t *p, const uint8_t *end);
/* Goes to the end with the table as it is; list has room for end - p codes. Returns how many. */
uint32_t lzw_walker_follow(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                           uint16_t *list);
/* The same by the parse of lzw_flexible.h, mostly in fewer codes. */
uint32_t lzw_walker_follow_flexibly(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                    uint16_t *list);
/* The code of the pixels since the last code, LZW_NO_CODE if there are none. */
uint32_t lzw_walker_string(struct lzw_walker *w);

/* True where there are such pixels. */
static inline bool lzw_walker_open(const struct lzw_walker *w)
{
    return w->prefix != LZW_NO_CODE;
}

static inline bool lzw_walker_full(const struct lzw_walker *w)
{
    return w->next == w->table_end;
}

#endif
