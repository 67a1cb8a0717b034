/* SPDX-License-Identifier: MIT */
/* Pictures recorded as frames: what is lost of their colors, and what is drawn of them. */
#include "pipeline/movie/recording.h"

#include "pipeline/stages/trial.h"
#include "transforms/indexed.h"

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
 * A recorder would map colors by itself, but for dithering, and not always to the nearest, which
 * pictures get where the palette was asked for.
 */
enum status recording_map(struct recording *r)
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

enum status recording_use_palette(struct recording *r)
{
    struct palette *palette = &r->shared.palette;
    *palette = *r->m->job->palette;
    if (palette_transparent(palette) < 0) {
        if (palette->count == 256 && format_moves_colors(r->m->job->format))
            return recording_map(r);
        if (palette->count == 256)
            return fail(r->m->cx, ST_UNSUPPORTED,
                        "the palette's 256 colors leave none for pixels that stay");
        palette->entry[palette->count++] = (struct rgba8){0, 0, 0, 0};
    }
    return recording_map(r);
}

enum status recording_end(struct recording *r, enum status st)
{
    bool begun = r->recorder != NULL || r->frames != NULL;
    if (begun)
        st = movie_forgive(r->m, st);
    if (begun && st == ST_OK)
        st = r->frames != NULL ? true_frames_end(r->frames) : recorder_end(r->recorder);
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
