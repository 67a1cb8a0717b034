/* SPDX-License-Identifier: MIT */
/* Pictures of a moving picture as stills, each in a file of its own. */
#include <string.h>

#include "pipeline/movie/pictures.h"
#include "pipeline/runs.h"
#include "pipeline/stages/trial.h"

struct explosion {
    struct movie *m;
    const struct picture_files *files;
};

/* A picture is a still like any other from here on. */
static enum status write_still(struct movie *m, struct rows *rows, struct sink *sink)
{
    struct job job = *m->job;
    struct outcome still = {0};
    struct progress nobody = {0};
    struct rows *lent;
    enum status st = lend_rows(rows, &lent);
    if (st == ST_OK)
        st = make_writable(m->cx, &job, &m->metadata, &nobody, &still, &lent);
    if (st != ST_OK)
        return st;
    m->out->out = lent->pic;
    m->out->quantized |= still.quantized;
    st = write_rows(m->cx, &job, &m->metadata, &nobody, lent, sink);
    rows_close(lent);
    if (st == ST_OK)
        m->out->out_bytes += sink_offset(sink);
    return st;
}

static enum status write_file(void *user, struct rows *rows, struct span news, uint64_t number,
                              struct delay delay)
{
    struct explosion *e = user;
    struct sink *sink;
    (void)news, (void)delay;
    enum status st = e->files->open(e->files->user, number, &sink);
    if (st != ST_OK || sink == NULL)
        return st;
    st = e->files->close(e->files->user, sink, write_still(e->m, rows, sink));
    e->m->out->frames += st == ST_OK;
    return st;
}

/* A still; files come and go here as there. */
static enum status explode_still(struct context *cx, const struct job *job, struct source *src,
                                 const struct picture_files *files, struct outcome *out)
{
    struct sink *sink = NULL;
    enum status st = check_still_frames(cx, job);
    if (st == ST_OK)
        st = files->open(files->user, 0, &sink);
    if (st != ST_OK || sink == NULL)
        return st;
    return files->close(files->user, sink, run_still(cx, job, src, sink, out));
}

enum status job_explode(struct context *cx, const struct job *job, struct source *src,
                        const struct picture_files *files, struct outcome *out)
{
    struct movie m;
    struct pictures pictures;
    struct explosion e = {&m, files};
    bool moves;
    memset(out, 0, sizeof *out);
    enum status st = input_moves(cx, src, &moves);
    if (st != ST_OK || !moves)
        return st == ST_OK ? explode_still(cx, job, src, files, out) : st;
    st = movie_open(&m, cx, job, src, out);
    if (st == ST_OK)
        st = pictures_open(&m, &pictures);
    if (st == ST_OK) {
        st = pictures_each(&pictures, false, write_file, &e);
        pictures_close(&pictures);
    }
    movie_note_rest(&m);
    return movie_close(&m, st);
}

/* The file that run_picture writes, once. */
static enum status open_only(void *user, uint64_t number, struct sink **out)
{
    struct sink **sink = user;
    (void)number;
    *out = *sink;
    *sink = NULL;
    return ST_OK;
}

static enum status close_only(void *user, struct sink *sink, enum status st)
{
    (void)user, (void)sink;
    return st;
}

enum status run_picture(struct context *cx, const struct job *job, struct source *src,
                        struct sink *sink, struct outcome *out)
{
    struct sink *once = sink;
    const struct picture_files only = {open_only, close_only, &once};
    const struct frame_range first = {job->ranges[0].first, job->ranges[0].first};
    struct job one = *job;
    one.ranges = &first;
    one.range_count = 1;
    enum status st = job_explode(cx, &one, src, &only, out);
    if (st == ST_OK && (job->range_count > 1 || job->ranges[0].last != first.last)) {
        out->frames_left_out = true;
        note(cx, NOTE_WARNING, "the input moves: only one frame is written");
    }
    out->frames = 0;
    return st;
}
