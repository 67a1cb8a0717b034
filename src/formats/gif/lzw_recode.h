/* SPDX-License-Identifier: MIT */
/* Coded pixels coded again, in fewer phrases, with their clears where they are. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RECODE_H
#define GIFLOW_FORMATS_GIF_LZW_RECODE_H

#include "base/sink.h"

struct lzw_recoder;

#define LZW_CHAIN_MOST 4
#define LZW_LOOK_MOST 32

/*
 * Which shorter phrases are taken. While the table grows, a phrase that is shorter than it could be
 * loses a string: the one it would make is there already. So it must gain more than the next
 * phrase alone shows, as mostly the greedy parse has caught up a phrase later. From the end of each
 * candidate whose next phrase reaches further, the greedy parse goes on for `chain` phrases, and
 * what is summed up is how much further each of these reaches than the same one after the longest
 * phrase. Which outlook is best depends on the picture.
 */
struct lzw_outlook {
    uint8_t look;  /* shortenings of a phrase that are tried, at most LZW_LOOK_MOST */
    uint8_t chain; /* 1 .. LZW_CHAIN_MOST */
    uint8_t gain;  /* pixels in sum, at least 1 */
    bool rows;     /* no phrase goes beyond the end of a row (see lzw_parse.h) */
};

/*
 * Outlooks are tried one after the other, and fewest codes win. One that has fallen behind the best
 * so far ends early, and so does the search, after so many codes.
 */
struct lzw_outlooks {
    const struct lzw_outlook *outlook; /* as the table grows; a full one has its own */
    size_t n;
    /*
     * Codes that they may take in a segment: the next one is begun while there are fewer. Where
     * codes are saved there are more. LZW_RECODE_ALL: all are tried, each to its end, unless the
     * first three find nothing.
     */
    uint32_t spare;
};
#define LZW_RECODE_ALL UINT32_MAX

/* Memory: fixed, 376 KiB. Errors: ST_NOMEM. */
enum status lzw_recoder_open(struct context *cx, struct lzw_recoder **out) MUST_CHECK;
void lzw_recoder_close(struct lzw_recoder *z); /* z may be NULL */
/* One in memory of the caller's: LZW_RECODER_BYTES, aligned for any type. */
#define LZW_RECODER_BYTES (384u * 1024)
struct lzw_recoder *lzw_recoder_begin(struct context *cx, void *memory);

/*
 * The same pixels, mostly in fewer bytes.
 *
 * What comes from one clear to the next is parsed by the outlooks, and the parse with the fewest
 * codes is taken, or the codes that there were. Where it has more pixels or codes than can be held
 * it is parsed by the first outlook, whatever comes out; so the caller keeps the smaller, unless
 * the picture is known to be small.
 *
 * from       a spool sink, flushed, with the minimum code size and sub-blocks of an encoder of ours
 * row_width  of the picture
 * to         another sink; what it is given is a whole image, as `from` has it
 */
#define LZW_RECODE_PIXELS (128u * 1024)
#define LZW_RECODE_CODES (12u * 1024)
enum status lzw_recode(struct lzw_recoder *z, struct sink *from, uint32_t row_width,
                       const struct lzw_outlooks *outlooks, struct sink *to) MUST_CHECK;

/* What is known of pixels that may have one of two indices. */
struct lzw_freedom {
    uint8_t min_code_size; /* for all these indices */
    /* The next n pixels. In pixels[] they are as `from` has them; they become the index that is
     * suggested, other[] the other one, or the same where there is no choice. */
    enum status (*read)(void *user, uint8_t *pixels, uint8_t *other, size_t n);
    void *user;
};

/*
 * The same by one outlook, which keeps to no rows, where each pixel gets that of its indices by
 * which phrases become longest. Takes twice as long, and 164 KiB of memory from the first call on.
 * Errors: ST_NOMEM, those of read and of the sinks. The caller keeps the smaller.
 */
enum status lzw_recode_freely(struct lzw_recoder *z, struct sink *from, const struct lzw_outlook *o,
                              const struct lzw_freedom *freedom, struct sink *to) MUST_CHECK;

#endif
