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

struct lzw_filter {
    uint32_t power[LZW_TABLE_END]; /* of LZW_FILTER_BASE, as long as strings can be */
    uint32_t hash[LZW_TABLE_END];  /* by code */
    uint64_t set[(1u << LZW_FILTER_BITS) / 64];
};

/* The hash of a string and a pixel behind it; that of no pixels is 0. */
static inline uint32_t lzw_filter_longer(uint32_t hash, uint32_t pixel)
{
    return hash * LZW_FILTER_BASE + pixel + 1;
}

static inline void lzw_filter_begin(struct lzw_filter *f)
{
    f->power[0] = 1;
    for (uint32_t i = 1; i < LZW_TABLE_END; i++)
        f->power[i] = f->power[i - 1] * LZW_FILTER_BASE;
}

/* No strings but the colors, which are the codes below `colors`. */
static inline void lzw_filter_clear(struct lzw_filter *f, uint32_t colors)
{
    memset(f->set, 0, sizeof f->set);
    for (uint32_t color = 0; color < colors; color++)
        f->hash[color] = lzw_filter_longer(0, color);
}

/* The code stands for the string of this hash. */
static inline void lzw_filter_add(struct lzw_filter *f, uint32_t code, uint32_t hash)
{
    uint32_t place = hash >> (32 - LZW_FILTER_BITS);
    f->hash[code] = hash;
    f->set[place / 64] |= UINT64_C(1) << place % 64;
}

/* 0: there is no string of more than one pixel that has this hash, else 1. */
static inline uint32_t lzw_filter_may(const struct lzw_filter *f, uint32_t hash)
{
    uint32_t place = hash >> (32 - LZW_FILTER_BITS);
    return f->set[place / 64] >> place % 64 & 1;
}

#endif
