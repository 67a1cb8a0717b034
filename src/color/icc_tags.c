/* SPDX-License-Identifier: MIT */
/* ICC.1:2022, 7.3: behind the header a count, then 12 bytes a tag: signature, offset, size. */
#include "color/icc_tags.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define TAGS_AT 132
#define TAG_BYTES 12

static size_t tag_count(const uint8_t *profile, size_t bytes)
{
    return min_size(load_be32(profile + TAGS_AT - 4), (bytes - TAGS_AT) / TAG_BYTES);
}

/* The data of a tag, that are in the profile; NULL: there are none. */
static const uint8_t *find_tag(const uint8_t *p, size_t bytes, const char *signature, size_t *size)
{
    const uint8_t *tag = p + TAGS_AT;
    for (size_t n = tag_count(p, bytes); n > 0; n--, tag += TAG_BYTES) {
        size_t start = load_be32(tag + 4);
        *size = load_be32(tag + 8);
        if (memcmp(tag, signature, 4) == 0 && start <= bytes && *size <= bytes - start)
            return p + start;
    }
    return NULL;
}

static bool names_srgb(const uint8_t *p, size_t bytes)
{
    static const uint8_t wide[] = {'s', 0, 'R', 0, 'G', 0, 'B'};
    size_t size;
    const uint8_t *text = find_tag(p, bytes, "desc", &size);
    return text != NULL &&
           (memmem(text, size, "sRGB", 4) != NULL || memmem(text, size, wide, sizeof wide) != NULL);
}

/* s15Fixed16Number. ICC.1:2022, 4.6 */
static double load_fixed(const uint8_t *p)
{
    return (int32_t)load_be32(p) / 65536.0;
}

/* curveType at half of the way. ICC.1:2022, 10.6 */
static double half_of_samples(const uint8_t *p, size_t bytes)
{
    size_t n = load_be32(p + 8);
    if (n > (bytes - 12) / 2)
        return 0;
    if (n < 2)
        return n == 0 ? 0.5 : pow(0.5, (p[12] << 8 | p[13]) / 256.0);
    const uint8_t *low = p + 12 + (n - 1) / 2 * 2, *high = p + 12 + n / 2 * 2;
    return ((low[0] + high[0]) * 256 + low[1] + high[1]) / (2 * 65535.0);
}

/* parametricCurveType at half of the way: parameters g, a, b, c, d, e, f. ICC.1:2022, 10.18 */
static double half_of_formula(const uint8_t *p, size_t bytes)
{
    static const uint8_t parameters[] = {1, 3, 4, 5, 7};
    double v[7] = {1, 1, 0, 0, 0, 0, 0};
    unsigned type = (unsigned)p[8] << 8 | p[9];
    if (type >= sizeof parameters || (bytes - 12) / 4 < parameters[type])
        return 0;
    for (size_t i = 0; i < parameters[type]; i++)
        v[i] = load_fixed(p + 12 + 4 * i);
    if (type >= 3 && v[4] > 0.5)
        return v[3] * 0.5 + v[6];
    return pow(v[1] * 0.5 + v[2], v[0]) + (type == 2 ? v[3] : v[5]);
}

/* The light of half a value is 0.214 in sRGB, 0.218 where it is taken for an exponent of 2.2. */
static bool has_curve(const uint8_t *p, size_t bytes)
{
    size_t size;
    const uint8_t *curve = find_tag(p, bytes, "rTRC", &size);
    if (curve == NULL)
        curve = find_tag(p, bytes, "kTRC", &size);
    if (curve == NULL)
        return true;
    double half = size < 12                       ? 0
                  : memcmp(curve, "curv", 4) == 0 ? half_of_samples(curve, size)
                  : memcmp(curve, "para", 4) == 0 ? half_of_formula(curve, size)
                                                  : 0;
    return half > 0.2 && half < 0.23;
}

/* X of red is 0.436 in sRGB, or 0.412 not adapted to D50; 0.515 in P3, 0.61 in Adobe RGB. */
static bool has_red(const uint8_t *p, size_t bytes)
{
    size_t size;
    const uint8_t *red = find_tag(p, bytes, "rXYZ", &size);
    return red == NULL || (size >= 20 && load_fixed(red + 8) > 0.4 && load_fixed(red + 8) < 0.46);
}

bool icc_says_srgb(const uint8_t *profile, size_t bytes)
{
    return names_srgb(profile, bytes) && has_curve(profile, bytes) && has_red(profile, bytes);
}

bool icc_is_for_pixels(const uint8_t *profile)
{
    static const char classes[] = "mntrscnrprtrspac";
    for (size_t i = 0; i < sizeof classes - 1; i += 4)
        if (memcmp(profile + 12, classes + i, 4) == 0)
            return true;
    return false;
}

/* DToB0 to DToB3 and BToD0 to BToD3 */
static bool is_float(const uint8_t *tag)
{
    return memcmp(tag, "D2B", 3) == 0 || memcmp(tag, "B2D", 3) == 0;
}

/* As many points in each of so many directions, or, unless same, as many as grid has for each. */
static bool grid_fits(const uint8_t *grid, bool same, unsigned inputs, size_t entry_bytes,
                      size_t bytes)
{
    uint64_t need = entry_bytes;
    for (unsigned i = 0; i < inputs && need <= bytes; i++)
        need *= grid[same ? 0 : i];
    return need <= bytes;
}

/*
 * p: a tag's data. Bytes 8 and 9 of a table are its channels; the number of its points is that in
 * byte 10, or, in the later types, stands where byte 24 says. ICC.1:2022, 10.10 to 10.13
 */
static bool table_fits(const uint8_t *p, size_t bytes)
{
    if (bytes < 32)
        return true;
    bool narrow = memcmp(p, "mft1", 4) == 0, wide = memcmp(p, "mft2", 4) == 0;
    if (narrow || wide)
        return grid_fits(p + 10, true, p[8], (size_t)p[9] * (wide ? 2 : 1), bytes);
    size_t at = load_be32(p + 24);
    if ((memcmp(p, "mAB ", 4) != 0 && memcmp(p, "mBA ", 4) != 0) || at > bytes - 20)
        return true;
    return p[8] <= 16 && grid_fits(p + at, false, p[8], p[9], bytes);
}

static bool is_bomb(const uint8_t *profile, size_t bytes, const uint8_t *tag)
{
    size_t start = load_be32(tag + 4), size = load_be32(tag + 8);
    return is_float(tag) ||
           (start <= bytes && size <= bytes - start && !table_fits(profile + start, size));
}

enum status icc_without_bombs(struct context *cx, const uint8_t *profile, size_t bytes,
                              uint8_t **out)
{
    size_t tags = tag_count(profile, bytes), bombs = 0;
    *out = NULL;
    for (size_t i = 0; i < tags; i++)
        bombs += is_bomb(profile, bytes, profile + TAGS_AT + TAG_BYTES * i);
    if (bombs == 0)
        return ST_OK;
    uint8_t *copy = mem_alloc(cx, bytes);
    if (copy == NULL)
        return cx->status;
    memcpy(copy, profile, bytes);
    for (size_t i = 0; i < tags; i++)
        if (is_bomb(profile, bytes, profile + TAGS_AT + TAG_BYTES * i))
            copy[TAGS_AT + TAG_BYTES * i] = 'x'; /* private: nobody knows it */
    *out = copy;
    return ST_OK;
}
