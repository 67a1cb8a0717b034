/* SPDX-License-Identifier: MIT */
/* How colors are told apart while they are counted: exactly at first, then in cells that grow. */
#ifndef GIFLOW_COLOR_CELL_CODE_H
#define GIFLOW_COLOR_CELL_CODE_H

#include <stdint.h>

/*
 * On each level, each channel of a color has a base value, what is left when low bits are
 * ignored; colors with equal bases are one cell. From level to level cells only merge. On the last
 * level but for none there are 32768 cells at most.
 */
#define CELL_LEVELS 9

/*
 * One word holds what a pixel means on a level: the cell, and what is to be added to its sums.
 *
 *   bits 0-11 index | 14-23 blue | 24-33 green | 34-43 red | 44-50 count | 51 full | 52-63 tag
 *
 * Red, green and blue are what the color is above its base, at most 7. So 128 words of a cell can
 * be added up, of which the count's carry then tells in the full bit.
 * Index and tag are the cell. Base values are numbered in each channel: the tag is the high 4 bits
 * of these numbers; the index is the low 4 bits, so that cells near each other differ in it, xor
 * a hash of the tag, so that black and white do too.
 */
#define CODE_INDEXES 4096
#define CODE_BLUE 14
#define CODE_GREEN 24
#define CODE_RED 34
#define CODE_COUNT 44
#define CODE_FULL 51
#define CODE_TAG 52
#define CODE_SUMS ((UINT64_C(1) << CODE_FULL) - CODE_INDEXES)

/* A level's words: that of a color is the xor of one of each channel. */
struct cell_code {
    uint64_t word[3][256];
    uint8_t base[3][256]; /* by number */
    unsigned level;
};

void cell_code_fill(struct cell_code *c, unsigned level);

static inline uint64_t cell_code_word(const struct cell_code *c, unsigned r, unsigned g, unsigned b)
{
    return c->word[0][r] ^ c->word[1][g] ^ c->word[2][b];
}

/* Index and tag of a word, without the rest. */
static inline uint32_t cell_code_key(uint64_t word)
{
    return (uint32_t)(word >> CODE_TAG) << 12 | (uint32_t)(word & (CODE_INDEXES - 1));
}

/* Count, red, green and blue of a word or of up to 128 added up. */
static inline void cell_code_sums(uint64_t word, uint32_t sum[4])
{
    sum[0] = (uint32_t)(word >> CODE_COUNT) & 255;
    sum[1] = (uint32_t)(word >> CODE_RED) & 1023;
    sum[2] = (uint32_t)(word >> CODE_GREEN) & 1023;
    sum[3] = (uint32_t)(word >> CODE_BLUE) & 1023;
}

/* The base values of a cell. */
void cell_code_bases(const struct cell_code *c, uint32_t key, uint32_t base[3]);

#endif
