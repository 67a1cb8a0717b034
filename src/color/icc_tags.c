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

enum status icc_without_floats(struct context *cx, const uint8_t *profile, size_t bytes,
                               uint8_t **out)
{
    size_t tags = tag_count(profile, bytes), floats = 0;
    *out = NULL;
    for (size_t i = 0; i < tags; i++)
        floats += is_float(profile + TAGS_AT + TAG_BYTES * i);
    if (floats == 0)
        return ST_OK;
    uint8_t *copy = mem_alloc(cx, bytes);
    if (copy == NULL)
        return cx->status;
    memcpy(copy, profile, bytes);
    for (size_t i = 0; i < tags; i++)
        if (is_float(copy + TAGS_AT + TAG_BYTES * i))
            copy[TAGS_AT + TAG_BYTES * i] = 'x'; /* private: nobody knows it */
    *out = copy;
    return ST_OK;
}
