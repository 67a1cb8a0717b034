/* SPDX-License-Identifier: MIT */
/* Dropping, merging and thresholding palette entries. */
#include "color/palette_fit.h"

#include <string.h>

void palette_use_row(struct palette_use *use, const uint8_t *row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++)
        use->used[row[x]] = true;
}

void palette_threshold(struct palette *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        p->entry[i].a = p->entry[i].a < 128 ? 0 : 255;
}

static bool same_color(struct rgba8 a, struct rgba8 b)
{
    if (a.a == 0 || b.a == 0)
        return a.a == b.a;
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

bool palette_compact(const struct palette *in, const struct palette_use *use, struct palette *out,
                     struct palette_map *map)
{
    struct palette fit = {.count = 0};
    bool changes = false;
    memset(map, 0, sizeof *map);
    for (uint32_t i = 0; i < in->count; i++) {
        if (use != NULL && !use->used[i])
            continue;
        uint32_t k = 0;
        while (k < fit.count && !same_color(fit.entry[k], in->entry[i]))
            k++;
        if (k == fit.count)
            fit.entry[fit.count++] = in->entry[i];
        map->to[i] = (uint8_t)k;
        changes |= k != i;
    }
    if (fit.count == 0)
        fit.entry[fit.count++] = (struct rgba8){0, 0, 0, 255};
    *out = fit;
    return changes;
}

bool palette_merge_transparent(struct palette *p, struct palette_map *map)
{
    int first = palette_transparent(p);
    bool changes = false;
    for (uint32_t i = 0; i < 256; i++) {
        map->to[i] = (uint8_t)i;
        if (i < p->count && p->entry[i].a == 0 && (int)i != first) {
            map->to[i] = (uint8_t)first;
            p->entry[i].a = 255; /* no pixel uses it any more */
            changes = true;
        }
    }
    return changes;
}

bool palette_transparent_doubles(const struct palette *p)
{
    uint32_t opaque = p->count - 1;
    return p->count > 2 && (opaque & (opaque - 1)) == 0 && palette_transparent(p) >= 0;
}

bool palette_transparent_last(struct palette *p, struct palette_map *map)
{
    int at = palette_transparent(p);
    if (at < 0 || (uint32_t)at + 1 == p->count)
        return false;
    uint8_t first = (uint8_t)at, last = (uint8_t)(p->count - 1);
    struct rgba8 entry = p->entry[first];
    memmove(&p->entry[first], &p->entry[first + 1], (size_t)(last - first) * sizeof entry);
    p->entry[last] = entry;
    for (uint32_t i = 0; i < 256; i++)
        map->to[i] = map->to[i] == first  ? last
                     : map->to[i] > first ? (uint8_t)(map->to[i] - 1)
                                          : map->to[i];
    return true;
}
