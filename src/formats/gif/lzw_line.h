/* SPDX-License-Identifier: MIT */
/* One way to code the pixels so far, of which not all has been written yet. */
#ifndef GIFLOW_FORMATS_GIF_LZW_LINE_H
#define GIFLOW_FORMATS_GIF_LZW_LINE_H

#include "formats/gif/lzw_walker.h"

/*
 * A line's codes that are not written yet are, in this order,
 *
 *     before[]   codes and clears up to the line's last clear,
 *     its own    codes since then: first those that made strings, which the dictionary lists,
 *                then those sent with a full table, in after[].
 *
 * The pixels may end inside a string, whose code is then still open.
 */
#define LZW_LINE_BEFORE (12u * 1024)
#define LZW_LINE_AFTER (12u * 1024)

struct lzw_line {
    uint64_t bits_before; /* of the whole picture up to the last clear */
    uint32_t own;         /* codes complete since then */
    uint64_t pixels;      /* since then */
    uint32_t own_written;
    uint32_t before_at, before_end; /* what of before[] is not written */
    uint32_t after_first;           /* after[0] is the own code of this number */
    struct lzw_walker walker;
    uint16_t before[LZW_LINE_BEFORE];
    uint16_t after[LZW_LINE_AFTER];
};

/* The first line of a picture. bits: what has been written, the clear included. */
void lzw_line_begin(struct lzw_line *l, const struct lzw_codes *c, uint64_t bits);
/*
 * Makes `to` the line that begins with all of `from` but the last pixel, and then clears. There is
 * one pixel at least. False: from holds too much that is not written.
 */
bool lzw_line_fork(struct lzw_line *from, struct lzw_line *to, const struct lzw_codes *c);

/* Codes the pixels; with stop it ends where the table is full. Returns how far it came. */
const uint8_t *lzw_line_advance(struct lzw_line *l, const uint8_t *p, const uint8_t *end,
                                bool stop);
/* The table, full at LZW_GREEDY_END, grows to its real end if it has not been used since. */
void lzw_line_use_all_codes(struct lzw_line *l);
/* True where n more pixels may overflow after[]. */
bool lzw_line_crowded(const struct lzw_line *l, size_t n);
/* Bits of the picture if all pixels so far were coded this way, without what comes next. */
uint64_t lzw_line_bits(const struct lzw_line *l, const struct lzw_codes *c);
/* The same without the last pixel. */
uint64_t lzw_line_bits_closed(struct lzw_line *l, const struct lzw_codes *c);

/* Complete codes that are not written, clears included. */
uint32_t lzw_line_unwritten(const struct lzw_line *l);
/* The first n of these are written elsewhere, as they are the same in another line. */
void lzw_line_skip(struct lzw_line *l, uint32_t n);
enum status lzw_line_put(struct lzw_line *l, uint32_t n, struct lzw_bits *to) MUST_CHECK;
/* All codes, and the open one. */
enum status lzw_line_finish(struct lzw_line *l, struct lzw_bits *to) MUST_CHECK;

#endif
