/* SPDX-License-Identifier: MIT */
/* Coded pixels coded again, in fewer phrases, with their clears where they are. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RECODE_H
#define GIFLOW_FORMATS_GIF_LZW_RECODE_H

#include "base/sink.h"

struct lzw_recoder;

#define LZW_CHAIN_MOST 4

/*
 * Which shorter phrases are taken. While the table grows, a phrase that is shorter than it could be
 * loses a string: the one it would make is there already. So it must gain more than the next
 * phrase alone shows, as mostly the greedy parse has caught up a phrase later. From the end of each
 * candidate whose next phrase reaches further, the greedy parse goes on for `chain` phrases, and
 * what is summed up is how much further each of these reaches than the same one after the longest
 * phrase. Which outlook is best depends on the picture.
 */
struct lzw_outlook {
    uint8_t look;  /* shortenings of a phrase that are tried */
    uint8_t chain; /* 1 .. LZW_CHAIN_MOST */
    uint8_t gain;  /* pixels in sum, at least 1 */
};

/* Memory: fixed, 384 KiB. Errors: ST_NOMEM. */
enum status lzw_recoder_open(struct context *cx, struct lzw_recoder **out) MUST_CHECK;
void lzw_recoder_close(struct lzw_recoder *z); /* z may be NULL */
/* One in memory of the caller's: LZW_RECODER_BYTES, aligned for any type. */
#define LZW_RECODER_BYTES (376u * 1024)
struct lzw_recoder *lzw_recoder_begin(struct context *cx, void *memory);

/*
 * The same pixels, mostly in fewer bytes; the caller keeps the smaller.
 *
 * from  a spool sink, flushed, with the minimum code size and the sub-blocks of an encoder of ours
 * o     for a growing table; a full one has an outlook of its own
 * to    another one, reset; it is flushed in the end
 */
enum status lzw_recode(struct lzw_recoder *z, struct sink *from, const struct lzw_outlook *o,
                       struct sink *to) MUST_CHECK;

#endif
