/* SPDX-License-Identifier: MIT */
/* The stage around error diffusion. */
#include <string.h>

#include "base/mem.h"
#include "color/diffuse.h"
#include "transforms/indexed.h"

struct dither {
    struct rows rows;
    struct diffuser *diffuser;
    uint8_t *row; /* of up, and a byte */
};

static enum status dither_next(struct rows *r, uint8_t *out)
{
    struct dither *d = (struct dither *)r;
    enum status st = rows_next(r->up, d->row);
    if (st == ST_OK)
        diffuser_row(d->diffuser, r->up->pic.layout, d->row, out);
    return st;
}

static enum status dither_rewind(struct rows *r)
{
    diffuser_restart(((struct dither *)r)->diffuser);
    return rows_rewind(r->up);
}

static void dither_close(struct rows *r)
{
    struct dither *d = (struct dither *)r;
    diffuser_close(d->diffuser);
    mem_free(r->cx, d->row);
    mem_free(r->cx, d);
}

enum status dither_open(struct rows *up, const struct palette *palette, double strength,
                        struct rows **out)
{
    struct context *cx = up->cx;
    struct dither *d = rows_new(cx, "dither", sizeof *d, up);
    if (d == NULL)
        return cx->status;
    d->rows.pic.layout = LAYOUT_INDEX8;
    d->rows.pic.palette = *palette;
    d->rows.kept = false; /* it would be done again */
    d->rows.next = dither_next;
    d->rows.rewind = rows_can_rewind(up) ? dither_rewind : NULL;
    d->rows.close = dither_close;
    enum status st = diffuser_open(cx, palette, up->pic.width, strength, &d->diffuser);
    if (st == ST_OK && (d->row = mem_zalloc(cx, picture_stride(&up->pic) + 1)) == NULL)
        st = cx->status;
    if (st != ST_OK)
        rows_close(&d->rows);
    else
        *out = &d->rows;
    return st;
}
