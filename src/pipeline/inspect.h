/* SPDX-License-Identifier: MIT */
/* What a file holds, for --info: read to its end, written nowhere. */
#ifndef GIFLOW_PIPELINE_INSPECT_H
#define GIFLOW_PIPELINE_INSPECT_H

#include "formats/format.h"

struct inspection {
    const char *format;
    uint32_t width, height;
    enum layout layout;    /* of the first frame */
    uint64_t colors_used;  /* distinct colors of the first frame's pixels */
    bool colors_exact;     /* false: colors_used is a lower bound */
    uint32_t palette_size; /* 0: no palette */
    bool interlaced;
    bool transparent; /* some pixel of the first frame is not opaque */
    bool may_move;
    int loop; /* enum loop or a count */
    uint64_t frames;
    uint64_t bytes;
};

enum status inspect(struct context *cx, struct source *src, struct inspection *out) MUST_CHECK;

#endif
