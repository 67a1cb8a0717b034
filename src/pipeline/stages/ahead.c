/* SPDX-License-Identifier: MIT */
/*
 * Rows that were looked at stand in a spool, to which they go, and from which they come, some at a
 * time; those after them are still to come from up.
 */
#include "pipeline/stages/ahead.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/costs.h"

/* More than this is not worth a temporary file, where the rows can be decoded again. */
#define SPOOL_BYTES_MAX (UINT64_C(1) << 30)

/* Narrow rows would make a call of the system each; with so many bytes these cost nothing. */
#define GROUP_BYTES (16u * 1024)

struct ahead {
    struct rows rows;
    struct spool *spool;
    uint32_t seen;         /* rows that were looked at: in the spool, the last ones in group[] */
    uint32_t first, count; /* rows in group[] */
    uint32_t room;         /* for so many, at least one */
    uint8_t *group;
};

static enum status write_group(struct ahead *a)
{
    size_t stride = picture_stride(&a->rows.pic);
    return spool_write(a->spool, (uint64_t)a->first * stride, a->group, a->count * stride);
}

static enum status read_group(struct ahead *a, uint32_t first)
{
    size_t stride = picture_stride(&a->rows.pic);
    a->first = first;
    a->count = min_u32(a->room, a->seen - first);
    return spool_read(a->spool, (uint64_t)first * stride, a->group, a->count * stride);
}

/* Keeps the row that comes after those that were seen. */
static enum status keep(struct ahead *a, const uint8_t *row)
{
    size_t stride = picture_stride(&a->rows.pic);
    if (a->count == a->room) {
        enum status st = write_group(a);
        if (st != ST_OK)
            return st;
        a->first = a->seen;
        a->count = 0;
    }
    memcpy(a->group + a->count * stride, row, stride);
    a->count++;
    a->seen++;
    return ST_OK;
}

static enum status ahead_next(struct rows *r, uint8_t *out)
{
    struct ahead *a = (struct ahead *)r;
    size_t stride = picture_stride(&r->pic);
    if (r->y >= a->seen)
        return rows_next(r->up, out);
    if (r->y < a->first || r->y - a->first >= a->count) {
        enum status st = read_group(a, r->y);
        if (st != ST_OK)
            return st;
    }
    memcpy(out, a->group + (r->y - a->first) * stride, stride);
    return ST_OK;
}

static void ahead_close(struct rows *r)
{
    struct ahead *a = (struct ahead *)r;
    spool_close(a->spool);
    mem_free(r->cx, a->group);
    mem_free(r->cx, a);
}

static enum status look_all(struct rows *up, struct ahead *a, look_fn *look, void *user,
                            uint8_t *row)
{
    enum status st = ST_OK;
    for (bool more = true; st == ST_OK && more && up->y < up->pic.height;) {
        st = rows_next(up, row);
        if (st != ST_OK)
            break;
        if (a != NULL)
            st = keep(a, row);
        more = look(user, &up->pic, row);
    }
    /* reading begins with the first rows; a group that has all of them stays */
    return st == ST_OK && a != NULL && a->first > 0 ? write_group(a) : st;
}

static struct ahead *make_stage(struct rows *up)
{
    struct ahead *a = rows_new(up->cx, "look", sizeof *a, up);
    if (a == NULL)
        return NULL;
    a->rows.next = ahead_next;
    a->rows.close = ahead_close;
    size_t stride = picture_stride(&up->pic), room = GROUP_BYTES / stride;
    a->room = room == 0 ? 1 : (uint32_t)room;
    a->group = mem_rows(up->cx, min_u32(a->room, up->pic.height), stride);
    if (a->group == NULL || spool_open_growing(up->cx, SPOOL_MEMORY_BYTES, &a->spool) != ST_OK) {
        rows_close(&a->rows);
        return NULL;
    }
    return a;
}

enum status look_ahead(struct rows *up, look_fn *look, void *user, struct outcome *outcome,
                       bool *looked, struct rows **out)
{
    struct context *cx = up->cx;
    uint64_t bytes;
    bool spool = !up->kept && picture_bytes(&up->pic, &bytes) && spool_allowed(cx, bytes) &&
                 (bytes <= SPOOL_BYTES_MAX || !rows_can_rewind(up));
    struct ahead *a = NULL;
    *looked = spool || rows_can_rewind(up);
    *out = up;
    if (!*looked)
        return ST_OK;
    if (spool) {
        a = make_stage(up);
        if (a == NULL)
            return cx->status;
        *out = &a->rows;
    }
    uint8_t *row = mem_rows(cx, 1, picture_stride(&up->pic));
    enum status st = row == NULL ? cx->status : look_all(up, a, look, user, row);
    mem_free(cx, row);
    if (st == ST_OK && !spool)
        st = rows_rewind(up);
    if (st != ST_OK) {
        rows_close(*out);
        return st;
    }
    if (!spool)
        return ST_OK;
    a->rows.cpu_ns = up->cpu_ns;
    if (up->y == up->pic.height) {
        a->rows.rewind = rows_rewind_none; /* all rows are in the spool */
        a->rows.kept = true;
        if (outcome != NULL) {
            retire(outcome, up);
            a->rows.up = NULL;
            a->rows.cpu_ns = 0;
        }
    }
    return ST_OK;
}
