/* SPDX-License-Identifier: MIT */
/* cICP, gAMA and cHRM read, told apart from sRGB where they are not but another way to say it. */
#include "formats/colorants.h"

#include <string.h>

#include "base/size.h"

/*
 * What is as near as this to sRGB is meant to be it: 5 % of gamma (45455 stands for sRGB in most
 * files) and 0.01 of a chromaticity, as in libpng.
 */
#define GAMMA_LEAST 43182u
#define GAMMA_MOST 47727u
#define NEAR_XY 1000u

/* In units of 1/100000, in the order of cHRM: white, red, green, blue. IEC 61966-2-1 */
static const uint32_t srgb_xy[8] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};

/* Exponents beyond these are no camera's and no screen's. */
#define GAMMA_USABLE_LEAST 2000u
#define GAMMA_USABLE_MOST 2000000u

static bool near_srgb(const uint32_t xy[static 8])
{
    for (int i = 0; i < 8; i++)
        if (xy[i] > srgb_xy[i] + NEAR_XY || xy[i] + NEAR_XY < srgb_xy[i])
            return false;
    return true;
}

/* A triangle with the white point in it; imaginary primaries are fine. */
static bool makes_sense(const uint32_t xy[static 8])
{
    double side[3];
    for (int i = 0; i < 8; i++)
        if (xy[i] > 200000 || (i % 2 != 0 && i < 2 && xy[i] == 0))
            return false;
    for (int i = 0; i < 3; i++) {
        const uint32_t *a = xy + 2 + 2 * i, *b = xy + 2 + 2 * ((i + 1) % 3);
        side[i] = ((double)b[0] - a[0]) * ((double)xy[1] - a[1]) -
                  ((double)b[1] - a[1]) * ((double)xy[0] - a[0]);
    }
    return (side[0] > 0 && side[1] > 0 && side[2] > 0) ||
           (side[0] < 0 && side[1] < 0 && side[2] < 0);
}

static void set(const uint32_t xy[static 8], double exponent, struct colorants *out)
{
    out->exponent = exponent;
    for (int i = 0; i < 4; i++) {
        out->x[i] = xy[2 * i] / 100000.0;
        out->y[i] = xy[2 * i + 1] / 100000.0;
    }
}

/* ITU-T H.273, tables 2 and 3. False: none of those that are known. */
static bool read_code_points(const struct metadata *m, struct colorants *out, bool *differ)
{
    static const struct {
        uint8_t code;
        uint32_t xy[8];
    } primaries[] = {
        {9, {31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600}},  /* BT.2020 */
        {11, {31400, 35100, 68000, 32000, 26500, 69000, 15000, 6000}}, /* DCI P3 */
        {12, {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000}}, /* Display P3 */
    };
    static const struct {
        uint8_t code;
        double exponent; /* 0: as sRGB */
    } curves[] = {{1, 0}, {4, 2.2}, {5, 2.8}, {6, 0}, {8, 1}, {13, 0}, {14, 0}, {15, 0}};
    const struct metadata_item *item = metadata_find_key(m, METADATA_COLOR, "cICP");
    const uint32_t *xy = NULL;
    if (item == NULL || item->bytes != 4 || item->data[2] != 0 || item->data[3] != 1)
        return false; /* neither are such that are not RGB, or not of the full range */
    if (item->data[0] == 1)
        xy = srgb_xy;
    for (size_t i = 0; i < sizeof primaries / sizeof *primaries; i++)
        if (primaries[i].code == item->data[0])
            xy = primaries[i].xy;
    for (size_t i = 0; xy != NULL && i < sizeof curves / sizeof *curves; i++)
        if (curves[i].code == item->data[1]) {
            set(xy, curves[i].exponent, out);
            *differ = xy != srgb_xy || curves[i].exponent != 0;
            return true;
        }
    return false;
}

bool colorants_outrank_profile(const struct metadata *m)
{
    struct colorants unused;
    bool differ;
    return read_code_points(m, &unused, &differ);
}

bool colorants_differ(const struct metadata *m, struct colorants *out)
{
    const struct metadata_item *gamma = metadata_find_key(m, METADATA_COLOR, "gAMA");
    const struct metadata_item *chrm = metadata_find_key(m, METADATA_COLOR, "cHRM");
    uint32_t g = gamma != NULL && gamma->bytes == 4 ? load_be32(gamma->data) : 0, xy[8];
    bool differ = false;
    double exponent = 0;
    memcpy(xy, srgb_xy, sizeof xy);
    set(xy, exponent, out);
    if (read_code_points(m, out, &differ))
        return differ;
    if (metadata_find_key(m, METADATA_COLOR, "cICP") != NULL ||
        metadata_find_key(m, METADATA_COLOR, "sRGB") != NULL)
        return false;
    if (chrm != NULL && chrm->bytes == 32) {
        for (size_t i = 0; i < 8; i++)
            xy[i] = load_be32(chrm->data + 4 * i);
        if (!makes_sense(xy) || near_srgb(xy))
            memcpy(xy, srgb_xy, sizeof xy);
        else
            differ = true;
    }
    if (g >= GAMMA_USABLE_LEAST && g <= GAMMA_USABLE_MOST && (g < GAMMA_LEAST || g > GAMMA_MOST)) {
        exponent = 100000.0 / g;
        differ = true;
    }
    set(xy, exponent, out);
    return differ;
}
