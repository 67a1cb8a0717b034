/* SPDX-License-Identifier: MIT */
/* Nearest entries of colors seen, kept in front of the search for them. */
#ifndef GIFLOW_COLOR_NEAREST_CACHE_H
#define GIFLOW_COLOR_NEAREST_CACHE_H

#include "color/candidates.h"

/*
 * Direct-mapped. A color goes to r + 41 g + 1681 b modulo the size: within a cube of 39 code
 * values, which is about what dithering moves through, no two colors meet.
 */
#define NEAREST_SLOTS (1u << 16)
#define NEAREST_STEP_G 41
#define NEAREST_STEP_B 1681

/* Zeroed before it is opened. */
struct nearest_cache {
    struct candidates *candidates;
    uint32_t *slot; /* a color, and above it its entry */
};

/* 0.6 MiB, of which 0.25 MiB are slots. ST_NOMEM. Closed either way. */
enum status nearest_cache_open(struct context *cx, const struct palette *palette,
                               struct nearest_cache *c) MUST_CHECK;
void nearest_cache_close(struct context *cx, struct nearest_cache *c);
/* Of a color that its slot does not hold. */
uint32_t nearest_cache_miss(struct nearest_cache *c, uint32_t color, uint32_t *slot);

/* Colors as words: r, g, b from bit 0 on. */
static inline uint32_t nearest_cache_place(unsigned r, unsigned g, unsigned b)
{
    return r + NEAREST_STEP_G * g + NEAREST_STEP_B * b;
}

/* The entry of candidates_nearest; place: of that color. */
static inline uint32_t nearest_cache_find(struct nearest_cache *c, uint32_t color, uint32_t place)
{
    uint32_t *slot = &c->slot[place % NEAREST_SLOTS], found = *slot;
    return (((found ^ color) & 0xffffff) == 0 ? found : nearest_cache_miss(c, color, slot)) >> 24;
}

#endif
