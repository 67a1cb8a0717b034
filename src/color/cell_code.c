/* SPDX-License-Identifier: MIT */
/* Levels, base values and their words. */
#include "color/cell_code.h"

/* Low bits that are ignored: blue's go first, the eye sees them least. */
static const uint8_t ignored[CELL_LEVELS][3] = {{0, 0, 0}, {1, 1, 1}, {1, 1, 2},
                                                {2, 1, 2}, {2, 2, 2}, {2, 2, 3},
                                                {3, 2, 3}, {3, 3, 3}, {3, 3, 3}};

/*
 * In the dark, where a step of code values is a large one in OKLab, cells stay small: before the
 * last level, a value of n bits loses no more than n - 2 of them.
 */
static uint32_t base_of(unsigned level, unsigned channel, uint32_t value)
{
    unsigned bits = ignored[level][channel];
    if (level != CELL_LEVELS - 1)
        while (bits > 0 && value >> (bits + 1) == 0)
            bits--;
    return value >> bits << bits;
}

static uint32_t tag_hash(uint32_t tag)
{
    return tag * UINT32_C(0x9e3779b1) >> 20;
}

void cell_code_fill(struct cell_code *c, unsigned level)
{
    static const unsigned sum_at[3] = {CODE_RED, CODE_GREEN, CODE_BLUE};
    for (unsigned k = 0; k < 3; k++) {
        uint32_t number = 0;
        for (uint32_t value = 0; value < 256; value++) {
            uint32_t base = base_of(level, k, value);
            number += value != 0 && base == value;
            uint32_t low = (number & 15) << 4 * k, tag = number >> 4 << 4 * k;
            c->base[k][number] = (uint8_t)base;
            c->word[k][value] = (low ^ tag_hash(tag)) | (uint64_t)tag << CODE_TAG |
                                (uint64_t)(value - base) << sum_at[k] |
                                (uint64_t)(k == 0) << CODE_COUNT;
        }
    }
    c->level = level;
}

void cell_code_bases(const struct cell_code *c, uint32_t key, uint32_t base[3])
{
    uint32_t tag = key >> 12, index = key & (CODE_INDEXES - 1);
    /* of each channel's tag for itself, as it came into the word */
    index ^= tag_hash(tag & 15) ^ tag_hash(tag & 15 << 4) ^ tag_hash(tag & 15 << 8);
    for (unsigned k = 0; k < 3; k++)
        base[k] = c->base[k][(tag >> 4 * k & 15) << 4 | (index >> 4 * k & 15)];
}
