/* SPDX-License-Identifier: MIT */
/* A frame's pixels coded again, by parses that look ahead, where that is likely to pay. */
#ifndef GIFLOW_ANIMATION_FRAME_AGAIN_H
#define GIFLOW_ANIMATION_FRAME_AGAIN_H

#include "animation/frame_free.h"
#include "formats/format.h"

/* Bytes that were coded again, and how many fewer they are. */
struct again_record {
    uint64_t bytes, saved;
};

/* Zeroed at first. */
struct frame_again {
    unsigned effort;
    struct lzw_recoder *recoder; /* NULL at effort 1 */
    struct again_record plain, freely;
};

enum status frame_again_open(struct context *cx, unsigned effort, struct frame_again *a) MUST_CHECK;
void frame_again_close(struct frame_again *a);

/* The same pixels. *done: they are in `to`, which is reset first; mostly in fewer bytes. */
enum status frame_again_code(struct frame_again *a, const struct delta *d, struct sink *from,
                             struct sink *to, bool *done) MUST_CHECK;
/*
 * Pixels that may be transparent become so or not as it suits the parse. f: the frame as `from` has
 * it; flag as indexing_way's; *way, where it is done, that of the pixels in `to`.
 */
enum status frame_again_freely(struct frame_again *a, const struct frame_source *s,
                               const struct frame *f, bool flag, struct sink *from, struct sink *to,
                               struct way *way, bool *done) MUST_CHECK;

#endif
