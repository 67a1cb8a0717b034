/* SPDX-License-Identifier: MIT */
/* Level 0: always the longest string known, and a clear when the table is full. */
#include "formats/gif/lzw_method.h"
#include "formats/gif/lzw_walker.h"

/*
 * The codes of one dictionary are packed when it is full: finding strings and packing bits each
 * keep their own registers busy, and a whole list has long stretches of one width.
 */
struct greedy {
    struct lzw_encoder base;
    struct lzw_walker walker;
};

static void greedy_start(struct lzw_encoder *z)
{
    struct greedy *g = (struct greedy *)z;
    lzw_walker_clear(&g->walker, z->bits.codes.first, LZW_GREEDY_END, false);
}

static enum status put_codes(struct greedy *g)
{
    const struct lzw_walker *w = &g->walker;
    return lzw_bits_codes(&g->base.bits, w->dict.prefix + w->first, w->next - w->first);
}

static enum status greedy_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct greedy *g = (struct greedy *)z;
    struct lzw_walker *w = &g->walker;
    const uint8_t *p = indices, *end = indices + n;
    while (p < end) {
        p = lzw_walker_grow(w, p, end);
        if (!lzw_walker_full(w))
            break;
        enum status st = put_codes(g);
        if (st == ST_OK)
            st = lzw_bits_clear(&z->bits);
        if (st != ST_OK)
            return st;
        uint32_t pixel = w->prefix; /* it has begun the next phrase */
        lzw_walker_clear(w, w->first, w->table_end, w->jump);
        w->prefix = pixel;
    }
    return ST_OK;
}

static enum status greedy_finish(struct lzw_encoder *z)
{
    struct greedy *g = (struct greedy *)z;
    struct lzw_walker *w = &g->walker;
    uint32_t string = lzw_walker_string(w);
    if (string != LZW_NO_CODE)
        w->dict.prefix[w->next++] = (uint16_t)string; /* the table is never full here */
    return put_codes(g);
}

const struct lzw_method lzw_greedy = {
    .bytes = sizeof(struct greedy),
    .start = greedy_start,
    .write = greedy_write,
    .finish = greedy_finish,
};
