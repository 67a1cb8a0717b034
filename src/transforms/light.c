/* SPDX-License-Identifier: MIT */
/* Tables of the sRGB curve, made without the C library's power function, whose last bits differ. */
#include "transforms/light.h"

#include "base/mem.h"

#define LIGHT_GUESSES (LIGHT_OCTAVES * LIGHT_STEPS + 1)

/*
 * The sRGB decoding curve (IEC 61966-2-1): x / 12.92 or ((x + 0.055) / 1.055)^2.4. The power is
 * the square times the fifth root of the square, found by Newton's method from above: *root is
 * that of a value not below, 1 at first.
 */
static double decode(double x, double *root)
{
    if (x <= 0.04045)
        return x / 12.92;
    double base = (x + 0.055) / 1.055, square = base * base, r = *root;
    for (bool near = false; !near;) {
        double fourth = r * r * r * r, next = (4.0 * r + square / fourth) / 5.0;
        near = r - next <= 1e-9 * r; /* digits double with each step */
        r = next;
    }
    *root = r;
    return square * r;
}

static void fill_linear(struct light *l)
{
    uint32_t most = (1u << l->bits) - 1;
    double root = 1.0;
    for (uint32_t code = most + 1; code-- > 0;)
        l->linear[code] = (float)decode((double)code / most, &root);
}

/* Upwards, where each root is above the last: so each is sought anew. */
static uint32_t boundary_after(uint32_t code)
{
    double root = 1.0, light = decode((code + 0.5) / 255.0, &root);
    return (uint32_t)(light * LIGHT_BINS * LIGHT_PLACES + 0.5);
}

static void fill_bins(struct light *l)
{
    uint32_t code = 0, boundary = boundary_after(0);
    for (uint32_t bin = 0; bin <= LIGHT_BINS; bin++) {
        uint32_t start = bin * LIGHT_PLACES;
        while (code < 255 && boundary <= start)
            boundary = boundary_after(++code);
        uint32_t part = boundary - start; /* of no use after the last boundary */
        bool within = code < 255 && part < LIGHT_PLACES;
        l->bins[bin] = code * LIGHT_PLACES + (within ? LIGHT_PLACES - part : 0);
    }
}

static void fill_guess(struct light *l)
{
    uint32_t code = 0;
    for (uint32_t i = 0; i < LIGHT_GUESSES - 1; i++) {
        uint32_t bits = (i + (127 - LIGHT_OCTAVES) * LIGHT_STEPS) << 17;
        float at;
        memcpy(&at, &bits, 4);
        while (l->linear[code + 1] <= at)
            code++;
        float low = l->linear[code], high = l->linear[code + 1];
        l->guess[i] = (float)code + (at - low) / (high - low);
    }
    l->guess[LIGHT_GUESSES - 1] = 65535.0f;
}

enum status light_open(struct context *cx, unsigned bits, struct light **out)
{
    struct light *l = mem_zalloc(cx, sizeof *l);
    if (l == NULL)
        return cx->status;
    l->bits = bits;
    l->simd = cx->simd;
    bool made = (l->linear = mem_array(cx, (size_t)1 << bits, sizeof *l->linear)) != NULL;
    if (made && bits == 8)
        made = (l->bins = mem_array(cx, LIGHT_BINS + 1, sizeof *l->bins)) != NULL;
    else if (made)
        made = (l->guess = mem_array(cx, LIGHT_GUESSES, sizeof *l->guess)) != NULL;
    if (!made) {
        light_close(cx, l);
        return cx->status;
    }
    fill_linear(l);
    if (bits == 8)
        fill_bins(l);
    else
        fill_guess(l);
    *out = l;
    return ST_OK;
}

void light_close(struct context *cx, struct light *l)
{
    if (l == NULL)
        return;
    mem_free(cx, l->linear);
    mem_free(cx, l->bins);
    mem_free(cx, l->guess);
    mem_free(cx, l);
}
