/* SPDX-License-Identifier: MIT */
/* Which index to write where a pixel may have either its own or the transparent one. */
#ifndef GIFLOW_FORMATS_GIF_LZW_SETS_H
#define GIFLOW_FORMATS_GIF_LZW_SETS_H

#include "base/context.h"

/*
 * A pixel of an animation that is on the screen already may be coded by its own index or as
 * transparent: it is a set of two. A run of such pixels fits many strings of the dictionary. All
 * of them are followed side by side, and the longest is taken. What comes out is one index for
 * each pixel, in which a greedy encoder finds exactly these strings.
 *
 * Of strings that reach equally far the one is taken that is most like a suggestion, so that equal
 * places of the picture are written in equal ways and come to share their strings.
 */
struct lzw_sets;

/* Takes indices that are chosen, in order. */
typedef enum status lzw_sets_fn(void *user, const uint8_t *indices, size_t n);

/* Memory: fixed at this call, 90 KiB. */
enum status lzw_sets_open(struct context *cx, struct lzw_sets **out) MUST_CHECK;
void lzw_sets_close(struct lzw_sets *s); /* s may be NULL */

/* Begins an image: code size of its encoder, the index that free pixels may have instead. */
void lzw_sets_begin(struct lzw_sets *s, unsigned min_code_size, uint8_t transparent,
                    lzw_sets_fn *take, void *user);
/* The next n pixels: their own indices, whether free (not 0), and what is suggested for them. */
enum status lzw_sets_write(struct lzw_sets *s, const uint8_t *own, const uint8_t *may_hide,
                           const uint8_t *suggested, size_t n) MUST_CHECK;
/* Hands out the rest. */
enum status lzw_sets_finish(struct lzw_sets *s) MUST_CHECK;

#endif
