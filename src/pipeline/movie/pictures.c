/* SPDX-License-Identifier: MIT */
/* A chain of stages for each picture, which begins at the canvas that shows it. */
#include "pipeline/movie/pictures.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/costs.h"

enum resample movie_resample(const struct job *job, const struct op *op)
{
    if (job->resample == RESAMPLE_AUTO && op->kind == OP_ROTATE)
        return RESAMPLE_NEAREST;
    return job->resample;
}

/* The job's steps. *colors: as apply_ops lowers them. */
static enum status apply_steps(struct pictures *p, unsigned *colors, struct rows **rows)
{
    const struct job *job = p->m->job;
    enum status st = ST_OK;
    *colors = job->colors;
    /* a full palette has no room for the corners of a turn, true color has */
    if (job->op_count > 0 && (*rows)->pic.layout == LAYOUT_INDEX8 &&
        (*rows)->pic.palette.count == 256)
        st = made(convert_open(*rows, LAYOUT_RGBA8, (struct rgba8){0}, rows), rows);
    for (size_t i = 0; st == ST_OK && i < job->op_count; i++) {
        struct job one = *job;
        one.ops = &job->ops[i];
        one.op_count = 1;
        one.resample = movie_resample(job, one.ops);
        one.colors = *colors;
        st = apply_ops(p->m->cx, &one, rows);
        *colors = one.colors;
    }
    return st;
}

struct taker {
    take_picture_fn *take;
    void *user;
};

/* The picture on the canvas. */
static enum status take_canvas(struct pictures *p, uint64_t number, struct delay delay,
                               const struct taker *taker)
{
    struct rows *rows = NULL;
    unsigned colors = 0;
    enum status st = canvas_rows(p->player->target, &rows);
    if (st == ST_OK)
        st = apply_steps(p, &colors, &rows);
    if (st == ST_OK)
        st = taker->take(taker->user, rows, pictures_news(p, rows->pic.height), number, delay);
    retire_one(p->m->out, rows);
    p->colors = max_u32(p->colors, colors);
    p->begun = true;
    p->change = (struct rect){0, 0, 0, 0};
    return st;
}

/* The next frame, on the canvas; a frame's number is that of the decoder less 1. */
static enum status play_frame(struct pictures *p, struct frame *f)
{
    enum status st = movie_frame(p->m, f);
    if (st != ST_OK)
        return st;
    pictures_before_frame(p);
    st = player_begin(p->player, f);
    if (st == ST_OK)
        st = movie_read(p->m, f, p->player);
    pictures_after_frame(p);
    return st;
}

/* In the order of the file. Where the list has another, each of its frames once. */
static enum status each_forward(struct pictures *p, const struct taker *taker)
{
    const struct frame_list *list = &p->list;
    struct frame f;
    enum status st;
    uint64_t taken = 0, number;
    while ((st = play_frame(p, &f)) == ST_OK) {
        uint64_t at = p->m->decoder->frames - 1;
        if (list->count == 0 || !list->forward) {
            if (frame_list_has(list, at))
                st = take_canvas(p, at, delay_of(&f), taker);
        } else {
            for (; st == ST_OK && frame_list_at(list, taken, &number) && number == at; taken++)
                st = take_canvas(p, at, delay_of(&f), taker);
        }
        if (st != ST_OK)
            return st;
    }
    return st == ST_END ? ST_OK : st;
}

/* A frame's picture as it stands in the spool: colors, and for how long. */
struct kept {
    uint64_t bytes; /* of a picture */
    struct spool *spool;
    struct delay *delay; /* by number */
};

static enum status keep_picture(struct pictures *p, struct kept *k, uint64_t number)
{
    const struct canvas *c = p->player->target;
    size_t stride = (size_t)c->width * 4;
    uint8_t *row = mem_alloc(p->m->cx, stride);
    enum status st = row == NULL ? p->m->cx->status : ST_OK;
    for (uint32_t y = 0; st == ST_OK && y < c->height; y++) {
        const void *values = canvas_row(c, y);
        for (uint32_t x = 0; x < c->width; x++) {
            struct rgba8 color = color_pool_color(c->pool, row_value(c->pool, values, x));
            memcpy(row + 4 * (size_t)x, &color, 4);
        }
        st = spool_write(k->spool, number * k->bytes + y * stride, row, stride);
    }
    mem_free(p->m->cx, row);
    return st == ST_OK ? p->m->cx->status : st;
}

