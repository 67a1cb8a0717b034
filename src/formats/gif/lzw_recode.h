/* SPDX-License-Identifier: MIT */
/* Coded pixels coded again, in fewer phrases, with their clears where they are. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RECODE_H
#define GIFLOW_FORMATS_GIF_LZW_RECODE_H

#include "base/sink.h"

struct lzw_recoder;

/* Memory: fixed, 384 KiB. Errors: ST_NOMEM. */
enum status lzw_recoder_open(struct context *cx, struct lzw_recoder **out) MUST_CHECK;
void lzw_recoder_close(struct lzw_recoder *z); /* z may be NULL */

/*
 * The same pixels, mostly in fewer bytes; the caller keeps the smaller.
 *
 * from  a spool sink, flushed, with the minimum code size and the sub-blocks of an encoder of ours
 * look  shortenings of a phrase that are tried: 8 gives nearly all that there is
 * to    another one, reset; it is flushed in the end
 */
enum status lzw_recode(struct lzw_recoder *z, struct sink *from, uint32_t look,
                       struct sink *to) MUST_CHECK;

#endif
