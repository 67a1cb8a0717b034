/* SPDX-License-Identifier: MIT */
/* Whether pixels are a string of the dictionary, mostly told without a walk through it. */
#ifndef GIFLOW_FORMATS_GIF_LZW_FILTER_H
#define GIFLOW_FORMATS_GIF_LZW_FILTER_H

#include "formats/gif/lzw_dict.h"

/*
 * A set of strings' hashes, which may say yes in error. A hash is a polynomial in its pixels (Karp
 * and Rabin, "Efficient randomized pattern-matching algorithms", 1987), so that of a string and one
 * pixel more, behind it or before it, comes from that of the string, which is kept for each code.
 */
#define LZW_FILTER_BITS 17
#define LZW_FILTER_BASE 0x2c9277b5u /* odd; the set has the upper bits */

/* The hash of a string, and the base to the power of its length. */
struct lzw_hashed {
    uint32_t hash, power;
};

struct lzw_filter {
    struct lzw_hashed string[LZW_TABLE_END]; /* by code */
    uint64_t set[(1u << LZW_FILTER_BITS) / 64];
};

/* What has no pixels. */
static inline struct lzw_hashed lzw_hashed_none(void)
{
    return (struct lzw_hashed){0, 1};
}

/* A string and a pixel behind it. */
static inline struct lzw_hashed lzw_hashed_longer(struct lzw_hashed s, uint32_t pixel)
{
    return (struct lzw_hashed){s.hash * LZW_FILTER_BASE + pixel + 1, s.power * LZW_FILTER_BASE};
}

/* A string and a pixel before it. */
static inline struct lzw_hashed lzw_hashed_earlier(struct lzw_hashed s, uint32_t pixel)
{
    return (struct lzw_hashed){s.hash + (pixel + 1) * s.power, s.power * LZW_FILTER_BASE};
}

/* No strings but the colors, which are the codes below `colors`. */
static inline void lzw_filter_clear(struct lzw_filter *f, uint32_t colors)
{
    memset(f->set, 0, sizeof f->set);
    for (uint32_t color = 0; color < colors; color++)
        f->string[color] = lzw_hashed_longer(lzw_hashed_none(), color);
}

/* The code stands for the string of the code `prefix` and a pixel behind it. */
static inline void lzw_filter_add(struct lzw_filter *f, uint32_t code, uint32_t prefix,
                                  uint32_t pixel)
{
    struct lzw_hashed s = lzw_hashed_longer(f->string[prefix], pixel);
    uint32_t place = s.hash >> (32 - LZW_FILTER_BITS);
    f->string[code] = s;
    f->set[place / 64] |= UINT64_C(1) << place % 64;
}

/* 0: there is no string of more than one pixel that has this hash, else 1. */
static inline uint32_t lzw_filter_may(const struct lzw_filter *f, uint32_t hash)
{
    uint32_t place = hash >> (32 - LZW_FILTER_BITS);
    return f->set[place / 64] >> place % 64 & 1;
}

#endif
