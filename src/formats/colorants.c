/* SPDX-License-Identifier: MIT */
/* gAMA and cHRM read, and told apart from sRGB where they are not but another way to say that. */
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

bool colorants_differ(const struct metadata *m, struct colorants *out)
{
    const struct metadata_item *gamma = metadata_find_key(m, METADATA_COLOR, "gAMA");
    const struct metadata_item *chrm = metadata_find_key(m, METADATA_COLOR, "cHRM");
    uint32_t g = gamma != NULL && gamma->bytes == 4 ? load_be32(gamma->data) : 0, xy[8];
    bool differ = false;
    *out = (struct colorants){.exponent = 0};
    memcpy(xy, srgb_xy, sizeof xy);
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
        out->exponent = 100000.0 / g;
        differ = true;
    }
    for (int i = 0; i < 4; i++) {
        out->x[i] = xy[2 * i] / 100000.0;
        out->y[i] = xy[2 * i + 1] / 100000.0;
    }
    return differ;
}
