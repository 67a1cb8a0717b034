/* SPDX-License-Identifier: MIT */
/* How far to look ahead, and for how many bytes of an animation. */
#include "animation/frame_again.h"

/*
 * The first is for -O3, the second alone comes close to the best of all; each of the others is what
 * gains most beside those before it, over drawings.
 */
static const struct lzw_outlook outlooks[] = {
    {16, 4, 4, false}, {8, 4, 4, false}, {24, 2, 8, false},  {8, 1, 16, true}, {8, 1, 3, false},
    {24, 2, 2, false}, {8, 4, 8, true},  {24, 4, 12, false}, {8, 4, 1, false},
};
#define OUTLOOKS (sizeof outlooks / sizeof *outlooks)

/*
 * At -O2 so many bytes of an animation are coded again, unless after some of them hardly any has
 * been saved; and further ones as long as one of some has been. Drawings lose 1 to 5 % by that,
 * films often nothing. With pixels that are free it takes as long as all the rest, and frames that
 * change little gain 1 to 2 %.
 */
#define FIRST_BYTES (48u * 1024)
#define PROBE_BYTES (16u * 1024)
#define PROBE_PAYS 400
#define PLAIN_PAYS 32
#define FREE_PAYS 40
#define FLAT 128u /* pixels a byte from which on there is nothing to gain */

/*
 * A frame is parsed by more outlooks while so much of the first bytes is left for each of its own:
 * small animations gain 0.3 % by that.
 */
#define SPARE_BYTES 4u

enum status frame_again_open(struct context *cx, unsigned effort, struct frame_again *a)
{
    a->effort = effort;
    return effort > 1 ? lzw_recoder_open(cx, &a->recoder) : ST_OK;
}

void frame_again_close(struct frame_again *a)
{
    lzw_recoder_close(a->recoder);
}

static bool pays(const struct frame_again *a, const struct again_record *r, uint64_t pays,
                 const struct delta *d, uint64_t bytes)
{
    if (a->effort < 2 || (uint64_t)d->r.width * d->r.height > bytes * FLAT)
        return false;
    uint64_t all = r->bytes + bytes;
    return a->effort > 2 || all <= PROBE_BYTES || r->saved * pays >= r->bytes ||
           (all <= FIRST_BYTES && r->saved * PROBE_PAYS >= r->bytes);
}

static void keep_record(struct again_record *r, struct sink *from, struct sink *to)
{
    uint64_t before = sink_offset(from), after = sink_offset(to);
    r->bytes += before;
    r->saved += after < before ? before - after : 0;
}

/* Where the outlooks of an effort begin. */
static size_t first_outlook(const struct frame_again *a)
{
    return a->effort > 2 ? 0 : 1;
}

/* How many of them pixels are worth that took so many bytes. */
static size_t outlooks_for(const struct frame_again *a, uint64_t bytes)
{
    size_t most = OUTLOOKS - first_outlook(a);
    uint64_t left = a->plain.bytes < FIRST_BYTES ? FIRST_BYTES - a->plain.bytes : 0;
    uint64_t tries = a->effort > 2 ? most : left / (bytes * SPARE_BYTES);
    return tries > most ? most : tries < 1 ? 1 : (size_t)tries;
}

enum status frame_again_code(struct frame_again *a, const struct delta *d, struct sink *from,
                             struct sink *to, bool *done)
{
    *done = pays(a, &a->plain, PLAIN_PAYS, d, sink_offset(from));
    if (!*done)
        return ST_OK;
    sink_reset(to);
    const struct lzw_outlooks o = {outlooks + first_outlook(a), outlooks_for(a, sink_offset(from)),
                                   LZW_RECODE_ALL};
    enum status st = lzw_recode(a->recoder, from, d->r.width, &o, to);
    keep_record(&a->plain, from, to);
    return st == ST_OK ? sink_flush(to) : st;
}

enum status frame_again_freely(struct frame_again *a, const struct frame_source *s,
                               const struct frame *f, bool flag, struct sink *from, struct sink *to,
                               struct way *way, bool *done)
{
    struct frame_free pixels;
    uint8_t size;
    *done = false;
    if (!pays(a, &a->freely, FREE_PAYS, &s->delta, sink_offset(from)))
        return ST_OK;
    enum status st = sink_read(from, 0, &size, 1);
    if (st != ST_OK ||
        !frame_free_begin(&pixels, s, f->local, flag, palette_transparent(&f->pic.palette), size))
        return st;
    sink_reset(to);
    st = lzw_recode_freely(a->recoder, from, &outlooks[first_outlook(a)], &pixels.freedom, to);
    keep_record(&a->freely, from, to);
    *way = pixels.way;
    *done = true;
    return st == ST_OK ? sink_flush(to) : st;
}
