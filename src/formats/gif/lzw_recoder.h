/* SPDX-License-Identifier: MIT */
/* The state of coding again: pixels, what is parsed of them, the dictionary. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RECODER_H
#define GIFLOW_FORMATS_GIF_LZW_RECODER_H

#include "formats/gif/lzw_filter.h"
#include "formats/gif/lzw_free_match.h"
#include "formats/gif/lzw_recode.h"
#include "formats/gif/lzw_reread.h"
#include "formats/gif/lzw_runs.h"

#define LZW_RECODE_ROOM (LZW_RECODE_PIXELS + LZW_TABLE_END)

/* What pixels of two indices take. */
struct lzw_free_pixels {
    struct lzw_free_match match[LZW_MATCHES];
    uint32_t hash[LZW_TABLE_END]; /* of strings, as the filter has them */
    uint8_t other[LZW_RECODE_ROOM];
};

struct lzw_recoder {
    struct context *cx;
    struct lzw_bits bits;
    const struct lzw_outlook *outlooks;
    size_t outlooks_n;
    struct lzw_outlook outlook; /* of the present parse */
    bool noisy;
    uint32_t next;   /* the code to be made */
    size_t at, n;    /* in pixels[]: what is parsed, what there is */
    size_t row_end;  /* of the row that pixels[at] is in; NO_ROWS: phrases go beyond it */
    uint32_t in_row; /* place of pixels[0] in its row */
    uint32_t row_width;
    uint32_t place; /* of pixels[0] among all that were ever there, so that matches stay apart */
    uint32_t listed;
    uint16_t *list; /* codes of the present parse: into lists */
    uint16_t lists[2][LZW_RECODE_CODES];
    struct lzw_match match[LZW_MATCHES]; /* by place */
    struct lzw_dict dict;
    struct lzw_runs runs;
    struct lzw_filter filter; /* of strings that come from pixels[] */
    struct lzw_reread reread;
    const struct lzw_freedom *freedom; /* NULL: pixels are what they are */
    struct lzw_free_pixels *free;      /* NULL until there is freedom */
    /* With it a phrase's string waits for the next phrase, whose first pixel it ends in: */
    bool waits;
    uint32_t last, last_first, last_length; /* the phrase's code, first pixel and length */
    uint8_t pixels[LZW_RECODE_ROOM];        /* of free ones what is suggested */
};

/* The next phrase: its length; *code. The string that waits may be made for it. */
uint32_t lzw_recode_phrase(struct lzw_recoder *z, uint32_t *code);

#endif
