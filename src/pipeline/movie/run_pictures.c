/* SPDX-License-Identifier: MIT */
/* Picture by picture: what the canvas shows after the job's steps, recorded as frames anew. */
#include "pipeline/movie/movie.h"

#include "base/mem.h"
#include "color/quantize.h"
#include "pipeline/movie/pictures.h"
#include "pipeline/movie/recording.h"
#include "pipeline/stages/trial.h"

/* Whether steps make colors that were not there. */
static bool filters(const struct job *job)
{
    bool any = false;
    for (size_t i = 0; i < job->op_count; i++) {
        const struct op *op = &job->ops[i];
        any |= (op->kind == OP_RESIZE || slants(op)) && movie_resample(job, op) != RESAMPLE_NEAREST;
    }
    return any;
}

/* A first pass over pictures whose colors are counted. */
struct color_count {
    struct context *cx;
    struct histogram *histogram;
    uint32_t rows; /* since a whole picture was counted */
};

/*
 * The colors of what changes; and of a whole picture whenever that comes to as many
 * rows, so that what stands still counts, too.
 */
static enum status count_colors(void *user, struct rows *rows, struct span news, uint64_t number,
                                struct delay delay)
{
    struct color_count *count = user;
    (void)number, (void)delay;
    struct context *cx = count->cx;
    struct rows *colors;
    enum status st = lend_rows(rows, &colors);
    if (st == ST_OK)
        st = convert_open(colors, LAYOUT_RGBA8, (struct rgba8){0}, &colors);
    if (st != ST_OK)
        return st;
    uint8_t *row = mem_rows(cx, 1, picture_stride(&colors->pic));
    count->rows += news.bottom - news.top;
    if (count->rows >= colors->pic.height) {
        news = (struct span){0, colors->pic.height};
        count->rows = 0;
    }
    st = row == NULL ? cx->status : rows_skip(colors, news.top);
    for (uint32_t y = news.top; st == ST_OK && y < news.bottom; y++) {
        st = rows_next(colors, row);
        if (st == ST_OK)
            histogram_add(count->histogram, LAYOUT_RGBA8, row, colors->pic.width);
    }
    mem_free(cx, row);
    rows_close(colors);
    return st;
}

/* All pictures have one palette, so that what does not change is not drawn again. */
static enum status choose_palette(struct pictures *pictures, struct recording *r)
{
    struct context *cx = r->m->cx;
    struct color_count count = {.cx = cx};
    const uint8_t stays[4] = {0, 0, 0, 0};
    bool exact = false;
    enum status st = histogram_open(cx, &count.histogram);
    if (st != ST_OK)
        return st;
    if (!format_moves_colors(r->m->job->format))
        histogram_add(count.histogram, LAYOUT_RGBA8, stays, 1);
    st = pictures_each(pictures, false, count_colors, &count);
    if (st == ST_DAMAGED && cx->lenient) {
        take_back(cx); /* it comes again */
        st = ST_OK;
    }
    if (st == ST_OK)
        st = quantize(cx, count.histogram, pictures->colors, r->m->job->encode.optimize,
                      &r->shared.palette, &exact);
    histogram_close(count.histogram);
    if (st != ST_OK)
        return st;
    r->shared.transparent = palette_transparent(&r->shared.palette);
    st = exact ? ST_OK : recording_map(r);
    return st == ST_OK ? pictures_rewind(pictures) : st;
}

static enum status run_passes(struct pictures *pictures, struct recording *r)
{
    struct movie *m = r->m;
    enum status st = ST_OK;
    if (m->job->palette != NULL) {
        st = recording_use_palette(r);
    } else if (m->job->colors < 256 || (filters(m->job) && !format_moves_colors(m->job->format))) {
        m->passes = 1;
        st = choose_palette(pictures, r);
    }
    if (st == ST_OK)
        st = pictures_each(pictures, true, recording_take, r);
    return recording_end(r, st);
}

enum status movie_run_pictures(struct movie *m)
{
    struct recording r = {.m = m, .shared = {.palette = m->global, .transparent = -1}};
    struct pictures pictures;
    enum status st = pictures_open(m, &pictures);
    if (st != ST_OK)
        return st;
    st = run_passes(&pictures, &r);
    recording_close(&r);
    pictures_close(&pictures);
    return st;
}
