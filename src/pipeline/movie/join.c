/* SPDX-License-Identifier: MIT */
/* Pictures of many inputs, or of one that goes on and on, as frames of one file. */
#include <string.h>

#include "animation/frame_rows.h"
#include "base/clock.h"
#include "pipeline/costs.h"
#include "pipeline/movie/pictures.h"
#include "pipeline/movie/recording.h"
#include "pipeline/runs.h"

static const struct delay still_delay = {10, 10};

/* The frames of a GIF, as they are seen. */
static enum status join_moving(struct recording *r, struct source *src)
{
    struct movie in;
    struct pictures pictures;
    struct outcome scratch;
    enum status st = movie_open(&in, r->m->cx, r->m->job, src, &scratch);
    in.progress.cx = NULL;
    if (st == ST_OK)
        st = pictures_open(&in, &pictures);
    if (st == ST_OK) {
        st = pictures_each(&pictures, true, recording_take, r);
        pictures_close(&pictures);
    }
    for (size_t i = 0; i < scratch.stage_count; i++)
        add_cost(r->m->out, scratch.stage[i].name, scratch.stage[i].cpu_ns);
    return movie_close(&in, st);
}

static enum status take(struct recording *r, struct rows **rows, struct delay delay)
{
    struct movie *m = r->m;
    struct job steps = *m->job;
    enum status st = apply_ops(m->cx, &steps, rows);
    return st == ST_OK ? recording_take(r, *rows, (struct span){0, (*rows)->pic.height}, 0, delay)
                       : st;
}

static enum status join_still(struct recording *r, struct source *src)
{
    struct movie *m = r->m;
    struct input_report report = {0};
    struct progress nobody = {0};
    struct outcome still = {0};
    struct rows *rows = NULL;
    bool lose;
    enum status st = open_still(m->cx, m->job, src, &report, &nobody, &still, &lose, &rows);
    if (st == ST_OK)
        st = take(r, &rows, still_delay);
    retire_one(m->out, rows);
    metadata_clear(m->cx, &report.metadata);
    if (st == ST_OK && report.damaged)
        st = fail(m->cx, ST_DAMAGED, "%s", report.text);
    m->out->in_format = still.in_format;
    m->out->in = still.in;
    return st;
}

/* Pictures each of which is a whole one, taken as they come. */
static enum status join_stream(struct recording *r, struct source *src)
{
    struct movie *m = r->m;
    struct decoder *d;
    struct frame f;
    enum status st = decoder_open(m->cx, src, NULL, &d);
    if (st != ST_OK)
        return st;
    m->out->in_format = d->format->name;
    while ((st = decoder_frame(d, &f)) == ST_OK) {
        struct rows *rows = NULL;
        m->out->in = f.pic;
        m->progress.total = m->progress.done + f.pic.height;
        st = frame_rows_open(d, &f, NULL, &rows);
        if (st == ST_OK)
            st = take(r, &rows, f.delay_cs != 0 ? delay_of(&f) : still_delay);
        retire_one(m->out, rows);
        if (st != ST_OK)
            break;
        while (m->progress.done < m->progress.total)
            progress_row(&m->progress);
    }
    if (st == ST_END && d->frames == 0)
        st = fail(m->cx, ST_DAMAGED, "there is no picture in the file");
    decoder_close(d);
    return st == ST_END ? ST_OK : st;
}

static enum status join_input(struct recording *r, struct source *src)
{
    const uint8_t *head;
    size_t bytes;
    bool moves;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    const struct format *format = format_by_content(head, bytes);
    if (format == &format_pnm || format == &format_y4m)
        return join_stream(r, src);
    st = input_moves(r->m->cx, src, &moves);
    if (st != ST_OK)
        return st;
    return moves ? join_moving(r, src) : join_still(r, src);
}

static enum status join_all(struct recording *r, const struct picture_inputs *inputs)
{
    struct source *src;
    enum status st = r->m->job->palette != NULL ? recording_use_palette(r) : ST_OK;
    while (st == ST_OK && (st = inputs->open(inputs->user, &src)) == ST_OK) {
        st = join_input(r, src);
        inputs->close(inputs->user, src);
    }
    return recording_end(r, st == ST_END ? ST_OK : st);
}

enum status job_join(struct context *cx, const struct job *job, const struct picture_inputs *inputs,
                     struct sink *sink, struct outcome *out)
{
    struct job srgb = *job;
    struct movie m = {.cx = cx, .job = &srgb, .sink = sink, .out = out, .progress = {.cx = cx}};
    m.loop = LOOP_FOREVER;
    struct recording r = {.m = &m, .shared = {.transparent = -1}};
    memset(out, 0, sizeof *out);
    srgb.strip[METADATA_ICC] = true; /* each input may have another profile: values become sRGB */
    m.start_ns = cx->timed ? cpu_time_ns() : 0;
    enum status st = join_all(&r, inputs);
    recording_close(&r);
    if (st == ST_OK || out->frames != 0)
        st = movie_finish(&m, st);
    movie_note_rest(&m);
    return movie_close(&m, st);
}

/* The one input, once. */
static enum status open_only(void *user, struct source **out)
{
    struct source **src = user;
    *out = *src;
    *src = NULL;
    return *out == NULL ? ST_END : ST_OK;
}

static void close_only(void *user, struct source *src)
{
    (void)user, (void)src;
}

enum status run_video(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out)
{
    struct source *once = src;
    if (job->range_count != 0)
        return fail(cx, ST_UNSUPPORTED,
                    "--frames cannot pick from a video: it is taken as it comes");
    if (job->dither > DITHER_NONE && job->palette == NULL)
        return fail(cx, ST_UNSUPPORTED, "--dither: a video needs a --palette for that");
    if (job->colors < 256 && job->palette == NULL && format_moves_colors(job->format))
        return fail(cx, ST_UNSUPPORTED,
                    "--colors: a video that becomes %s needs a --palette for that",
                    job->format->name);
    const struct picture_inputs only = {open_only, close_only, &once};
    return job_join(cx, job, &only, sink, out);
}
