/* SPDX-License-Identifier: MIT */
/* Rows in the order of the file, in a stream where that is the order of the picture. */
#include "animation/frame_rows.h"

#include "base/mem.h"
#include "raster/row_store.h"

/* Where the file's rows belong. */
struct place {
    unsigned pass;
    uint32_t row;
};

struct frame_rows {
    struct rows rows;
    struct decoder *decoder;
    struct player *player;
};

/* Steps over passes without pixels; false: there is no further row. */
static bool find_row(const struct frame *f, struct place *at)
{
    for (; at->pass < f->order->count; at->pass++, at->row = 0) {
        const struct pass *p = &f->order->pass[at->pass];
        if (pass_width(p, f->pic.width) != 0 && at->row < pass_height(p, f->pic.height))
            return true;
    }
    return false;
}

static enum status take_row(struct decoder *d, struct player *player, const struct pass *pass,
                            uint32_t row, uint8_t *out)
{
    enum status st = decoder_row(d, out);
    return st == ST_OK && player != NULL ? player_row(player, pass, row, out) : st;
}

/* store NULL: nobody keeps them */
static enum status read_all(struct decoder *d, const struct frame *f, struct player *player,
                            struct row_store *store)
{
    uint8_t *row = mem_rows(d->cx, 1, picture_stride(&f->pic));
    if (row == NULL)
        return d->cx->status;
    enum status st = ST_OK;
    for (struct place at = {0, 0}; st == ST_OK && find_row(f, &at); at.row++) {
        st = check_stop(d->cx);
        if (st == ST_OK)
            st = take_row(d, player, &f->order->pass[at.pass], at.row, row);
        if (st == ST_OK && store != NULL)
            st = row_store_put(store, row);
    }
    mem_free(d->cx, row);
    return st;
}

enum status frame_read(struct decoder *d, const struct frame *f, struct player *player)
{
    return read_all(d, f, player, NULL);
}

static enum status merge_passes(struct decoder *d, const struct frame *f, struct player *player,
                                struct rows **out)
{
    struct row_store *store;
    enum status st = row_store_open(d->cx, &f->pic, f->order, &store);
    if (st != ST_OK)
        return st;
    st = read_all(d, f, player, store);
    if (st == ST_OK)
        return row_store_rows(d->cx, "deinterlace", &f->pic, store, false, out);
    row_store_close(store);
    return st;
}

static enum status frame_next(struct rows *r, uint8_t *out)
{
    struct frame_rows *f = (struct frame_rows *)r;
    return take_row(f->decoder, f->player, &interlace_none.pass[0], r->y, out);
}

enum status frame_rows_open(struct decoder *d, const struct frame *f, struct player *player,
                            struct rows **out)
{
    if (f->order->count > 1)
        return merge_passes(d, f, player, out);
    struct frame_rows *r = rows_new(d->cx, "decode", sizeof *r, NULL);
    if (r == NULL)
        return d->cx->status;
    r->rows.pic = f->pic;
    r->rows.next = frame_next;
    r->rows.close = rows_free;
    r->decoder = d;
    r->player = player;
    *out = &r->rows;
    return ST_OK;
}
