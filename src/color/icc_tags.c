/* SPDX-License-Identifier: MIT */
/* ICC.1:2022, 7.3: behind the header a count, then 12 bytes a tag: signature, offset, size. */
#include "color/icc_tags.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define TAGS_AT 132
#define TAG_BYTES 12

static size_t tag_count(const uint8_t *profile, size_t bytes)
{
    return min_size(load_be32(profile + TAGS_AT - 4), (bytes - TAGS_AT) / TAG_BYTES);
}

bool icc_says_srgb(const uint8_t *p, size_t bytes)
{
    static const uint8_t wide[] = {'s', 0, 'R', 0, 'G', 0, 'B'};
    const uint8_t *tag = p + TAGS_AT;
    for (size_t n = tag_count(p, bytes); n > 0; n--, tag += TAG_BYTES) {
        size_t start = load_be32(tag + 4), size = load_be32(tag + 8);
        if (memcmp(tag, "desc", 4) == 0 && start <= bytes && size <= bytes - start)
            return memmem(p + start, size, "sRGB", 4) != NULL ||
                   memmem(p + start, size, wide, sizeof wide) != NULL;
    }
    return false;
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
