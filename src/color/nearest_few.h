/* SPDX-License-Identifier: MIT */
/* The nearest of few palette entries, by cells of colors that mostly have but one. */
#ifndef GIFLOW_COLOR_NEAREST_FEW_H
#define GIFLOW_COLOR_NEAREST_FEW_H

#include "color/oklab.h"

#define NEAREST_FEW 16

/*
 * Colors that share their high 6 bits are a cell. Dithering makes ever new colors, so that a cache
 * of colors misses every other one; but three in four are in cells that have the same entry
 * throughout, if there are 16. The cells of a cube of 16 code values lie side by side.
 */
#define FEW_CELLS (1u << 18)
#define FEW_UNKNOWN 0u
#define FEW_SEVERAL 1u
#define FEW_ENTRY 2u /* and above: the entry that is nearest to all of the cell */

struct nearest_few;
typedef uint32_t nearest_few_fn(const struct nearest_few *f, struct oklab at);

/* Zeroed before it is opened. */
struct nearest_few {
    uint8_t *cell; /* FEW_CELLS */
    nearest_few_fn *search;
    /* Of opaque entries; those that are missing repeat the first. */
    uint8_t entry[NEAREST_FEW];
    int16_t la[NEAREST_FEW][2], b0[NEAREST_FEW][2]; /* in OKLab: l and a, b and 0 */
    int32_t apart[NEAREST_FEW][NEAREST_FEW];        /* distances, doubled and rounded up */
};

/*
 * Of NEAREST_FEW entries at most; without any that is opaque, entry 0 is the nearest to all.
 * 0.25 MiB, of which pictures touch a part. ST_NOMEM. Closed either way.
 */
enum status nearest_few_open(struct context *cx, const struct palette *palette,
                             struct nearest_few *f) MUST_CHECK;
void nearest_few_close(struct context *cx, struct nearest_few *f);
/* Of a color (r, g, b from bit 0 on) whose cell does not tell. */
uint32_t nearest_few_look(struct nearest_few *f, uint32_t color, uint8_t *cell);

/* Not less than the distance of any color in a cell from its middle. Channels: 6 bits. */
uint32_t nearest_few_radius(unsigned r, unsigned g, unsigned b);

/* Each channel's two middle bits from bit 0 on, then its four high ones. */
static inline uint32_t nearest_few_place(unsigned r, unsigned g, unsigned b)
{
    return (r >> 4 | g >> 4 << 4 | b >> 4 << 8) << 6 | (b >> 2 & 3) << 4 | (g >> 2 & 3) << 2 |
           (r >> 2 & 3);
}

/* What a search of all entries finds, the first of equally near ones; place: of that color. */
static inline uint32_t nearest_few_find(struct nearest_few *f, uint32_t color, uint32_t place)
{
    uint8_t *cell = &f->cell[place];
    return *cell >= FEW_ENTRY ? *cell - FEW_ENTRY : nearest_few_look(f, color, cell);
}

#endif
