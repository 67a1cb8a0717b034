/* SPDX-License-Identifier: MIT */
/* Picture by picture: what the canvas shows, through the job's steps, recorded as frames anew. */
#include <math.h>
#include <string.h>

#include "animation/recorder.h"
#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/movie.h"
#include "pipeline/trial.h"
#include "transforms/indexed.h"

struct pictures {
    struct movie *m;
    struct player *player; /* of the input */
    struct frame_list list;
    unsigned colors; /* at most so many, as far as is known */
    bool filters;    /* steps make colors that were not there */

    struct histogram *histogram; /* first pass: of all pictures; NULL: there is none */

    struct recorder *recorder; /* second pass; NULL before the first picture */
    struct shared_colors shared;
    struct pattern *pattern; /* for DITHER_BLUE */
};

/* Indices are turned nearest, as stills of a palette are; only resizing filters unless asked to. */
static enum resample method_of(const struct job *job, const struct op *op)
{
    if (job->resample == RESAMPLE_AUTO && op->kind == OP_ROTATE)
        return RESAMPLE_NEAREST;
    return job->resample;
}

static bool filters(const struct job *job)
{
    bool any = false;
    for (size_t i = 0; i < job->op_count; i++) {
        const struct op *op = &job->ops[i];
        double quarters = op->kind == OP_ROTATE ? op->degrees / 90.0 : 0.0;
        any |= (op->kind == OP_RESIZE || quarters != floor(quarters)) &&
               method_of(job, op) != RESAMPLE_NEAREST;
    }
    return any;
}

/* The job's steps. *colors: as apply_ops lowers them. */
static enum status apply_steps(struct pictures *p, unsigned *colors, struct rows **rows)
{
    const struct job *job = p->m->job;
    enum status st = ST_OK;
    *colors = job->colors;
    /* a full palette has no room for the corners of a turn, true color has */
    if (st == ST_OK && job->op_count > 0 && (*rows)->pic.layout == LAYOUT_INDEX8 &&
        (*rows)->pic.palette.count == 256)
        st = convert_open(*rows, LAYOUT_RGBA8, (struct rgba8){0}, rows);
    for (size_t i = 0; st == ST_OK && i < job->op_count; i++) {
        struct job one = *job;
        one.ops = &job->ops[i];
        one.op_count = 1;
        one.resample = method_of(job, one.ops);
        one.colors = *colors;
        st = apply_ops(p->m->cx, &one, rows);
        *colors = one.colors;
    }
    return st;
}

/* First pass: the colors of a picture. */
static enum status count_colors(struct pictures *p, struct rows *rows, uint32_t delay_cs)
{
    (void)delay_cs;
    struct context *cx = p->m->cx;
    struct rows *colors;
    enum status st = lend_rows(rows, &colors);
    if (st == ST_OK)
        st = convert_open(colors, LAYOUT_RGBA8, (struct rgba8){0}, &colors);
    if (st != ST_OK)
        return st;
    uint8_t *row = mem_alloc(cx, picture_stride(&colors->pic));
    if (row == NULL)
        st = cx->status;
    for (uint32_t y = 0; st == ST_OK && y < colors->pic.height; y++) {
        st = rows_next(colors, row);
        if (st == ST_OK)
            histogram_add(p->histogram, LAYOUT_RGBA8, row, colors->pic.width);
    }
    mem_free(cx, row);
    rows_close(colors);
    return st;
}

static enum status append_recorded(void *user, const struct frame *f, struct sink *coded)
{
    struct pictures *p = user;
    return movie_append_coded(p->m, f, coded);
}

/* The file and its recorder, once the size of the pictures is known. */
static enum status start_recording(struct pictures *p, const struct picture *pic)
{
    struct movie *m = p->m;
    enum status st = movie_begin(m, pic->width, pic->height, &p->shared.palette);
    if (st == ST_OK)
        st = recorder_open(m->cx, pic->width, pic->height, &p->recorder);
    if (st != ST_OK)
        return st;
    p->recorder->encoder = m->encoder;
    p->recorder->shared = p->shared;
    p->recorder->record = append_recorded;
    p->recorder->user = p;
    p->recorder->merge = m->job->merge_duplicates;
    return ST_OK;
}

/* The picture in dithered colors of the palette, by rows of their own. */
static enum status open_dithered(struct pictures *p, struct rows *rows, struct rows **out)
{
    const struct job *job = p->m->job;
    struct rows *colors;
    enum status st = lend_rows(rows, &colors);
    if (st == ST_OK)
        st = convert_open(colors, LAYOUT_RGBA8, (struct rgba8){0}, &colors);
    if (st != ST_OK)
        return st;
    if (p->pattern != NULL)
        return dither_blue_open(colors, &p->shared.palette, job->dither_strength, p->pattern, out);
    return dither_open(colors, &p->shared.palette, job->dither_strength, out);
}

