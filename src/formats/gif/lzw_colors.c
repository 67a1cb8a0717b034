/* SPDX-License-Identifier: MIT */
/* Whole numbers only: the same table, and so the same file, on every machine. */
#include "formats/gif/lzw_colors.h"

#include <string.h>

#include "color/oklab.h"

/* The square of the distance from black to white, in OKLab and in code values. */
#define OKLAB_WHITE ((uint64_t)OKLAB_ONE * OKLAB_ONE)
#define RGB_WHITE (UINT64_C(3) * 255 * 255)

static uint32_t rgb_distance(struct rgba8 x, struct rgba8 y)
{
    int r = x.r - y.r, g = x.g - y.g, b = x.b - y.b;
    return (uint32_t)(r * r + g * g + b * b);
}

/* Of the distance from black to white, squared, as a 32-bit fraction of 4. */
static uint64_t distance(const struct palette *p, const struct oklab *lab, uint32_t i, uint32_t j)
{
    uint64_t seen = ((uint64_t)oklab_distance(lab[i], lab[j]) << 30) / OKLAB_WHITE;
    uint64_t coded = ((uint64_t)rgb_distance(p->entry[i], p->entry[j]) << 30) / RGB_WHITE;
    return (seen + 2 * coded) / 3;
}

static uint16_t error_of(uint64_t distance, uint64_t strength)
{
    /* in thousandths of the distance: strength squared is worth 12 bits */
    uint64_t error =
        distance * (UINT64_C(1000000) * 12 * LZW_ERROR_PER_BIT >> 13) / (strength * strength << 17);
    return error <= LZW_ERROR_CAP ? (uint16_t)error : LZW_ERROR_NEVER;
}

/* Sorts the colors that may stand for color i; the order of equals is that of the palette. */
static void sort_near(struct lzw_colors *c, uint32_t i, uint32_t count)
{
    const uint16_t *error = c->error[i];
    uint8_t *near = c->near[i];
    uint32_t n = 1;
    near[0] = (uint8_t)i;
    memset(c->near_set[i], 0, sizeof c->near_set[i]);
    c->near_set[i][i / 64] |= UINT64_C(1) << i % 64;
    for (uint32_t j = 0; j < count; j++) {
        if (j == i || error[j] == LZW_ERROR_NEVER)
            continue;
        c->near_set[i][j / 64] |= UINT64_C(1) << j % 64;
        uint32_t at = n++;
        for (; at > 1 && error[near[at - 1]] > error[j]; at--)
            near[at] = near[at - 1];
        near[at] = (uint8_t)j;
    }
    c->near_count[i] = (uint16_t)n;
}

void lzw_colors_init(struct lzw_colors *c, const struct palette *p, unsigned strength)
{
    struct oklab lab[256];
    for (uint32_t i = 0; i < p->count; i++)
        lab[i] = oklab_from_rgb(p->entry[i].r, p->entry[i].g, p->entry[i].b);
    for (uint32_t i = 0; i < 256; i++)
        for (uint32_t j = 0; j <= i; j++) {
            bool both = i < p->count && p->entry[i].a != 0 && p->entry[j].a != 0;
            uint16_t error = i == j ? 0
                             : both ? error_of(distance(p, lab, i, j), strength)
                                    : LZW_ERROR_NEVER;
            c->error[i][j] = c->error[j][i] = error;
        }
    for (uint32_t i = 0; i < 256; i++)
        sort_near(c, i, p->count);
}
