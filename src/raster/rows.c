/* SPDX-License-Identifier: MIT */
/* What all row streams share: counting, timing, rewinding, closing. */
#include "raster/rows.h"

#include "base/clock.h"
#include "base/mem.h"

enum status rows_next(struct rows *r, uint8_t *out)
{
    if (r->y >= r->pic.height)
        return fail(r->cx, ST_BUG, "%s: asked for row %u of %u", r->name, r->y, r->pic.height);
    enum status st = check_stop(r->cx);
    if (st != ST_OK)
        return st;
    uint64_t start = r->cx->timed ? cpu_time_ns() : 0;
    st = r->next(r, out);
    if (r->cx->timed)
        r->cpu_ns += cpu_time_ns() - start;
    r->y++;
    return st;
}

/* n rows are made, for nothing. */
static enum status drop(struct rows *r, uint32_t n)
{
    uint8_t *row = mem_rows(r->cx, 1, picture_stride(&r->pic));
    enum status st = row == NULL ? r->cx->status : ST_OK;
    while (st == ST_OK && n-- > 0)
        st = rows_next(r, row);
    mem_free(r->cx, row);
    return st;
}

enum status rows_skip(struct rows *r, uint32_t n)
{
    if (n > r->pic.height - r->y)
        return fail(r->cx, ST_BUG, "%s: asked for %u rows after row %u of %u", r->name, n, r->y,
                    r->pic.height);
    if (n == 0)
        return ST_OK;
    if (r->skip == NULL)
        return drop(r, n);
    enum status st = r->skip(r, n);
    r->y += n;
    return st;
}

enum status rows_skip_up(struct rows *r, uint32_t n)
{
    return rows_skip(r->up, n);
}

enum status rows_skip_none(struct rows *r, uint32_t n)
{
    (void)r, (void)n;
    return ST_OK;
}

enum status rows_drain(struct rows *r)
{
    return r->y == r->pic.height ? ST_OK : drop(r, r->pic.height - r->y);
}

bool rows_can_rewind(const struct rows *r)
{
    if (r->rewind != rows_rewind_up)
        return r->rewind != NULL;
    return r->up != NULL && rows_can_rewind(r->up);
}

enum status rows_rewind(struct rows *r)
{
    if (!rows_can_rewind(r))
        return fail(r->cx, ST_BUG, "%s: cannot be read twice", r->name);
    enum status st = r->rewind(r);
    r->y = 0;
    return st;
}

enum status rows_rewind_up(struct rows *r)
{
    return rows_rewind(r->up);
}

enum status rows_rewind_none(struct rows *r)
{
    (void)r;
    return ST_OK;
}

void rows_free(struct rows *r)
{
    mem_free(r->cx, r);
}

void rows_close(struct rows *r)
{
    while (r != NULL) {
        struct rows *up = r->up;
        r->close(r);
        r = up;
    }
}

void *rows_new(struct context *cx, const char *name, size_t bytes, struct rows *up)
{
    struct rows *r = mem_zalloc(cx, bytes);
    if (r == NULL) {
        rows_close(up);
        return NULL;
    }
    r->cx = cx;
    r->name = name;
    r->up = up;
    if (up != NULL) {
        r->pic = up->pic;
        r->kept = up->kept;
    }
    return r;
}
