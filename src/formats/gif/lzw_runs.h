/* SPDX-License-Identifier: MIT */
/* Runs of one color: which code stands for how many pixels, so that an encoder may jump there. */
#ifndef GIFLOW_FORMATS_GIF_LZW_RUNS_H
#define GIFLOW_FORMATS_GIF_LZW_RUNS_H

#include <stddef.h>

#include "base/equal.h"
#include "formats/gif/lzw_dict.h"

/*
 * Flat art makes long runs of one color. Bytes that are equal are counted eight at a time, and
 * the count tells the code at which a walk through the dictionary would end up, pixel by pixel:
 * every run of a color up to its longest has one.
 */
#define LZW_KNOWN_RUNS 512

struct lzw_runs {
    uint32_t counted; /* > 0: the pixels ended in the middle of a run of so many, of color */
    uint32_t color;
    uint16_t longest[256];          /* pixels of the longest run of each color */
    uint16_t code[256];             /* and its code */
    uint32_t known[LZW_KNOWN_RUNS]; /* length << 20 | color << 12 | code; the last one met stays */
};

/* What is known no longer holds; a color is learned anew where a run of it is followed. */
void lzw_runs_forget(struct lzw_runs *r);
/* Learns the runs of a color that are in the dictionary. */
void lzw_runs_learn(struct lzw_runs *r, const struct lzw_dict *d, uint32_t color);
/* The code of the run of length > 0 that is no longer than the longest. */
uint32_t lzw_runs_code(struct lzw_runs *r, const struct lzw_dict *d, uint32_t color,
                       uint32_t length);
/*
 * Counts pixels of r->color from p on, after r->counted of them, up to the longest run known.
 * Returns where it stopped. *code is then the run's and r->counted 0, unless the pixels ended
 * first.
 */
const uint8_t *lzw_runs_follow(struct lzw_runs *r, const struct lzw_dict *d, const uint8_t *p,
                               const uint8_t *end, uint32_t *code);

/* True where a run of color goes on for so long from p on that counting it pays. */
static inline bool lzw_runs_begin(const uint8_t *p, const uint8_t *end, uint32_t color)
{
    uint64_t word;
    if (end - p < (ptrdiff_t)sizeof word)
        return false;
    memcpy(&word, p, sizeof word);
    return word == eight_of((uint8_t)color);
}

static inline uint32_t lzw_runs_slot(uint32_t color, uint32_t length)
{
    return (length ^ color * 37) % LZW_KNOWN_RUNS;
}

/* The string prefix + pixel has become code. */
static inline void lzw_runs_note(struct lzw_runs *r, uint32_t prefix, uint32_t pixel, uint32_t code)
{
    if (r->code[pixel] != prefix)
        return;
    uint32_t length = ++r->longest[pixel];
    r->code[pixel] = (uint16_t)code;
    r->known[lzw_runs_slot(pixel, length)] = length << 20 | pixel << 12 | code;
}

#endif
