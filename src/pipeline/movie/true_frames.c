/* SPDX-License-Identifier: MIT */
/* Pictures of any colors become frames: kept on a reel, then coded in the layout that suits all. */
#include "pipeline/movie/true_frames.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "pipeline/stages/pixel_facts.h"
#include "pipeline/stages/trial.h"

#define CODED_IN_MEMORY (64u * 1024)

struct true_frames {
    struct movie *m;
    struct reel *reel;
    struct pixel_facts *facts;
    uint64_t changed, changed_rows; /* pixels of rectangles, and of their rows in full */
    uint64_t first;                 /* of the first rectangle */

    struct picture canvas; /* of the file */
    struct encode_options options;
    bool may_stay;            /* pixels of a frame can be transparent */
    bool whole_rows;          /* frames are as wide as the canvas */
    struct color_table table; /* of the palette, in its order */
    struct sink *best;        /* of the ways to code a frame */
    unsigned ways;            /* tried so far */
    bool unfiltered;          /* that was best */
};

enum status true_frames_open(struct movie *m, uint32_t width, uint32_t height,
                             struct true_frames **out)
{
    struct true_frames *t = mem_zalloc(m->cx, sizeof *t);
    if (t == NULL)
        return m->cx->status;
    t->m = m;
    t->facts = mem_zalloc(m->cx, sizeof *t->facts);
    enum status st = t->facts == NULL ? m->cx->status : ST_OK;
    if (st == ST_OK)
        st = reel_open(m->cx, width, height, &t->reel);
    if (st == ST_OK)
        st = sink_open_growing(m->cx, CODED_IN_MEMORY, &t->best);
    if (st == ST_OK && m->coded == NULL)
        st = sink_open_growing(m->cx, CODED_IN_MEMORY, &m->coded);
    if (st != ST_OK) {
        true_frames_close(t);
        return st;
    }
    t->facts->narrow = t->facts->opaque = t->facts->gray = t->facts->to_the_end = true;
    t->reel->merge = m->job->merge_duplicates;
    *out = t;
    return ST_OK;
}

void true_frames_close(struct true_frames *t)
{
    if (t == NULL)
        return;
    struct context *cx = t->m->cx;
    reel_close(t->reel);
    sink_close(t->best);
    mem_free(cx, t->facts);
    mem_free(cx, t);
}

uint64_t true_frames_merged(const struct true_frames *t)
{
    return t->reel->merged;
}

/* Eight bits of each sample of a pixel. */
static struct rgba8 color_at(enum layout layout, const uint8_t *pixel)
{
    uint16_t s[4];
    if (layout == LAYOUT_RGBA8)
        return (struct rgba8){pixel[0], pixel[1], pixel[2], pixel[3]};
    memcpy(s, pixel, sizeof s);
    return (struct rgba8){(uint8_t)(s[0] >> 8), (uint8_t)(s[1] >> 8), (uint8_t)(s[2] >> 8),
                          (uint8_t)(s[3] >> 8)};
}

static void look(void *user, const struct picture *part, const uint8_t *row)
{
    (void)look_pixels(((struct true_frames *)user)->facts, part, row); /* to the end */
}

enum status true_frames_take(struct true_frames *t, struct rows *rows, struct span news,
                             struct delay delay)
{
    struct rows *same;
    enum status st = reel_deepen(t->reel, layout_info(rows->pic.layout)->bits);
    if (st == ST_OK)
        st = lend_rows(rows, &same);
    if (st == ST_OK)
        st = convert_open(same, t->reel->pic.layout, (struct rgba8){0}, &same);
    if (st != ST_OK)
        return st;
    st = reel_take(t->reel, same, news, delay, look, t);
    rows_close(same);
    const struct picture *pic = &t->reel->pic;
    const struct rect *drawn = &t->reel->rect;
    if (t->reel->kept == 1 && t->reel->merged == 0)
        t->first = (uint64_t)drawn->width * drawn->height;
    t->changed += (uint64_t)drawn->width * drawn->height;
    t->changed_rows += (uint64_t)pic->width * drawn->height;
    if (st == ST_OK && t->reel->kept == 1 &&
        (drawn->width < pic->width || drawn->height < pic->height)) {
        t->facts->opaque = false; /* what the first picture leaves free */
        color_table_add(&t->facts->table, 0);
    }
    return st;
}

