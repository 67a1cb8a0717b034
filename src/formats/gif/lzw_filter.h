/* SPDX-License-Identifier: MIT */
/* Whether pixels are a string of the dictionary, mostly told without a walk through it. */
#ifndef GIFLOW_FORMATS_GIF_LZW_FILTER_H
#define GIFLOW_FORMATS_GIF_LZW_FILTER_H

#include <stddef.h>

#include "formats/gif/lzw_dict.h"

/*
 * A set of strings' hashes, which may say yes in error. The hash of pixels that stand together comes
 * from two others, of all pixels up to their first one and up to their last (Karp and Rabin,
 * "Efficient randomized pattern-matching algorithms", 1987). These are kept for the pixels around
 * the one that is being parsed.
 */
#define LZW_FILTER_BITS 17
#define LZW_FILTER_BASE 0x2c9277b5u   /* odd; the set has the upper bits */
#define LZW_FILTER_NEAR LZW_TABLE_END /* pixels; no string is longer */

struct lzw_filter {
    size_t hashed;                       /* pixels */
    uint32_t begun[2 * LZW_FILTER_NEAR]; /* hash of the pixels before one, the last so many */
    uint32_t power[LZW_FILTER_NEAR];     /* of LZW_FILTER_BASE */
    uint64_t set[(1u << LZW_FILTER_BITS) / 64];
};

static inline void lzw_filter_begin(struct lzw_filter *f)
{
    f->power[0] = 1;
    for (uint32_t i = 1; i < LZW_FILTER_NEAR; i++)
        f->power[i] = f->power[i - 1] * LZW_FILTER_BASE;
}

/* No strings, and no pixels known. */
static inline void lzw_filter_clear(struct lzw_filter *f)
{
    memset(f->set, 0, sizeof f->set);
}

/* Pixels are hashed from now on as if there were none before. */
static inline void lzw_filter_restart(struct lzw_filter *f)
{
    f->hashed = 0;
    f->begun[0] = 0;
}

/* Those before p[to] are known then, as far as they are not too far back. */
static inline void lzw_filter_hash(struct lzw_filter *f, const uint8_t *p, size_t to)
{
    const uint32_t base = LZW_FILTER_BASE, mask = 2 * LZW_FILTER_NEAR - 1;
    size_t i = f->hashed;
    uint32_t hash = f->begun[i & mask];
    for (; i + 2 <= to; i += 2) { /* two at a time, as each sum waits for the one before */
        f->begun[(i + 1) & mask] = hash * base + p[i] + 1;
        hash = hash * (base * base) + ((p[i] + 1) * base + p[i + 1] + 1);
        f->begun[(i + 2) & mask] = hash;
    }
    if (i < to)
        f->begun[(i + 1) & mask] = hash * base + p[i] + 1;
    f->hashed = to;
}

static inline uint32_t lzw_filter_of(const struct lzw_filter *f, size_t from, size_t to)
{
    const uint32_t mask = 2 * LZW_FILTER_NEAR - 1;
    return f->begun[to & mask] - f->begun[from & mask] * f->power[to - from];
}

/* The hash of a string and one pixel more; that of no pixels is 0. */
static inline uint32_t lzw_filter_longer(uint32_t hash, uint32_t pixel)
{
    return hash * LZW_FILTER_BASE + pixel + 1;
}

/* There is a string of this hash. */
static inline void lzw_filter_add_hash(struct lzw_filter *f, uint32_t hash)
{
    uint32_t place = hash >> (32 - LZW_FILTER_BITS);
    f->set[place / 64] |= UINT64_C(1) << place % 64;
}

/* The pixels from p[from] on and before p[to], which are known, are a string. */
static inline void lzw_filter_add(struct lzw_filter *f, size_t from, size_t to)
{
    lzw_filter_add_hash(f, lzw_filter_of(f, from, to));
}

/* False: these are none. p[from] is known; more than can be a string are none. */
static inline bool lzw_filter_may(const struct lzw_filter *f, size_t from, size_t to)
{
    if (to - from >= LZW_FILTER_NEAR)
        return false;
    if (to > f->hashed)
        return true;
    uint32_t place = lzw_filter_of(f, from, to) >> (32 - LZW_FILTER_BITS);
    return f->set[place / 64] >> place % 64 & 1;
}

#endif
