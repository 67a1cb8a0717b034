/* SPDX-License-Identifier: MIT */
/* Which pixels of a frame may be transparent or not, for a parse that chooses. */
#ifndef GIFLOW_ANIMATION_FRAME_FREE_H
#define GIFLOW_ANIMATION_FRAME_FREE_H

#include "animation/frame_plans.h"
#include "formats/gif/lzw_recode.h"

/* A frame that has been coded, about to be coded again. */
struct frame_free {
    const struct frame_source *source;
    struct way way; /* of what will be coded */
    int coded_transparent;
    uint32_t x, y;              /* of the next pixel, in the frame */
    struct lzw_freedom freedom; /* for lzw_recode_freely */
};

/*
 * local              the palette is the frame's own, as it was
 * flag               as indexing_way's
 * coded_transparent  the transparent index in what has been coded; -1: none
 * coded_size         its code size
 * False: no pixel is free, or the palette has no room for transparency. The source's lines are in
 * use until the pixels have been read.
 */
bool frame_free_begin(struct frame_free *f, const struct frame_source *s, bool local, bool flag,
                      int coded_transparent, unsigned coded_size);

#endif
