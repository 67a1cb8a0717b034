/* SPDX-License-Identifier: MIT */
/* Differences between neighbors, counted block by block. */
#include "pipeline/tone.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define DIFFERENCES (2 * TONE_BLOCK * (TONE_BLOCK - 1))
#define SMALL 32

void tone_close(struct tone *t)
{
    if (t->cx == NULL)
        return;
    mem_free(t->cx, t->row);
    mem_free(t->cx, t->above);
    mem_free(t->cx, t->changes);
    mem_free(t->cx, t->small);
    *t = (struct tone){0};
}

enum status tone_open(struct context *cx, const struct picture *pic, struct tone *t)
{
    const struct layout_info *info = layout_info(pic->layout);
    size_t blocks = pic->width / TONE_BLOCK;
    *t = (struct tone){.cx = cx, .width = pic->width, .channels = info->color ? 3 : 1};
    t->row = mem_array(cx, pic->width, t->channels);
    t->above = mem_array(cx, pic->width, t->channels);
    t->changes = mem_zalloc(cx, blocks + 1);
    t->small = mem_zalloc(cx, blocks + 1);
    if (t->row == NULL || t->above == NULL || t->changes == NULL || t->small == NULL) {
        tone_close(t);
        return cx->status;
    }
    return ST_OK;
}

/* Samples without alpha, the high byte of those of 16 bits. */
static void take_samples(struct tone *t, const struct picture *pic, const uint8_t *row)
{
    const struct layout_info *info = layout_info(pic->layout);
    const unsigned channels = t->channels;
    uint8_t *out = t->row;
    for (uint32_t x = 0; x < t->width; x++, row += info->bytes, out += channels)
        for (unsigned c = 0; c < channels; c++) {
            uint16_t wide = row[c];
            if (info->bits == 16) {
                memcpy(&wide, row + 2 * c, 2);
                wide >>= 8;
            }
            out[c] = (uint8_t)wide;
        }
}

static inline unsigned difference(const uint8_t *a, const uint8_t *b, unsigned channels)
{
    unsigned most = 0;
    for (unsigned c = 0; c < channels; c++) {
        unsigned d = (unsigned)abs(a[c] - b[c]);
        most = d > most ? d : most;
    }
    return most;
}

static inline __attribute__((always_inline)) void count(struct tone *t, unsigned channels)
{
    bool inside = t->rows % TONE_BLOCK != 0; /* the row above is of the same blocks */
    for (uint32_t block = 0; block < t->width / TONE_BLOCK; block++) {
        const size_t at = (size_t)block * TONE_BLOCK * channels;
        const uint8_t *p = t->row + at, *up = t->above + at;
        unsigned changes = 0, small = 0;
        for (unsigned x = 0; x < TONE_BLOCK; x++, p += channels, up += channels) {
            unsigned d = x == 0 ? 0 : difference(p, p - channels, channels);
            unsigned e = inside ? difference(p, up, channels) : 0;
            changes += (d != 0) + (e != 0);
            small += (d - 1 < SMALL - 1) + (e - 1 < SMALL - 1); /* 0 wraps to a large one */
        }
        t->changes[block] = (uint8_t)(t->changes[block] + changes);
        t->small[block] = (uint8_t)(t->small[block] + small);
    }
}

static void end_blocks(struct tone *t)
{
    size_t blocks = t->width / TONE_BLOCK;
    for (size_t i = 0; i < blocks; i++)
        t->toned += t->changes[i] * 4 > DIFFERENCES && t->small[i] * 2 >= t->changes[i];
    t->blocks += blocks;
    memset(t->changes, 0, blocks);
    memset(t->small, 0, blocks);
}

void tone_row(struct tone *t, const struct picture *pic, const uint8_t *row)
{
    take_samples(t, pic, row);
    if (t->channels == 3)
        count(t, 3);
    else
        count(t, 1);
    uint8_t *above = t->above;
    t->above = t->row;
    t->row = above;
    if (++t->rows % TONE_BLOCK == 0)
        end_blocks(t);
}

unsigned tone_percent(const struct tone *t)
{
    return t->blocks == 0 ? 0 : (unsigned)(t->toned * 100 / t->blocks);
}
