/* SPDX-License-Identifier: MIT */
/* What the levels of the LZW encoder have in common. */
#ifndef GIFLOW_FORMATS_GIF_LZW_METHOD_H
#define GIFLOW_FORMATS_GIF_LZW_METHOD_H

#include "formats/gif/lzw_bits.h"
#include "formats/gif/lzw_encode.h"

/* One way to cut pixels into phrases and to place clears. */
struct lzw_method {
    size_t bytes; /* of a state that begins with struct lzw_encoder; zeroed at first */
    bool whole;   /* made of other encoders, which write the beginning and the end code, too */
    size_t piece; /* pixels that write gets at a time, at most; 0: any number */
    void (*start)(struct lzw_encoder *z);
    enum status (*write)(struct lzw_encoder *z, const uint8_t *indices, size_t n);
    enum status (*finish)(struct lzw_encoder *z); /* everything but the end code */
    void (*close)(struct lzw_encoder *z);         /* what it took beyond its state; may be NULL */
};

struct lzw_encoder {
    const struct lzw_method *method;
    struct context *cx;
    uint32_t row_width;
    unsigned level;
    bool frames;                     /* see lzw_encoder_open_frames */
    const struct lzw_colors *colors; /* of a lossy method */
    struct lzw_bits bits;
};

extern const struct lzw_method lzw_greedy; /* level 0 */
extern const struct lzw_method lzw_race;   /* level 1 of frames */
extern const struct lzw_method lzw_small;  /* level 1: the race, and more for small pictures */
extern const struct lzw_method lzw_window;
extern const struct lzw_method lzw_lossy;
extern const struct lzw_method lzw_least; /* the less of two, at levels 2 and 3; and where lossy */

/* The method of a level without changes. */
const struct lzw_method *lzw_method(unsigned level, bool frames);

/* the most that a state has which is part of another one */
#define LZW_RACE_BYTES (384u * 1024)

/* *kept, which is NULL at first, becomes an empty sink for coded pixels. */
enum status lzw_keep(struct context *cx, struct sink **kept) MUST_CHECK;
/* Begins one of this method as a part of another one, in whose state it is; it writes to *kept. */
enum status lzw_encoder_begin_part(const struct lzw_encoder *whole, const struct lzw_method *method,
                                   struct lzw_encoder *part, struct sink **kept) MUST_CHECK;

#endif