/* Back onto the canvas, which then stands for the frame. */
static enum status show_kept(struct pictures *p, const struct kept *k, uint64_t number)
{
    const struct canvas *c = p->player->target;
    struct frame f = {.pic = {c->width, c->height, LAYOUT_RGBA8, {0}}, .replaces = true};
    size_t stride = (size_t)c->width * 4;
    uint8_t *row = mem_alloc(p->m->cx, stride);
    pictures_before_frame(p);
    enum status st = row == NULL ? p->m->cx->status : player_begin(p->player, &f);
    for (uint32_t y = 0; st == ST_OK && y < c->height; y++) {
        st = spool_read(k->spool, number * k->bytes + y * stride, row, stride);
        if (st == ST_OK)
            st = player_row(p->player, &interlace_none.pass[0], y, row);
    }
    pictures_after_frame(p);
    mem_free(p->m->cx, row);
    return st;
}

/* A list that goes back and forth: pictures need those before them, so all are made, and kept. */
static enum status take_list(struct pictures *p, struct kept *k, const struct taker *taker)
{
    struct frame f;
    enum status st;
    uint64_t number;
    while ((st = play_frame(p, &f)) == ST_OK) {
        uint64_t at = p->m->decoder->frames - 1;
        if (at >= p->frames) /* a program has written to it since they were counted */
            return fail(p->m->cx, ST_IO, "the file has become longer (frame %llu)",
                        (unsigned long long)at);
        k->delay[at] = delay_of(&f);
        if (frame_list_has(&p->list, at))
            st = keep_picture(p, k, at);
        if (st != ST_OK)
            return st;
    }
    st = st == ST_END ? ST_OK : st;
    if (st == ST_OK && p->m->decoder->frames < p->frames)
        st = fail(p->m->cx, ST_IO, "the file has become shorter (frame %llu)",
                  (unsigned long long)p->m->decoder->frames);
    for (uint64_t n = 0; st == ST_OK && frame_list_at(&p->list, n, &number); n++) {
        st = show_kept(p, k, number);
        if (st == ST_OK)
            st = take_canvas(p, number, k->delay[number], taker);
    }
    return st;
}

static enum status each_in_list(struct pictures *p, const struct taker *taker)
{
    struct context *cx = p->m->cx;
    struct kept k = {.bytes = (uint64_t)p->m->out->in.width * p->m->out->in.height * 4};
    uint64_t bytes;
    if (__builtin_mul_overflow(k.bytes, p->frames, &bytes))
        bytes = SIZE_UNLIMITED - 1;
    k.delay = mem_array(cx, p->frames, sizeof *k.delay);
    if (k.delay == NULL)
        return cx->status;
    enum status st = spool_open(cx, bytes, &k.spool);
    if (st == ST_OK)
        st = take_list(p, &k, taker);
    spool_close(k.spool);
    mem_free(cx, k.delay);
    return st;
}

enum status pictures_open(struct movie *m, struct pictures *out)
{
    *out = (struct pictures){.m = m};
    enum status st = m->job->range_count != 0 ? movie_count(m, &out->frames) : ST_OK;
    if (st == ST_OK)
        st = frame_list_open(m->cx, m->job, out->frames, &out->list);
    if (st != ST_OK)
        return st;
    st = player_open_slim(m->cx, m->out->in.width, m->out->in.height, &out->player);
    if (st != ST_OK)
        frame_list_close(m->cx, &out->list);
    return st;
}

void pictures_close(struct pictures *p)
{
    frame_list_close(p->m->cx, &p->list);
    player_close(p->player);
    p->player = NULL;
}

enum status pictures_each(struct pictures *p, bool ordered, take_picture_fn *take, void *user)
{
    const struct taker taker = {take, user};
    p->colors = 2;
    return ordered && !p->list.forward ? each_in_list(p, &taker) : each_forward(p, &taker);
}

enum status pictures_rewind(struct pictures *p)
{
    struct movie *m = p->m;
    player_close(p->player);
    p->player = NULL;
    p->begun = false;
    enum status st = movie_rewind(m);
    return st == ST_OK ? player_open_slim(m->cx, m->out->in.width, m->out->in.height, &p->player)
                       : st;
}
