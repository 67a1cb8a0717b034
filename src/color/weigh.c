/* SPDX-License-Identifier: MIT */
/* What each color counts for. */
#include "color/weigh.h"

/* A color of more than one in so many pixels is frequent. */
#define FREQUENT 512

/*
 * Lightness from which on colors weigh in full: gray of code value 46. Darker ones do in
 * proportion, but for the darkest, as black must not be lost where letters are black.
 */
#define FULL_LIGHT (OKLAB_ONE * 3 / 10)
#define DARKEST 16 /* part of the full weight */

static uint32_t fine_mean(uint64_t sum, uint64_t count)
{
    return (uint32_t)((sum * 256 + count / 2) / count);
}

#define FINE 16 /* parts of a pixel that weights to dither are made of */

/* How far counts are shifted for weights to sum to CLUSTER_WEIGHT at most, none less than 1. */
static unsigned shift_of(uint64_t total)
{
    unsigned shift = 0;
    while (total >> shift > CLUSTER_WEIGHT / FINE / 2)
        shift++;
    return shift;
}

/* The power of 13/16, scaled by 2^4, to 1 part in 4000; 0 < n <= 2^29 */
static uint32_t tempered(uint32_t n)
{
    /* of 2 to the power of i / 16, and of 1 + i / 16 to the power of 13/16; scaled by 2^15 */
    static const uint16_t root[16] = {32768, 34219, 35734, 37316, 38968, 40693, 42495, 44376,
                                      46341, 48393, 50535, 52773, 55109, 57549, 60097, 62757};
    static const uint16_t power[17] = {32768, 34422, 36059, 37678, 39282, 40870,
                                       42444, 44005, 45554, 47090, 48615, 50129,
                                       51632, 53125, 54609, 56083, 57549};
    const uint32_t octave = 31 - (uint32_t)__builtin_clz(n), scale = octave * 13;
    const uint32_t mantissa = n << (31 - octave) << 1, i = mantissa >> 28;
    const uint32_t rest = mantissa >> 13 & 0x7fff;
    uint64_t p = power[i] + ((power[i + 1] - power[i]) * rest >> 15);
    return (uint32_t)(p * root[scale % 16] >> (26 - scale / 16));
}

static uint32_t dimmed(uint32_t weight, int32_t lightness)
{
    if (lightness >= FULL_LIGHT)
        return weight;
    if (lightness < FULL_LIGHT / DARKEST)
        lightness = FULL_LIGHT / DARKEST;
    return (uint32_t)((uint64_t)weight * (uint32_t)lightness / FULL_LIGHT) + 1;
}

/* The rare colors of a picture: how many pixels they have, and what those come to when tempered. */
struct rare {
    uint32_t most; /* pixels of a color */
    uint64_t pixels, tempered;
};

static struct rare find_rare(const struct color_point *points, uint32_t n)
{
    struct rare rare = {0};
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += points[i].pixels;
    rare.most = (uint32_t)(total / FREQUENT) + 1;
    for (uint32_t i = 0; i < n; i++)
        if (points[i].pixels <= rare.most) {
            rare.pixels += points[i].pixels;
            rare.tempered += tempered(points[i].pixels);
        }
    return rare;
}

static uint32_t weight_to_dither(const struct color_point *p, const struct rare *rare)
{
    uint64_t weight = (uint64_t)p->pixels * FINE;
    if (p->pixels <= rare->most)
        weight = (tempered(p->pixels) * FINE * rare->pixels + rare->tempered / 2) / rare->tempered;
    return dimmed((uint32_t)weight, p->at.l);
}

unsigned weigh_cells(const struct histogram *h, uint32_t n, bool dither, struct color_point *points)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += histogram_cell(h, i).count;
    const unsigned shift = shift_of(total);
    for (uint32_t i = 0; i < n; i++) {
        struct color_cell c = histogram_cell(h, i);
        struct color_point *p = &points[i];
        p->at = oklab_from_fine(fine_mean(c.r, c.count), fine_mean(c.g, c.count),
                                fine_mean(c.b, c.count));
        p->cluster = 0;
        p->pixels = (uint32_t)(c.count >> shift) + (c.count >> shift == 0);
        p->weight = p->pixels;
    }
    if (dither) {
        const struct rare rare = find_rare(points, n);
        for (uint32_t i = 0; i < n; i++)
            points[i].weight = weight_to_dither(&points[i], &rare);
    }
    return shift;
}