/* Those that are not opaque first: tRNS is as short as can be then. */
static void make_palette_of(struct true_frames *t)
{
    const struct color_table *all = &t->facts->table;
    struct palette *p = &t->canvas.palette;
    bool room = palette_bits(all->count + 1) == palette_bits(all->count) && all->count < 256;
    t->table = (struct color_table){.count = 0};
    p->count = 0;
    for (int opaque = 0; opaque < 2; opaque++) {
        for (uint32_t i = 0; i < all->count; i++)
            if ((all->value[i] >> 24 == 255) == (opaque != 0))
                color_table_add(&t->table, all->value[i]);
        /* one for pixels that stay, where it costs nothing */
        if (opaque == 0 && t->facts->opaque && room && t->reel->kept > 1)
            color_table_add(&t->table, 0);
    }
    for (uint32_t i = 0; i < t->table.count; i++)
        p->entry[p->count++] = color_of_value(t->table.value[i]);
    t->may_stay = *color_table_slot(&t->table, 0) != 0;
}

/*
 * FFmpeg (5.1) gets frames wrong that are narrower than the canvas and have several pixels in a
 * byte. Whole rows take few bytes more where most of a row changes anyway, else indices of 8 bits
 * do.
 */
static void settle_depth(struct true_frames *t)
{
    bool packs = palette_bits(t->table.count) < 8;
    t->whole_rows = packs && t->changed_rows / 3 <= t->changed / 2;
    t->options.whole_bytes = packs && !t->whole_rows;
}

/*
 * A layout that holds all pixels, as small as can be. Alpha that no pixel needs pays where most of
 * what rectangles hold stays. (A transparent color would take fewer bytes, but not all readers heed
 * it in frames: Pillow does from 9.5 on.) A profile tells colors from grays.
 */
static void choose_layout(struct true_frames *t)
{
    const struct pixel_facts *f = t->facts;
    const struct metadata_item *icc = metadata_find(&t->m->metadata, METADATA_ICC);
    bool gray = f->gray && metadata_icc_bytes(icc, "RGB ") == 0;
    bool few = f->narrow && !f->table.full && metadata_icc_bytes(icc, "GRAY") == 0;
    t->canvas = t->reel->pic;
    t->options = t->m->job->encode;
    if (few && !(gray && f->opaque && palette_bits(f->table.count) == 8)) {
        t->canvas.layout = LAYOUT_INDEX8;
        make_palette_of(t);
        settle_depth(t);
        return;
    }
    t->may_stay = !f->opaque || 2 * t->reel->changed < t->changed - t->first;
    t->canvas.layout = layout_of(!gray, t->may_stay, f->narrow ? 8 : 16);
}

/* The rectangle that changes, as RGBA or indices. */
struct part {
    struct rows rows;
    struct true_frames *t;
    bool stays; /* pixels that are there already are transparent */
};

static enum status part_next(struct rows *r, uint8_t *out)
{
    const struct part *p = (const struct part *)r;
    struct true_frames *t = p->t;
    const struct reel *reel = t->reel;
    const size_t each = layout_info(reel->pic.layout)->bytes;
    const uint8_t *pixel = reel_row(reel, reel->now, r->y);
    const uint8_t *before = reel_row(reel, reel->before, r->y);
    for (uint32_t x = 0; x < r->pic.width; x++, pixel += each, before += each) {
        bool clear = p->stays && memcmp(pixel, before, each) == 0;
        if (r->pic.layout != LAYOUT_INDEX8) {
            uint8_t *to = out + x * each;
            memcpy(to, pixel, each);
            if (clear)
                memset(to, 0, each);
            continue;
        }
        uint32_t value = clear ? 0 : color_value(color_at(reel->pic.layout, pixel));
        out[x] = (uint8_t)(*color_table_slot(&t->table, value) - 1);
    }
    return r->cx->status;
}

