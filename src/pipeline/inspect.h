/* SPDX-License-Identifier: MIT */
/* What a file holds, for --info: read to its end, written nowhere. */
#ifndef GIFLOW_PIPELINE_INSPECT_H
#define GIFLOW_PIPELINE_INSPECT_H

#include "base/spool.h"
#include "formats/format.h"

/* A frame of several. */
struct frame_facts {
    int64_t x, y;
    uint32_t width, height;
    uint32_t delay_cs;
    uint32_t palette_size;
    enum disposal disposal;
    bool local, transparent, interlaced; /* transparent: an entry of its palette is */
    uint64_t bytes;                      /* of its coded pixels; 0: not known */
};

struct inspection {
    const char *format;
    uint32_t width, height;
    enum layout layout;    /* of the first frame */
    uint64_t colors_used;  /* distinct colors of the first frame's pixels */
    bool colors_exact;     /* false: colors_used is a lower bound */
    uint32_t palette_size; /* 0: no palette */
    bool interlaced;       /* or progressive */
    bool transparent;      /* some pixel of the first frame is not opaque */
    bool may_move;
    int loop; /* enum loop or a count */
    uint64_t frames;
    uint64_t bytes;
    struct spool *facts; /* struct frame_facts of every frame, one after the other */
};

/* inspect_close is due after ST_OK. */
enum status inspect(struct context *cx, struct source *src, struct inspection *out) MUST_CHECK;
void inspect_close(struct inspection *i);

#endif
