/* SPDX-License-Identifier: MIT */
/* Coded pixels of our own read again, with the places where they clear. */
#ifndef GIFLOW_FORMATS_GIF_LZW_REREAD_H
#define GIFLOW_FORMATS_GIF_LZW_REREAD_H

#include "base/sink.h"
#include "formats/gif/lzw_unpack.h"

/*
 * What comes from one clear to the next is a segment. Its strings are kept in steps of eight
 * pixels: of each the last one to eight, and the code of the string that comes before these.
 */
#define LZW_REREAD_STEP 8

struct lzw_reread {
    struct context *cx;
    uint64_t pixels; /* of the segment that was read last, */
    uint64_t read;   /* and its codes */
    uint16_t *list;  /* which come here, too, the first `room` of them: up to the caller */
    uint32_t room;
    uint64_t tail[LZW_TABLE_END]; /* the first of these pixels lowest */
    uint16_t before[LZW_TABLE_END];
    uint16_t length[LZW_TABLE_END]; /* of the string */
    uint8_t first[LZW_TABLE_END];   /* pixel of it */
    struct lzw_unpack unpack;
};

enum lzw_reread_end { LZW_REREAD_GOES_ON, LZW_REREAD_CLEAR, LZW_REREAD_END };

/* from: a spool sink, flushed, with the minimum code size and the sub-blocks of an encoder. */
enum status lzw_reread_begin(struct context *cx, struct lzw_reread *r,
                             struct sink *from) MUST_CHECK;
/*
 * The next pixels of a segment: as many as there are, while there is room for LZW_REREAD_ROOM more.
 * *end: whether the segment ended, in a clear or with the image.
 */
#define LZW_REREAD_ROOM (LZW_TABLE_END + LZW_REREAD_STEP)
enum status lzw_reread_pixels(struct lzw_reread *r, uint8_t *out, size_t room, size_t *n,
                              enum lzw_reread_end *end) MUST_CHECK;

#endif
