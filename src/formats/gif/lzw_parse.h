/* SPDX-License-Identifier: MIT */
/* Parses that look ahead: a phrase may be shorter than it could be if the next one gains by it. */
#ifndef GIFLOW_FORMATS_GIF_LZW_PARSE_H
#define GIFLOW_FORMATS_GIF_LZW_PARSE_H

#include "formats/gif/lzw_heads.h"
#include "formats/gif/lzw_match.h"
#include "formats/gif/lzw_walker.h"

/*
 * A decoder does not care which strings an encoder picks. Greedy parsing takes the longest one. A
 * look-ahead of one step takes the one after which two phrases together reach furthest, if that
 * is at least `gain` pixels further. While the table grows this has a price, as greedy phrases
 * make the longer new strings, so which gain is best depends on the picture; with a full table one
 * step is all that is needed for the fewest phrases ("flexible parsing": Horspool, "The effect of
 * non-greedy parsing in Ziv-Lempel compression methods", DCC 1995).
 *
 * With `rows` no phrase goes beyond the end of a row. Rows of screenshots and charts resemble each
 * other, and so do their phrases when each row begins with a new one.
 */
struct lzw_style {
    uint8_t gain;   /* 0: greedy */
    bool full_only; /* greedy until the table is full */
    bool rows;
};

/*
 * Numbers of styles, in the order in which they are tried: of two that come to the same, the
 * first.
 */
enum {
    LZW_STYLE_GREEDY,
    LZW_STYLE_FLEXIBLE, /* a gain of 1, with a full table only */
    LZW_STYLE_ROWS,
    LZW_STYLE_GAIN_4,
    LZW_STYLE_ROWS_GAIN_3,
    LZW_STYLE_ROWS_GAIN_1,
    LZW_STYLE_GAIN_1,
    LZW_STYLE_GAIN_2,
    LZW_STYLE_GAIN_3,
    LZW_STYLE_ROWS_GAIN_2,
    LZW_STYLES
};
extern const struct lzw_style lzw_styles[LZW_STYLES];

/* The pixels that are parsed. */
#define LZW_VIEW_BITS 22
struct lzw_view {
    const uint8_t *pixels;
    size_t n; /* below 1 << LZW_VIEW_BITS */
    uint32_t row_width;
    uint32_t row_at; /* place of pixels[0] in its row */
};

struct lzw_parser {
    const struct lzw_view *view;
    uint32_t look; /* shortenings of a phrase that are tried */
    uint64_t own;  /* codes since the clear */
    size_t at;     /* the pixels before it are parsed */
    size_t row_end;
    /* what is remembered belongs to one parse, or one branch; these have numbers, from 1 on */
    uint32_t parse, branch;    /* 0: no branch is tried */
    uint32_t parses, branches; /* so many have had one */
    struct lzw_match match[LZW_MATCHES], branch_match[LZW_MATCHES];
    struct lzw_heads heads;
    struct lzw_walker walker; /* its dictionary; and all of it for the plain greedy parse */
};

/* An empty dictionary, and the pixels from `at` on. All of *s is zero at first. */
void lzw_parser_begin(struct lzw_parser *s, const struct lzw_codes *c, const struct lzw_view *view,
                      size_t at);
/* The same, with the dictionary as it is, for pixels that may have moved. */
void lzw_parser_go_on(struct lzw_parser *s, const struct lzw_view *view, size_t at);

/* The next phrase: its length, up to limit - at, and code. */
uint32_t lzw_parser_phrase(struct lzw_parser *s, struct lzw_style style, size_t limit,
                           uint32_t *code);
/* Takes it: the dictionary gets its new string. */
void lzw_parser_take(struct lzw_parser *s, uint32_t length, uint32_t code);

/* Strings that a phrase at pixel q may take under the style: the length of the longest. */
uint32_t lzw_parser_longest(struct lzw_parser *s, struct lzw_style style, size_t q);
/* False: at pixel q there is no string of so many pixels. */
bool lzw_parser_may(const struct lzw_parser *s, size_t q, uint32_t length);
/* The code of the first `length` pixels of the next phrase, of which longer ones are known. */
uint32_t lzw_parser_code(struct lzw_parser *s, struct lzw_style style, uint32_t length);

/* Where a branch begins. */
struct lzw_fork {
    uint64_t own;
    size_t at, row_end;
    uint32_t next; /* code of the dictionary */
};

/*
 * Phrases from here on are on trial, up to the return, which takes them back together with their
 * strings. No branch of a branch.
 */
struct lzw_fork lzw_parser_branch(struct lzw_parser *s);
void lzw_parser_return(struct lzw_parser *s, const struct lzw_fork *f);

/* True where the style takes the longest strings as long as the table has room. */
static inline bool lzw_style_fills(struct lzw_style style)
{
    return !style.rows && (style.gain == 0 || style.full_only);
}

/*
 * Takes all phrases of such a style that are complete at pixel `end`, while the table has room.
 * Their codes are the prefixes of the new strings.
 */
void lzw_parser_fill(struct lzw_parser *s, size_t end);

#endif