static enum status open_part(struct true_frames *t, bool stays, struct rows **out)
{
    struct part *p = rows_new(t->m->cx, "changes", sizeof *p, NULL);
    if (p == NULL)
        return t->m->cx->status;
    p->t = t;
    p->stays = stays;
    p->rows.pic = t->reel->pic;
    p->rows.pic.width = t->reel->rect.width;
    p->rows.pic.height = t->reel->rect.height;
    p->rows.next = part_next;
    p->rows.close = rows_free;
    *out = &p->rows;
    if (t->canvas.layout == LAYOUT_INDEX8) {
        p->rows.pic.layout = LAYOUT_INDEX8;
        p->rows.pic.palette = t->canvas.palette;
        return ST_OK;
    }
    return convert_open(&p->rows, t->canvas.layout, (struct rgba8){0}, out);
}

/* Whether the rectangle can be drawn over what is there, and there is any use in it. */
static bool may_draw_over(const struct true_frames *t)
{
    const struct reel *r = t->reel;
    const size_t each = layout_info(r->pic.layout)->bytes;
    bool same = false;
    if (!t->may_stay || r->shown < 2)
        return false;
    for (uint32_t row = 0; row < r->rect.height; row++) {
        const uint8_t *now = reel_row(r, r->now, row), *before = reel_row(r, r->before, row);
        for (size_t at = 0; at < r->rect.width * each; at += each)
            if (memcmp(now + at, before + at, each) == 0)
                same = true;
            else if (now[at + each - 1] != 255 || now[at + each - each / 4] != 255)
                return false;
    }
    return same;
}

/* Codes the frame in one more way; of all so far t->best holds the smallest. */
static enum status code_part(struct true_frames *t, bool stays, bool unfiltered, struct frame *f)
{
    struct movie *m = t->m;
    struct rows *rows;
    enum status st = open_part(t, stays, &rows);
    if (st != ST_OK)
        return st;
    m->encoder->options.unfiltered = unfiltered;
    st = movie_code(m, f, rows);
    rows_close(rows);
    if (st != ST_OK || (t->ways++ > 0 && sink_offset(m->coded) >= sink_offset(t->best)))
        return st;
    struct sink *worse = t->best;
    t->best = m->coded;
    m->coded = worse;
    f->replaces = !stays;
    t->unfiltered = unfiltered;
    return ST_OK;
}

/* Drawings take fewer bytes without filters, photographs far more: the first one tells, or each. */
static enum status code_ways(struct true_frames *t, struct frame *f)
{
    unsigned effort = t->options.optimize;
    bool tries = t->canvas.layout != LAYOUT_INDEX8 && t->options.compression > 0 &&
                 (effort > 1 || (effort == 1 && t->reel->shown == 1));
    unsigned ways = effort > 0 && may_draw_over(t) ? 2 : 1;
    bool unfiltered = t->unfiltered;
    enum status st = ST_OK;
    t->ways = 0;
    for (unsigned way = 0; way < ways; way++) {
        if (st == ST_OK && tries)
            st = code_part(t, way == 1, !unfiltered, f);
        if (st == ST_OK)
            st = code_part(t, way == 1, unfiltered, f);
    }
    return st;
}

static enum status write_frame(struct true_frames *t)
{
    struct reel *r = t->reel;
    if (r->rect.width == 0) /* there is no frame of no pixels: one that stays */
        r->rect = (struct rect){0, 0, 1, 1};
    if (r->shown == 1) /* the first one is whole */
        r->rect = (struct rect){0, 0, r->pic.width, r->pic.height};
    if (t->whole_rows) {
        r->rect.x = 0;
        r->rect.width = r->pic.width;
    }
    struct frame f = {.pic = t->canvas,
                      .x = r->rect.x,
                      .y = r->rect.y,
                      .delay_cs = r->delay.cs,
                      .exact_cs = r->delay.exact,
                      .disposal = DISPOSAL_KEEP};
    f.pic.width = r->rect.width;
    f.pic.height = r->rect.height;
    enum status st = code_ways(t, &f);
    return st == ST_OK ? movie_append_coded(t->m, &f, t->best) : st;
}

enum status true_frames_end(struct true_frames *t)
{
    enum status st = reel_rewind(t->reel);
    choose_layout(t);
    if (st == ST_OK)
        st = movie_begin_as(t->m, &t->canvas, &t->options);
    while (st == ST_OK) {
        st = reel_next(t->reel);
        if (st == ST_OK)
            st = write_frame(t);
    }
    return st == ST_END ? ST_OK : st;
}
