/* SPDX-License-Identifier: MIT */
/* GIF LZW decoding: sub-blocks in, indices out. */
#ifndef GIFLOW_FORMATS_GIF_LZW_DECODE_H
#define GIFLOW_FORMATS_GIF_LZW_DECODE_H

#include "base/context.h"

struct lzw_decoder;

/*
 * Where the sub-blocks come from: *bytes of 1 .. 255, or 0 at the block terminator. The data is
 * good until the next call. After the terminator or an error it is not called again.
 */
typedef enum status lzw_block_fn(void *user, const uint8_t **data, size_t *bytes);

/* Memory: fixed, at most 90 KiB. Errors: ST_NOMEM. */
enum status lzw_decoder_open(struct context *cx, struct lzw_decoder **out) MUST_CHECK;
void lzw_decoder_close(struct lzw_decoder *z); /* z may be NULL */

/*
 * Begins an image of pixels indices.
 *
 * min_code_size  1 .. 8: the byte before the first sub-block. The specification begins at 2, but
 *                files with 1 exist and have one possible meaning.
 */
void lzw_decoder_start(struct lzw_decoder *z, unsigned min_code_size, uint64_t pixels,
                       lzw_block_fn *block, void *user);

/*
 * The next n indices, n at most what is left of the image.
 *
 * Damaged data: a code that no decoder could know, an end code or the block terminator before the
 * last pixel, or an error of block. *got says how many indices came before it, the rest of out is
 * untouched, and the same status comes again on every later call. What follows the last pixel
 * is not looked at: the image is complete.
 *
 * Errors: ST_DAMAGED with *why (not yet recorded: the caller knows the place), and what block
 * gives. Source: GIF89a specification, appendix F
 */
enum status lzw_decode(struct lzw_decoder *z, uint8_t *out, size_t n, size_t *got,
                       const char **why) MUST_CHECK;

#endif
