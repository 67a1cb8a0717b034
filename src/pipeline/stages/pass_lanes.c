/* SPDX-License-Identifier: MIT */
/* Decoders of one file, each of which is a pass ahead of the one before it. */
#include "pipeline/stages/pass_lanes.h"

#include "base/mem.h"
#include "raster/pixels.h"

struct pass_lanes {
    struct rows rows;
    struct source *src;
    const struct interlace *order;
    unsigned last; /* pass that has pixels: up's */
    struct {
        struct source *src;
        struct decoder *decoder;
    } lane[PASSES_MAX];
    uint8_t *row; /* of a pass */
};

static uint32_t rows_of(const struct pass_lanes *l, unsigned pass)
{
    const struct pass *p = &l->order->pass[pass];
    return pass_width(p, l->rows.pic.width) == 0 ? 0 : pass_height(p, l->rows.pic.height);
}

/* The next row of a pass, into l->row. */
static enum status next_of_pass(struct pass_lanes *l, unsigned pass)
{
    return pass == l->last ? l->rows.up->next(l->rows.up, l->row)
                           : decoder_row(l->lane[pass].decoder, l->row);
}

/* Reads the passes before this one. */
static enum status go_to(struct pass_lanes *l, unsigned pass)
{
    enum status st = ST_OK;
    for (unsigned i = 0; i < pass; i++)
        for (uint32_t left = rows_of(l, i); st == ST_OK && left > 0; left--) {
            st = check_stop(l->rows.cx);
            if (st == ST_OK)
                st = next_of_pass(l, pass);
        }
    return st;
}

static enum status open_lane(struct pass_lanes *l, unsigned pass)
{
    struct context *cx = l->rows.cx;
    struct frame frame;
    enum status st = source_open_again(l->src, &l->lane[pass].src);
    if (st == ST_OK)
        st = decoder_open(cx, l->lane[pass].src, NULL, &l->lane[pass].decoder);
    if (st == ST_OK)
        st = decoder_frame(l->lane[pass].decoder, &frame);
    if (st == ST_END)
        st = fail(cx, ST_DAMAGED, "there is no picture in the file");
    return st == ST_OK ? go_to(l, pass) : st;
}

static void close_lanes(struct pass_lanes *l)
{
    for (unsigned i = 0; i < l->last; i++) {
        decoder_close(l->lane[i].decoder);
        source_close(l->lane[i].src);
        l->lane[i].decoder = NULL;
        l->lane[i].src = NULL;
    }
}

static enum status open_lanes(struct pass_lanes *l)
{
    enum status st = ST_OK;
    for (unsigned i = 0; i < l->last && st == ST_OK; i++)
        if (rows_of(l, i) != 0)
            st = open_lane(l, i);
    return st == ST_OK ? go_to(l, l->last) : st;
}

static enum status next(struct rows *r, uint8_t *out)
{
    struct pass_lanes *l = (struct pass_lanes *)r;
    const unsigned bytes = layout_info(r->pic.layout)->bytes;
    enum status st = ST_OK;
    for (unsigned i = 0; i <= l->last && st == ST_OK; i++) {
        const struct pass *p = &l->order->pass[i];
        if (rows_of(l, i) == 0 || r->y < p->y0 || (r->y - p->y0) % p->dy != 0)
            continue;
        st = next_of_pass(l, i);
        if (st == ST_OK)
            pixels_spread(out + p->x0 * bytes, p->dx, l->row, pass_width(p, r->pic.width), bytes);
    }
    return st;
}

static enum status rewind_all(struct rows *r)
{
    struct pass_lanes *l = (struct pass_lanes *)r;
    close_lanes(l);
    enum status st = rows_rewind(r->up);
    return st == ST_OK ? open_lanes(l) : st;
}

static void close_all(struct rows *r)
{
    struct pass_lanes *l = (struct pass_lanes *)r;
    close_lanes(l);
    mem_free(r->cx, l->row);
    mem_free(r->cx, l);
}

enum status pass_lanes_open(struct rows *up, struct source *src, const struct frame *frame,
                            struct rows **out)
{
    struct context *cx = up->cx;
    struct pass_lanes *l = rows_new(cx, "deinterlace", sizeof *l, up);
    if (l == NULL)
        return cx->status;
    l->rows.next = next;
    l->rows.rewind = rows_can_rewind(up) ? rewind_all : NULL;
    l->rows.close = close_all;
    l->src = src;
    l->order = frame->order;
    for (unsigned i = 0; i < l->order->count; i++)
        if (rows_of(l, i) != 0)
            l->last = i;
    l->row = mem_rows(cx, 1, picture_stride(&l->rows.pic));
    enum status st = l->row == NULL ? cx->status : open_lanes(l);
    if (st == ST_OK)
        *out = &l->rows;
    else
        rows_close(&l->rows);
    return st;
}
