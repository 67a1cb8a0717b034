/* SPDX-License-Identifier: MIT */
/* What the levels of the LZW encoder have in common. */
#ifndef GIFLOW_FORMATS_GIF_LZW_METHOD_H
#define GIFLOW_FORMATS_GIF_LZW_METHOD_H

#include "formats/gif/lzw_bits.h"
#include "formats/gif/lzw_encode.h"

/* One way to cut pixels into phrases and to place clears. */
struct lzw_method {
    size_t bytes; /* of a state that begins with struct lzw_encoder */
    void (*start)(struct lzw_encoder *z);
    enum status (*write)(struct lzw_encoder *z, const uint8_t *indices, size_t n);
    enum status (*finish)(struct lzw_encoder *z); /* everything but the end code */
};

struct lzw_encoder {
    const struct lzw_method *method;
    struct context *cx;
    uint32_t row_width;
    unsigned level;
    const struct lzw_colors *colors; /* of a lossy method */
    struct lzw_bits bits;
};

extern const struct lzw_method lzw_greedy; /* level 0 */
extern const struct lzw_method lzw_race;   /* level 1 */
extern const struct lzw_method lzw_window; /* levels 2 and 3 */
extern const struct lzw_method lzw_lossy;

#define LZW_RACE_BYTES (400u * 1024) /* the race's state at most; it runs inside of windows, too */

#endif
