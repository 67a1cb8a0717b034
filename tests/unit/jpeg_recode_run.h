/* SPDX-License-Identifier: MIT */
/* What the tests of recoding share: steps, and a run in memory. */
#ifndef GIFLOW_TESTS_JPEG_RECODE_RUN_H
#define GIFLOW_TESTS_JPEG_RECODE_RUN_H

#include "jpeg_reference.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define TURN(n)                              \
    {                                        \
        .kind = RECODE_TURN, .quarters = (n) \
    }
#define FLIP_H                         \
    {                                  \
        .kind = RECODE_FLIP_HORIZONTAL \
    }
#define FLIP_V                       \
    {                                \
        .kind = RECODE_FLIP_VERTICAL \
    }
#define TRANSPOSE                \
    {                            \
        .kind = RECODE_TRANSPOSE \
    }
#define CROP(w, h, x_, y_)                                                     \
    {                                                                          \
        .kind = RECODE_CROP, .width = (w), .height = (h), .x = (x_), .y = (y_) \
    }

/* Runs recode; what was written. fd < 0: from memory. */
static inline enum status run(struct context *cx, const struct blob *b, int fd, struct recode *q,
                              struct metadata *m, struct blob *out)
{
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct decoder *d = NULL;
    enum status st =
        fd < 0 ? source_open_memory(cx, b->data, b->bytes, &src) : source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_memory(cx, &sink);
    if (st == ST_OK)
        st = decoder_open(cx, src, m, &d);
    if (st == ST_OK)
        st = d->format->recode(d, q, sink);
    if (sink != NULL)
        *out = blob_of_sink(sink);
    decoder_close(d);
    sink_close(sink);
    source_close(src);
    if (m != NULL)
        metadata_clear(cx, m);
    return st;
}

#endif
