/* SPDX-License-Identifier: MIT */
/* A whole stream read into a store. */
#ifndef GIFLOW_RASTER_STORE_FILL_H
#define GIFLOW_RASTER_STORE_FILL_H

#include "raster/row_store.h"
#include "raster/tile_store.h"

/*
 * Opens a store for up's picture and reads all rows of up into it. up stays the caller's.
 * *cpu_ns: the time that took, up's own included; 0 unless the run is timed
 * Memory: besides the store's, one row until the last has come
 */
enum status tile_store_fill(struct rows *up, struct tile_store **out, uint64_t *cpu_ns) MUST_CHECK;
enum status row_store_fill(struct rows *up, struct row_store **out, uint64_t *cpu_ns) MUST_CHECK;

#endif
