/* SPDX-License-Identifier: MIT */
/* Picture by picture: what the canvas shows after the job's steps, recorded as frames anew. */
#include "base/mem.h"
#include "pipeline/movie/movie.h"
#include "pipeline/stages/trial.h"
#include "transforms/indexed.h"

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

/*
 * First pass: the colors of what changes; and of a whole picture whenever that comes to as many
 * rows, so that what stands still counts, too.
 */
static enum status count_colors(void *user, struct rows *rows, struct span news, uint64_t number,
                                struct delay delay)
{
    struct recording *r = user;
    (void)number, (void)delay;
    struct context *cx = r->m->cx;
    struct rows *colors;
    enum status st = lend_rows(rows, &colors);
    if (st == ST_OK)
        st = convert_open(colors, LAYOUT_RGBA8, (struct rgba8){0}, &colors);
    if (st != ST_OK)
        return st;
    uint8_t *row = mem_rows(cx, 1, picture_stride(&colors->pic));
    r->counted += news.bottom - news.top;
    if (r->counted >= colors->pic.height) {
        news = (struct span){0, colors->pic.height};
        r->counted = 0;
    }
    st = row == NULL ? cx->status : rows_skip(colors, news.top);
    for (uint32_t y = news.top; st == ST_OK && y < news.bottom; y++) {
        st = rows_next(colors, row);
        if (st == ST_OK)
            histogram_add(r->histogram, LAYOUT_RGBA8, row, colors->pic.width);
    }
    mem_free(cx, row);
    rows_close(colors);
    return st;
}

static enum status append_recorded(void *user, const struct frame *f, struct sink *coded)
{
    struct recording *r = user;
    return movie_append_coded(r->m, f, coded);
}

/* The file and its recorder, once the size of the pictures is known. */
static enum status start_recording(struct recording *r, const struct picture *pic)
{
    struct movie *m = r->m;
    const bool colors = format_moves_colors(m->job->format);
    enum status st = ST_OK;
    if (m->job->max_change != 0)
        st = steady_open(m->cx, pic->width, pic->height, m->job->max_change, colors, &r->steady);
    if (st != ST_OK)
        return st;
    if (colors) {
        m->out->out = *pic;
        return true_frames_open(m, pic->width, pic->height, &r->frames);
    }
    if (r->shared.palette.count == 0 && pic->layout == LAYOUT_INDEX8)
        r->shared.palette = pic->palette;
    r->shared.most = m->job->colors;
    st = movie_begin(m, pic->width, pic->height, &r->shared.palette);
    if (st == ST_OK)
        st = recorder_open(m->cx, pic->width, pic->height, &r->recorder);
    if (st != ST_OK)
        return st;
    r->recorder->encoder = m->encoder;
    r->recorder->shared = r->shared;
    r->recorder->record = append_recorded;
    r->recorder->user = r;
    r->recorder->merge = m->job->merge_duplicates;
    return ST_OK;
}

/* Rows of the palette's colors. Owns rows. */
static enum status map_rows(struct recording *r, struct rows *rows, struct rows **out)
{
    const struct job *job = r->m->job;
    enum status st = convert_open(rows, LAYOUT_RGBA8, (struct rgba8){0}, &rows);
    if (st != ST_OK)
        return st;
    if (r->pattern != NULL)
        return dither_blue_open(rows, &r->shared.palette, job->dither_strength, r->pattern, out);
    if (r->nearest != NULL)
        return nearest_open(rows, &r->shared.palette, false, r->nearest, out);
    return dither_open(rows, &r->shared.palette, job->dither_strength, out);
}

/* The picture as it is to be recorded, by rows of their own. */
static enum status open_picture(struct recording *r, struct rows *rows, struct rows **out)
{
    enum status st = lend_rows(rows, out);
    if (st == ST_OK && r->steady != NULL)
        st = steady_rows_open(r->steady, *out, out);
    if (st == ST_OK && r->maps)
        st = map_rows(r, *out, out);
    return st;
}

static enum status take_rows(struct recording *r, struct rows *rows, struct span news,
                             struct delay delay)
{
    return r->frames != NULL ? true_frames_take(r->frames, rows, news, delay)
                             : recorder_take(r->recorder, rows, news, delay.cs);
}

/* Second pass. */
enum status recording_take(void *user, struct rows *rows, struct span news, uint64_t number,
                           struct delay delay)
{
    struct recording *r = user;
    struct rows *picture;
    (void)number;
    bool begun = r->recorder != NULL || r->frames != NULL;
    /* what is lost in a row goes on to all rows below; and these pictures may be of many inputs */
    if (!begun || (r->maps && r->m->job->dither == DITHER_FS))
        news = (struct span){0, rows->pic.height};
    enum status st = begun ? ST_OK : start_recording(r, &rows->pic);
    const struct picture *first = &r->m->out->out;
    if (st == ST_OK && (rows->pic.width != first->width || rows->pic.height != first->height))
        st = fail(r->m->cx, ST_UNSUPPORTED, "is %u x %u, the first picture is %u x %u",
                  rows->pic.width, rows->pic.height, first->width, first->height);
    if (st == ST_OK)
        st = open_picture(r, rows, &picture);
    if (st != ST_OK)
        return st;
    st = take_rows(r, picture, news, movie_delay(r->m, delay));
    rows_close(picture);
    return st;
}

