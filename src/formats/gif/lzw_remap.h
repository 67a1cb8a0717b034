/* SPDX-License-Identifier: MIT */
/* Coded pixels with other indices: the phrases stay, so nothing is searched for. */
#ifndef GIFLOW_FORMATS_GIF_LZW_REMAP_H
#define GIFLOW_FORMATS_GIF_LZW_REMAP_H

#include "base/sink.h"
#include "base/source.h"
#include "formats/gif/lzw_unpack.h"

/*
 * A code stands for an index or for a phrase, and which phrase that is does not depend on what the
 * indices are. So a picture's indices are exchanged in its codes for single ones, and with another
 * code size all others move by the difference.
 *
 * Coded pixels of anybody are read, but only as encoders should write them: from a clear to an end
 * code, each pixel once. Others are told apart and are to be left alone.
 */
struct lzw_remap {
    struct source *from;
    uint64_t begin, pixels; /* of the coded pixels at hand */
    uint64_t seen;          /* pixels */
    uint16_t length[LZW_TABLE_END];
    struct lzw_unpack unpack;
};

/*
 * Looks through the coded pixels at a place of a source for which source_can_pread is true, and
 * which outlives this. used[]: the indices that there are. *good: lzw_remap_write can be used;
 * false also where there are other than `pixels` of them. Errors: those of the source.
 */
enum status lzw_remap_look(struct lzw_remap *r, struct source *from, uint64_t at, uint64_t pixels,
                           bool used[static 256], bool *good) MUST_CHECK;

/*
 * Writes them again with map[i] in place of i, for a code size that all of these fit, in no more
 * bytes where that is not larger than theirs. *good is false, and what is in `to` of no use, where
 * a larger one leaves no room for a phrase.
 */
enum status lzw_remap_write(struct lzw_remap *r, const uint8_t map[static 256],
                            unsigned min_code_size, struct sink *to, bool *good) MUST_CHECK;

#endif
