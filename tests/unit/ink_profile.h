/* SPDX-License-Identifier: MIT */
/* A CMYK profile of which it is known what it must do. */
#ifndef GIFLOW_TESTS_INK_PROFILE_H
#define GIFLOW_TESTS_INK_PROFILE_H

#include <stdint.h>
#include <string.h>

#define INK_PROFILE_BYTES (144 + 48 + 4 * 256 + 16 * 3 + 3 * 256)

static inline void ink_put(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/*
 * A table of two points for each ink (lut8Type, ICC.1:2022, 10.11). Black is L 0; else L is
 * 255 - 60 of 255 for each of the others. Always neutral.
 */
static inline void ink_profile_make(uint8_t p[static INK_PROFILE_BYTES])
{
    memset(p, 0, INK_PROFILE_BYTES);
    ink_put(p, INK_PROFILE_BYTES);
    ink_put(p + 8, 0x02100000);
    memcpy(p + 12, "prtrCMYKLab ", 12);
    memcpy(p + 36, "acsp", 4);
    ink_put(p + 68, 0xf6d6); /* the illuminant D50 */
    ink_put(p + 72, 0x10000);
    ink_put(p + 76, 0xd32d);
    ink_put(p + 128, 1);
    memcpy(p + 132, "A2B0", 4);
    ink_put(p + 136, 144);
    ink_put(p + 140, INK_PROFILE_BYTES - 144);
    p += 144;
    memcpy(p, "mft1", 4);
    p[8] = 4;
    p[9] = 3;
    p[10] = 2;
    for (int i = 0; i < 3; i++) /* a matrix that changes nothing */
        ink_put(p + 12 + 16 * i, 0x10000);
    p += 48;
    for (int i = 0; i < 4 * 256; i++)
        *p++ = (uint8_t)i;
    for (int i = 0; i < 16; i++, p += 3) {
        int inks = (i >> 3 & 1) + (i >> 2 & 1) + (i >> 1 & 1);
        p[0] = (uint8_t)(i & 1 ? 0 : 255 - 60 * inks);
        p[1] = p[2] = 128;
    }
    for (int i = 0; i < 3 * 256; i++)
        *p++ = (uint8_t)i;
}

#endif
