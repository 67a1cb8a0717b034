/* SPDX-License-Identifier: MIT */
/* The window of a plane that is a file: moved, fetched and written back. */
#include "raster/plane.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"

/* A run begins with rows of so many bytes: what a file's cache is made of. */
#define RUN_BEGINS 4096u
/* It goes on where fewer rows than this are left out, as GIF's passes do. */
#define NEAR 8u

static uint32_t rows_in(const struct plane *p, size_t bytes)
{
    size_t rows = bytes / p->stride;
    return rows == 0 ? 1 : rows < p->height ? (uint32_t)rows : p->height;
}

static enum status open_file(struct plane *p, uint64_t bytes)
{
    p->room = rows_in(p, PLANE_WINDOW);
    p->window = mem_zalloc(p->cx, p->room * p->stride); /* what is not filled is written, too */
    return p->window == NULL ? p->cx->status : spool_open_zeroed(p->cx, bytes, &p->spool);
}

/* As much again is left for what cannot do without a file. */
static bool fits(const struct context *cx, uint64_t bytes)
{
    return bytes <= UINT64_MAX / 2 && spool_fits(cx, bytes * 2);
}

static enum status open_memory(struct plane *p, uint64_t bytes)
{
    p->count = p->height;
    p->window = mem_zalloc(p->cx, bytes <= SIZE_MAX ? (size_t)bytes : SIZE_MAX);
    return p->window == NULL ? p->cx->status : ST_OK;
}

enum status plane_open(struct context *cx, size_t stride, uint32_t height, bool busy,
                       struct plane **out)
{
    uint64_t bytes;
    struct plane *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    p->stride = stride;
    p->height = height;
    p->changed_top = UINT32_MAX;
    if (__builtin_mul_overflow(stride, height, &bytes))
        bytes = UINT64_MAX;
    bool small = (busy ? bytes / 2 + bytes % 2 : bytes) <= cx->limits.plane_memory;
    enum status st = small || !fits(cx, bytes) ? open_memory(p, bytes) : open_file(p, bytes);
    if (st != ST_OK) {
        plane_close(p);
        return st;
    }
    *out = p;
    return ST_OK;
}

void plane_close(struct plane *p)
{
    if (p == NULL)
        return;
    spool_close(p->spool);
    mem_free(p->cx, p->window);
    mem_free(p->cx, p);
}

static void write_changes(struct plane *p)
{
    if (p->changed_end == 0)
        return;
    const uint8_t *from = p->window + (p->changed_top - p->first) * p->stride;
    size_t bytes = (p->changed_end - p->changed_top) * p->stride;
    enum status st = check_stop(p->cx);
    if (st == ST_OK)
        st = spool_write(p->spool, p->changed_top * (uint64_t)p->stride, from, bytes);
    (void)st; /* the context keeps it: see plane.h */
    p->changed_top = UINT32_MAX;
    p->changed_end = 0;
}

static void fetch(struct plane *p, uint32_t y, uint32_t rows)
{
    uint8_t *to = p->window + (y - p->first) * p->stride;
    if (check_stop(p->cx) != ST_OK ||
        spool_read(p->spool, y * (uint64_t)p->stride, to, rows * p->stride) != ST_OK)
        memset(to, 0, rows * p->stride);
}

/*
 * A run down goes on behind the rows of the window as long as there is room; else all are given up.
 * Passes of an interlaced picture are runs, too: the rows between are cheaper to fetch than to
 * avoid.
 */
void plane_move(struct plane *p, uint32_t y, bool filled)
{
    const uint32_t end = p->first + p->count;
    const bool down = y >= end && y - end < (filled ? 1 : NEAR), up = y + 1 == p->first;
    p->ahead = max_u32(down || up ? p->ahead * 2 : 0, rows_in(p, RUN_BEGINS));
    p->ahead = min_u32(p->ahead, p->room);
    uint32_t more = filled ? 1 : min_u32(p->ahead, up ? y + 1 : p->height - y);
    if (down && y - p->first < p->room) {
        more = min_u32(more + (y - end), p->room - p->count);
    } else {
        write_changes(p);
        p->first = up ? y + 1 - more : y;
        p->count = 0;
    }
    if (!filled)
        fetch(p, p->first + p->count, more);
    p->count += more;
}
