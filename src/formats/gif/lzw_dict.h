/* SPDX-License-Identifier: MIT */
/* The encoder's dictionary: (code of a string, next pixel) -> code of the longer string. */
#ifndef GIFLOW_FORMATS_GIF_LZW_DICT_H
#define GIFLOW_FORMATS_GIF_LZW_DICT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "formats/gif/lzw_bits.h"

/*
 * An open hash table of codes, 76 KiB in all. What a code stands for is kept beside it, by code:
 * the string prefix[code], extended by pixel[code]. Two things make that faster than slots that
 * hold everything in one word. The walk from a string to its child waits for one load only, and
 * the processor compares while it walks on. And the table can have eight slots a code in the same
 * memory, so that nearly all strings that are not there end at an empty slot at once: what costs
 * most in encoding is the branch that nobody can predict, and each further probe is one more.
 *
 * The codes that a greedy encoder sends are the prefixes of its new strings in their order, so
 * prefix[] from the first free code on is also the list of codes sent since the clear.
 */
#define LZW_DICT_BITS 15
#define LZW_DICT_SLOTS (1u << LZW_DICT_BITS)

struct lzw_dict {
    uint16_t slot[LZW_DICT_SLOTS]; /* 0: empty, as no child has code 0 */
    uint16_t prefix[LZW_TABLE_END];
    uint8_t pixel[LZW_TABLE_END];
};

static inline void lzw_dict_clear(struct lzw_dict *d)
{
    memset(d->slot, 0, sizeof d->slot);
}

/*
 * The hash is prefix ^ lzw_dict_mix(pixel): the pixel's part does not wait for the prefix.
 * Prefixes are dense and pixels few, so the factor has to throw the multiples of few and of many
 * colors into different parts of the table. Factor and step were found by trial over photographs,
 * screenshots and line art of 2 to 256 colors.
 */
static inline uint32_t lzw_dict_mix(uint32_t pixel)
{
    return pixel * 0x69cc & (LZW_DICT_SLOTS - 1);
}

/* Where to look after a slot of another string; the step is odd, so every slot is reached. */
static inline uint32_t lzw_dict_probe(uint32_t at)
{
    return (at + 0x34e7) & (LZW_DICT_SLOTS - 1);
}

static inline bool lzw_dict_is(const struct lzw_dict *d, uint32_t code, uint32_t prefix,
                               uint32_t pixel)
{
    return ((d->prefix[code] ^ prefix) | (d->pixel[code] ^ pixel)) == 0;
}

static inline void lzw_dict_put(struct lzw_dict *d, uint32_t at, uint32_t prefix, uint32_t pixel,
                                uint32_t child)
{
    d->slot[at] = (uint16_t)child;
    d->prefix[child] = (uint16_t)prefix;
    d->pixel[child] = (uint8_t)pixel;
}

/* The child of (prefix, pixel), 0 if there is none; *at is its slot or the empty one for it. */
static inline uint32_t lzw_dict_find(const struct lzw_dict *d, uint32_t prefix, uint32_t pixel,
                                     uint32_t *at)
{
    uint32_t i = prefix ^ lzw_dict_mix(pixel);
    uint32_t child = d->slot[i];
    while (child != 0 && !lzw_dict_is(d, child, prefix, pixel)) {
        i = lzw_dict_probe(i);
        child = d->slot[i];
    }
    *at = i;
    return child;
}

/*
 * Takes out the strings of codes from .. to - 1, the last that were put. Codes among them may have
 * none. Where a string goes that no later one had to go around, it leaves no trace.
 */
static inline void lzw_dict_take_back(struct lzw_dict *d, uint32_t from, uint32_t to)
{
    while (to > from) {
        uint32_t code = --to, at;
        /* what stands at a code without a string finds another one, or none */
        if (lzw_dict_find(d, d->prefix[code], d->pixel[code], &at) == code)
            d->slot[at] = 0;
    }
}

#endif
