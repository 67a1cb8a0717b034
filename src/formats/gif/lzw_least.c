/* SPDX-License-Identifier: MIT */
/* Levels 2 and 3: the race and the windows beside each other; what has fewer bits is written. */
#include "base/size.h"
#include "base/spool.h"
#include "formats/gif/lzw_method.h"

/*
 * Windows nearly always need fewer bits than the race, but a window does not know what comes after
 * it. To be sure, all that either writes is kept up to the end of the picture. Where temporary
 * files are limited that ends when it outgrows memory, and the windows go on alone.
 */
enum { RACE, WINDOWS, BOTH };

#define PIECE (32u * 1024) /* pixels; their codes have fewer bytes than half a spool's memory */

struct least {
    struct lzw_encoder base;
    struct lzw_encoder *of[BOTH]; /* NULL: nothing of this picture has come yet */
    struct sink *kept[BOTH];      /* what they have written; NULL before the first picture */
    bool choice;                  /* both are kept still */
    _Alignas(max_align_t) uint8_t race[LZW_RACE_BYTES];
    _Alignas(max_align_t) uint8_t windows[LZW_WINDOW_BYTES];
};

static void least_start(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    l->of[RACE] = l->of[WINDOWS] = NULL;
}

/* Begins one of both, with what the encoder itself has for a beginning. */
static enum status begin(struct least *l, int k, void *state, const struct lzw_method *method)
{
    struct lzw_encoder *z = state;
    *z = l->base;
    z->method = method;
    method->start(z);
    l->of[k] = z;
    enum status st = ST_OK;
    if (l->kept[k] == NULL)
        st = sink_open_growing(z->cx, SPOOL_MEMORY_BYTES, &l->kept[k]);
    else
        sink_reset(l->kept[k]);
    z->bits.sink = l->kept[k];
    return st;
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
    for (int k = l->choice ? RACE : WINDOWS; k < BOTH && st == ST_OK; k++)
        st = l->of[k]->method->write(l->of[k], indices, n);
    return st;
}

static enum status least_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct least *l = (struct least *)z;
    enum status st = ST_OK;
    if (l->of[WINDOWS] == NULL) {
        l->choice = true;
        st = begin(l, RACE, l->race, &lzw_race);
        if (st == ST_OK)
            st = begin(l, WINDOWS, l->windows, &lzw_window);
    }
    while (n > 0 && st == ST_OK) {
        size_t piece = min_size(n, PIECE);
        st = write_piece(l, indices, piece);
        indices += piece;
        n -= piece;
    }
    return st;
}

static uint64_t bits_with_end(const struct lzw_bits *b)
{
    return lzw_bits_count(b) + lzw_width(&b->codes, b->index);
}

static enum status least_finish(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    if (l->of[WINDOWS] == NULL)
        return ST_OK;
    enum status st = ST_OK;
    for (int k = l->choice ? RACE : WINDOWS; k < BOTH && st == ST_OK; k++)
        st = l->of[k]->method->finish(l->of[k]);
    int best = WINDOWS;
    if (l->choice && bits_with_end(&l->of[RACE]->bits) < bits_with_end(&l->of[WINDOWS]->bits))
        best = RACE;
    if (st == ST_OK && l->choice)
        st = sink_copy(l->kept[best], z->bits.sink);
    l->of[best]->bits.sink = z->bits.sink;
    z->bits = l->of[best]->bits;
    return st;
}

static void least_close(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    for (int k = 0; k < BOTH; k++)
        sink_close(l->kept[k]);
}

const struct lzw_method lzw_least = {
    .bytes = sizeof(struct least),
    .start = least_start,
    .write = least_write,
    .finish = least_finish,
    .close = least_close,
};
