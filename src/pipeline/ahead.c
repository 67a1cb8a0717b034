/* SPDX-License-Identifier: MIT */
/* Rows that were looked at stand in a spool; those after them are still to come from up. */
#include "pipeline/ahead.h"

#include "base/mem.h"
#include "base/spool.h"
#include "pipeline/costs.h"
#include "raster/pixels.h"

/* More than this is not worth a temporary file, where the rows can be decoded again. */
#define SPOOL_BYTES_MAX (UINT64_C(1) << 30)

struct ahead {
    struct rows rows;
    struct spool *spool;
    uint32_t seen; /* rows in it */
};

static enum status ahead_next(struct rows *r, uint8_t *out)
{
    struct ahead *a = (struct ahead *)r;
    size_t stride = picture_stride(&r->pic);
    if (r->y < a->seen)
        return spool_read(a->spool, (uint64_t)r->y * stride, out, stride);
    return rows_next(r->up, out);
}

static void ahead_close(struct rows *r)
{
    struct ahead *a = (struct ahead *)r;
    spool_close(a->spool);
    mem_free(r->cx, a);
}

static enum status look_all(struct rows *up, struct ahead *a, look_fn *look, void *user,
                            uint8_t *row)
{
    size_t stride = picture_stride(&up->pic);
    enum status st = ST_OK;
    for (bool more = true; st == ST_OK && more && up->y < up->pic.height;) {
        st = rows_next(up, row);
        if (st != ST_OK)
            break;
        if (a != NULL) {
            st = spool_write(a->spool, (uint64_t)a->seen * stride, row, stride);
            a->seen++;
        }
        more = look(user, &up->pic, row);
    }
    return st;
}

static struct ahead *make_stage(struct rows *up)
{
    struct ahead *a = rows_new(up->cx, "look", sizeof *a, up);
    if (a == NULL)
        return NULL;
    a->rows.next = ahead_next;
    a->rows.close = ahead_close;
    if (spool_open_growing(up->cx, SPOOL_MEMORY_BYTES, &a->spool) != ST_OK) {
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