/* Second pass. */
static enum status record(struct pictures *p, struct rows *rows, uint32_t delay_cs)
{
    const enum dither dither = p->m->job->dither;
    enum status st = p->recorder == NULL ? start_recording(p, &rows->pic) : ST_OK;
    if (st != ST_OK || p->shared.nearest == NULL || (dither != DITHER_FS && p->pattern == NULL))
        return st == ST_OK ? recorder_take(p->recorder, rows, delay_cs) : st;
    struct rows *dithered;
    st = open_dithered(p, rows, &dithered);
    if (st != ST_OK)
        return st;
    st = recorder_take(p->recorder, dithered, delay_cs);
    rows_close(dithered);
    return st;
}

typedef enum status take_fn(struct pictures *p, struct rows *rows, uint32_t delay_cs);

/* The rows of the picture on a canvas, to take. */
static enum status take_canvas(struct pictures *p, const struct canvas *canvas, uint32_t delay_cs,
                               take_fn *take)
{
    struct rows *rows = NULL;
    unsigned colors = 0;
    enum status st = canvas_rows(canvas, &rows);
    if (st == ST_OK)
        st = apply_steps(p, &colors, &rows);
    if (st == ST_OK)
        st = take(p, rows, delay_cs);
    rows_close(rows);
    p->colors = max_u32(p->colors, colors);
    return st;
}

/* The next frame, on the canvas; a frame's number is that of the decoder less 1. */
static enum status play_frame(struct pictures *p, struct frame *f)
{
    enum status st = movie_frame(p->m, f);
    if (st == ST_OK)
        st = player_begin(p->player, f);
    return st == ST_OK ? frame_read(p->m->decoder, f, p->player) : st;
}

