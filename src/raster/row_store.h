/* SPDX-License-Identifier: MIT */
/* Rows kept in a spool, to be read again in any order of rows: passes, backwards, twice. */
#ifndef GIFLOW_RASTER_ROW_STORE_H
#define GIFLOW_RASTER_ROW_STORE_H

#include "raster/rows.h"

struct row_store;

/*
 * Holds pic->height rows. order says in which order row_store_put gets them: interlace_none, or
 * the passes of a file, whose rows are then pass_width pixels of which the rest is not touched.
 * The spool takes picture_bytes. Memory: at most 64 KiB of rows not yet written; while reading,
 * at most 64 KiB of rows read ahead, and half a row more where passes share rows (Adam7).
 */
enum status row_store_open(struct context *cx, const struct picture *pic,
                           const struct interlace *order, struct row_store **out) MUST_CHECK;
void row_store_close(struct row_store *s); /* s may be NULL */

enum status row_store_put(struct row_store *s, const uint8_t *row) MUST_CHECK;
/*
 * The whole picture row y, passes merged. Runs of neighboring y, up or down, are cheap.
 * Errors: ST_BUG before the last row was put or outside the picture.
 */
enum status row_store_get(struct row_store *s, uint32_t y, uint8_t *out) MUST_CHECK;

/*
 * The stream of a store that has all its rows. Owns the store, even when it fails.
 * backwards: the last row first.
 */
enum status row_store_rows(struct context *cx, const char *name, const struct picture *pic,
                           struct row_store *s, bool backwards, struct rows **out) MUST_CHECK;

#endif
