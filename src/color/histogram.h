/* SPDX-License-Identifier: MIT */
/* Counting colors as rows flow: exactly while they are few, in growing cells when they are many. */
#ifndef GIFLOW_COLOR_HISTOGRAM_H
#define GIFLOW_COLOR_HISTOGRAM_H

#include "raster/picture.h"

struct histogram;

/* A cell: all counted colors that share the high bits; sums are exact, so means are too. */
struct color_cell {
    uint64_t count;
    uint64_t r, g, b; /* sums of code values */
};

/*
 * Starts with exact 24-bit colors; drops one low bit a channel whenever the table is full.
 * Memory: fixed, about 0.9 MiB at the most, whatever the picture.
 */
enum status histogram_open(struct context *cx, struct histogram **out) MUST_CHECK;
void histogram_close(struct histogram *h); /* h may be NULL */

/* Counts width pixels of LAYOUT_RGB8 or LAYOUT_RGBA8; alpha below 128 counts as transparent. */
void histogram_add(struct histogram *h, enum layout layout, const uint8_t *row, uint32_t width);

bool histogram_exact(const struct histogram *h); /* every cell is one color */
uint32_t histogram_cells(const struct histogram *h);
bool histogram_transparent(const struct histogram *h); /* a transparent pixel was counted */
/* Moves the cells, in order of their color, to out, which holds histogram_cells of them. */
void histogram_list(const struct histogram *h, struct color_cell *out);

#endif
