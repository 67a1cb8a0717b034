/* SPDX-License-Identifier: MIT */
/* sRGB code values to and from linear light. */
#ifndef GIFLOW_TRANSFORMS_LIGHT_H
#define GIFLOW_TRANSFORMS_LIGHT_H

#include <string.h>

#include "base/context.h"

/*
 * Linear light is a float, 0 .. 1. Encoding rounds to the code value whose light is nearest in
 * code values: a boundary lies where the curve has the code value and a half. Code values that
 * are decoded and encoded come back, also with the errors that some hundred float operations add.
 *
 * 8 bits: light is taken in parts of 2^28, cut into bins so narrow that each holds one boundary at
 * most. A bin's entry is its first code value in the high half, and in the low half what a place
 * in the bin must be added to for a carry from the boundary on.
 *
 * 16 bits: a guess by straight lines between the light of 2^-20, .., 1 in 64 steps an octave,
 * which the decoding table then corrects; boundaries lie halfway in light, which is the same to
 * 1e-5 of a code value.
 */
#define LIGHT_BINS 4096
#define LIGHT_PLACES 65536 /* in a bin */
#define LIGHT_OCTAVES 20
#define LIGHT_STEPS 64

struct light {
    unsigned bits;
    enum simd simd;
    float *linear;  /* of every code value */
    uint32_t *bins; /* 8 bits: LIGHT_BINS + 1 entries */
    float *guess;   /* 16 bits: the code value at each step, with a fraction */
};

/* bits: 8 or 16 */
enum status light_open(struct context *cx, unsigned bits, struct light **out) MUST_CHECK;
void light_close(struct context *cx, struct light *l); /* l may be NULL */

/* Also of values beyond 0 .. 1, which are cut. */
static inline uint8_t light_encode8(const struct light *l, float v)
{
    v = v > 0.0f ? v : 0.0f;
    v = v < 1.0f ? v : 1.0f;
    uint32_t place = (uint32_t)(int32_t)(v * ((float)LIGHT_BINS * LIGHT_PLACES));
    return (uint8_t)((l->bins[place / LIGHT_PLACES] + place % LIGHT_PLACES) / LIGHT_PLACES);
}

static inline uint16_t light_encode16(const struct light *l, float v)
{
    if (!(v > 0.0f))
        return 0;
    if (v >= 1.0f)
        return 65535;
    uint32_t bits, code = 0;
    memcpy(&bits, &v, 4);
    int32_t step = (int32_t)(bits >> 17) - (127 - LIGHT_OCTAVES) * LIGHT_STEPS;
    if (step >= 0) {
        float part = (float)(bits & 0x1ffff) * (1.0f / 0x20000);
        float guess = l->guess[step] + (l->guess[step + 1] - l->guess[step]) * part;
        code = (uint32_t)(guess + 0.5f);
    }
    const float *linear = l->linear;
    while (code < 65535 && v + v >= linear[code] + linear[code + 1])
        code++;
    while (code > 0 && v + v < linear[code - 1] + linear[code])
        code--;
    return (uint16_t)code;
}

#endif
