/* SPDX-License-Identifier: MIT */
/* Two encoders beside each other; what has fewer bits is written. */
#include "base/mem.h"
#include "base/spool.h"
#include "formats/gif/lzw_method.h"

/*
 * The second one nearly always needs fewer bits, but is not sure to. To be sure, all that either
 * writes is kept up to the end of the picture. Where temporary files are limited that ends when it
 * outgrows memory, and the second goes on alone.
 *
 * - Levels 2 and 3: level 1, and the windows, as a window does not know what comes after it.
 * - Lossy: the level, which may place clears and choose strings better than the lossy parse does,
 *   so that it can be smaller where hardly anything may change.
 */
enum { PLAIN, BETTER, BOTH };

#define PIECE (32u * 1024) /* pixels; their codes have fewer bytes than half a spool's memory */

struct least {
    struct lzw_encoder base;
    struct lzw_encoder *of[BOTH]; /* NULL before the first picture */
    struct sink *kept[BOTH];      /* what they have written */
    bool begun;                   /* pixels of this picture have come */
    bool choice;                  /* both are kept still */
};

static void least_start(struct lzw_encoder *z)
{
    ((struct least *)z)->begun = false;
}

static enum status begin_one(struct least *l, int k, const struct lzw_method *method)
{
    if (l->of[k] == NULL)
        l->of[k] = mem_zalloc(l->base.cx, method->bytes);
    if (l->of[k] == NULL)
        return l->base.cx->status;
    l->of[k]->colors = k == BETTER ? l->base.colors : NULL;
    return lzw_encoder_begin_part(&l->base, method, l->of[k], &l->kept[k]);
}

static enum status begin(struct least *l)
{
    bool lossy = l->base.colors != NULL;
    l->begun = l->choice = true;
    enum status st = begin_one(l, PLAIN, lzw_method(lossy ? l->base.level : 1, l->base.frames));
    return st == ST_OK ? begin_one(l, BETTER, lossy ? &lzw_lossy : &lzw_window) : st;
}

/* What the second has written goes where it belongs, and so does what follows. */
static enum status settle(struct least *l)
{
    l->choice = false;
    l->of[BETTER]->bits.sink = l->base.bits.sink;
    return sink_copy(l->kept[BETTER], l->base.bits.sink);
}

static enum status least_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct least *l = (struct least *)z;
    enum status st = l->begun ? ST_OK : begin(l);
    if (st == ST_OK && l->choice && l->base.cx->temp.limit != SIZE_UNLIMITED)
        for (int k = 0; k < BOTH && l->choice; k++)
            if (sink_offset(l->kept[k]) > SPOOL_MEMORY_BYTES / 2)
                st = settle(l);
    for (int k = l->choice ? PLAIN : BETTER; k < BOTH && st == ST_OK; k++)
        st = lzw_encoder_write(l->of[k], indices, n);
    return st;
}

static enum status least_finish(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    enum status st = l->begun ? ST_OK : begin(l);
    for (int k = l->choice ? PLAIN : BETTER; k < BOTH && st == ST_OK; k++)
        st = lzw_encoder_finish(l->of[k]);
    if (st != ST_OK || !l->choice)
        return st;
    bool plain = sink_offset(l->kept[PLAIN]) < sink_offset(l->kept[BETTER]);
    return sink_copy(l->kept[plain ? PLAIN : BETTER], z->bits.sink);
}

static void least_close(struct lzw_encoder *z)
{
    struct least *l = (struct least *)z;
    for (int k = 0; k < BOTH; k++) {
        lzw_encoder_close(l->of[k]);
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
