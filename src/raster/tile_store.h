/* SPDX-License-Identifier: MIT */
/* The tiled store: a picture in a spool, cut into square tiles, read by rectangles. */
#ifndef GIFLOW_RASTER_TILE_STORE_H
#define GIFLOW_RASTER_TILE_STORE_H

#include "raster/picture.h"

struct tile_store;

/* Tile edge in pixels: 64, or 32 where a band of 64 rows would be over 2 MiB. */
uint32_t tile_edge(const struct picture *pic);

/*
 * Tiles stand in row-major order without padding: those at the right and the bottom are as wide
 * and as high as the picture goes, so that the spool takes picture_bytes, however thin the
 * picture. Memory while writing: one band of edge rows, freed with the last row; while reading:
 * TILE_CACHE tiles.
 */
#define TILE_CACHE 16
enum status tile_store_open(struct context *cx, const struct picture *pic,
                            struct tile_store **out) MUST_CHECK;
void tile_store_close(struct tile_store *s); /* s may be NULL */

/* The next row, top-down. */
enum status tile_store_put(struct tile_store *s, const uint8_t *row) MUST_CHECK;

/*
 * One tile through the cache: edge * edge pixels, or fewer at the right and the bottom, its rows
 * one after the other. The pointer is good until the next call.
 * Errors: ST_BUG before the last row was put or outside the picture.
 */
enum status tile_store_get(struct tile_store *s, uint32_t tile_x, uint32_t tile_y,
                           const uint8_t **tile) MUST_CHECK;

/* Copies the rectangle, which lies inside the picture, to out, its rows stride bytes apart. */
enum status tile_store_copy(struct tile_store *s, uint32_t x, uint32_t y, uint32_t width,
                            uint32_t height, uint8_t *out, size_t stride) MUST_CHECK;

#endif
