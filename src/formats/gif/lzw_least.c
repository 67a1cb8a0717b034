/* SPDX-License-Identifier: MIT */
/* Levels 2 and 3: level 1 and the windows beside each other; what has fewer bits is written. */
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
    struct lzw_encoder *of[BOTH]; /* NULL before the first picture */
    struct sink *kept[BOTH];      /* what they have written */
    bool begun;                   /* pixels of this picture have come */
    bool choice;                  /* both are kept still */
    _Alignas(max_align_t) uint8_t level_1[LZW_SMALL_BYTES];
    _Alignas(max_align_t) uint8_t windows[LZW_WINDOW_BYTES];
};

static void least_start(struct lzw_encoder *z)
{
    ((struct least *)z)->begun = false;
}

static enum status begin(struct least *l)
{
    const struct lzw_method *const methods[BOTH] = {
        [LEVEL_1] = l->base.frames ? &lzw_race : &lzw_small,
        [WINDOWS] = &lzw_window,
    };
    void *const state[BOTH] = {[LEVEL_1] = l->level_1, [WINDOWS] = l->windows};
    enum status st = ST_OK;
    l->begun = l->choice = true;
    for (int k = 0; k < BOTH && st == ST_OK; k++) {
        l->of[k] = state[k];
        st = lzw_encoder_begin_part(&l->base, methods[k], l->of[k], &l->kept[k]);
    }
    return st;
}

/* What the windows have written goes where it belongs, and so does what follows. */
static enum status settle(struct least *l)
{
    l->choice = false;
    l->of[WINDOWS]->bits.sink = l->base.bits.sink;
    return sink_copy(l->kept[WINDOWS], l->base.bits.sink);
}

static enum status least_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct least *l = (struct least *)z;
    enum status st = l->begun ? ST_OK : begin(l);
    if (st == ST_OK && l->choice && l->base.cx->temp.limit != SIZE_UNLIMITED)
        for (int k = 0; k < BOTH && l->choice; k++)
            if (sink_offset(l->kept[k]) > SPOOL_MEMORY_BYTES / 2)
                st = settle(l);
    for (int k = l->choice ? LEVEL_1 : WINDOWS; k < BOTH && st == ST_OK; k++)
        st = lzw_encoder_write(l->of[k], indices, n);
    return st;
}

static enum status least_finish(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    enum status st = l->begun ? ST_OK : begin(l);
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
    .piece = PIECE,
    .start = least_start,
    .write = least_write,
    .finish = least_finish,
    .close = least_close,
};
