/* SPDX-License-Identifier: MIT */
/* Palettes made smaller without a color changing. */
#ifndef GIFLOW_COLOR_PALETTE_FIT_H
#define GIFLOW_COLOR_PALETTE_FIT_H

#include "raster/picture.h"

/* Which entries pixels use, gathered as rows flow; all false at first. */
struct palette_use {
    bool used[256];
};

void palette_use_row(struct palette_use *use, const uint8_t *row, uint32_t width);

/* One bit of alpha: below 128 becomes 0, the rest 255. */
void palette_threshold(struct palette *p);

/* What becomes of each index. */
struct palette_map {
    uint8_t to[256];
};

/*
 * The entries in use (use NULL: all), in their order, equal colors and transparent entries merged
 * into the first of them. At least one entry remains. True where map is not the identity.
 */
bool palette_compact(const struct palette *in, const struct palette_use *use, struct palette *out,
                     struct palette_map *map);

/*
 * Leaves all entries where they are and maps transparent ones to the first: a GIF has but one.
 * True where map is not the identity.
 */
bool palette_merge_transparent(struct palette *p, struct palette_map *map);

/*
 * Whether it is for the transparent entry that a table of p, which has a power of two of entries, 2
 * at least, is as long as it is.
 */
bool palette_transparent_doubles(const struct palette *p);

/*
 * Makes the transparent entry, of which there is one at most, the last one; the others keep their
 * order. map leads to p, and still does then. True where something changes.
 */
bool palette_transparent_last(struct palette *p, struct palette_map *map);

#endif
