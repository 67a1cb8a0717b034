/* SPDX-License-Identifier: MIT */
/* Levels 2 and 3: level 1 and the windows beside each other; what has fewer bits is written. */
#include "base/size.h"
#include "base/spool.h"
#include "formats/gif/lzw_method.h"

/*
 * Windows nearly always need fewer bits than level 1, but a window does not know what comes after
 * it. To be sure, all that either writes is kept up to the end of the picture. Where temporary
 * files are limited that ends when it outgrows memory, and the windows go on alone.
 */
enum { LEVEL_1, WINDOWS, BOTH };

#define PIECE (32u * 1024) /* pixels; their codes have fewer bytes than half a spool's memory */

struct least {
    struct lzw_encoder base;
    struct lzw_encoder *of[BOTH]; /* NULL: nothing of this picture has come yet */
    struct sink *kept[BOTH];      /* what they have written; NULL before the first picture */
    bool choice;                  /* both are kept still */
    _Alignas(max_align_t) uint8_t level_1[LZW_SMALL_BYTES];
    _Alignas(max_align_t) uint8_t windows[LZW_WINDOW_BYTES];
};

static void least_start(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    l->of[LEVEL_1] = l->of[WINDOWS] = NULL;
}

/* Begins one of both. */
static enum status begin(struct least *l, int k, void *state, const struct lzw_method *method)
{
    struct lzw_encoder *z = lzw_encoder_part(&l->base, state, method);
    enum status st = ST_OK;
    l->of[k] = z;
    if (l->kept[k] == NULL)
        st = sink_open_growing(z->cx, SPOOL_MEMORY_BYTES, &l->kept[k]);
    else
        sink_reset(l->kept[k]);
    return st == ST_OK ? lzw_encoder_restart(z, l->kept[k], l->base.bits.codes.min_code_size,
                                             l->base.row_width)
                       : st;
}

static enum status begin_both(struct least *l)
{
    l->choice = true;
    enum status st = begin(l, LEVEL_1, l->level_1, l->base.frames ? &lzw_race : &lzw_small);
    return st == ST_OK ? begin(l, WINDOWS, l->windows, &lzw_window) : st;
}

/* What the windows have written goes where it belongs, and so does what follows. */
static enum status settle(struct least *l)
{
    l->choice = false;
    l->of[WINDOWS]->bits.sink = l->base.bits.sink;
    return sink_copy(l->kept[WINDOWS], l->base.bits.sink);
}

static enum status write_piece(struct least *l, const uint8_t *indices, size_t n)
{
    enum status st = ST_OK;
    if (l->choice && l->base.cx->temp.limit != SIZE_UNLIMITED)
        for (int k = 0; k < BOTH && l->choice; k++)
            if (sink_offset(l->kept[k]) > SPOOL_MEMORY_BYTES / 2)
                st = settle(l);
    for (int k = l->choice ? LEVEL_1 : WINDOWS; k < BOTH && st == ST_OK; k++)
        st = lzw_encoder_write(l->of[k], indices, n);
    return st;
}

static enum status least_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct least *l = (struct least *)z;
    enum status st = l->of[WINDOWS] == NULL ? begin_both(l) : ST_OK;
    while (n > 0 && st == ST_OK) {
        size_t piece = min_size(n, PIECE);
        st = write_piece(l, indices, piece);
        indices += piece;
        n -= piece;
    }
    return st;
}

static enum status least_finish(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    enum status st = l->of[WINDOWS] == NULL ? begin_both(l) : ST_OK;
    for (int k = l->choice ? LEVEL_1 : WINDOWS; k < BOTH && st == ST_OK; k++)
        st = lzw_encoder_finish(l->of[k]);
    if (st != ST_OK || !l->choice)
        return st;
    bool level_1 = sink_offset(l->kept[LEVEL_1]) < sink_offset(l->kept[WINDOWS]);
    return sink_copy(l->kept[level_1 ? LEVEL_1 : WINDOWS], z->bits.sink);
}

static void least_close(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    for (int k = 0; k < BOTH; k++) {
        if (l->of[k] != NULL && l->of[k]->method->close != NULL)
            l->of[k]->method->close(l->of[k]);
        sink_close(l->kept[k]);
    }
}

const struct lzw_method lzw_least = {
    .bytes = sizeof(struct least),
    .whole = true,
    .start = least_start,
    .write = least_write,
    .finish = least_finish,
    .close = least_close,
};
