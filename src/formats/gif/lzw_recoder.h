/* SPDX-License-Identifier: MIT */
/* The state of coding again: pixels, what is parsed of them, the dictionary. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RECODER_H
#define GIFLOW_FORMATS_GIF_LZW_RECODER_H

#include "formats/gif/lzw_filter.h"
#include "formats/gif/lzw_free_match.h"
#include "formats/gif/lzw_recode.h"
#include "formats/gif/lzw_reread.h"
#include "formats/gif/lzw_runs.h"

#define LZW_RECODE_ROOM (LZW_RECODE_PIXELS + LZW_REREAD_ROOM)

#define LZW_STRETCH 256 /* codes */

/* A parse: its codes, and the pixels at which further LZW_STRETCH of them are complete. */
struct lzw_parsed {
    uint32_t end[LZW_RECODE_CODES / LZW_STRETCH];
    uint16_t code[LZW_RECODE_CODES];
};

/* What pixels of two indices take. */
struct lzw_free_pixels {
    struct lzw_free_match match[LZW_MATCHES];
    uint8_t other[LZW_RECODE_ROOM];
};

/* The dictionary comes first: the memory may be the race's, where another one has been. */
struct lzw_recoder {
    struct lzw_dict dict;
    struct lzw_runs runs;
    struct lzw_filter filter;
    struct lzw_match match[LZW_MATCHES]; /* by place */
    struct context *cx;
    struct lzw_bits bits;
    struct lzw_outlooks outlooks;
    struct lzw_outlook outlook; /* of the present parse */
    bool noisy;
    uint32_t next;   /* the code to be made */
    size_t at, n;    /* in pixels[]: what is parsed, what there is */
    size_t row_end;  /* of the row that pixels[at] is in; NO_ROWS: phrases go beyond it */
    uint32_t in_row; /* place of pixels[0] in its row */
    uint32_t row_width;
    uint32_t place; /* of pixels[0] among all that were ever there, so that matches stay apart */
    uint32_t listed;
    uint16_t *list;              /* codes of the present parse: into one of these */
    struct lzw_parsed parsed[2]; /* that parse, and the best one */
    struct lzw_reread reread;
    const struct lzw_freedom *freedom; /* NULL: pixels are what they are */
    struct lzw_free_pixels *free;      /* NULL until there is freedom */
    /* With it a phrase's string waits for the next phrase, whose first pixel it ends in: */
    bool waits;
    uint32_t last, last_first, last_length; /* the phrase's code, first pixel and length */
    uint8_t pixels[LZW_RECODE_ROOM];        /* of free ones what is suggested */
};

/* Appends the codes of phrases: up to a pixel, or until there are so many. */
void lzw_recode_parse(struct lzw_recoder *z, size_t end, uint32_t most);

#endif
