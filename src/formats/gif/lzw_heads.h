/* SPDX-License-Identifier: MIT */
/* How long strings are at most, told by the pixels that they begin with. */
#ifndef GIFLOW_FORMATS_GIF_LZW_HEADS_H
#define GIFLOW_FORMATS_GIF_LZW_HEADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A parse that looks ahead asks for the longest string at several pixels, but only one that is
 * longer than some length is of use to it. Mostly no string that begins like the pixels there is
 * so long, which this table tells without a walk through the dictionary. It is one of upper
 * bounds: heads of equal hash share one, and a string that goes away leaves its length.
 */
#define LZW_HEAD 6      /* pixels; of shorter strings nothing is told */
#define LZW_HEAD_READ 8 /* that can be read: where less is left, nothing is told either */
#define LZW_HEADS_BITS 12

struct lzw_heads {
    uint16_t most[1u << LZW_HEADS_BITS];
};

/* Of an empty dictionary. */
static inline void lzw_heads_clear(struct lzw_heads *h)
{
    memset(h->most, 0, sizeof h->most);
}

/* Of a dictionary with strings that are not known here. */
static inline void lzw_heads_unknown(struct lzw_heads *h)
{
    memset(h->most, 0xff, sizeof h->most);
}

static inline uint32_t lzw_head(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    x <<= 8 * (LZW_HEAD_READ - LZW_HEAD);
#else
    x >>= 8 * (LZW_HEAD_READ - LZW_HEAD);
#endif
    return (uint32_t)(x * 0x9e3779b97f4a7c15u >> (64 - LZW_HEADS_BITS));
}

/* So many pixels from p on are a new string; they can be read up to `end`. */
static inline void lzw_heads_add(struct lzw_heads *h, const uint8_t *p, const uint8_t *end,
                                 size_t length)
{
    if (length < LZW_HEAD || end - p < LZW_HEAD_READ)
        return;
    uint16_t *most = &h->most[lzw_head(p)];
    if (*most < length)
        *most = (uint16_t)length;
}

/*
 * False: no string begins with so many pixels from p on. Strings were added from pixels before p,
 * up to the same end.
 */
static inline bool lzw_heads_may(const struct lzw_heads *h, const uint8_t *p, const uint8_t *end,
                                 size_t length)
{
    return length < LZW_HEAD || end - p < LZW_HEAD_READ || h->most[lzw_head(p)] >= length;
}

#endif
