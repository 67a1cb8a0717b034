/* SPDX-License-Identifier: MIT */
/*
 * Rows are scattered into a band in tile order, which goes out in one write; a tile comes back in
 * one read, through a cache of four sets of four. The set is the parity of the tile's two
 * coordinates, so a rectangle that touches up to 4 x 4 tiles never evicts its own.
 */
#include "raster/tile_store.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"

#define BAND_BYTES (2u * 1024 * 1024)
#define WAYS 4

struct slot {
    uint32_t x, y;
    uint64_t used; /* clock of the last use; 0: empty */
};

struct tile_store {
    struct context *cx;
    struct spool *spool;
    uint32_t width, height, edge;
    unsigned pixel; /* bytes of one */
    size_t stride;
    uint32_t y;     /* rows that were put */
    uint8_t *band;  /* rows since the last write, in tile order; freed with the last row */
    uint8_t *cache; /* TILE_CACHE tiles; made when reading begins */
    uint64_t clock;
    struct slot slot[TILE_CACHE];
};

uint32_t tile_edge(const struct picture *pic)
{
    return picture_stride(pic) * 64 > BAND_BYTES ? 32 : 64;
}

enum status tile_store_open(struct context *cx, const struct picture *pic, struct tile_store **out)
{
    uint64_t bytes;
    if (!picture_bytes(pic, &bytes))
        return fail(cx, ST_LIMIT, "%u x %u is more than a temporary file holds", pic->width,
                    pic->height);
    struct tile_store *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->width = pic->width;
    s->height = pic->height;
    s->edge = tile_edge(pic);
    s->pixel = layout_info(pic->layout)->bytes;
    s->stride = picture_stride(pic);
    enum status st = spool_open(cx, bytes, &s->spool);
    if (st == ST_OK) {
        s->band = mem_array(cx, min_u32(s->edge, s->height), s->stride);
        if (s->band == NULL)
            st = cx->status;
    }
    if (st != ST_OK) {
        tile_store_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

void tile_store_close(struct tile_store *s)
{
    if (s == NULL)
        return;
    mem_free(s->cx, s->band);
    mem_free(s->cx, s->cache);
    spool_close(s->spool);
    mem_free(s->cx, s);
}

/* Pixels of the tile that starts at this many, of length in all. */
static uint32_t extent(const struct tile_store *s, uint32_t start, uint32_t length)
{
    return min_u32(s->edge, length - start);
}

/* Copies one row's pieces of whole tiles, each tile_bytes after the last. */
static inline __attribute__((always_inline)) const uint8_t *
scatter(uint8_t *to, size_t tile_bytes, const uint8_t *row, uint32_t tiles, size_t piece)
{
    for (uint32_t i = 0; i < tiles; i++) {
        memcpy(to, row, piece);
        to += tile_bytes;
        row += piece;
    }
    return row;
}

enum status tile_store_put(struct tile_store *s, const uint8_t *row)
{
    if (s->y >= s->height)
        return fail(s->cx, ST_BUG, "tile store: row %u of %u", s->y, s->height);
    uint32_t in_band = s->y % s->edge, first = s->y - in_band;
    uint32_t high = extent(s, first, s->height);
    uint32_t whole = s->width / s->edge, rest = s->width % s->edge;
    size_t piece = (size_t)s->edge * s->pixel, tile_bytes = piece * high;
    uint8_t *to = s->band + in_band * piece;
    /* constant sizes become moves instead of calls */
    if (piece == 64)
        row = scatter(to, tile_bytes, row, whole, 64);
    else if (piece == 192)
        row = scatter(to, tile_bytes, row, whole, 192);
    else if (piece == 256)
        row = scatter(to, tile_bytes, row, whole, 256);
    else
        row = scatter(to, tile_bytes, row, whole, piece);
    if (rest > 0) {
        size_t last = (size_t)rest * s->pixel;
        memcpy(s->band + whole * tile_bytes + in_band * last, row, last);
    }
    s->y++;
    if (in_band + 1 < high)
        return ST_OK;
    enum status st =
        spool_write(s->spool, (uint64_t)first * s->stride, s->band, (size_t)high * s->stride);
    if (s->y == s->height) {
        mem_free(s->cx, s->band);
        s->band = NULL;
    }
    return st;
}

static enum status load_tile(struct tile_store *s, uint32_t tile_x, uint32_t tile_y,
                             struct slot *slot, uint8_t *to)
{
    uint32_t x = tile_x * s->edge, y = tile_y * s->edge;
    uint32_t wide = extent(s, x, s->width), high = extent(s, y, s->height);
    uint64_t at = (uint64_t)y * s->stride + (uint64_t)x * high * s->pixel;
    slot->used = 0;
    enum status st = spool_read(s->spool, at, to, (size_t)wide * high * s->pixel);
    slot->x = tile_x;
    slot->y = tile_y;
    return st;
}

enum status tile_store_get(struct tile_store *s, uint32_t tile_x, uint32_t tile_y,
                           const uint8_t **tile)
{
    if (s->y < s->height || (uint64_t)tile_x * s->edge >= s->width ||
        (uint64_t)tile_y * s->edge >= s->height)
        return fail(s->cx, ST_BUG, "tile store: tile %u, %u after row %u of %u x %u", tile_x,
                    tile_y, s->y, s->width, s->height);
    size_t tile_bytes = (size_t)s->edge * s->edge * s->pixel;
    if (s->cache == NULL) {
        s->cache = mem_array(s->cx, TILE_CACHE, tile_bytes);
        if (s->cache == NULL)
            return s->cx->status;
    }
    unsigned set = ((tile_x & 1) | (tile_y & 1) << 1) * WAYS;
    struct slot *slot = &s->slot[set];
    for (unsigned i = 0; i < WAYS; i++) {
        struct slot *other = &s->slot[set + i];
        if (other->used != 0 && other->x == tile_x && other->y == tile_y) {
            slot = other;
            break;
        }
        if (other->used < slot->used)
            slot = other;
    }
    uint8_t *at = s->cache + (size_t)(slot - s->slot) * tile_bytes;
    if (slot->used == 0 || slot->x != tile_x || slot->y != tile_y) {
        enum status st = load_tile(s, tile_x, tile_y, slot, at);
        if (st != ST_OK)
            return st;
    }
    slot->used = ++s->clock;
    *tile = at;
    return ST_OK;
}

enum status tile_store_copy(struct tile_store *s, uint32_t x, uint32_t y, uint32_t width,
                            uint32_t height, uint8_t *out, size_t stride)
{
    if (x > s->width || width > s->width - x || y > s->height || height > s->height - y)
        return fail(s->cx, ST_BUG, "tile store: %u x %u at %u, %u of %u x %u", width, height, x, y,
                    s->width, s->height);
    uint32_t rows, columns;
    for (uint32_t j = 0; j < height; j += rows) {
        uint32_t top = (y + j) % s->edge;
        rows = min_u32(s->edge - top, height - j);
        for (uint32_t i = 0; i < width; i += columns) {
            uint32_t left = (x + i) % s->edge, tile_x = (x + i) / s->edge;
            columns = min_u32(s->edge - left, width - i);
            const uint8_t *from;
            enum status st = tile_store_get(s, tile_x, (y + j) / s->edge, &from);
            if (st != ST_OK)
                return st;
            size_t step = (size_t)extent(s, tile_x * s->edge, s->width) * s->pixel;
            size_t bytes = (size_t)columns * s->pixel;
            uint8_t *to = out + j * stride + (size_t)i * s->pixel;
            from += top * step + (size_t)left * s->pixel;
            for (uint32_t k = 0; k < rows; k++, from += step, to += stride)
                memcpy(to, from, bytes);
        }
    }
    return ST_OK;
}
