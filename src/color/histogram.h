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

/* A color of which at least so many pixels were seen. */
struct frequent_color {
    struct rgba8 color;
    uint64_t count;
};

/*
 * Starts with exact 24-bit colors; drops one low bit of a channel or of all three whenever there
 * are more than some 24000 cells, down to 5 bits each. The cells depend on the pixels only, not
 * on their order.
 * Memory: fixed, 0.85 MiB, of which 0.2 MiB and 20 bytes a cell are ever touched.
 * Exact for up to 2^38 pixels.
 */
enum status histogram_open(struct context *cx, struct histogram **out) MUST_CHECK;
void histogram_close(struct histogram *h); /* h may be NULL */

/* Counts width pixels of LAYOUT_RGB8 or LAYOUT_RGBA8; alpha below 128 counts as transparent. */
void histogram_add(struct histogram *h, enum layout layout, const uint8_t *row, uint32_t width);

bool histogram_exact(struct histogram *h);             /* every cell is one color */
uint32_t histogram_colors(struct histogram *h);        /* distinct cells */
bool histogram_transparent(const struct histogram *h); /* a transparent pixel was counted */

/*
 * The cells, in no order that means anything, valid until more is added. Of one with more than
 * half a billion pixels there can be several.
 */
uint32_t histogram_cells(struct histogram *h);
struct color_cell histogram_cell(const struct histogram *h, uint32_t i);

/*
 * Exact colors of at least 1/512 of the pixels each. Where cells hold several colors these come
 * from votes: most that are there and make up most of their neighborhood are found, and counts
 * are lower bounds. Out has room for HISTOGRAM_FREQUENT; returns how many.
 */
#define HISTOGRAM_FREQUENT 512
uint32_t histogram_frequent(struct histogram *h, struct frequent_color *out);

/*
 * Has cells grow on until there are at most so many, if 5 bits of each channel are enough for
 * that. What is frequent has been asked for before; nothing can be added.
 */
void histogram_shrink(struct histogram *h, uint32_t most);

/* Frees all but the cells, so that nothing can be added; if cells, those too. */
void histogram_release(struct histogram *h, bool cells);

#endif