/* In the order of the file; in that of the list where both are one, else each once. */
static enum status each_picture(struct pictures *p, take_fn *take)
{
    const struct frame_list *list = &p->list;
    struct frame f;
    enum status st;
    uint64_t taken = 0, number;
    p->colors = 2;
    while ((st = play_frame(p, &f)) == ST_OK) {
        uint64_t at = p->m->decoder->frames - 1;
        if (list->count == 0 || !list->forward) {
            if (frame_list_has(list, at))
                st = take_canvas(p, p->player->target, f.delay_cs, take);
        } else {
            for (; st == ST_OK && frame_list_at(list, taken, &number) && number == at; taken++)
                st = take_canvas(p, p->player->target, f.delay_cs, take);
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
    uint32_t *delay_cs; /* by number */
};

static enum status keep_picture(struct pictures *p, struct kept *k, uint64_t number)
{
    const struct canvas *c = p->player->target;
    size_t stride = (size_t)c->width * 4;
    uint8_t *row = mem_alloc(p->m->cx, stride);
    enum status st = row == NULL ? p->m->cx->status : ST_OK;
    for (uint32_t y = 0; st == ST_OK && y < c->height; y++) {
        for (uint32_t x = 0; x < c->width; x++) {
            struct rgba8 color = color_pool_color(c->pool, canvas_at(c, x, y));
            memcpy(row + 4 * (size_t)x, &color, 4);
        }
        st = spool_write(k->spool, number * k->bytes + y * stride, row, stride);
    }
    mem_free(p->m->cx, row);
    return st;
}

/* Back onto the canvas, which then stands for the frame. */
static enum status show_kept(struct pictures *p, const struct kept *k, uint64_t number)
{
    const struct canvas *c = p->player->target;
    struct frame f = {.pic = {c->width, c->height, LAYOUT_RGBA8, {0}}, .replaces = true};
    size_t stride = (size_t)c->width * 4;
    uint8_t *row = mem_alloc(p->m->cx, stride);
    enum status st = row == NULL ? p->m->cx->status : player_begin(p->player, &f);
    for (uint32_t y = 0; st == ST_OK && y < c->height; y++) {
        st = spool_read(k->spool, number * k->bytes + y * stride, row, stride);
        if (st == ST_OK)
            st = player_row(p->player, &interlace_none.pass[0], y, row);
    }
    mem_free(p->m->cx, row);
    return st;
}

/* A list that goes back and forth: pictures need those before them, so all are made, and kept. */
static enum status take_list(struct pictures *p, struct kept *k)
{
    struct frame f;
    enum status st;
    uint64_t number;
    while ((st = play_frame(p, &f)) == ST_OK) {
        uint64_t at = p->m->decoder->frames - 1;
        k->delay_cs[at] = f.delay_cs;
        if (frame_list_has(&p->list, at))
            st = keep_picture(p, k, at);
        if (st != ST_OK)
            return st;
    }
    st = st == ST_END ? ST_OK : st;
    for (uint64_t n = 0; st == ST_OK && frame_list_at(&p->list, n, &number); n++) {
        st = show_kept(p, k, number);
        if (st == ST_OK)
            st = take_canvas(p, p->player->target, k->delay_cs[number], record);
    }
    return st;
}

static enum status run_list(struct pictures *p, uint64_t frames)
{
    struct context *cx = p->m->cx;
    struct kept k = {.bytes = (uint64_t)p->m->out->in.width * p->m->out->in.height * 4};
    uint64_t bytes;
    if (__builtin_mul_overflow(k.bytes, frames, &bytes))
        bytes = SIZE_UNLIMITED - 1;
    k.delay_cs = mem_array(cx, frames, sizeof *k.delay_cs);
    if (k.delay_cs == NULL)
        return cx->status;
    enum status st = spool_open(cx, bytes, &k.spool);
    if (st == ST_OK)
        st = take_list(p, &k);
    spool_close(k.spool);
    mem_free(cx, k.delay_cs);
    return st;
}

/* To map colors to a palette that does not hold them all. */
static enum status open_maps(struct pictures *p)
{
    struct context *cx = p->m->cx;
    const struct job *job = p->m->job;
    p->shared.transparent = palette_transparent(&p->shared.palette);
    p->m->out->quantized = true;
    enum status st = color_map_open(cx, &p->shared.palette, false, &p->shared.nearest);
    if (st == ST_OK && job->dither == DITHER_BLUE)
        st = pattern_open(cx, &p->shared.palette, job->dither_strength, &p->pattern);
    return st;
}

/* The palette that was asked for, with an entry for pixels that stay. */
static enum status use_palette(struct pictures *p)
{
    struct palette *palette = &p->shared.palette;
    *palette = *p->m->job->palette;
    if (palette_transparent(palette) < 0) {
        if (palette->count == 256)
            return fail(p->m->cx, ST_UNSUPPORTED,
                        "the palette's 256 colors leave none for pixels that stay");
        palette->entry[palette->count++] = (struct rgba8){0, 0, 0, 0};
    }
    return open_maps(p);
}

/* All pictures have one palette, so that what does not change is not drawn again. */
static enum status choose_palette(struct pictures *p)
{
    struct context *cx = p->m->cx;
    const uint8_t stays[4] = {0, 0, 0, 0};
    bool exact = false;
    enum status st = histogram_open(cx, &p->histogram);
    if (st != ST_OK)
        return st;
    histogram_add(p->histogram, LAYOUT_RGBA8, stays, 1);
    st = each_picture(p, count_colors);
    if (st == ST_DAMAGED && cx->lenient) {
        movie_take_back(cx); /* it comes again */
        st = ST_OK;
    }
    if (st == ST_OK)
        st = quantize(cx, p->histogram, p->colors, p->m->job->encode.optimize, &p->shared.palette,
                      &exact);
    histogram_close(p->histogram);
    p->histogram = NULL;
    if (st != ST_OK)
        return st;
    p->shared.transparent = palette_transparent(&p->shared.palette);
    st = exact ? ST_OK : open_maps(p);
    return st == ST_OK ? movie_rewind(p->m) : st;
}

static enum status run_passes(struct pictures *p)
{
    struct movie *m = p->m;
    uint64_t frames = 0;
    enum status st = m->job->range_count != 0 ? movie_count(m, &frames) : ST_OK;
    if (st == ST_OK)
        st = frame_list_open(m->cx, m->job, frames, &p->list);
    if (st == ST_OK)
        st = player_open(m->cx, m->out->in.width, m->out->in.height, &p->player);
    if (st == ST_OK && m->job->palette != NULL) {
        st = use_palette(p);
    } else if (st == ST_OK && (p->filters || m->job->colors < 256)) {
        m->passes = 1;
        st = choose_palette(p);
        player_close(p->player);
        p->player = NULL;
        if (st == ST_OK)
            st = player_open(m->cx, m->out->in.width, m->out->in.height, &p->player);
    }
    if (st == ST_OK)
        st = p->list.forward ? each_picture(p, record) : run_list(p, frames);
    if (p->recorder != NULL && (st == ST_OK || (st == ST_DAMAGED && m->cx->lenient))) {
        enum status last = recorder_end(p->recorder);
        st = st == ST_OK ? last : st;
    }
    return st;
}

enum status movie_run_pictures(struct movie *m)
{
    struct pictures p = {.m = m, .colors = m->job->colors, .filters = filters(m->job)};
    p.shared = (struct shared_colors){.palette = m->global, .transparent = -1};
    enum status st = run_passes(&p);
    if (p.recorder != NULL) {
        m->out->quantized |= p.recorder->inexact;
        m->out->frames_merged = p.recorder->merged;
    }
    frame_list_close(m->cx, &p.list);
    recorder_close(p.recorder);
    player_close(p.player);
    color_map_close(p.shared.nearest);
    pattern_close(p.pattern);
    return st;
}
