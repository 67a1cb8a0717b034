/* SPDX-License-Identifier: MIT */
/* GIF LZW encoding: indices in, minimum code size byte and sub-blocks out. */
#ifndef GIFLOW_FORMATS_GIF_LZW_ENCODE_H
#define GIFLOW_FORMATS_GIF_LZW_ENCODE_H

#include "base/sink.h"

struct lzw_encoder;
struct lzw_colors;

/*
 * min_code_size  2 .. 8; every index is below 1 << min_code_size
 * row_width      pixels of a row, for parses that care where rows end
 * level          0: greedy, clear when the table is full
 *                1: clears where they pay, found by coding side by side with and without; what
 *                   comes out for a small picture is parsed again
 *                2: clears and parses searched in windows of many thousand codes
 *                3: the same, at great length
 *                more: as 3. The bits of a level are never more than those of the one below.
 * Memory         whatever the picture: 80 KiB, 512 KiB, and from level 2 on 4 MiB; those keep coded
 *                bytes in temporary files, too. Where these are limited, long pictures are coded
 *                without, and bits may then, rarely, be more than those of level 1.
 * Source         GIF89a specification, appendix F
 */
enum status lzw_encoder_open(struct context *cx, struct sink *sink, unsigned min_code_size,
                             uint32_t row_width, unsigned level,
                             struct lzw_encoder **out) MUST_CHECK;
/*
 * The same for frames of a moving picture: what level 1 does for small pictures would take most of
 * the time there, and its bits may be more.
 */
enum status lzw_encoder_open_frames(struct context *cx, struct sink *sink, unsigned min_code_size,
                                    uint32_t row_width, unsigned level,
                                    struct lzw_encoder **out) MUST_CHECK;
/*
 * For frames again, those of small files: clears are searched for, and strings tried out, at a
 * small part of level 2's length. Memory: 3 MiB, of which small frames touch less than 1.
 */
enum status lzw_encoder_open_searched(struct context *cx, struct sink *sink, unsigned min_code_size,
                                      uint32_t row_width, struct lzw_encoder **out) MUST_CHECK;
/*
 * An encoder that may change pixels: see lzw_lossy.c. The colors outlive it, and may be others for
 * each image. Memory: 240 KiB.
 */
enum status lzw_encoder_open_lossy(struct context *cx, struct sink *sink, unsigned min_code_size,
                                   const struct lzw_colors *colors,
                                   struct lzw_encoder **out) MUST_CHECK;
/*
 * Such a one beside the encoder of a level that changes nothing, of frames or not: the fewer bytes
 * are written. Memory: that of both, and temporary files.
 */
enum status lzw_encoder_open_lossy_least(struct context *cx, struct sink *sink,
                                         unsigned min_code_size, uint32_t row_width, unsigned level,
                                         bool frames, const struct lzw_colors *colors,
                                         struct lzw_encoder **out) MUST_CHECK;
/* Begins another image with the same level, the one before being finished or given up. */
enum status lzw_encoder_restart(struct lzw_encoder *z, struct sink *sink, unsigned min_code_size,
                                uint32_t row_width) MUST_CHECK;
void lzw_encoder_close(struct lzw_encoder *z); /* frees, writes nothing; z may be NULL */

/* The next n indices, any n: how they are cut changes nothing. Errors: ST_IO of the sink. */
enum status lzw_encoder_write(struct lzw_encoder *z, const uint8_t *indices, size_t n) MUST_CHECK;
/* The end code and the block terminator. */
enum status lzw_encoder_finish(struct lzw_encoder *z) MUST_CHECK;

#endif
