/* SPDX-License-Identifier: MIT */
/* Alpha of one bit by a threshold that differs from place to place. */
#include "color/blue_noise.h"
#include "transforms/indexed.h"

struct alpha_dither {
    struct rows rows;
    uint8_t mask[BLUE_SIZE][BLUE_SIZE];
};

static enum status alpha_next(struct rows *r, uint8_t *out)
{
    const struct alpha_dither *d = (struct alpha_dither *)r;
    enum status st = rows_next(r->up, out);
    if (st != ST_OK)
        return st;
    const uint8_t *mask = d->mask[r->y % BLUE_SIZE];
    for (uint32_t x = 0; x < r->pic.width; x++) /* thresholds are 0 .. 255: 255 has to be above */
        out[4 * x + 3] = out[4 * x + 3] == 255 || out[4 * x + 3] > mask[x % BLUE_SIZE] ? 255 : 0;
    return ST_OK;
}

enum status alpha_dither_open(struct rows *up, struct rows **out)
{
    struct context *cx = up->cx;
    struct alpha_dither *d = rows_new(cx, "alpha", sizeof *d, up);
    if (d == NULL)
        return cx->status;
    d->rows.next = alpha_next;
    d->rows.rewind = rows_rewind_up;
    d->rows.close = rows_free;
    enum status st = blue_noise_fill(cx, d->mask);
    if (st != ST_OK)
        rows_close(&d->rows);
    else
        *out = &d->rows;
    return st;
}
