/* SPDX-License-Identifier: MIT */
/* How far to look ahead, and for how many bytes of an animation. */
#include "animation/frame_again.h"

/*
 * Small frames come out as small as from the best of twelve parses that look one phrase ahead. At
 * -O3 more shortenings of a phrase are tried.
 */
static const struct lzw_outlook near = {8, 4, 4, false}, far = {16, 4, 4, false};

/*
 * At -O2 so many bytes of an animation are coded again in any case, and further ones as long as one
 * of some has been saved. Drawings lose 1 to 5 % by that, films often nothing. With pixels that are
 * free it takes as long as all the rest, and frames that change little gain 1 to 2 %.
 */
#define FIRST_BYTES (48u * 1024)
#define PLAIN_PAYS 32
#define FREE_PAYS 50
#define FLAT 128u /* pixels a byte from which on there is nothing to gain */

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
    return a->effort > 2 || r->bytes + bytes <= FIRST_BYTES || r->saved * pays >= r->bytes;
}

static void keep_record(struct again_record *r, struct sink *from, struct sink *to)
{
    uint64_t before = sink_offset(from), after = sink_offset(to);
    r->bytes += before;
    r->saved += after < before ? before - after : 0;
}

static const struct lzw_outlook *outlook(const struct frame_again *a)
{
    return a->effort > 2 ? &far : &near;
}

enum status frame_again_code(struct frame_again *a, const struct delta *d, struct sink *from,
                             struct sink *to, bool *done)
{
    *done = pays(a, &a->plain, PLAIN_PAYS, d, sink_offset(from));
    if (!*done)
        return ST_OK;
    sink_reset(to);
    enum status st = lzw_recode(a->recoder, from, d->r.width, outlook(a), 1, to);
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
    st = lzw_recode_freely(a->recoder, from, outlook(a), &pixels.freedom, to);
    keep_record(&a->freely, from, to);
    *way = pixels.way;
    *done = true;
    return st == ST_OK ? sink_flush(to) : st;
}