/*
 * To map colors to a palette that does not hold them all. A recorder would do so by itself, but for
 * dithering, and not always with the nearest, which pictures get where the palette was asked for.
 */
static enum status open_maps(struct recording *r)
{
    struct context *cx = r->m->cx;
    const struct job *job = r->m->job;
    r->shared.transparent = palette_transparent(&r->shared.palette);
    r->m->out->quantized = true;
    r->maps = true;
    if (job->dither == DITHER_FS) /* each picture makes its own */
        return ST_OK;
    if (job->dither == DITHER_BLUE)
        return pattern_open(cx, &r->shared.palette, job->dither_strength, &r->pattern);
    r->maps = job->palette != NULL || format_moves_colors(job->format);
    enum status st = color_map_open(cx, &r->shared.palette, false, &r->nearest);
    r->shared.nearest = r->maps ? NULL : r->nearest;
    return st;
}

/* The palette that was asked for, with an entry for pixels that stay. */
enum status recording_use_palette(struct recording *r)
{
    struct palette *palette = &r->shared.palette;
    *palette = *r->m->job->palette;
    if (palette_transparent(palette) < 0) {
        if (palette->count == 256 && format_moves_colors(r->m->job->format))
            return open_maps(r);
        if (palette->count == 256)
            return fail(r->m->cx, ST_UNSUPPORTED,
                        "the palette's 256 colors leave none for pixels that stay");
        palette->entry[palette->count++] = (struct rgba8){0, 0, 0, 0};
    }
    return open_maps(r);
}

/* All pictures have one palette, so that what does not change is not drawn again. */
static enum status choose_palette(struct recording *r)
{
    struct context *cx = r->m->cx;
    const uint8_t stays[4] = {0, 0, 0, 0};
    bool exact = false;
    enum status st = histogram_open(cx, &r->histogram);
    if (st != ST_OK)
        return st;
    if (!format_moves_colors(r->m->job->format))
        histogram_add(r->histogram, LAYOUT_RGBA8, stays, 1);
    st = pictures_each(&r->pictures, false, count_colors, r);
    if (st == ST_DAMAGED && cx->lenient) {
        take_back(cx); /* it comes again */
        st = ST_OK;
    }
    if (st == ST_OK)
        st = quantize(cx, r->histogram, r->pictures.colors, r->m->job->encode.optimize,
                      &r->shared.palette, &exact);
    histogram_close(r->histogram);
    r->histogram = NULL;
    if (st != ST_OK)
        return st;
    r->shared.transparent = palette_transparent(&r->shared.palette);
    st = exact ? ST_OK : open_maps(r);
    return st == ST_OK ? pictures_rewind(&r->pictures) : st;
}

enum status recording_end(struct recording *r, enum status st)
{
    bool begun = r->recorder != NULL || r->frames != NULL;
    if (begun && (st == ST_OK || (st == ST_DAMAGED && r->m->cx->lenient))) {
        enum status last =
            r->frames != NULL ? true_frames_end(r->frames) : recorder_end(r->recorder);
        st = last == ST_OK ? st : last;
    }
    if (r->recorder != NULL) {
        r->m->out->quantized |= r->recorder->inexact;
        r->m->out->frames_merged = r->recorder->merged;
        r->m->out->out.palette = r->m->encoder->pic.palette;
    } else if (r->frames != NULL) {
        r->m->out->frames_merged = true_frames_merged(r->frames);
    }
    return st;
}

void recording_close(struct recording *r)
{
    recorder_close(r->recorder);
    true_frames_close(r->frames);
    steady_close(r->steady);
    color_map_close(r->nearest);
    pattern_close(r->pattern);
}

static enum status run_passes(struct recording *r)
{
    struct movie *m = r->m;
    enum status st = ST_OK;
    if (m->job->palette != NULL) {
        st = recording_use_palette(r);
    } else if (m->job->colors < 256 || (filters(m->job) && !format_moves_colors(m->job->format))) {
        m->passes = 1;
        st = choose_palette(r);
    }
    if (st == ST_OK)
        st = pictures_each(&r->pictures, true, recording_take, r);
    return recording_end(r, st);
}

enum status movie_run_pictures(struct movie *m)
{
    struct recording r = {.m = m};
    r.shared = (struct shared_colors){.palette = m->global, .transparent = -1};
    enum status st = pictures_open(m, &r.pictures);
    if (st != ST_OK)
        return st;
    st = run_passes(&r);
    recording_close(&r);
    pictures_close(&r.pictures);
    return st;
}
