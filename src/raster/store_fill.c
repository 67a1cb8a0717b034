/* SPDX-License-Identifier: MIT */
/* One loop for both kinds of store. */
#include "raster/store_fill.h"

#include "base/clock.h"
#include "base/mem.h"

static uint64_t cpu_now(const struct context *cx)
{
    return cx->timed ? cpu_time_ns() : 0;
}

/* One of the two stores is NULL. */
static enum status pour(struct rows *up, struct tile_store *tiles, struct row_store *store)
{
    uint8_t *row = mem_rows(up->cx, 1, picture_stride(&up->pic));
    if (row == NULL)
        return up->cx->status;
    enum status st = ST_OK;
    for (uint32_t y = 0; y < up->pic.height && st == ST_OK; y++) {
        st = rows_next(up, row);
        if (st == ST_OK)
            st = tiles != NULL ? tile_store_put(tiles, row) : row_store_put(store, row);
    }
    mem_free(up->cx, row);
    return st;
}

enum status tile_store_fill(struct rows *up, struct tile_store **out, uint64_t *cpu_ns)
{
    uint64_t start = cpu_now(up->cx);
    struct tile_store *s;
    enum status st = tile_store_open(up->cx, &up->pic, &s);
    if (st != ST_OK)
        return st;
    st = pour(up, s, NULL);
    if (st != ST_OK) {
        tile_store_close(s);
        return st;
    }
    *cpu_ns = cpu_now(up->cx) - start;
    *out = s;
    return ST_OK;
}

enum status row_store_fill(struct rows *up, struct row_store **out, uint64_t *cpu_ns)
{
    uint64_t start = cpu_now(up->cx);
    struct row_store *s;
    enum status st = row_store_open(up->cx, &up->pic, &interlace_none, &s);
    if (st != ST_OK)
        return st;
    st = pour(up, NULL, s);
    if (st != ST_OK) {
        row_store_close(s);
        return st;
    }
    *cpu_ns = cpu_now(up->cx) - start;
    *out = s;
    return ST_OK;
}
